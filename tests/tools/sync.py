#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Both ends of connection synchronisation, without a director: messages are lines of
hexadecimal numbers.

  sync.py listen DEV GROUP PORT [when]   messages heard, a line each, until killed;
                                   "ready" comes first; with the time before each
  sync.py say DEV GROUP PORT       sends the messages of its standard input
  sync.py show [PREFIX]            records in the messages of its standard input,
                                   a line of text each, sorted and counted
  sync.py cases FIRST [COUNT] [calls]   messages good and bad, "NAME HEX", four client
                                   ports a case from FIRST on; calls: of templates
                                   by Call-ID
  sync.py mutants COUNT SEED       so many of them, changed at random
  sync.py record CPORT [WORD=VALUE...]   a message of one record, "server=ADDRESS" or
                                   the words of record() below
  sync.py mark VPORT               a message of one template
  sync.py packets DEV FROM TO WORDS...   packets of a client, as they are: TCP
                                   flags ("S", "PA*5"), "U" for UDP, "I" and a
                                   Call-ID for SIP; prints the time after the last
"""
import collections
import itertools
import os
import random
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "packets"))
import wire  # noqa: E402

ROUTER, CLIENT = b"\x02\0\0\0\1\1", b"\x02\0\0\0\1\2"
FIXED4, FIXED6 = 36, 72
TEMPLATE, INACTIVE, NO_CPORT, ONE_PACKET = 0x1000, 0x100, 0x800, 0x2000


def multicast(dev, group, port, receive):
    index = socket.if_nametoindex(dev)
    if ":" in group:
        s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        s.setsockopt(41, socket.IPV6_MULTICAST_IF, index)
        if receive:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((group, port, 0, index))
            s.setsockopt(41, socket.IPV6_JOIN_GROUP, socket.inet_pton(
                socket.AF_INET6, group) + struct.pack("@I", index))
        return s, (group, port, 0, index)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    member = socket.inet_aton(group) + bytes(4) + struct.pack("@i", index)
    if receive:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((group, port))
        s.setsockopt(0, socket.IP_ADD_MEMBERSHIP, member)
    else:
        s.setsockopt(0, socket.IP_MULTICAST_IF, member)
    return s, (group, port)


def listen(dev, group, port, when=None):
    s, _ = multicast(dev, group, int(port), True)
    print("ready", flush=True)
    while True:
        text = s.recv(65536).hex()
        print("%.3f " % time.monotonic() if when else "", text, sep="",
              flush=True)


def say(dev, group, port):
    s, to = multicast(dev, group, int(port), False)
    for line in sys.stdin:
        s.sendto(bytes.fromhex(line.split()[-1]), to)


# --- reading ----------------------------------------------------------------------

def address(data):
    return socket.inet_ntop(socket.AF_INET if len(data) == 4 else
                            socket.AF_INET6, data)


def ends(ports, addrs):
    size = len(addrs) // 3
    return " ".join("%s.%d" % (address(addrs[i * size:(i + 1) * size]),
                               ports[i]) for i in range(3))


def records(message):
    """Each record of a message as text."""
    if len(message) >= 8 and message[0] == 0 and message[5] == 1:
        at = 8
        for _ in range(message[4]):
            assert not any(message[at:at + -at % 4]), "padding"
            at += -at % 4
            size = struct.unpack_from(">H", message, at + 2)[0] & 0xfff
            fixed = FIXED6 if message[at] & 1 else FIXED4
            kind, proto, _, flags, state, *ports, mark, timeout = \
                struct.unpack_from(">BBHIHHHHII", message, at)
            yield "v1 id %d type %d proto %d flags %08x state %d mark %d " \
                "timeout %d %s %s" % (
                    message[1], kind, proto, flags, state, mark, timeout,
                    ends(ports, message[at + 24:at + fixed]),
                    message[at + fixed:at + size].hex())
            at += size
    else:
        at = 4
        for _ in range(message[0]):
            _, proto, *ports = struct.unpack_from(">BBHHH", message, at)
            flags, state = struct.unpack_from(">HH", message, at + 20)
            yield "v0 id %d proto %d flags %04x state %d %s" % (
                message[1], proto, flags, state,
                ends(ports, message[at + 8:at + 20]))
            at += 24
    assert at == struct.unpack_from(">H", message, 2)[0] == len(message), \
        "length"


def show(prefix=""):
    seen = collections.Counter()
    for line in sys.stdin:
        if line.strip() and line != "ready\n":
            seen.update(records(bytes.fromhex(line)))
    for text, n in sorted(seen.items()):
        if prefix in text:
            print(n, text.rstrip())


# --- making -----------------------------------------------------------------------

def record(cport, proto=6, flags=0, state=1, vport=80, dport=80, mark=0,
           timeout=600, kind=0, options=b"", version=0, size=None,
           addrs=("10.1.0.5", "10.9.1.1", "10.2.0.11"), cut=None):
    packed = b"".join(wire.pack_addr(a) for a in addrs)
    if size is None:
        size = 24 + len(packed) + len(options)
    return (struct.pack(">BBHIHHHHII", kind, proto, version << 12 | size,
                        flags, state, cport, vport, dport, mark, timeout) +
            packed + options)[:cut]


def message(*recs, count=None, syncid=7, size=None, version=1, spare=0):
    data = b""
    for rec in recs:
        data += bytes(-len(data) % 4) + rec
    count = len(recs) if count is None else count
    size = len(data) + 8 if size is None else size
    return struct.pack(">BBHBBH", 0, syncid, size, count, version,
                       spare) + data


def record0(cport, proto=6, flags=0, state=1, sequences=b""):
    return struct.pack(">BBHHH", 0, proto, cport, 80, 80) + \
        b"".join(wire.pack_addr(a) for a in
                 ("10.1.0.5", "10.9.1.1", "10.2.0.11")) + \
        struct.pack(">HH", flags, state) + sequences


def message0(*recs, count=None, syncid=7):
    data = b"".join(recs)
    return struct.pack(">BBH", len(recs) if count is None else count, syncid,
                       len(data) + 4) + data


def option(kind, data):
    return bytes([kind, len(data)]) + data


SIX = dict(kind=1, addrs=("fd01::5", "fd09::1", "fd02::11"))
ELSEWHERE = ("10.1.0.5", "10.9.1.1", "10.2.0.12")
UNKNOWN = ("10.1.0.5", "10.9.1.1", "10.2.0.99")


def all_cases(p):
    """Of (name, message); p(i) is the client port of the case, and a bit more."""
    good = lambda i: record(p(i))  # noqa: E731
    seq = bytes(24)
    yield "plain", lambda: message(record(p(0)), record(p(1), flags=INACTIVE,
                                                        state=7, timeout=60))
    yield "udp", lambda: message(record(p(0), proto=17, state=0, vport=53,
                                        dport=53, flags=0x183))
    yield "ipv6", lambda: message(record(p(0), **SIX), record(p(1)))
    yield "no_timeout", lambda: message(
        record(p(0), timeout=0), record(p(1), timeout=0, state=5),
        record(0, vport=4000 + p(2) % 1000, timeout=0, state=0,
               flags=TEMPLATE | INACTIVE))
    yield "unbound", lambda: message(record(p(0), addrs=UNKNOWN),
                                     record(p(1), addrs=UNKNOWN, flags=3))
    yield "no_service", lambda: message(record(p(0), vport=99))
    yield "any_port", lambda: message(record(p(0), vport=81, dport=81))
    yield "flags_kept", lambda: message(record(p(0), flags=0xffff0087),
                                        record(p(1), flags=0x44,
                                               addrs=UNKNOWN))
    yield "moved", lambda: message(record(p(0)), record(p(0), addrs=ELSEWHERE))
    yield "moved_late", lambda: message(
        record(p(0)), record(p(0), addrs=ELSEWHERE, flags=INACTIVE, state=7))
    yield "moved_port", lambda: message(record(p(0)), record(p(0), dport=8080))
    yield "ended", lambda: message(
        record(p(0)), record(p(0), flags=INACTIVE, state=7, timeout=60))
    yield "revived", lambda: message(
        record(p(0), flags=INACTIVE, state=7, timeout=60), record(p(0)))
    yield "update_other_flags", lambda: message(
        record(p(0), flags=3, addrs=UNKNOWN),
        record(p(0), flags=0x1ff, addrs=UNKNOWN, state=4))
    for name, flags in (("one_packet", ONE_PACKET),
                        ("template_no_cport", TEMPLATE | NO_CPORT)):
        yield name, lambda f=flags: message(record(p(0), flags=f), good(1))
    yield "no_cport", lambda: message(record(0, vport=7000 + p(0) % 1000,
                                             flags=NO_CPORT))
    for name, proto, state in (
            ("tcp_11", 6, 11), ("tcp_10", 6, 10), ("tcp_300", 6, 300),
            ("sctp_13", 132, 13), ("sctp_14", 132, 14), ("ah_0", 51, 0),
            ("esp_1", 50, 1), ("udp_1", 17, 1), ("proto_1", 1, 0), ("proto_0", 0, 0),
            ("proto_255", 255, 0)):
        yield "state_" + name, lambda a=proto, b=state: message(
            record(p(0), proto=a, state=b), good(1))
    yield "template_2", lambda: message(
        record(0, vport=5000 + p(0) % 1000, flags=TEMPLATE, state=2), good(1))
    yield "template_1", lambda: message(
        record(0, vport=5000 + p(0) % 1000, flags=TEMPLATE, state=1), good(1))
    yield "template_proto_0", lambda: message(
        record(0, proto=0, vport=0, dport=0, mark=99, state=0,
               flags=TEMPLATE | INACTIVE,
               addrs=("10.1.0.5", "0.0.0.99", "10.2.0.11")), good(1))
    yield "sequence_data", lambda: message(
        record(p(0), options=option(1, seq)), good(1))
    yield "engine_data_of_nobody", lambda: message(
        record(p(0), options=option(2, b"abc") + option(3, b"nosuch")),
        good(1))
    yield "engine_name_alone", lambda: message(
        record(p(0), options=option(3, b"nosuch")), good(1))
    yield "unknown_option", lambda: message(
        record(p(0), options=option(9, b"abc")), good(1))
    yield "skipped_option", lambda: message(
        record(p(0), options=option(0x49, b"abc")), good(1))
    yield "engine_data_alone", lambda: message(
        record(p(0), options=option(2, b"abc")), good(1))
    bad = {
        "record_cut": lambda: record(p(2), cut=20),
        "longer_than_message": lambda: record(p(2), size=200),
        "record_version": lambda: record(p(2), version=1),
        "record_version_9": lambda: record(p(2), version=9),
        "type_2": lambda: record(p(2), kind=2),
        "ipv6_too_short": lambda: record(p(2), kind=3),
        "too_short": lambda: record(p(2), size=35),
        "size_0": lambda: record(p(2), size=0),
        "half_option": lambda: record(p(2), options=b"\2"),
        "empty_option": lambda: record(p(2), options=b"\2\0"),
        "option_too_long": lambda: record(p(2), options=b"\2\5abc"),
        "sequence_23": lambda: record(p(2), options=option(1, bytes(23))),
        "sequence_twice": lambda: record(p(2), options=2 * option(1, seq)),
        "data_twice": lambda: record(p(2), options=2 * option(2, b"a")),
        "name_17": lambda: record(p(2), options=option(3, b"a" * 17)),
        "name_twice": lambda: record(p(2), options=2 * option(3, b"a")),
    }
    for name, rec in bad.items():
        yield "fault_" + name, lambda r=rec: message(good(0), r(), good(1))
    yield "count_too_high", lambda: message(good(0), count=3)
    yield "count_too_low", lambda: message(good(0), good(1), count=1)
    yield "size_wrong", lambda: message(good(0), size=50)
    yield "other_id", lambda: message(good(0), syncid=8)
    yield "spare", lambda: message(good(0), spare=1)
    yield "version_2", lambda: message(good(0), version=2)
    yield "v0", lambda: message0(record0(p(0)), record0(p(1), flags=INACTIVE,
                                                        state=7))
    yield "v0_sequences", lambda: message0(
        record0(p(0), flags=0x600, sequences=seq), record0(p(1)))
    yield "v0_cut", lambda: message0(record0(p(0)), record0(p(1))[:20])
    yield "v0_sequences_cut", lambda: message0(record0(p(0)),
                                               record0(p(1), flags=0x200))
    yield "v0_template", lambda: message0(record0(
        0, flags=TEMPLATE | INACTIVE, state=1))
    yield "v0_count", lambda: message0(record0(p(0)), count=9)


def sip(call_id, vport, name=b"sip", state=0, flags=TEMPLATE | INACTIVE, options=b"",
        **words):
    """A template by its Call-ID."""
    return record(0, proto=17, vport=vport, dport=5060, state=state, flags=flags,
                  timeout=60, options=option(2, call_id) + option(3, name) + options,
                  **words)


def call_cases(p):
    """The same of templates of the SIP engine; p(i) is their virtual port."""
    good = lambda i: record(0, proto=17, vport=p(i), dport=53, state=0,  # noqa: E731
                            timeout=60, flags=TEMPLATE | INACTIVE)
    yield "plain", lambda: message(sip(b"c1", p(0)), sip(b"c2", p(0)), sip(b"c1", p(1)))
    yield "ipv6", lambda: message(sip(b"c1", p(0), **SIX), sip(b"c1@h", p(0), **SIX))
    yield "mark", lambda: message(record(
        0, proto=0, vport=0, dport=0, mark=5, state=0, timeout=60,
        flags=TEMPLATE | INACTIVE, addrs=("10.1.0.5", "0.0.0.5", "10.2.0.11"),
        options=option(2, b"m%d" % p(0)) + option(3, b"sip")))
    yield "name_first", lambda: message(record(
        0, proto=17, vport=p(0), dport=5060, state=0, timeout=60,
        flags=TEMPLATE | INACTIVE, options=option(3, b"sip") + option(2, b"c1")))
    yield "lengths", lambda: message(
        sip(b"1", p(0)), sip(b"x" * 254, p(0)), sip(b"y" * 255, p(0)))
    yield "no_data", lambda: message(
        good(0), record(0, proto=17, vport=p(1), dport=5060, state=0, timeout=60,
                        flags=TEMPLATE | INACTIVE, options=b"\2\0" + option(3, b"sip")))
    yield "data_twice", lambda: message(
        good(0), sip(b"c1", p(1), options=option(2, b"c2")), good(2))
    yield "data_alone", lambda: message(
        record(0, proto=17, vport=p(0), dport=5060, state=0, timeout=60,
               flags=TEMPLATE | INACTIVE, options=option(2, b"c1")), good(1))
    yield "name_alone", lambda: message(
        record(0, proto=17, vport=p(0), dport=5060, state=0, timeout=60,
               flags=TEMPLATE | INACTIVE, options=option(3, b"sip")), good(1))
    for name in (b"nosuch", b"SIP", b"si", b"sipper", b"x" * 16):
        yield "engine_" + name.decode(), lambda n=name: message(
            sip(b"c1", p(0), name=n), good(1))
    yield "engine_17", lambda: message(good(0), sip(b"c1", p(1), name=b"x" * 17), good(2))
    yield "connection", lambda: message(
        sip(b"c1", p(0), flags=INACTIVE), sip(b"c1", p(1)))
    yield "skippable", lambda: message(record(
        0, proto=17, vport=p(0), dport=5060, state=0, timeout=60,
        flags=TEMPLATE | INACTIVE, options=option(0x42, b"c1") + option(0x43, b"sip")))
    yield "again", lambda: message(sip(b"c1", p(0)), sip(b"c1", p(0), state=1))
    yield "moved", lambda: message(sip(b"c1", p(0)), sip(b"c1", p(0), addrs=ELSEWHERE),
                                   sip(b"c2", p(0)))
    yield "nobody", lambda: message(sip(b"c1", p(0), addrs=UNKNOWN))
    yield "beside_plain", lambda: message(sip(b"c1", p(0)), good(0), sip(b"c1", p(0)))


def cases(first, count=None, what="all"):
    at = int(first)
    book = {"all": all_cases, "calls": call_cases}[what](lambda i: at + i)
    for name, make in itertools.islice(book, int(count) if count else None):
        print(name, make().hex())
        at += 4


def mutants(count, seed):
    dice = random.Random(int(seed))
    book = [make() for which in (all_cases, call_cases)
            for _, make in which(lambda i: 40000 + i)]
    for _ in range(int(count)):
        m = bytearray(dice.choice(book))
        for _ in range(dice.randrange(6)):
            m[dice.randrange(len(m))] = dice.randrange(256)
        if dice.randrange(4) == 0:
            del m[dice.randrange(1, len(m)):]
        if len(m) >= 4 and dice.randrange(8):
            struct.pack_into(">H", m, 2, len(m))
        print(m.hex())


def one_record(cport, *words):
    words = dict(word.split("=", 1) for word in words)
    server = words.pop("server", "10.2.0.11")
    print(message(record(int(cport), addrs=("10.1.0.5", "10.9.1.1", server),
                         **{k: int(v, 0) for k, v in words.items()})).hex())


def invite(call_id):
    return b"INVITE sip:a@b SIP/2.0\r\nCall-ID: %s\r\n\r\n" % call_id.encode()


def mark(vport):
    print(message(record(0, proto=17, vport=int(vport), dport=53, state=0, timeout=60,
                         flags=TEMPLATE | INACTIVE)).hex())


def packets(dev, src, dst, *words):
    """A word is the flags of a TCP segment, U for a datagram, or I and a Call-ID;
    *NUMBER behind it: so many."""
    ends_ = []
    for text in (src, dst):
        host, port = text.rsplit(":", 1)
        ends_.append((host.strip("[]"), int(port)))
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind((dev, 0))
    kind = b"\x86\xdd" if ":" in ends_[0][0] else b"\x08\0"
    for word in words:
        flags, _, times = word.partition("*")
        for _ in range(int(times or 1)):
            if flags[0] == "I":
                packet = wire.udp(*ends_, data=invite(flags[1:]))
            elif flags == "U":
                packet = wire.udp(*ends_)
            else:
                packet = wire.tcp(*ends_, flags=flags)
            s.send(ROUTER + CLIENT + kind + packet)
    print("%.3f" % time.monotonic())


if __name__ == "__main__":
    {"listen": listen, "say": say, "show": show, "cases": cases,
     "mutants": mutants,
     "record": one_record, "mark": mark, "packets": packets}[sys.argv[1]](*sys.argv[2:])
