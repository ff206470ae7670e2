#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
nfqueue.py QUEUE: lets every packet of a netfilter queue of this namespace go on;
prints "ready", then a line a packet, until killed.
"""
import socket
import struct
import sys

NETFILTER, SUBSYS = 12, 3
MSG_PACKET, MSG_VERDICT, MSG_CONFIG = 0, 1, 2
BIND, COPY_META, NF_ACCEPT = 1, 1, 1


def message(kind, queue, attr_kind, data, ack=False):
    data += bytes(-len(data) % 4)
    body = struct.pack("!BBH", socket.AF_UNSPEC, 0, queue) + \
        struct.pack("=HH", 4 + len(data), attr_kind) + data
    return struct.pack("=IHHII", 16 + len(body), SUBSYS << 8 | kind,
                       5 if ack else 1, 0, 0) + body


def packet_id(data):
    """Of a message's packet header attribute."""
    at = 20
    while at < len(data):
        size, kind = struct.unpack_from("=HH", data, at)
        if kind == 1:
            return data[at + 4:at + 8]
        at += size + -size % 4
    raise ValueError("no packet header")


def main(queue):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER)
    s.bind((0, 0))
    for kind, data in ((1, struct.pack("!BBH", BIND, 0, 0)),
                       (2, struct.pack("!IB", 0xffff, COPY_META))):
        s.send(message(MSG_CONFIG, queue, kind, data, ack=True))
        error, = struct.unpack_from("=i", s.recv(4096), 16)
        if error:
            sys.exit(f"nfqueue: error {-error}")
    print("ready", flush=True)
    while True:
        data = s.recv(1 << 17)
        if struct.unpack_from("=H", data, 4)[0] != SUBSYS << 8 | MSG_PACKET:
            continue
        verdict = struct.pack("!I", NF_ACCEPT) + packet_id(data)
        s.send(message(MSG_VERDICT, queue, 2, verdict))
        print("packet", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
