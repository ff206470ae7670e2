# SPDX-License-Identifier: GPL-2.0-only
"""
A director that talks to itself: clients and virtual addresses are its own, and
servers are neighbours on a dummy device that swallows everything. So a datagram
or a SYN sent here makes a connection, without anybody to answer.
"""
import socket
import struct
import subprocess

import ipvs_ext as ext
import ipvs_nl as nl

VIPS = ("10.9.0.1", "10.9.0.2")
VIP6 = "fd00:9::1"
SERVERS = [f"10.2.0.{i}" for i in range(11, 31)]
SERVER6 = "fd00:2::11"
TCP, UDP = socket.IPPROTO_TCP, socket.IPPROTO_UDP
AF4, AF6 = socket.AF_INET, socket.AF_INET6


def build():
    """Addresses, routes and neighbours of this namespace."""
    lines = ["link set lo up", "link add d0 type dummy",
             "addr add 10.2.0.1/16 dev d0", "link set d0 up",
             "addr add fd00:2::1/64 dev d0 nodad",
             "route add local 10.1.0.0/16 dev lo",
             f"addr add {VIP6}/128 dev lo nodad",
             f"neigh add {SERVER6} lladdr 02:00:00:00:00:01 dev d0"]
    lines += [f"addr add fd00:1::{i}/128 dev lo nodad" for i in range(1, 5)]
    lines += [f"addr add {a}/32 dev lo" for a in VIPS]
    lines += [f"neigh add {a} lladdr 02:00:00:00:00:01 dev d0" for a in SERVERS]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True,
                   check=True)


def must(code_and_replies):
    """What a command that cannot fail returned."""
    code, replies = code_and_replies
    if code:
        raise OSError(code, "refused")
    return replies


def old():
    """A socket of the first family."""
    return nl.Socket()


def add_service(sock, vip, port, proto=TCP, **more):
    must(sock.ask(nl.NEW_SERVICE, nl.attr(nl.SERVICE, ext.service_full(
        vip, port, proto=proto, **more))))


def add_dest(sock, vip, port, rip, proto=TCP, **more):
    must(sock.ask(nl.NEW_DEST,
                  nl.attr(nl.SERVICE, ext.service_id(vip, port, proto)) +
                  nl.attr(nl.DEST, ext.dest_full(rip, port, **more))))


def add_service6(sock, port):
    """An IPv6 UDP service with one server."""
    name = nl.attrs({nl.AF: nl.u16(AF6), nl.PROTOCOL: nl.u16(UDP),
                     nl.ADDR: socket.inet_pton(AF6, VIP6),
                     nl.PORT: nl.be16(port)})
    must(sock.ask(nl.NEW_SERVICE, nl.attr(nl.SERVICE, name + nl.attrs({
        nl.SCHED_NAME: b"rr\0", nl.FLAGS: nl.u32(0) + nl.u32(0xffffffff),
        nl.TIMEOUT: nl.u32(0), nl.NETMASK: nl.u32(128)}))))
    must(sock.ask(nl.NEW_DEST, nl.attr(nl.SERVICE, name) + nl.attr(
        nl.DEST, nl.attrs({
            nl.D_ADDR: socket.inet_pton(AF6, SERVER6), nl.D_PORT: nl.be16(port),
            nl.D_METHOD: nl.u32(0), nl.D_WEIGHT: nl.u32(1),
            nl.D_UPPER: nl.u32(0), nl.D_LOWER: nl.u32(0)}))))


def flush(sock):
    must(sock.ask(nl.FLUSH))


def udp(client, cport, vip, vport, mark=0):
    """One datagram."""
    with socket.socket(AF6 if ":" in client else AF4, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if mark:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, mark)
        s.bind((client, cport))
        s.sendto(b"x", (vip, vport))


def tcp(client, cport, vip, vport):
    """One SYN; the socket, which must be kept or it sends a RST."""
    s = socket.socket(AF4, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setblocking(False)
    s.bind((client, cport))
    try:
        s.connect((vip, vport))
    except BlockingIOError:
        pass
    return s


def flood(count, vip, vport, first=0):
    """COUNT datagrams of as many clients; at most some four billion."""
    raw = socket.socket(AF4, socket.SOCK_RAW, socket.IPPROTO_RAW)
    target = socket.inet_aton(vip)
    # 64 ports a client; the kernel fills in the header's checksum
    for i in range(first, first + count):
        client = 0x0a010000 + (i >> 6)
        head = struct.pack(">BBHHHBBHI4s", 0x45, 0, 28, 0, 0, 64, UDP, 0,
                           client, target)
        raw.sendto(head + struct.pack(">HHHH", 1024 + (i & 63), vport, 8, 0),
                   (vip, 0))
    raw.close()
