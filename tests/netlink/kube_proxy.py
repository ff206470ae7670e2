#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""kube-proxy's calls, as the Go library moby/ipvs makes and reads them.

The library asks for the ACK of every request, takes the first top-level attribute
for the service or server, needs each field in its exact size, and stops at the
first message without NLM_F_MULTI; kube-proxy refuses a listing with a service that
lacks flag 0x2.  Prints every answer, so that two modules can be compared, and
exits with a reason if an answer breaks one of these rules.
"""
import socket
import struct
import sys

from ipvs_nl import (ADDR, AF, D_ADDR, D_FAMILY, D_LOWER, D_METHOD, D_PORT,
                     D_UPPER, D_WEIGHT, DEL_DEST, DEL_SERVICE, DEST, FLAGS,
                     FLUSH, GENL_ID_CTRL, GET_CONFIG, GET_DEST, GET_INFO,
                     GET_SERVICE, NETMASK, NEW_DEST, NEW_SERVICE, PORT,
                     PROTOCOL, SCHED_NAME, SERVICE, SET_CONFIG, SET_DEST,
                     SET_SERVICE, TIMEOUT, TIMEOUT_TCP, TIMEOUT_TCP_FIN,
                     TIMEOUT_UDP, attr, attrs, be16, errno_name, parse, u16,
                     u32)

REQUEST, MULTI, ACK, DUMP, NESTED = 1, 2, 4, 0x300, 0x8000
ERROR, DONE = 2, 3

SIZES = {AF: 2, PROTOCOL: 2, ADDR: 16, PORT: 2, FLAGS: 8, TIMEOUT: 4,
         NETMASK: 4}
DEST_SIZES = {D_ADDR: 16, D_PORT: 2, D_METHOD: 4, D_WEIGHT: 4, D_UPPER: 4,
              D_LOWER: 4, 7: 4, 8: 4, 9: 4, D_FAMILY: 2}


class Library:
    """One socket of the library."""

    def __init__(self):
        self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.s.bind((0, 0))
        self.s.settimeout(30)
        self.pid = self.s.getsockname()[0]
        self.seq = 0
        answers = self.execute(GENL_ID_CTRL, 3, attr(2, b"IPVS\0"), ACK)
        self.family = struct.unpack(
            "=H", dict(parse(answers[0][4:]))[1])[0]

    def execute(self, family, command, body, flags):
        self.seq += 1
        message = struct.pack("=BBH", command, 1, 0) + body
        self.s.send(struct.pack("=IHHII", 16 + len(message), family,
                                REQUEST | flags, self.seq, self.pid) + message)
        answers = []
        while True:
            data = self.s.recv(1 << 18)
            while data:
                size, kind, flags_, seq, pid = struct.unpack_from("=IHHII",
                                                                  data)
                body, data = data[16:size], data[(size + 3) & ~3:]
                if seq != self.seq:
                    continue  # the ACK of the get before
                if pid != self.pid:
                    sys.exit("answer to port %d, not %d" % (pid, self.pid))
                if kind == DONE:
                    return answers
                if kind == ERROR:
                    code = -struct.unpack_from("=i", body)[0]
                    if code:
                        raise OSError(code, errno_name(code))
                    return answers
                if family != GENL_ID_CTRL and body[1] != 1:
                    sys.exit("version of an answer")
                answers.append(body)
                if not flags_ & MULTI:
                    return answers

    def ask(self, what, command, body=b"", flags=ACK):
        try:
            answers = self.execute(self.family, command, body, flags)
        except OSError as e:
            print("%s: %s" % (what, errno_name(e.errno)))
            return []
        print("%s: 0, %d answers" % (what, len(answers)))
        return [a[4:] for a in answers]


def service(ip, port, proto, sched=b"rr", flags=0, timeout=0):
    v6 = ":" in ip
    family = socket.AF_INET6 if v6 else socket.AF_INET
    return attr(SERVICE | NESTED, attrs([
        (AF, u16(family)), (PROTOCOL, u16(proto)),
        (ADDR, socket.inet_pton(family, ip)), (PORT, be16(port)),
        (SCHED_NAME, sched + b"\0"), (FLAGS, u32(flags) + u32(0xffffffff)),
        (TIMEOUT, u32(timeout)), (NETMASK, u32(128 if v6 else 0xffffffff))]))


def dest(ip, port, weight=1):
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return attr(DEST | NESTED, attrs([
        (D_ADDR, socket.inet_pton(family, ip)), (D_PORT, be16(port)),
        (D_METHOD, u32(0)), (D_WEIGHT, u32(weight)), (D_UPPER, u32(0)),
        (D_LOWER, u32(0))]))


def stats(payload):
    """Ten numbers: five or three of 32 bits, bytes always of 64."""
    got = parse(payload)
    if [k for k, _ in got] != list(range(1, 11)):
        sys.exit("statistics: attributes %s" % [k for k, _ in got])
    for kind, data in got:
        if len(data) != (8 if kind in (4, 5) else 4):
            sys.exit("statistics: attribute %d has %d bytes" % (kind, len(data)))


def fields(answer, sizes, which_stats):
    kind, payload = parse(answer)[0]
    if kind not in (SERVICE, DEST):
        sys.exit("first attribute is %d" % kind)
    got = dict(parse(payload))
    for number, size in sizes.items():
        if len(got.get(number, b"")) != size:
            sys.exit("attribute %d: %r" % (number, got.get(number)))
    stats(got[which_stats])
    return got


def list_services(lib, what):
    out = []
    for answer in lib.ask(what, GET_SERVICE, attr(SERVICE | NESTED, b""),
                          ACK | DUMP):
        got = fields(answer, SIZES, 10)
        if not struct.unpack_from("=I", got[FLAGS])[0] & 2:
            sys.exit("flag 0x2 is missing")
        out.append(" ".join(got[k].hex() for k in (
            AF, PROTOCOL, ADDR, PORT, SCHED_NAME, FLAGS, TIMEOUT, NETMASK)))
    for line in sorted(out):
        print("  " + line)


def list_dests(lib, what, svc):
    for answer in lib.ask(what, GET_DEST, svc, ACK | DUMP):
        got = fields(answer, DEST_SIZES, 10)
        print("  " + " ".join(got[k].hex() for k in DEST_SIZES))


def main():
    lib = Library()
    print("info", [(k, v.hex()) for k, v in
                   parse(lib.ask("get info", GET_INFO)[0])])
    # Which schedulers work?  Probed with a service of documentation addresses.
    list_services(lib, "probe: list")
    probe = service("198.51.100.0", 20000, 6)
    lib.ask("probe: add", NEW_SERVICE, probe)
    list_services(lib, "probe: list")
    lib.ask("probe: delete", DEL_SERVICE, probe)
    print("config", [(k, v.hex()) for k, v in
                     parse(lib.ask("get config", GET_CONFIG)[0])])
    lib.ask("set config", SET_CONFIG, attrs([
        (TIMEOUT_TCP, u32(0)), (TIMEOUT_TCP_FIN, u32(0)),
        (TIMEOUT_UDP, u32(250))]))
    print("config", [(k, v.hex()) for k, v in
                     parse(lib.ask("get config", GET_CONFIG)[0])])
    # Cluster addresses, IPv4 and IPv6, TCP and UDP, session affinity.
    for name, svc, servers in (
            ("dns", service("10.96.0.10", 53, 17),
             [("10.244.0.2", 53), ("10.244.0.3", 53)]),
            ("api", service("10.96.0.1", 443, 6), [("10.244.0.9", 6443)]),
            ("sticky", service("10.96.0.20", 80, 6, flags=1, timeout=10800),
             [("10.244.0.2", 8080)]),
            ("six", service("fd00::10", 53, 17), [("fd00:1::2", 53)])):
        lib.ask(name + ": is there", GET_SERVICE, svc)
        lib.ask(name + ": add", NEW_SERVICE, svc)
        lib.ask(name + ": add again", NEW_SERVICE, svc)
        for answer in lib.ask(name + ": is there", GET_SERVICE, svc):
            fields(answer, SIZES, 10)
        for ip, port in servers:
            lib.ask(name + ": add server", NEW_DEST, svc + dest(ip, port))
            lib.ask(name + ": add it again", NEW_DEST, svc + dest(ip, port))
        list_dests(lib, name + ": servers", svc)
    list_services(lib, "all")
    # An endpoint goes: weight 0 first, deleted when it has no connections.
    dns = service("10.96.0.10", 53, 17)
    lib.ask("drain", SET_DEST, dns + dest("10.244.0.2", 53, 0))
    list_dests(lib, "drained", dns)
    lib.ask("delete", DEL_DEST, dns + dest("10.244.0.2", 53))
    lib.ask("delete again", DEL_DEST, dns + dest("10.244.0.2", 53))
    lib.ask("edit nobody", SET_DEST, dns + dest("10.244.0.2", 53))
    list_dests(lib, "left", dns)
    # Another scheduler, affinity off; then the service goes.
    lib.ask("edit", SET_SERVICE, service("10.96.0.20", 80, 6, b"wrr"))
    list_services(lib, "edited")
    lib.ask("remove", DEL_SERVICE, dns)
    lib.ask("remove again", DEL_SERVICE, dns)
    list_dests(lib, "servers of nothing", dns)
    lib.ask("flush", FLUSH)
    list_services(lib, "nothing")


main()
