#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Synchronisation daemons, command after command: what is refused because of what
runs, and what netlink and the socket option say is running. Interfaces a0 (MTU
1500), a1 (MTU 9000) and down0 exist.
"""
import os
import socket
import struct

import ipvs_nl as nl

MASTER, BACKUP = 1, 2
GET_DAEMON_OPT, BASE = 7, 64 + 1024 + 64


def daemon(state, ifn="a0", syncid=7, **more):
    numbers = {"maxlen": (4, nl.u16), "group": (5, socket.inet_aton),
               "group6": (6, lambda a: socket.inet_pton(socket.AF_INET6, a)),
               "port": (7, nl.u16), "ttl": (8, nl.u8)}
    body = {1: nl.u32(state), 2: ifn.encode() + b"\0", 3: nl.u32(syncid)}
    for name, value in more.items():
        number, pack = numbers[name]
        body[number] = pack(value)
    return nl.attr(nl.DAEMON, nl.attrs(body))


def dest(family, method=2):
    addr = nl.ip4("10.2.0.11") if family == socket.AF_INET else \
        socket.inet_pton(socket.AF_INET6, "fd02::11")
    service = {nl.AF: nl.u16(socket.AF_INET), nl.PROTOCOL: nl.u16(6),
               nl.ADDR: nl.ip4("10.9.1.1"), nl.PORT: nl.be16(80)}
    server = {nl.D_ADDR: addr, nl.D_PORT: nl.be16(80),
              nl.D_METHOD: nl.u32(method), nl.D_WEIGHT: nl.u32(1),
              nl.D_UPPER: nl.u32(0), nl.D_LOWER: nl.u32(0),
              nl.D_FAMILY: nl.u16(family)}
    return nl.attr(nl.SERVICE, nl.attrs(service)) + \
        nl.attr(nl.DEST, nl.attrs(server))


def service():
    return nl.attr(nl.SERVICE, nl.attrs({
        nl.AF: nl.u16(socket.AF_INET), nl.PROTOCOL: nl.u16(6),
        nl.ADDR: nl.ip4("10.9.1.1"), nl.PORT: nl.be16(80),
        nl.SCHED_NAME: b"rr\0", nl.FLAGS: nl.u32(0) + nl.u32(0xffffffff),
        nl.TIMEOUT: nl.u32(0), nl.NETMASK: nl.u32(0xffffffff)}))


def threads():
    """Names of the daemons' threads, without the namespace's number."""
    out = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid, encoding="ascii") as f:
                name = f.read().strip()
        except OSError:
            continue
        if name.startswith("ipvs-"):
            kind, _, number = name.split(":")
            out.append("%s:%s" % (kind, number))
    return " ".join(sorted(out))


class Session:
    def __init__(self):
        self.netlink = nl.Socket()
        # In-tree threads sometimes take half a minute to end.
        self.netlink.s.settimeout(120)
        self.old = socket.socket(socket.AF_INET, socket.SOCK_RAW,
                                 socket.IPPROTO_RAW)

    def running(self):
        _, replies = self.netlink.dump(nl.GET_DAEMON)
        shown = ["%s" % " ".join(
            "%d=%s" % (k, v.hex()) for k, v in
            nl.parse(dict(nl.parse(r[4:]))[nl.DAEMON])) for r in replies]
        old = self.old.getsockopt(0, BASE + GET_DAEMON_OPT, 48)
        return " | ".join(shown) + " # " + old.hex() + " # " + threads()

    def do(self, what, command, payload):
        code, _ = self.netlink.ask(command, payload)
        print("%s: %s\n    %s" % (what, nl.errno_name(code), self.running()))

    def start(self, what, *args, **more):
        self.do("start " + what, nl.NEW_DAEMON, daemon(*args, **more))

    def stop(self, state):
        self.do("stop %d" % state, nl.DEL_DAEMON,
                nl.attr(nl.DAEMON, nl.attrs({1: nl.u32(state)})))

    def start_old(self, state, ifn=b"a0", syncid=9):
        try:
            self.old.setsockopt(0, BASE + 11, struct.pack("=i16si", state, ifn,
                                                          syncid))
            result = "0"
        except OSError as e:
            result = nl.errno_name(e.errno)
        print("old start %d: %s\n    %s" % (state, result, self.running()))


def knob(name, value):
    with open("/proc/sys/net/ipv4/vs/" + name, "w", encoding="ascii") as f:
        f.write(str(value))


def main():
    s = Session()
    s.stop(MASTER)
    s.start("master", MASTER)
    s.start("master again", MASTER)
    s.start("master again, no such interface", MASTER, "nosuch")
    s.start("backup elsewhere", BACKUP, "a1", 1000)
    s.start("backup again", BACKUP)
    s.start("state 3", 3)
    s.start("state 3, no such interface", 3, "nosuch")
    s.do("service", nl.NEW_SERVICE, service())
    s.do("other family", nl.NEW_DEST, dest(socket.AF_INET6))
    s.do("other family, other method", nl.NEW_DEST, dest(socket.AF_INET6, 0))
    s.do("same family", nl.NEW_DEST, dest(socket.AF_INET))
    s.stop(MASTER)
    s.do("other family, backup alone", nl.NEW_DEST, dest(socket.AF_INET6))
    s.stop(BACKUP)
    s.stop(BACKUP)
    s.do("other family, none", nl.NEW_DEST, dest(socket.AF_INET6))
    s.start("with another family", MASTER)
    s.start("with another family, no such interface", MASTER, "nosuch")
    s.start_old(MASTER)
    s.start_old(MASTER)
    s.start_old(BACKUP, b"nosuch")
    s.start_old(3)
    s.start_old(BACKUP, b"a1")
    s.do("flush", nl.FLUSH, b"")
    s.stop(MASTER)
    s.stop(BACKUP)
    s.start("master on one that is down", MASTER, "down0")
    s.start("backup on one that is down", BACKUP, "down0")
    s.stop(BACKUP)
    for n in (4, 1, 128):
        knob("sync_ports", n)
        s.start("master, sync_ports %d" % n, MASTER)
        knob("sync_ports", 2)
        s.start("backup", BACKUP)
        s.stop(MASTER)
        s.start("master", MASTER)
        s.stop(BACKUP)
        s.stop(MASTER)
    knob("sync_ports", 1)
    for state in (MASTER, BACKUP):
        for ifn in ("a0", "a1"):
            for group in ({}, {"group": "239.1.2.3"}, {"group6": "ff02::81"},
                          {"group6": "ff05::81", "port": 9000, "ttl": 9}):
                for length in ({}, {"maxlen": 1}, {"maxlen": 65507},
                               {"maxlen": 65535}):
                    more = {**group, **length}
                    s.start("%d %s %s" % (state, ifn, more), state, ifn,
                            **more)
                    s.stop(state)


main()
