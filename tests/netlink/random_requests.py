#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random requests over a small world, through netlink and the socket options.

Prints a line a request, what was asked and the errno, and now and then all that
can be read: dumps, /proc/net/ip_vs and what the socket options give.  The same
seed asks the same, so that the outputs of two modules can be compared line by
line; unlike matrix.py, each request meets what those before it left.

Left out is what differs by design: engines that exist, scheduler twos (not in
6.1), timeouts above 2^32 / HZ seconds, daemons.

usage: random_requests.py SEED REQUESTS
"""
import random
import struct
import sys

import sockopt
from ipvs_nl import *

LOOK_EVERY = 25
LONGEST = 17179869      # seconds of 2^32 ticks, 250 a second


class World:
    """What requests are made of."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)

    def one_of(self, *choices):
        return self.rnd.choice(choices)

    def rarely(self, odds=25):
        return self.rnd.randrange(odds) == 0

    def number(self):
        """A 32-bit number that somebody might not have thought of."""
        return self.one_of(0, 1, 2, 3, 7, 0x7f, 0xff, 0x100, 0xffff, 0x10000,
                           0x7fffffff, 0x80000000, 0xffffffff,
                           self.rnd.getrandbits(32))

    def family(self):
        if self.rarely(40):
            return u16(self.one_of(0, 1, 3, 7, 0xffff))
        return u16(self.one_of(2, 2, 2, 10))

    def address(self, v6, last):
        if self.rarely(40):
            return bytes(self.rnd.getrandbits(8)
                         for _ in range(self.rnd.randrange(0, 18)))
        if self.rarely(30):
            return ip4(self.one_of("0.0.0.0", "255.255.255.255", "224.0.0.1",
                                   "127.0.0.1", "192.168.60.255"))
        if v6:
            return bytes.fromhex("20010db8") + bytes(11) + bytes([last])
        full = ip4("10.0.0.%d" % last)
        return self.one_of(full, full, full[:4])

    def service_id(self):
        family = self.family()
        v6 = family == u16(10)
        if self.rarely(5):
            return [(AF, family), (FWMARK, u32(self.one_of(0, 1, 2)))]
        return [(AF, family), (PROTOCOL, u16(self.one_of(6, 6, 17, 132, 47))),
                (ADDR, self.address(v6, self.one_of(1, 2))),
                (PORT, be16(self.one_of(0, 21, 80, 80)))]

    def service_rest(self):
        name = self.one_of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh",
                           "sh", "sed", "nq", "fo", "ovf", "mh",
                           "none")
        if self.rarely():
            name = self.one_of("", "nosuch", "x" * 15, "x" * 16)
        out = [(SCHED_NAME, name.encode() + b"\0"),
               (FLAGS, u32(self.number()) +
                u32(self.one_of(0, 0xffffffff, self.number()))),
               (TIMEOUT, u32(self.one_of(0, 1, 300, LONGEST))),
               (NETMASK, u32(self.one_of(0xffffffff, 128, 64, 1, 0, 129,
                                         self.number())))]
        if self.rarely(10):
            out.append((PE_NAME, self.one_of(b"\0", b"nosuch\0")))
        return out

    def server_id(self, v6):
        if self.rarely(8):
            v6 = not v6
        out = [(D_ADDR, self.address(v6, self.one_of(11, 12, 13))),
               (D_PORT, be16(self.one_of(0, 80, 8080)))]
        if self.rarely(2):
            out.append((D_FAMILY, u16(self.one_of(10 if v6 else 2, 0, 2, 10))
                        if not self.rarely() else self.family()))
        return out

    def server_rest(self):
        upper = self.one_of(0, 0, 5, self.number())
        out = [(D_METHOD, u32(self.one_of(0, 2, 2, 3, self.number()))),
               (D_WEIGHT, u32(self.one_of(0, 1, 1, 100, self.number()))),
               (D_UPPER, u32(upper)),
               (D_LOWER, u32(self.one_of(0, 0, upper, 3, self.number())))]
        if self.rarely(3):
            out += [(D_TUN_TYPE, u8(self.one_of(0, 1, 2, 3, 255))),
                    (D_TUN_PORT, be16(self.one_of(0, 6080, 65535))),
                    (D_TUN_FLAGS, u16(self.one_of(0, 1, 2, 0xffff)))]
        return out

    def spoil(self, pairs):
        """Now and then not as it should be."""
        pairs = list(pairs)
        if self.rarely(12):
            self.spoil_one(pairs)
        return [(k, u32(1) + v[4:]) if k & 0x3fff == TIMEOUT and len(v) >= 4 and
                struct.unpack("=I", v[:4])[0] > LONGEST else (k, v)
                for k, v in pairs]

    def spoil_one(self, pairs):
        """Changes a list of attributes."""
        i = self.rnd.randrange(len(pairs))
        kind, data = pairs[i]
        what = self.rnd.randrange(8)
        if what == 0:
            del pairs[i]
        elif what == 1:
            pairs[i] = (kind, data[:self.rnd.randrange(len(data) + 1)])
        elif what == 2:
            pairs[i] = (kind, data + bytes(self.rnd.randrange(9)))
        elif what == 3:
            pairs.append((kind, bytes(self.rnd.getrandbits(8)
                                      for _ in range(len(data)))))
        elif what == 4:
            pairs[i] = (kind | self.one_of(0x8000, 0x4000), data)
        elif what == 5:
            pairs.append((self.one_of(0, 10, 12, 13, 30, 0x3fff),
                          b"odd" * self.rnd.randrange(4)))
        elif what == 6:
            self.rnd.shuffle(pairs)
        else:
            pairs[i] = (kind, bytes(self.rnd.getrandbits(8)
                                    for _ in range(len(data))))


