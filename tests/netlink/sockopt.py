#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The old socket options: every option x lengths x contents.

Prints one line a case, as matrix.py does: name, errno, and what came back or a
fingerprint of the table.  Run on two modules, the outputs must be equal.
"""
import ctypes
import errno
import os
import socket
import struct

BASE = 1152
SETS = {"NONE": 0, "INSERT": 1, "ADD": 2, "EDIT": 3, "DEL": 4, "FLUSH": 5,
        "LIST": 6, "ADDDEST": 7, "DELDEST": 8, "EDITDEST": 9, "TIMEOUT": 10,
        "STARTDAEMON": 11, "STOPDAEMON": 12, "RESTORE": 13, "SAVE": 14,
        "ZERO": 15}
GETS = {"VERSION": 0, "INFO": 1, "SERVICES": 2, "SERVICE": 3, "DESTS": 4,
        "DEST": 5, "TIMEOUT": 6, "DAEMON": 7}
LIBC = ctypes.CDLL(None, use_errno=True)
SERVICE_LEN, DEST_LEN = 104, 96


def service(proto=6, addr="10.0.0.100", port=80, mark=0, sched=b"rr", flags=0,
            timeout=0, netmask=0xffffffff):
    return struct.pack("=HxxI", proto, int_of(addr)) + \
        struct.pack(">H", port) + b"\0\0" + \
        struct.pack("=I16sIII", mark, sched, flags, timeout, netmask)


def dest(addr="10.0.0.201", port=8080, flags=0, weight=1, upper=0, lower=0):
    return struct.pack("=I", int_of(addr)) + struct.pack(">H", port) + \
        b"\0\0" + struct.pack("=IiII", flags, weight, upper, lower)


def daemon(state=1, ifn=b"lo", syncid=0):
    return struct.pack("=i16si", state, ifn, syncid)


def int_of(addr):
    return struct.unpack("=I", socket.inet_aton(addr))[0]


class Options:
    def __init__(self, family=socket.AF_INET, kind=socket.SOCK_DGRAM):
        self.sock = socket.socket(family, kind)

    def set(self, opt, data, length=None):
        """data None: a pointer to nothing."""
        buf = None if data is None else ctypes.create_string_buffer(
            data, max(len(data), 1))
        length = len(data or b"") if length is None else length
        ret = LIBC.setsockopt(self.sock.fileno(), 0, BASE + opt, buf,
                              ctypes.c_uint(length & 0xffffffff))
        return 0 if ret == 0 else ctypes.get_errno()

    def get(self, opt, data, length=None):
        """Returns errno, length, buffer."""
        size = len(data) if length is None else length
        buf = ctypes.create_string_buffer(data, max(len(data), 1))
        n = ctypes.c_int(size)
        ret = LIBC.getsockopt(self.sock.fileno(), 0, BASE + opt, buf,
                              ctypes.byref(n))
        err = 0 if ret == 0 else ctypes.get_errno()
        return err, n.value, buf.raw[:len(data)]


def name_of(err):
    return errno.errorcode.get(err, str(err)) if err else "0"


class Run:
    def __init__(self):
        self.o = Options()
        self.reset()
        self.initial = self.table()

    def table(self):
        head = struct.pack("=II", 64, 0)
        _, _, data = self.o.get(GETS["SERVICES"],
                                head + b"\xee" * (SERVICE_LEN * 64))
        rows = []
        for i in range(64):
            row = data[8 + i * SERVICE_LEN:8 + (i + 1) * SERVICE_LEN]
            if row == b"\xee" * SERVICE_LEN:
                break
            count = struct.unpack("=I", row[44:48])[0]
            query = row[:16] + struct.pack("=II", count, 0)
            _, _, dests = self.o.get(GETS["DESTS"],
                                     query + b"\xee" * (DEST_LEN * count))
            # names end at their NUL, gaps are not compared
            name = row[16:32].split(b"\0")[0].decode()
            rows.append("%s %s %s %d %s" % (
                row[:2].hex() + row[4:10].hex() + row[12:16].hex(), name,
                row[32:44].hex(), count,
                [dests[24 + n * DEST_LEN:24 + n * DEST_LEN + 6].hex() +
                 dests[24 + n * DEST_LEN + 8:24 + n * DEST_LEN + 40].hex()
                 for n in range(count)]))
        _, _, timeouts = self.o.get(GETS["TIMEOUT"], b"\0" * 12)
        _, _, daemons = self.o.get(GETS["DAEMON"], b"\0" * 48)
        return " / ".join(sorted(rows)) + " " + timeouts.hex() + " " + \
            daemons.hex()

    def reset(self):
        self.o.set(SETS["FLUSH"], None, 0)
        for state in (1, 2):
            self.o.set(SETS["STOPDAEMON"], daemon(state))
        for opt, data in (("ADD", service()), ("ADDDEST", service() + dest()),
                          ("TIMEOUT", struct.pack("=iii", 900, 120, 300))):
            err = self.o.set(SETS[opt], data)
            if err:
                raise OSError(err, "reset " + opt)

    def case(self, name, opt, data, length=None):
        err = self.o.set(SETS[opt], data, length)
        after = self.table()
        same = after == self.initial
        print("set_%s/%s %s %s" % (opt, name, name_of(err),
                                   "=" if same else after))
        if not same:
            self.reset()

    def ask(self, name, opt, data, length=None, hide=()):
        err, n, back = self.o.get(GETS[opt], data, length)
        for a, b in hide:
            back = back[:a] + b"\xff" * (b - a) + back[b:]
        print("get_%s/%s %s %d %s" % (opt, name, name_of(err), n, back.hex()))


def set_cases(run):
    good = {"ADD": service(port=81), "EDIT": service(sched=b"wrr"),
            "DEL": service(), "ADDDEST": service() + dest("10.0.0.202"),
            "DELDEST": service() + dest(), "EDITDEST": service() +
            dest(weight=7), "TIMEOUT": struct.pack("=iii", 1, 2, 3),
            "STARTDAEMON": daemon(), "STOPDAEMON": daemon(),
            "ZERO": service(), "FLUSH": b""}
    for opt in SETS:
        data = good.get(opt, b"\0" * 44)
        run.case("good", opt, data)
        for extra in (0, 1, 12, 24, 43, 44, 45, 48, 67, 68, 69, 4096):
            if extra != len(data):
                run.case("len%d" % extra, opt, (data + b"\0" * 4096)[:extra])
        run.case("fault", opt, None, len(data))
        run.case("minus", opt, data, -1)
    run.case("length24", "FLUSH", b"\0" * 24)
    for proto in (0, 1, 6, 17, 50, 132, 255, 65535):
        for opt in ("ADD", "EDIT", "DEL", "ZERO"):
            run.case("proto%d" % proto, opt, service(proto, port=80))
        run.case("proto%d_new" % proto, "ADD", service(proto, port=85))
        run.case("proto%d_markzero" % proto, "ZERO",
                 service(proto, "0.0.0.0", 0))
    for sched in (b"", b"none", b"nosuch", b"a" * 15, b"a" * 16,
                  b"rr\0xxxxxxxxxxxxx"):
        run.case("sched_%s" % sched.hex(), "ADD",
                 service(port=81, sched=sched))
        run.case("sched_%s" % sched.hex(), "EDIT", service(sched=sched))
        run.case("sched_gone_%s" % sched.hex(), "EDIT",
                 service(port=99, sched=sched))
        run.case("sched_%s" % sched.hex(), "DEL", service(sched=sched))
    for kind in ({"port": 99}, {"addr": "10.0.0.99"}, {"mark": 5},
                 {"proto": 17}, {"mark": 5, "port": 99}):
        for opt in ("EDIT", "DEL", "ZERO"):
            run.case("gone_%s" % "_".join(kind), opt, service(**kind))
        for opt in ("ADDDEST", "EDITDEST", "DELDEST"):
            run.case("gone_%s" % "_".join(kind), opt,
                     service(**kind) + dest())
    for flags in (2, 8, 0x38, 0xffffffc0, 0xffffffff, 1, 4):
        run.case("flags%x" % flags, "ADD", service(port=81, flags=flags))
        run.case("flags%x" % flags, "EDIT", service(flags=flags))
    run.case("timeout", "ADD", service(port=81, timeout=300, netmask=0xffffff))
    run.case("mark", "ADD", service(mark=9))
    run.case("mark_udp", "ADD", service(17, mark=9, addr="1.2.3.4", port=5))
    for kw in ({"weight": -1}, {"weight": 0}, {"weight": 0x7fffffff},
               {"upper": 1}, {"lower": 1}, {"upper": 5, "lower": 5},
               {"upper": 0x80000000}, {"upper": 0xffffffff,
                                       "lower": 0xffffffff},
               {"flags": 1}, {"flags": 2}, {"flags": 3}, {"flags": 4},
               {"flags": 7}, {"flags": 0xffffffff}, {"flags": 0x100},
               {"flags": 0x2000}, {"flags": 0x10000}, {"flags": 0x80},
               {"port": 0}, {"addr": "0.0.0.0"}, {"addr": "224.0.0.1"},
               {"addr": "127.0.0.1"}, {"addr": "255.255.255.255"}):
        words = "_".join("%s%s" % (k, v) for k, v in kw.items())
        run.case(words, "ADDDEST", service() +
                 dest(**{"addr": "10.0.0.202", **kw}))
        run.case(words, "EDITDEST", service() + dest(**kw))
        run.case(words, "DELDEST", service() + dest(**kw))
    run.case("dup", "ADDDEST", service() + dest())
    run.case("gone", "EDITDEST", service() + dest("10.0.0.99"))
    run.case("gone_weight", "EDITDEST", service() + dest("10.0.0.99",
                                                         weight=-1))
    run.case("gone", "DELDEST", service() + dest("10.0.0.99"))
    for values in ((0, 0, 0), (5, 0, 0), (0, 6, 0), (0, 0, 7), (-1, 1, 1),
                   (1, -1, 1), (1, 1, -1), (8589934,) * 3, (8589935, 0, 0),
                   (1, 1, 0x7fffffff)):
        run.case("values_%d_%d_%d" % values, "TIMEOUT",
                 struct.pack("=iii", *values))
    for state in (0, 2, 3, 4, -1):
        run.case("state%d" % state, "STARTDAEMON", daemon(state))
        run.case("state%d_nodev" % state, "STARTDAEMON",
                 daemon(state, b"nosuch"))
    for syncid in (-1, 255, 74565):
        run.case("syncid%d" % syncid, "STARTDAEMON", daemon(2, b"lo", syncid))
    for ifn in (b"", b"nosuch", b"a" * 16, b"a" * 15, b"lo\0x"):
        run.case("ifn_%s" % ifn.hex(), "STARTDAEMON", daemon(1, ifn))
    for state in (0, 1, 2, 3, -1):
        run.case("state%d" % state, "STOPDAEMON", daemon(state, b"a" * 16))


def get_cases(run):
    minimum = {"VERSION": 64, "INFO": 12, "SERVICES": 8 + SERVICE_LEN,
               "SERVICE": SERVICE_LEN, "DESTS": 24 + DEST_LEN, "DEST": 64,
               "TIMEOUT": 12, "DAEMON": 48}
    stats = [(48, 96)]
    for opt, size in minimum.items():
        data = service()[:16] + struct.pack("=I", 1) + b"\x55" * 4096
        if opt == "SERVICES":
            data = struct.pack("=I", 1) + b"\x55" * 4096
        # what a service entry has in its gaps is the caller's or zero
        hide = [(2, 4), (10, 12)] if opt == "SERVICE" else \
            [(8 + 2, 8 + 4), (8 + 10, 8 + 12), (8 + 19, 8 + 32),
             (8 + 48, 8 + 104)] if opt == "SERVICES" else \
            [(30, 32), (64, 120)] if opt == "DESTS" else []
        if opt == "SERVICE":
            hide += stats
        run.ask("good", opt, data[:size], hide=hide)
        for n in (0, 1, size - 1, size + 1, size + SERVICE_LEN, 4000):
            run.ask("len%d" % n, opt, data[:n], hide=hide)
        run.ask("minus", opt, data[:size], -1, hide=hide)
    for n in (0, 1, 2, 3):
        head = struct.pack("=II", n, 0)
        run.ask("room%d" % n, "SERVICES", head + b"\x55" * (SERVICE_LEN * n),
                hide=[(10, 12), (18, 20), (27, 40), (56, 112)])
        query = service()[:16] + struct.pack("=II", n, 0)
        run.ask("room%d" % n, "DESTS", query + b"\x55" * (DEST_LEN * n),
                hide=[(30, 32), (64, 120)])
    for n in (0x7fffffff, 0xffffffff, 0x02762762, 41297762):
        run.ask("huge%x" % n, "SERVICES", struct.pack("=II", n, 0))
        run.ask("huge%x" % n, "DESTS",
                service()[:16] + struct.pack("=II", n, 0))
    for kw in ({"port": 99}, {"mark": 3}, {"proto": 17}, {"proto": 50}):
        words = "_".join(kw)
        run.ask("gone_" + words, "SERVICE",
                (service(**kw) + b"\x55" * 60)[:104])
        run.ask("gone_" + words, "DESTS", service(**kw)[:16] +
                struct.pack("=II", 1, 0) + b"\x55" * DEST_LEN)


def socket_cases():
    for family, kind, what in (
            (socket.AF_INET, socket.SOCK_STREAM, "tcp"),
            (socket.AF_INET6, socket.SOCK_DGRAM, "udp6"),
            (socket.AF_INET6, socket.SOCK_STREAM, "tcp6"),
            (socket.AF_UNIX, socket.SOCK_DGRAM, "unix")):
        o = Options(family, kind)
        err, n, _ = o.get(GETS["INFO"], b"\0" * 12)
        print("socket/%s get %s set %s" % (
            what, name_of(err), name_of(o.set(SETS["FLUSH"], None, 0))))
    o = Options()
    for opt in (-1, 16, 17):
        print("socket/outside%d set %s get %s" % (
            opt, name_of(o.set(opt, b"\0" * 44)),
            name_of(o.get(opt, b"\0" * 64)[0])))


def unprivileged_cases():
    if os.fork() == 0:
        os.setuid(65534)
        o = Options()
        for opt in SETS:
            print("nobody/set_%s %s" % (opt, name_of(o.set(SETS[opt], b""))))
        for opt in GETS:
            print("nobody/get_%s %s" % (opt,
                                        name_of(o.get(GETS[opt], b"")[0])))
        os._exit(0)
    os.wait()


def name_cases(run):
    """Behind a name are zeros, whatever longer one was listed before it."""
    run.o.set(SETS["FLUSH"], None, 0)
    for sched in (b"none", b"rr"):
        for port in range(40):
            run.o.set(SETS["ADD"], service(port=port + 1 + 100 * len(sched),
                                           sched=sched))
    _, _, data = run.o.get(GETS["SERVICES"], struct.pack("=II", 80, 0) +
                           bytes(SERVICE_LEN * 80))
    names = [data[at + 16:at + 32] for at in range(8, len(data), SERVICE_LEN)]
    for name in sorted(set(names)):
        print("get_SERVICES/names_%s %d" % (name.hex(), names.count(name)))


def main():
    run = Run()
    set_cases(run)
    get_cases(run)
    name_cases(run)
    socket_cases()
    run.o.set(SETS["FLUSH"], None, 0)
    unprivileged_cases()


if __name__ == "__main__":
    main()
