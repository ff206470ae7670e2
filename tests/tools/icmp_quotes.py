#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
icmp_quotes NS: a line for each ICMPv6 error that arrives there.

The lines are "FROM TO", the quoted UDP ends as ADDRESS,PORT; "ready" is the first.
The kernel passes on none with a wrong checksum.
"""
import os
import socket
import struct
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netlink")]
from ipvs_nl import in_namespace  # noqa: E402

LONGEST = 65535 + 40
SO_RCVBUFFORCE = 33


def end(addr, port):
    return f"{socket.inet_ntop(socket.AF_INET6, addr)},{port}"


def main(namespace):
    in_namespace(namespace)
    raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    raw.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 200 * LONGEST)
    print("ready", flush=True)
    while True:
        message = raw.recv(LONGEST)
        quote = message[8:]
        # Neighbours are asked for and answer all the time.
        if message[0] > 127 or len(quote) < 44:
            continue
        ports = struct.unpack("!HH", quote[40:44])
        print(end(quote[8:24], ports[0]), end(quote[24:40], ports[1]), flush=True)


main(*sys.argv[1:])
