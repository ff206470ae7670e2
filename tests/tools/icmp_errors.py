#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
icmp_errors [--far N] NS SENDER RECEIVER FROM TO: sends an ICMP error about a UDP datagram.

FROM and TO are the quoted ends, ADDRESS,PORT; the family is theirs. With --far N
the IPv6 error stands behind so many bytes of destination options that the quoted
ports begin at the byte 65536, and is sent N times, in fragments.
"""
import os
import socket
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "..", "netlink"), os.path.join(here, "..", "packets")]
import wire  # noqa: E402
from ipvs_nl import in_namespace  # noqa: E402

# In front of the ports: the error's own IPv6 and ICMPv6 headers, the quoted IPv6's.
FAR = 65536 - 40 - 8 - 40


def end(text):
    addr, _, port = text.rpartition(",")
    return addr, int(port)


def main():
    words = sys.argv[1:]
    times = 0
    if words[0] == "--far":
        times, words = int(words[1]), words[2:]
    namespace, sender, receiver = words[:3]
    quote = wire.udp(end(words[3]), end(words[4]), b"question")
    v6 = ":" in sender
    kind, code = (1, 4) if v6 else (3, 3)
    chain = {"ext": wire.long_options(FAR)} if times else {}
    error = wire.icmp(sender, receiver, kind, code, 0, quote[:44] if times else quote,
                      **chain)
    in_namespace(namespace)
    raw = socket.socket(wire.family(receiver), socket.SOCK_RAW, socket.IPPROTO_RAW)
    for n in range(times or 1):
        pieces = wire.fragments6(error, *[1400] * 46, ident=n + 1) if times else [error]
        for piece in pieces:
            raw.sendto(piece, (receiver, 0))


main()