def netlink_request(w):
    """A command and its attributes."""
    command = w.one_of(NEW_SERVICE, NEW_SERVICE, SET_SERVICE, NEW_DEST, NEW_DEST,
                       NEW_DEST, SET_DEST, SET_DEST, DEL_DEST, GET_SERVICE,
                       ZERO)
    if w.rarely(15):
        command = w.one_of(DEL_SERVICE, DEL_SERVICE, SET_CONFIG, GET_CONFIG,
                           GET_INFO, FLUSH, GET_DEST, 0, 14, 18, 200)
    if command == SET_CONFIG:
        return command, attrs(w.spoil(
            [(kind, u32(w.one_of(0, 60, 900, w.number())))
             for kind in (TIMEOUT_TCP, TIMEOUT_TCP_FIN, TIMEOUT_UDP)
             if w.rarely(2)] or [(TIMEOUT_TCP, u32(1))]))
    service = w.service_id()
    v6 = service[0][1] == u16(10)
    if command in (NEW_SERVICE, SET_SERVICE) or w.rarely(10):
        service += w.service_rest()
    top = [(SERVICE, attrs(w.spoil(service)))]
    if command in (NEW_DEST, SET_DEST, DEL_DEST):
        server = w.server_id(v6)
        if command != DEL_DEST or w.rarely(10):
            server += w.server_rest()
        top.append((DEST, attrs(w.spoil(server))))
    if command == ZERO and w.rarely(3):
        top = []
    return command, attrs(w.spoil(top) if top else top)


