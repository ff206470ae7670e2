#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Large tables: what each step costs the kernel.

usage: scale.py SERVICES SERVERS     (servers of each service)

Prints "STEP NANOSECONDS" for adding, dumping, editing and flushing.  Messages
are made beforehand and sent many at a time, so nearly all the time is spent in
the kernel; on a machine that counts instructions as nanoseconds (scripts/vm
--icount) the figures are instructions.
"""
import socket
import struct
import sys
import time

GENERIC, REQUEST, ACK, DUMP = 16, 1, 4, 0x300
NEW_SERVICE, SET_SERVICE, GET_SERVICE, NEW_DEST, SET_DEST = 1, 2, 4, 5, 6
GET_DEST, FLUSH = 8, 17
BATCH = 200
SO_SNDBUFFORCE = 32
HEADER = struct.Struct("=IHHIIBBH")


def attr(kind, payload):
    return struct.pack("=HH", 4 + len(payload), kind) + payload + \
        b"\0" * (-len(payload) % 4)


def service(i, full=True):
    addr = socket.inet_aton("10.%d.%d.1" % (i >> 8 & 0xff, i & 0xff))
    data = attr(1, b"\2\0") + attr(2, b"\6\0") + attr(3, addr + b"\0" * 12) + \
        attr(4, b"\0\x50")
    if full:
        data += attr(6, b"rr\0") + attr(7, b"\0\0\0\0\xff\xff\xff\xff") + \
            attr(8, b"\0" * 4) + attr(9, b"\xff" * 4)
    return attr(1, data)


def dest(i, weight=1):
    addr = socket.inet_aton("172.%d.%d.%d" % (16 + (i >> 16), i >> 8 & 0xff,
                                              i & 0xff))
    return attr(2, attr(1, addr + b"\0" * 12) + attr(2, b"\0\x50") +
                attr(3, b"\0" * 4) + attr(4, struct.pack("=I", weight)) +
                attr(5, b"\0" * 4) + attr(6, b"\0" * 4))


class Netlink:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.sock.bind((0, 0))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 1 << 22)
        self.family = 16
        reply = self.ask(self.message(3, attr(2, b"IPVS\0")))[0][20:]
        while reply:
            length, kind = struct.unpack("=HH", reply[:4])
            if kind == 1:
                self.family = struct.unpack("=H", reply[4:6])[0]
            reply = reply[(length + 3) & ~3:]

    def message(self, cmd, body, flags=0):
        return HEADER.pack(20 + len(body), self.family, REQUEST | flags, 0, 0,
                           cmd, 1, 0) + body

    def ask(self, data):
        self.sock.send(data)
        return [self.sock.recv(1 << 18)]

    def many(self, cmd, bodies):
        """Made beforehand; the last of each batch is acknowledged."""
        bodies = list(bodies)
        out = []
        for i in range(0, len(bodies), BATCH):
            part = bodies[i:i + BATCH]
            out.append(b"".join(self.message(cmd, b) for b in part[:-1]) +
                       self.message(cmd, part[-1], ACK))
        return out

    def run(self, batches):
        start = time.perf_counter_ns()
        for data in batches:
            self.sock.send(data)
            answer = self.sock.recv(1 << 16)
            err = struct.unpack("=i", answer[16:20])[0]
            if err:
                raise OSError(-err, "batch")
        return time.perf_counter_ns() - start

    def dump(self, requests):
        start = time.perf_counter_ns()
        for data in requests:
            self.sock.send(data)
            done = False
            while not done:
                answer = self.sock.recv(1 << 18)
                # DONE is the only message of type 3
                done = struct.unpack("=H", answer[4:6])[0] == 3 or \
                    answer[-20:-16] == b"\x14\0\0\0" and \
                    answer[-16:-14] == b"\3\0"
        return time.perf_counter_ns() - start


def main():
    n, m = int(sys.argv[1]), int(sys.argv[2])
    nl = Netlink()
    services = [service(i, False) for i in range(n)]
    dests = [dest(j) for j in range(m)]
    add = nl.many(NEW_SERVICE, (service(i) for i in range(n)))
    add_dests = nl.many(NEW_DEST, (s + d for s in services for d in dests))
    edits = [nl.many(SET_DEST, (services[i * 7919 % n] +
                                dest(i * 7919 % m, weight)
                                for i in range(1000))) for weight in (5, 6, 7)]
    print("add_services", nl.run(add))
    print("add_servers", nl.run(add_dests))
    # Tables that grew are put in order in the background.
    time.sleep(2)
    # An estimation of all servers costs more, and may fall into one of them.
    print("edit_1000", min(nl.run(batches) for batches in edits))
    print("dump_services",
          nl.dump([nl.message(GET_SERVICE, b"", DUMP)]))
    print("dump_servers",
          nl.dump([nl.message(GET_DEST, s, DUMP) for s in services]))
    start = time.perf_counter_ns()
    with open("/proc/net/ip_vs", "rb", buffering=0) as f:
        while f.read(1 << 16):
            pass
    print("read_proc", time.perf_counter_ns() - start)
    print("flush", nl.run(nl.many(FLUSH, [b""])))


if __name__ == "__main__":
    main()
