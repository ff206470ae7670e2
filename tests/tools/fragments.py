#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
fragments NS VIP PORT: sends datagrams that must be cut, and wants the echo.

Sizes up to the largest datagram go through the ordinary stack; then one is cut
by hand with a raw socket and its pieces sent last first, which no stack does.
"""
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "netlink"))
from ipvs_nl import in_namespace  # noqa: E402

in_namespace(sys.argv[1])
vip, port = sys.argv[2], int(sys.argv[3])


def echo(sock, data, what):
    """The echo of data must be a server's name and data itself."""
    try:
        answer = sock.recv(70000)
    except TimeoutError:
        sys.exit(f"{what}: no answer")
    name, _, rest = answer.partition(b"\n")
    if not name.startswith(b"rs") or rest != data:
        sys.exit(f"{what}: {len(rest)} bytes from {name[:20]}, not the echo")
    return name


for size in (1472, 1473, 2000, 4000, 9000, 30001, 65000):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(20)
    # let the stack cut, whatever the path's MTU
    s.setsockopt(socket.IPPROTO_IP, 10, 0)
    s.connect((vip, port))
    data = os.urandom(size)
    for again in (1, 2):
        s.send(data)
        echo(s, data, f"{size} bytes, time {again}")

# By hand: pieces of 512 bytes, last first. IP_HDRINCL fills in the checksum.
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.connect((vip, port))
here, source_port = s.getsockname()
data = os.urandom(2500)
addresses = socket.inet_aton(here) + socket.inet_aton(vip)
udp = struct.pack(">HHHH", source_port, port, 8 + len(data), 0) + data
total = sum(struct.unpack(f">{len(udp) // 2}H", udp)) + \
    sum(struct.unpack(">4H", addresses)) + 17 + len(udp)
while total >> 16:
    total = (total & 0xffff) + (total >> 16)
udp = udp[:6] + struct.pack(">H", ~total & 0xffff or 0xffff) + udp[8:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
pieces = list(range(0, len(udp), 512))
for at in reversed(pieces):
    body = udp[at:at + 512]
    more = 0x2000 if at != pieces[-1] else 0
    raw.sendto(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 0x4242,
                           more | at // 8, 64, 17, 0) + addresses + body,
               (vip, 0))
echo(s, data, "pieces last first")
