#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every command x every attribute x what can be wrong with it.

Prints one line a case: its name, the errno of the answer (0: success), and a
fingerprint of what the table looked like afterwards, counters and the order of
services left out.  Run on two modules, the outputs must be equal; the caller
compares (tests/netns/netlink_errno_matrix.sh).

Messages are made by hand, byte by byte, since most are malformed.

Nothing else may change services meanwhile, not even in another namespace: the
in-tree module's listings count all of them, and can repeat one.

usage: matrix.py [-v] [PREFIX]     only cases whose name begins with PREFIX
"""
import errno
import hashlib
import socket
import struct
import sys

NETLINK_GENERIC = 16
NLMSG_ERROR, NLMSG_DONE = 2, 3
REQUEST, MULTI, ACK, DUMP = 1, 2, 4, 0x300

NEW_SERVICE, SET_SERVICE, DEL_SERVICE, GET_SERVICE = 1, 2, 3, 4
NEW_DEST, SET_DEST, DEL_DEST, GET_DEST = 5, 6, 7, 8
NEW_DAEMON, DEL_DAEMON, GET_DAEMON = 9, 10, 11
SET_CONFIG, GET_CONFIG, SET_INFO, GET_INFO, ZERO, FLUSH = 12, 13, 14, 15, 16, 17
COMMANDS = {
    0: "unspec", NEW_SERVICE: "new_service", SET_SERVICE: "set_service",
    DEL_SERVICE: "del_service", GET_SERVICE: "get_service",
    NEW_DEST: "new_dest", SET_DEST: "set_dest", DEL_DEST: "del_dest",
    GET_DEST: "get_dest", NEW_DAEMON: "new_daemon",
    DEL_DAEMON: "del_daemon", GET_DAEMON: "get_daemon",
    SET_CONFIG: "set_config", GET_CONFIG: "get_config",
    SET_INFO: "set_info", GET_INFO: "get_info", ZERO: "zero",
    FLUSH: "flush", 18: "beyond", 255: "far_beyond",
}
A_SERVICE, A_DEST, A_DAEMON, A_TCP, A_FIN, A_UDP = 1, 2, 3, 4, 5, 6


def attr(kind, payload, flags=0):
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind | flags) + payload + \
        b"\0" * (-length % 4)


def u8(v):
    return struct.pack("=B", v & 0xff)


def u16(v):
    return struct.pack("=H", v & 0xffff)


def be16(v):
    return struct.pack(">H", v & 0xffff)


def u32(v):
    return struct.pack("=I", v & 0xffffffff)


def ip4(text):
    return socket.inet_pton(socket.AF_INET, text) + b"\0" * 12


def ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)


def netlink_socket():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.bind((0, 0))
    sock.settimeout(60)
    return sock


class Netlink:
    """One socket; ask() returns (errno, [payloads of the answers])."""

    def __init__(self):
        self.sock = netlink_socket()
        self.seq = 0
        self.family = self.resolve("IPVS")

    def resolve(self, name):
        err, answers = self.ask(3, attr(2, name.encode() + b"\0"), kind=16,
                                version=2)
        if err:
            raise OSError(err, "family " + name)
        return struct.unpack("=H", dict(parse(answers[0][1]))[1][:2])[0]

    def message(self, cmd, body=b"", flags=ACK, kind=None, version=1,
                reserved=0, seq=0):
        message = struct.pack("=BBH", cmd, version, reserved) + body
        return struct.pack("=IHHII", 16 + len(message),
                           self.family if kind is None else kind,
                           REQUEST | flags, seq, 0) + message

    def ask(self, cmd, body=b"", **kw):
        self.seq += 1
        self.sock.send(self.message(cmd, body, seq=self.seq, **kw))
        return self.collect()

    def collect(self):
        answers = []
        while True:
            data = self.sock.recv(1 << 16)
            while data:
                length, kind, _, seq, _ = struct.unpack("=IHHII", data[:16])
                payload = data[16:length]
                data = data[(length + 3) & ~3:]
                if seq != self.seq:
                    continue
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    code = struct.unpack("=i", payload[:4])[0]
                    return -code, answers
                answers.append((payload[0], payload[4:]))


def parse(data):
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        yield kind & 0x3fff, data[4:length]
        data = data[(length + 3) & ~3:]


# --- what a request carries ---------------------------------------------------

# Attributes as {number: payload}; the names are for the cases.
VIP, VPORT = ip4("10.0.0.100"), be16(80)
SVC_NAMES = {1: "af", 2: "protocol", 3: "addr", 4: "port", 5: "fwmark",
             6: "sched", 7: "flags", 8: "timeout", 9: "netmask", 10: "stats",
             11: "pe", 12: "stats64"}
DEST_NAMES = {1: "addr", 2: "port", 3: "method", 4: "weight", 5: "upper",
              6: "lower", 7: "active", 8: "inactive", 9: "persist",
              10: "stats", 11: "family", 12: "stats64", 13: "tun_type",
              14: "tun_port", 15: "tun_flags"}
DAEMON_NAMES = {1: "state", 2: "ifn", 3: "syncid", 4: "maxlen", 5: "group",
                6: "group6", 7: "mport", 8: "ttl"}
TOP_NAMES = {A_SERVICE: "SERVICE", A_DEST: "DEST", A_DAEMON: "DAEMON",
             A_TCP: "TCP", A_FIN: "TCP_FIN", A_UDP: "UDP"}


def service(port=80, **changes):
    d = {1: u16(2), 2: u16(6), 3: VIP, 4: be16(port), 6: b"rr\0",
         7: u32(0) + u32(0xffffffff), 8: u32(0), 9: b"\xff\xff\xff\xff"}
    return edit(d, SVC_NAMES, changes)


def service6(**changes):
    d = service()
    d.update({1: u16(10), 3: ip6("2001:db8::100"), 9: u32(128)})
    return edit(d, SVC_NAMES, changes)


def dest(last=201, **changes):
    d = {1: ip4("10.0.0.%d" % last), 2: be16(8080), 3: u32(0), 4: u32(1),
         5: u32(0), 6: u32(0)}
    return edit(d, DEST_NAMES, changes)


def daemon(**changes):
    d = {1: u32(1), 2: b"lo\0", 3: u32(7)}
    return edit(d, DAEMON_NAMES, changes)


def edit(d, names, changes):
    numbers = {name: n for n, name in names.items()}
    for name, value in changes.items():
        if value is None:
            d.pop(numbers[name], None)
        else:
            d[numbers[name]] = value
    return d


def nest(kind, attributes):
    if isinstance(attributes, dict):
        attributes = b"".join(attr(k, v)
                              for k, v in sorted(attributes.items()))
    return attr(kind, attributes)


def body(svc=None, dst=None, dmn=None, extra=b""):
    out = b""
    if svc is not None:
        out += nest(A_SERVICE, svc)
    if dst is not None:
        out += nest(A_DEST, dst)
    if dmn is not None:
        out += nest(A_DAEMON, dmn)
    return out + extra


# --- the cases ----------------------------------------------------------------

# What a good request of each command looks like: which nests it has.
GOOD = {
    NEW_SERVICE: (lambda: service(port=81), None, None),
    SET_SERVICE: (service, None, None),
    DEL_SERVICE: (service, None, None),
    GET_SERVICE: (service, None, None),
    NEW_DEST: (service, lambda: dest(last=202), None),
    SET_DEST: (service, dest, None),
    DEL_DEST: (service, dest, None),
    NEW_DAEMON: (None, None, daemon),
    DEL_DAEMON: (None, None, daemon),
    ZERO: (service, None, None),
}

# Payloads any attribute may be sent with.
LENGTHS = [bytes(range(1, n + 1)) for n in
           (1, 2, 3, 4, 5, 8, 15, 16, 17)]
VALUES = {
    "SERVICE": {
        "af": [u16(v) for v in (0, 1, 2, 3, 4, 7, 10, 255)] + [u32(2)],
        "protocol": [u16(v) for v in (0, 1, 6, 17, 132, 255, 65535)],
        "addr": [ip4(a) for a in ("0.0.0.0", "224.0.0.1", "255.255.255.255")]
                + [b"\x0a\0\0\x64", b"\x0a\0"],
        "port": [be16(v) for v in (0, 21, 65535)],
        "fwmark": [u32(v) for v in (0, 1, 0xffffffff)],
        "sched": [b"none\0", b"wrr\0", b"\0", b"rr", b"rr\0xx\0", b"nosuch\0",
                  b"a" * 15 + b"\0", b"a" * 15, b"a" * 16, b"a" * 16 + b"\0",
                  b"rr" + b"\0" * 18, b"rr" + b"\0" * 14],
        "flags": [u32(0xffffffff) + u32(0), u32(0xffffffff), u32(2) + u32(2),
                  u32(8) + u32(0xffffffff), u32(0xffffffc0) + u32(0xffffffff)],
        "timeout": [u32(v) for v in (1, 300)],
        "netmask": [u32(v) for v in (0, 1, 128, 129, 0xffffffff)],
        "pe": [b"\0", b"nosuch\0", b"a" * 16 + b"\0", b"a" * 17 + b"\0",
               b"a" * 16],
    },
    "DEST": {
        "addr": [ip4(a) for a in
                 ("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255",
                  "10.9.9.255", "0.0.0.1", "240.0.0.1", "10.0.0.100",
                  "192.168.60.255", "192.168.60.1")]
                + [b"\x0a\0\0\x63", b"\x0a\0"],
        "port": [be16(0)],
        "method": [u32(v) for v in (1, 2, 3, 4, 5, 6, 7, 8, 10, 0xfffffff8)],
        "weight": [u32(v) for v in (0, 65536, 0x7fffffff, 0x80000000, -1)],
        "upper": [u32(v) for v in (1, 5, 0x7fffffff, 0x80000000, 0xffffffff)],
        "lower": [u32(v) for v in (1, 0xffffffff)],
        "family": [u16(v) for v in (0, 2, 3, 10, 255)],
        "tun_type": [u8(v) for v in (0, 1, 2, 3, 255)],
        "tun_port": [be16(v) for v in (0, 6080)],
        "tun_flags": [u16(v) for v in (1, 2, 65535)],
    },
    "DAEMON": {
        "state": [u32(v) for v in (0, 2, 3, 4, 0xffffffff)],
        "maxlen": [u16(v) for v in (0, 1, 1023, 1024, 65507, 65535)],
        "mport": [u16(v) for v in (0, 1, 65535)],
        "ttl": [u8(v) for v in (0, 1, 255)],
        "ifn": [b"\0", b"nosuch\0", b"a" * 15 + b"\0", b"a" * 16 + b"\0",
                b"lo"],
        "group": [b"\xe0\0\0\x51", b"\x0a\0\0\x01"],
        "group6": [ip6("2001:db8::1"), ip6("2001:db8::1") + b"\0\0\0\0",
                   ip6("ff02::81"), ip6("ff05::81")],
    },
}


def shorten(payload):
    text = payload.hex()
    return "%d:%s" % (len(payload), text if len(text) <= 40 else
                      text[:36] + "....")


def variations(nest_name, attr_name, number, good):
    yield "absent", {k: v for k, v in good.items() if k != number}
    for payload in [b""] + LENGTHS:
        yield "len%d" % len(payload), {**good, number: payload}
    for payload in VALUES[nest_name].get(attr_name, []):
        yield shorten(payload), {**good, number: payload}


def attribute_cases():
    parts = (("SERVICE", A_SERVICE, SVC_NAMES, 0),
             ("DEST", A_DEST, DEST_NAMES, 1),
             ("DAEMON", A_DAEMON, DAEMON_NAMES, 2))
    for cmd, makers in GOOD.items():
        good = [m() if m else None for m in makers]
        for nest_name, _, names, index in parts:
            if good[index] is None:
                continue
            for number, attr_name in list(names.items()) + [(63, "unknown")]:
                for how, changed in variations(nest_name, attr_name, number,
                                               good[index]):
                    request = list(good)
                    request[index] = changed
                    yield ("%s/%s.%s/%s" % (COMMANDS[cmd], nest_name,
                                            attr_name, how),
                           cmd, body(*request), ACK)


def top_level_cases():
    """Each top-level attribute of each command, absent or malformed."""
    for cmd, name in COMMANDS.items():
        makers = GOOD.get(cmd, (None, None, None))
        good = {kind: b"".join(attr(k, v) for k, v in sorted(m().items()))
                for kind, m in zip((A_SERVICE, A_DEST, A_DAEMON), makers) if m}
        if cmd in (NEW_DAEMON, FLUSH):
            good = {}
        for number, what in list(TOP_NAMES.items()) + [(9, "unknown")]:
            for how, payload in [("absent", None)] + \
                    [("len%d" % len(p), p) for p in [b""] + LENGTHS]:
                top = dict(good)
                if payload is None:
                    top.pop(number, None)
                else:
                    top[number] = payload
                data = b"".join(attr(k, v) for k, v in sorted(top.items()))
                yield "%s/top.%s/%s" % (name, what, how), cmd, data, ACK


def form_cases():
    """Do and dump of each command, plain and with a good body."""
    for cmd, name in COMMANDS.items():
        makers = GOOD.get(cmd, (service, None, None))
        request = body(*(m() if m else None for m in makers))
        if cmd == NEW_DAEMON:
            request = b""
        for how, flags in (("do", ACK), ("dump", ACK | DUMP),
                           ("excl", ACK | 0x200), ("root", ACK | 0x100)):
            yield "%s/form/%s" % (name, how), cmd, b"", flags
            yield "%s/form/%s+body" % (name, how), cmd, request, flags


def dump_cases():
    for how, data in (
            ("none", b""), ("good", body(service())),
            ("empty", attr(A_SERVICE, b"")), ("short", attr(A_SERVICE, b"ab")),
            ("garbage", attr(A_SERVICE, b"\xff" * 20)),
            ("missing", body(service(port=999))),
            ("af7", body(service(af=u16(7)))),
            ("nosched", body(service(sched=None))),
            ("badtimeout", body(service(), extra=attr(A_TCP, b"ab"))),
            ("trailing", body(service()) + b"\1\2\3")):
        for cmd in (GET_SERVICE, GET_DEST, GET_DAEMON):
            yield ("%s/dump/%s" % (COMMANDS[cmd], how), cmd, data,
                   ACK | DUMP)


def order_cases():
    """Two things wrong at once: which errno wins."""
    gone = service(port=999)
    yes = [
        ("dup+nosched", NEW_SERVICE, body(service(sched=b"nosuch\0"))),
        ("dup+incomplete", NEW_SERVICE, body(service(timeout=None))),
        ("new+nosched+nope", NEW_SERVICE,
         body(service(port=81, sched=b"nosuch\0", pe=b"nosuch\0"))),
        ("new6+plen0+nosched", NEW_SERVICE,
         body(service6(netmask=u32(0), sched=b"nosuch\0"))),
        ("new6+plen0+nope", NEW_SERVICE,
         body(service6(netmask=u32(0), pe=b"nosuch\0"))),
        ("new6+plen0", NEW_SERVICE, body(service6(netmask=u32(0)))),
        ("new6+plen129", NEW_SERVICE, body(service6(netmask=u32(129)))),
        ("af7+incomplete", NEW_SERVICE,
         body(service(af=u16(7), timeout=None))),
        ("af7+noport", NEW_SERVICE, body(service(af=u16(7), port=None) if 0
                                         else edit(service(af=u16(7)),
                                                   SVC_NAMES,
                                                   {"port": None}))),
        ("set_gone", SET_SERVICE, body(gone)),
        ("set_gone+nosched", SET_SERVICE,
         body(service(port=999, sched=b"nosuch\0"))),
        ("set_gone+incomplete", SET_SERVICE,
         body(service(port=999, flags=None))),
        ("set+nosched", SET_SERVICE, body(service(sched=b"nosuch\0"))),
        ("set+none", SET_SERVICE, body(service(sched=b"none\0"))),
        ("del_gone", DEL_SERVICE, body(gone)),
        ("get_gone", GET_SERVICE, body(gone)),
        ("zero_gone", ZERO, body(gone)),
        ("zero_all", ZERO, b""),
        ("zero_empty", ZERO, attr(A_SERVICE, b"")),
        ("newdest_gone", NEW_DEST, body(gone, dest())),
        ("newdest_gone_nodest", NEW_DEST, body(gone)),
        ("newdest_nodest", NEW_DEST, body(service())),
        ("newdest_dup", NEW_DEST, body(service(), dest())),
        ("newdest_dup+method", NEW_DEST, body(service(), dest(method=u32(2)))),
        ("newdest_dup+weight", NEW_DEST, body(service(), dest(weight=u32(-1)))),
        ("newdest_af3+weight", NEW_DEST,
         body(service(), dest(family=u16(3), weight=u32(-1)))),
        ("newdest_weight+upper", NEW_DEST,
         body(service(), dest(202, weight=u32(-1), upper=u32(0x80000000)))),
        ("newdest_l>u", NEW_DEST,
         body(service(), dest(202, upper=u32(4), lower=u32(5)))),
        ("newdest_u=l=max", NEW_DEST,
         body(service(), dest(202, upper=u32(-1), lower=u32(-1)))),
        ("newdest_u=l=5", NEW_DEST,
         body(service(), dest(202, upper=u32(5), lower=u32(5)))),
        ("newdest_gue_noport", NEW_DEST,
         body(service(), dest(202, tun_type=u8(1)))),
        ("newdest_gue_noport+dup", NEW_DEST,
         body(service(), dest(tun_type=u8(1)))),
        ("newdest_mixed", NEW_DEST,
         body(service(), dest(family=u16(10), addr=ip6("2001:db8::1")))),
        ("newdest_mixed+weight", NEW_DEST,
         body(service(), dest(family=u16(10), addr=ip6("2001:db8::1"),
                              weight=u32(-1)))),
        ("newdest_mixed_tun+weight", NEW_DEST,
         body(service(), dest(family=u16(10), addr=ip6("2001:db8::1"),
                              method=u32(2), weight=u32(-1)))),
        ("newdest_bad+dup_addr", NEW_DEST,
         body(service(), dest(addr=ip4("224.0.0.1"), weight=u32(-1)))),
        ("setdest_gone", SET_DEST, body(service(), dest(99))),
        ("setdest_gone+weight", SET_DEST,
         body(service(), dest(99, weight=u32(-1)))),
        ("setdest_mixed+weight", SET_DEST,
         body(service(), dest(family=u16(10), weight=u32(-1)))),
        ("deldest_gone", DEL_DEST, body(service(), dest(99))),
        ("deldest_family6", DEL_DEST, body(service(), dest(family=u16(10)))),
        ("deldest_family3", DEL_DEST, body(service(), dest(family=u16(3)))),
        ("deldest_nodest", DEL_DEST, body(service())),
        ("fwmark0", NEW_SERVICE, body({1: u16(2), 5: u32(0), 6: b"rr\0",
                                       7: u32(0) + u32(-1), 8: u32(0),
                                       9: u32(-1)})),
        ("dup_attr", NEW_SERVICE,
         nest(A_SERVICE, b"".join(attr(k, v) for k, v in
                                  sorted(service(port=81).items()))
              + attr(6, b"nosuch\0"))),
        ("nested_flag", NEW_SERVICE,
         attr(A_SERVICE, b"".join(attr(k, v) for k, v in
                                  sorted(service(port=81).items())), 0x8000)),
        ("byteorder_flag", NEW_SERVICE,
         attr(A_SERVICE, b"".join(attr(k, v, 0x4000) for k, v in
                                  sorted(service(port=81).items())))),
        ("trailing", NEW_SERVICE, body(service(port=81)) + b"\1\2\3"),
        ("config_max", SET_CONFIG, attr(A_TCP, u32(8589934))),
        ("config_over", SET_CONFIG, attr(A_TCP, u32(8589935))),
        ("config_minus", SET_CONFIG, attr(A_UDP, u32(-1))),
        ("config_good+over", SET_CONFIG,
         attr(A_TCP, u32(5)) + attr(A_FIN, u32(-1))),
        ("config_8bytes", SET_CONFIG, attr(A_TCP, u32(77) + u32(-1))),
        ("config_zero", SET_CONFIG, attr(A_TCP, u32(0))),
        ("daemon_3", NEW_DAEMON, body(dmn=daemon(state=u32(3)))),
        ("daemon_3_nodev", NEW_DAEMON,
         body(dmn=daemon(state=u32(3), ifn=b"nosuch\0"))),
        ("daemon_group_nodev", NEW_DAEMON,
         body(dmn=daemon(group=b"\x0a\0\0\x01", ifn=b"nosuch\0"))),
        ("stop_1", DEL_DAEMON, body(dmn={1: u32(1)})),
        ("stop_2", DEL_DAEMON, body(dmn={1: u32(2)})),
        ("stop_3", DEL_DAEMON, body(dmn={1: u32(3)})),
    ]
    for name, cmd, data in yes:
        yield "order/" + name, cmd, data, ACK


ADDRESSES6 = ("::", "::1", "::2", "fe80::1", "ff02::1", "fec0::1", "fc00::1",
              "64:ff9b::1", "::1.2.3.4", "::ffff:1.2.3.4", "2001:db8::100",
              "2001:db8:1::1", "2001:db8:1::2", "ffff::1", "fe80::ffff:1")


def family_cases():
    """IPv6 services and servers, mixed pools, marks."""
    six, mark = service6(), {1: u16(2), 5: u32(7)}
    mark6 = {1: u16(10), 5: u32(7)}
    full = {6: b"wrr\0", 7: u32(0) + u32(-1), 8: u32(0), 9: u32(128)}
    pool = [(name, cmd, body(svc, dst)) for cmd, name in (
        (NEW_DEST, "new"), (SET_DEST, "set"), (DEL_DEST, "del"))
        for svc, pre in ((six, "6"), (service(), "4"), (mark, "m"))
        for text in ADDRESSES6
        for method in (0, 2)
        for family in (None, 10)
        for dst in [dest(addr=ip6(text), method=u32(method),
                         family=family and u16(family))]
        for name in ["%s%s_%s_%d_%s" % (name, pre, text, method, family)]]
    pool += [("four_%s_%d_%s" % (COMMANDS[cmd], method, family), cmd,
              body(six, dest(method=u32(method),
                             family=family and u16(family))))
             for cmd in (NEW_DEST, SET_DEST, DEL_DEST)
             for method in (0, 1, 2, 3) for family in (None, 2, 10)]
    pool += [("plen%d_%s" % (n & 0xffff, COMMANDS[cmd]), cmd,
              body(service6(port=port, netmask=u32(n))))
             for n in (0, 1, 64, 128, 129, -1)
             for cmd, port in ((NEW_SERVICE, be16(81)),
                               (SET_SERVICE, be16(80)))]
    pool += [("%s_%s" % (what, COMMANDS[cmd]), cmd, body({**ident, **extra}))
             for what, ident in (("mark", mark), ("mark6", mark6),
                                 ("gone", {1: u16(2), 5: u32(8)}))
             for cmd in (NEW_SERVICE, SET_SERVICE, DEL_SERVICE, GET_SERVICE,
                         ZERO)
             for extra in (full,)]
    pool += [("flags%x_%x" % (f, m), SET_SERVICE,
              body(service(flags=u32(f) + u32(m))))
             for f in (0, 1, 2, 4, 0x38, 0xffffffff)
             for m in (0, 1, 2, 4, 0xffffffff)]
    for name, cmd, data in pool:
        yield "family/" + name, cmd, data, ACK


def header_cases(nl):
    """What a library would not let through."""
    for name, cmd, kw in (
            ("version0", GET_INFO, {"version": 0}),
            ("version99", GET_INFO, {"version": 99}),
            ("reserved", GET_INFO, {"reserved": 1}),
            ("reserved_new", NEW_SERVICE, {"reserved": 1}),
            ("reserved18", 18, {"reserved": 1}),
            ("flags18", 18, {"flags": ACK | 0x800})):
        yield "header/" + name, cmd, body(service(port=81)), kw


# --- the table ----------------------------------------------------------------

def strip(data, names, skip):
    """Attributes as text, statistics left out."""
    return " ".join("%s=%s" % (names.get(k, k), v.hex())
                    for k, v in parse(data) if k not in skip)


def table(nl):
    lines = []
    _, services = nl.ask(GET_SERVICE, flags=DUMP)
    for _, data in services:
        ((_, svc),) = list(parse(data))
        lines.append("service " + strip(svc, SVC_NAMES, (10, 12)))
        _, dests = nl.ask(GET_DEST, attr(A_SERVICE, svc), flags=DUMP)
        lines[-1] += "".join(
            " | " + strip(next(parse(d))[1], DEST_NAMES, (10, 12))
            for _, d in dests)
    lines.sort()
    _, daemons = nl.ask(GET_DAEMON, flags=DUMP)
    lines += ["daemon " + strip(next(parse(d))[1], DAEMON_NAMES, ())
              for _, d in daemons]
    _, config = nl.ask(GET_CONFIG)
    lines.append("config " + strip(config[0][1], {}, ()))
    return "\n".join(lines)


def whole_answer(sock):
    """Bytes up to the message that says it was the last."""
    answer, kind = b"", 0
    while kind not in (NLMSG_ERROR, NLMSG_DONE):
        data = sock.recv(65536)
        answer += data
        at = 0
        while at < len(data):
            length, kind = struct.unpack_from("=IH", data, at)
            at += (length + 3) & ~3
    return answer


class Watch:
    """The same questions about the table after every request: while the answers
    are the same bytes, nothing has changed.  A socket a question, since one holds
    only one dump."""

    def __init__(self, nl, sockets):
        _, services = nl.ask(GET_SERVICE, flags=DUMP)
        requests = [(GET_SERVICE, b"", DUMP), (GET_CONFIG, b"", ACK)]
        for _, data in services:
            ((_, svc),) = list(parse(data))
            requests.append((GET_DEST, attr(A_SERVICE, svc), DUMP))
        self.questions = [
            (sock, nl.message(cmd, data, flags=flags))
            for sock, (cmd, data, flags) in zip(sockets, requests)]
        self.initial = self.ask()

    def ask(self):
        for sock, question in self.questions:
            sock.send(question)
        return [whole_answer(sock) for sock, _ in self.questions]

    def changed(self):
        return self.ask() != self.initial


def reset(nl):
    for state in (1, 2):
        nl.ask(DEL_DAEMON, body(dmn={1: u32(state)}))
    for cmd, data in ((FLUSH, b""), (NEW_SERVICE, body(service())),
                      (NEW_DEST, body(service(), dest())),
                      (NEW_SERVICE, body(service6())),
                      (NEW_DEST, body(service6(),
                                      dest(addr=ip6("2001:db8:1::1")))),
                      (NEW_SERVICE, body({1: u16(2), 5: u32(7), 6: b"rr\0",
                                          7: u32(0) + u32(-1), 8: u32(0),
                                          9: u32(-1)})),
                      (SET_CONFIG, attr(A_TCP, u32(900)) +
                       attr(A_FIN, u32(120)) + attr(A_UDP, u32(300)))):
        err, _ = nl.ask(cmd, data)
        if err:
            raise OSError(err, "reset: " + COMMANDS[cmd])


def all_cases(nl):
    for cases in (form_cases(), top_level_cases(), dump_cases(),
                  order_cases(), family_cases(), attribute_cases()):
        for name, cmd, data, flags in cases:
            yield name, cmd, data, {"flags": flags}
    yield from header_cases(nl)


def main():
    args = sys.argv[1:]
    verbose = "-v" in args
    prefix = ([a for a in args if a != "-v"] or [""])[0]
    nl = Netlink()
    reset(nl)
    initial = table(nl)
    sockets = [netlink_socket() for _ in range(5)]
    watch = Watch(nl, sockets)
    for name, cmd, data, kw in all_cases(nl):
        if not name.startswith(prefix):
            continue
        err, answers = nl.ask(cmd, data, **kw)
        mark = "="
        if watch.changed():
            now = table(nl)
            if now != initial:
                mark = hashlib.sha1(now.encode()).hexdigest()[:10]
                if verbose:
                    print(now)
            reset(nl)
            watch = Watch(nl, sockets)
        print("%s %s %d %s" % (name, errno.errorcode.get(err, err),
                               len(answers), mark))
    nl.ask(FLUSH)


main()