def option_request(w):
    """A socket option to set and its value."""
    opt = w.one_of("ADD", "EDIT", "ADDDEST", "ADDDEST", "EDITDEST", "DELDEST",
                   "ZERO")
    if w.rarely(10):
        opt = w.one_of("DEL", "FLUSH", "TIMEOUT", "NONE", "LIST")
    if opt == "FLUSH":
        return opt, bytes(w.one_of(0, 0, 4))
    if opt == "TIMEOUT":
        return opt, struct.pack("=III", *(w.one_of(0, 60, w.number())
                                          for _ in range(3)))
    data = sockopt.service(
        proto=w.one_of(6, 6, 17, 132, w.one_of(0, 1, 47, 65535)),
        addr="10.0.0.%d" % w.one_of(1, 2), port=w.one_of(0, 21, 80, 80),
        mark=w.one_of(0, 0, 0, 1, 2),
        sched=w.one_of(b"rr", b"wlc", b"mh", b"lblcr", b"none", b"nosuch",
                       b"x" * 16),
        flags=w.number(), timeout=w.one_of(0, 60, LONGEST),
        netmask=w.number())
    if opt.endswith("DEST"):
        upper = w.one_of(0, 0, w.number())
        data += sockopt.dest("10.0.0.%d" % w.one_of(11, 12, 13),
                             w.one_of(0, 80, 8080), w.number(),
                             struct.unpack("=i", u32(w.one_of(
                                 0, 1, 1, w.number())))[0],
                             upper, w.one_of(0, upper, w.number()))
    if w.rarely(20):
        data = data[:w.rnd.randrange(len(data))]
    return opt, data


def look(s, o):
    """All that can be read, in an order that does not depend on hashes."""
    out = []
    for reply in s.dump(GET_SERVICE)[1]:
        service = parse(parse(reply[4:])[0][1])
        ident = [(k, v) for k, v in service
                 if k in (AF, PROTOCOL, ADDR, PORT, FWMARK)]
        code, again = s.ask(GET_SERVICE, attr(SERVICE, attrs(ident)))
        servers = [parse(parse(r[4:])[0][1]) for r in
                   s.dump(GET_DEST, attr(SERVICE, attrs(ident)))[1]]
        lines = ["  " + text(service), "  asked for alone: %d, %s" % (
            code, bool(again) and again[0] == reply)]
        lines += ["    " + text(server) for server in servers]
        out.append("\n".join(lines))
    out.sort()
    with open("/proc/self/net/ip_vs", encoding="ascii") as f:
        head, *blocks = f.read().replace("\n  -> ", "\t  -> ").split("\n")
    out += [head] + sorted(blocks)
    for opt, data in (("INFO", bytes(12)), ("TIMEOUT", bytes(12))):
        code, length, answer = o.get(sockopt.GETS[opt], data)
        out.append("  %s: %s %d %s" % (opt, errno_name(code), length,
                                       answer.hex()))
    n = struct.unpack("=III", o.get(sockopt.GETS["INFO"], bytes(12))[2])[2]
    data = struct.pack("=II", n, 0) + bytes(sockopt.SERVICE_LEN * n)
    code, length, answer = o.get(sockopt.GETS["SERVICES"], data)
    entries = sorted(answer[8 + sockopt.SERVICE_LEN * i:]
                     [:sockopt.SERVICE_LEN] for i in range(n))
    for entry in entries:
        out.append("  option: " + entry.hex())
        want = struct.unpack_from("=I", entry, 44)[0]
        data = entry[:2] + bytes(2) + entry[4:10] + bytes(2) + entry[12:16] + \
            struct.pack("=II", want, 0) + bytes(sockopt.DEST_LEN * want)
        code, length, answer = o.get(sockopt.GETS["DESTS"], data)
        out.append("    servers: %s %d %s" % (errno_name(code), length,
                                              answer.hex()))
    return out


def text(pairs):
    return " ".join("%d=%s" % (k, v.hex()) for k, v in pairs)


def main():
    w = World(int(sys.argv[1]))
    s, o = Socket(), sockopt.Options()
    for i in range(int(sys.argv[2])):
        if w.rarely(4):
            opt, data = option_request(w)
            print("%d option %s %s: %s" % (i, opt, data.hex(), errno_name(
                o.set(sockopt.SETS[opt], data))))
        else:
            command, body = netlink_request(w)
            code, replies = s.ask(command, body)
            print("%d command %d %s: %s" % (i, command, body.hex(),
                                            errno_name(code)))
            for reply in replies:
                print("  " + reply.hex())
        if i % LOOK_EVERY == LOOK_EVERY - 1:
            print("\n".join(look(s, o)))


main()
