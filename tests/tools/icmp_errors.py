#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
icmp_errors [--far N] NS SENDER RECEIVER FROM TO: sends an ICMP error about a UDP datagram.

FROM and TO are the quoted ends, ADDRESS,PORT; the family is theirs. With --far N
the IPv6 error stands behind so many options that the quoted ports begin at the byte
65552, and is sent N times, in fragments. An offset of 16 bits leads to the byte 16
instead, which is in the middle of SENDER: the same ports are put there.
"""
import os
import socket
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "netlink"), os.path.join(here, "..", "packets")]
import wire  # noqa: E402
from ipvs_nl import in_namespace  # noqa: E402

# In front of the ports: the error's own IPv6 and ICMPv6 headers, the quoted IPv6's.
FAR = 65536 + 16 - 40 - 8 - 40
# As few options as possible, each of the greatest length: 32 headers of extension are
# the most that our module passes over. Who forwards the error can cut it behind a
# routing header only.
OPTIONS = 31 * 2048
ROUTING = (wire.ROUTING, bytes([(FAR - OPTIONS) // 8 - 1]) + bytes(FAR - OPTIONS - 2))
# Of each fragment, which has to hold the routing header.
PIECE = 4000


def end(text):
    addr, _, port = text.rpartition(",")
    return addr, int(port)


def with_ports(addr, ports):
    """An IPv6 address with two ports in its bytes 8 to 11."""
    packed = wire.pack_addr(addr)
    return socket.inet_ntop(socket.AF_INET6, packed[:8] + ports + packed[12:])


def main():
    words = sys.argv[1:]
    times = 0
    if words[0] == "--far":
        times, words = int(words[1]), words[2:]
    namespace, sender, receiver = words[:3]
    quote = wire.udp(end(words[3]), end(words[4]), b"question")
    v6 = ":" in sender
    kind, code = (1, 4) if v6 else (3, 3)
    chain = {}
    if times:
        quote = quote[:44]
        sender = with_ports(sender, quote[40:])
        chain["ext"] = [ROUTING] + wire.long_options(OPTIONS)
    error = wire.icmp(sender, receiver, kind, code, 0, quote, **chain)
    in_namespace(namespace)
    raw = socket.socket(wire.family(receiver), socket.SOCK_RAW, socket.IPPROTO_RAW)
    for n in range(times or 1):
        pieces = wire.fragments6(error, *[PIECE] * 16, ident=n + 1) if times else [error]
        for piece in pieces:
            raw.sendto(piece, (receiver, 0))


main()
