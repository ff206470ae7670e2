#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
ext TEST...: the family IPVS_EXT, less transactions and events.

Runs in a namespace of its own (tests/netns/ext_*.sh). Prints what is wrong;
silence and status 0 are success.
"""
import os
import signal
import socket
import sys
import time

import ext_world as w
import ipvs_ext as ext
import ipvs_nl as nl

bad = 0


def check(what, wanted, got):
    """Complains unless both are equal."""
    global bad
    if wanted == got:
        return
    bad += 1
    print(f"FAIL: {what}\n  wanted: {str(wanted)[:600]}\n  got:    {str(got)[:600]}")


def told(sock, dump):
    """The text of a refusal; None where the kernel cannot tell it."""
    version = tuple(int(n) for n in os.uname().release.split(".")[:2])
    # before 6.6 a dump that does not start has no way to say why
    return sock.text if not dump or version >= (6, 6) else None


def some_table(sock, services=3, servers=4):
    """A small table, the same each time."""
    for i in range(services):
        w.add_service(sock, w.VIPS[0], 80 + i, sched="wrr")
        for j in range(servers):
            w.add_dest(sock, w.VIPS[0], 80 + i, w.SERVERS[j], weight=j + 1)


# --- GET_INFO, GET_TABLE ------------------------------------------------------

def old_rows(sock):
    """The same list from the old family: services, then each one's servers."""
    out = []
    for reply in sock.dump(nl.GET_SERVICE)[1]:
        svc = dict(nl.parse(reply[4:]))[nl.SERVICE]
        name = ext.show_service(svc)
        out.append((name, None, tuple((k, v) for k, v in nl.parse(svc)
                                      if k not in (10, 12))))
        key = nl.attrs([(k, v) for k, v in nl.parse(svc)
                        if k in (nl.AF, nl.PROTOCOL, nl.ADDR, nl.PORT, nl.FWMARK)])
        for reply in sock.dump(nl.GET_DEST, nl.attr(nl.SERVICE, key))[1]:
            dest = dict(nl.parse(reply[4:]))[nl.DEST]
            out.append((name, ext.show_dest(dest), tuple(
                (k, v) for k, v in nl.parse(dest)
                if k not in (7, 8, 9, 10, 12))))
    return out


def test_table():
    """The whole table, one service of it, and none."""
    old, sock = w.old(), ext.Socket()
    check("an empty table", [], sock.rows())
    some_table(old)
    w.must(old.ask(nl.NEW_SERVICE, nl.attr(nl.SERVICE, nl.attrs({
        nl.AF: nl.u16(2), nl.FWMARK: nl.u32(7), nl.SCHED_NAME: b"rr\0",
        nl.FLAGS: nl.u32(0) + nl.u32(0), nl.TIMEOUT: nl.u32(0),
        nl.NETMASK: nl.u32(0xffffffff)}))))
    rows = sock.rows()
    check("rows", 3 * 5 + 1, len(rows))
    check("the table as the old family lists it", old_rows(old), rows)
    one = [row for row in rows if row[0].endswith(":81")]
    check("one service", one, sock.rows(ext.service_id(w.VIPS[0], 81)))
    code, _ = sock.dump(ext.GET_TABLE,
                        ext.nest(ext.SERVICE, ext.service_id(w.VIPS[0], 99)))
    check("a service that is not there", "ESRCH", nl.errno_name(code))
    if told(sock, True) is not None:
        check("what is said of it", "no such service", sock.text)
    w.flush(old)


def test_generation():
    """Every change of the configuration gives a new number, nothing else."""
    old, sock = w.old(), ext.Socket()
    svc = nl.attr(nl.SERVICE, ext.service_id(w.VIPS[0], 80))
    full = nl.attr(nl.SERVICE, ext.service_full(w.VIPS[0], 80))
    dest = svc + nl.attr(nl.DEST, ext.dest_full(w.SERVERS[0], 80))
    steps = [
        ("add a service", nl.NEW_SERVICE, full, True),
        ("add it again", nl.NEW_SERVICE, full, False),
        ("edit it", nl.SET_SERVICE, full, True),
        ("add a server", nl.NEW_DEST, dest, True),
        ("add it again", nl.NEW_DEST, dest, False),
        ("edit it", nl.SET_DEST, dest, True),
        ("zero", nl.ZERO, svc, False),
        ("list", nl.GET_SERVICE, svc, False),
        ("remove the server", nl.DEL_DEST, dest, True),
        ("remove it again", nl.DEL_DEST, dest, False),
        ("timeouts", nl.SET_CONFIG, nl.attr(nl.TIMEOUT_TCP, nl.u32(900)), True),
        ("delete the service", nl.DEL_SERVICE, svc, True),
        ("delete it again", nl.DEL_SERVICE, svc, False),
        ("flush", nl.FLUSH, b"", True),
    ]
    for name, command, payload, changes in steps:
        before = sock.info()[ext.GENERATION]
        old.ask(command, payload)
        after = sock.info()[ext.GENERATION]
        check(f"generation after: {name}", changes, before != after)
    # the oldest door
    before = sock.info()[ext.GENERATION]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, 255) as raw:
        raw.setsockopt(socket.IPPROTO_IP, 64 + 1024 + 64 + 10, bytes(12))
    check("generation after a socket option", True,
          before != sock.info()[ext.GENERATION])


def churn():
    """Until killed: every third service and server goes and comes back."""
    sock = w.old()
    while True:
        for i in range(0, 90, 3):
            svc = nl.attr(nl.SERVICE, ext.service_full(w.VIPS[0], 1000 + i))
            sock.ask(nl.DEL_SERVICE, svc)
            w.must(sock.ask(nl.NEW_SERVICE, svc))
        for i in range(0, 20, 3):
            both = (nl.attr(nl.SERVICE, ext.service_id(w.VIPS[0], 1001)) +
                    nl.attr(nl.DEST, ext.dest_full(w.SERVERS[i], 80)))
            sock.ask(nl.DEL_DEST, both)
            w.must(sock.ask(nl.NEW_DEST, both))


def test_churn():
    """What stays is listed once, and whoever reads is told of changes."""
    old = w.old()
    for i in range(90):
        w.add_service(old, w.VIPS[0], 1000 + i)
    for i in range(20):
        w.add_dest(old, w.VIPS[0], 1001, w.SERVERS[i])
        w.must(old.ask(nl.NEW_DEST,
                       nl.attr(nl.SERVICE, ext.service_id(w.VIPS[0], 1001)) +
                       nl.attr(nl.DEST, ext.dest_full(w.SERVERS[i], 80))))
    sock = ext.Socket()
    quiet = sock.rows()
    check("a quiet table is not marked", False, sock.interrupted)
    check("a quiet table", 90 + 40, len(quiet))
    child = os.fork()
    if not child:
        churn()
    marked = 0
    try:
        for _ in range(10):
            rows = [row[:2] for row in sock.rows()]
            marked += sock.interrupted
            for i in range(90):
                if i % 3:
                    name = f"6:{w.VIPS[0]}:{1000 + i}"
                    check(f"service {name}", 1, rows.count((name, None)))
            for i in range(20):
                for port in (1001, 80):
                    row = (f"6:{w.VIPS[0]}:1001", f"{w.SERVERS[i]}:{port}")
                    if i % 3 or port != 80:
                        check(f"server {row}", 1, rows.count(row))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    check("some of ten lists were marked as interrupted", True, marked > 0)
    w.flush(old)


# --- GET_CONN, KILL_CONN ------------------------------------------------------

def mixed(old):
    """Connections of every kind; returns the sockets to keep."""
    keep = []
    for vip in w.VIPS:
        w.add_service(old, vip, 80)
        w.add_service(old, vip, 53, proto=w.UDP)
        for rip in w.SERVERS[:2]:
            w.add_dest(old, vip, 80, rip)
            w.add_dest(old, vip, 53, rip, proto=w.UDP)
    w.add_service(old, w.VIPS[0], 5353, proto=w.UDP, timeout=300, flags=1)
    w.add_dest(old, w.VIPS[0], 5353, w.SERVERS[2], proto=w.UDP)
    w.add_service6(old, 53)
    for i in range(1, 5):
        client = f"10.1.{i // 3}.{i}"
        for vip in w.VIPS:
            keep.append(w.tcp(client, 2000 + i, vip, 80))
            w.udp(client, 2000 + i, vip, 53)
        w.udp(client, 3000, w.VIPS[0], 5353)
        w.udp(f"fd00:1::{i}", 2000 + i, w.VIP6, 53)
    w.udp("10.1.9.9", 999, w.VIPS[0], 53, mark=77)
    return keep


TOTAL = 16 + 4 + 4 + 4 + 1


def addr(text):
    return socket.inet_pton(w.AF6 if ":" in text else w.AF4, text)


def filters():
    """(name, attributes of the filter, what the connection must be)."""
    af4 = {ext.F_AF: nl.u16(w.AF4)}
    af6 = {ext.F_AF: nl.u16(w.AF6)}
    yield "family 4", af4, lambda c: len(c[ext.C_CADDR]) == 4
    yield "family 6", af6, lambda c: len(c[ext.C_CADDR]) == 16
    yield ("protocol", {ext.F_PROTOCOL: nl.u8(6)},
           lambda c: c[ext.C_PROTOCOL] == b"\6")
    yield ("virtual address", {**af4, ext.F_VADDR: addr(w.VIPS[1])},
           lambda c: c[ext.C_VADDR] == addr(w.VIPS[1]))
    yield ("virtual address 6", {**af6, ext.F_VADDR: addr(w.VIP6)},
           lambda c: c[ext.C_VADDR] == addr(w.VIP6))
    yield ("virtual port", {ext.F_VPORT: nl.be16(53)},
           lambda c: c[ext.C_VPORT] == nl.be16(53))
    yield ("mark", {ext.F_FWMARK: nl.u32(77)},
           lambda c: c[ext.C_FWMARK] == nl.u32(77))
    yield ("server's family", {ext.F_DEST_AF: nl.u16(w.AF6)},
           lambda c: len(c[ext.C_DADDR]) == 16)
    yield ("server", {**af4, ext.F_DADDR: addr(w.SERVERS[1])},
           lambda c: c[ext.C_DADDR] == addr(w.SERVERS[1]))
    yield ("server by its own family", {ext.F_DEST_AF: nl.u16(w.AF4),
                                        ext.F_DADDR: addr(w.SERVERS[0])},
           lambda c: c[ext.C_DADDR] == addr(w.SERVERS[0]))
    yield ("server's port", {ext.F_DPORT: nl.be16(80)},
           lambda c: c[ext.C_DPORT] == nl.be16(80))
    yield ("client", {**af4, ext.F_CADDR: addr("10.1.0.2")},
           lambda c: c[ext.C_CADDR] == addr("10.1.0.2"))
    yield ("client's network", {**af4, ext.F_CADDR: addr("10.1.1.0"),
                                ext.F_CPREFIX: nl.u8(24)},
           lambda c: c[ext.C_CADDR][:3] == b"\x0a\1\1")
    yield ("client's network 6", {**af6, ext.F_CADDR: addr("fd00:1::"),
                                  ext.F_CPREFIX: nl.u8(126)},
           lambda c: len(c[ext.C_CADDR]) == 16 and c[ext.C_CADDR][15] < 4)
    yield ("any client of a family", {**af4, ext.F_CADDR: addr("0.0.0.0"),
                                      ext.F_CPREFIX: nl.u8(0)},
           lambda c: len(c[ext.C_CADDR]) == 4)
    yield ("client's port", {ext.F_CPORT: nl.be16(2003)},
           lambda c: c[ext.C_CPORT] == nl.be16(2003))
    yield ("state", {ext.F_STATE: b"SYN_RECV\0"},
           lambda c: c[ext.C_STATE] == b"SYN_RECV\0")
    yield "a state nobody has", {ext.F_STATE: b"LISTEN\0"}, lambda c: False
    yield ("templates", {ext.F_TEMPLATES: nl.u8(1)},
           lambda c: ext.number(c[ext.C_FLAGS]) & 0x1000)
    yield ("no templates", {ext.F_TEMPLATES: nl.u8(0)},
           lambda c: not ext.number(c[ext.C_FLAGS]) & 0x1000)
    yield ("all at once", {**af4, ext.F_PROTOCOL: nl.u8(17),
                           ext.F_VADDR: addr(w.VIPS[0]),
                           ext.F_VPORT: nl.be16(53),
                           ext.F_CADDR: addr("10.1.1.0"),
                           ext.F_CPREFIX: nl.u8(24)},
           lambda c: c[ext.C_CADDR][:3] == b"\x0a\1\1" and
           c[ext.C_PROTOCOL] == b"\x11" and c[ext.C_VPORT] == nl.be16(53) and
           c[ext.C_VADDR] == addr(w.VIPS[0]))
    yield "nothing asked", {}, lambda c: True


def tuples(conns):
    """What tells connections apart, sorted."""
    return sorted((c[ext.C_PROTOCOL], c[ext.C_CADDR], c[ext.C_CPORT],
                   c[ext.C_VADDR], c[ext.C_VPORT], c[ext.C_DADDR])
                  for c in conns)


def test_conns():
    """Each filter selects what the same rule selects from the whole list."""
    old, sock = w.old(), ext.Socket()
    keep = mixed(old)
    everything, messages = sock.conns()
    check("connections", TOTAL, len(everything))
    check("connections told by GET_INFO", TOTAL, sock.info()[ext.CONNS])
    check("many connections in a message", True, messages < TOTAL / 3)
    with open("/proc/net/ip_vs_conn") as listing:
        check("as many as procfs lists", TOTAL, len(listing.readlines()) - 1)
    for c in everything:
        check("time left", True, 0 < ext.number(c[ext.C_EXPIRES]) <= 900000)
    hit = 0
    for name, attributes, rule in filters():
        wanted = tuples(c for c in everything if rule(c))
        got = sock.conns(nl.attrs(attributes))[0]
        check(f"filter: {name}", wanted, tuples(got))
        hit += bool(wanted)
    check("filters that select something", 21, hit)
    for s in keep:
        s.close()
    w.flush(old)
    sock.kill()


def test_kill():
    """Each filter ends what it selects and nothing else."""
    old, sock = w.old(), ext.Socket()
    for name, attributes, rule in filters():
        keep = mixed(old)
        everything = sock.conns()[0]
        check(f"kill {name}: to begin with", TOTAL, len(everything))
        doomed = [c for c in everything if rule(c)]
        left = [c for c in everything if not rule(c)]
        got = sock.kill(nl.attrs(attributes))
        after = sock.conns()[0]
        if name in ("templates", "client's network"):
            # templates outlive what descends from them
            flags = [ext.number(c[ext.C_FLAGS]) & 0x1000 for c in after]
            check(f"kill {name}: templates that stay", 4 if got == 0 else 2,
                  sum(map(bool, flags)))
        else:
            check(f"kill {name}: count", len(doomed), got)
            check(f"kill {name}: what is left", tuples(left), tuples(after))
        for s in keep:
            s.close()
        w.flush(old)
        while sock.conns()[0]:
            sock.kill()


def test_made_by():
    """Services that share address and server: each one's own are ended."""
    old, sock = w.old(), ext.Socket()
    mark = nl.attrs({nl.AF: nl.u16(w.AF4), nl.FWMARK: nl.u32(9)})
    names = [ext.service_id(w.VIPS[0], 53, w.UDP),
             ext.service_id(w.VIPS[0], 0, w.UDP), mark]
    w.add_service(old, w.VIPS[0], 53, proto=w.UDP)
    w.add_service(old, w.VIPS[0], 0, proto=w.UDP, timeout=300, flags=1)
    w.must(old.ask(nl.NEW_SERVICE, nl.attr(nl.SERVICE, mark + nl.attrs({
        nl.SCHED_NAME: b"rr\0", nl.FLAGS: nl.u32(0) + nl.u32(0xffffffff),
        nl.TIMEOUT: nl.u32(0), nl.NETMASK: nl.u32(0xffffffff)}))))
    for name in names:
        w.must(old.ask(nl.NEW_DEST, nl.attr(nl.SERVICE, name) + nl.attr(
            nl.DEST, ext.dest_full(w.SERVERS[0], 0))))
    w.udp("10.1.0.1", 1001, w.VIPS[0], 53)
    w.udp("10.1.0.1", 1002, w.VIPS[0], 54)
    w.udp("10.1.0.1", 1003, w.VIPS[0], 55, mark=9)
    # the mark is that of a packet, not of a service
    w.udp("10.1.0.1", 1004, w.VIPS[0], 54, mark=10)

    def of(name):
        return ext.nest(ext.F_SERVICE, name)

    def ports(*filters):
        return sorted(ext.port(c[ext.C_CPORT]) for c in sock.conns(*filters)[0])
    check("all", [0, 1001, 1002, 1003, 1004], ports())
    for name, want in zip(names, ([1001], [0, 1002, 1004], [1003])):
        check(f"of a service: {want}", want, ports(of(name)))
    check("of a service and more", [1004], ports(of(names[1]), nl.attr(
        ext.F_FWMARK, nl.u32(10))))
    check("of no service", [], ports(of(ext.service_id(w.VIPS[0], 9, w.UDP))))
    check("those with any port are ended", 3, sock.kill(of(names[1])))
    check("the others stay", [1001, 1003], ports())
    check("the mark's is ended", 1, sock.kill(of(mark)))
    check("the other stays", [1001], ports())
    w.flush(old)
    sock.kill()


def test_spoilt_template():
    """A template that cannot go takes no new connection, and then goes."""
    old, sock = w.old(), ext.Socket()
    w.add_service(old, w.VIPS[0], 53, proto=w.UDP, timeout=300, flags=1)
    w.add_dest(old, w.VIPS[0], 53, w.SERVERS[0], proto=w.UDP)
    w.udp("10.1.0.1", 1001, w.VIPS[0], 53)
    only = nl.attr(ext.F_TEMPLATES, nl.u8(1))
    check("it has a connection, so none ended", 0, sock.kill(only))
    w.udp("10.1.0.1", 1002, w.VIPS[0], 53)
    templates = sorted(ext.port(c[ext.C_DPORT])
                       for c in sock.conns(only)[0])
    check("a new template beside the spoilt one", [53, 65535], templates)
    check("all four go with their connections", 4, sock.kill())
    check("nothing is left", [], sock.conns()[0])
    w.flush(old)


def test_many():
    """A hundred thousand: each once, the time in proportion, no memory kept."""
    count = int(os.environ.get("EXT_CONNS", "100000"))
    old, sock = w.old(), ext.Socket()
    sock.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    w.must(old.ask(nl.SET_CONFIG, nl.attr(nl.TIMEOUT_UDP, nl.u32(86400))))
    w.add_service(old, w.VIPS[0], 53, proto=w.UDP)
    w.add_dest(old, w.VIPS[0], 53, w.SERVERS[0], proto=w.UDP)
    times = []
    for part in range(4):
        w.flood(count // 4, w.VIPS[0], 53, first=part * (count // 4))
        began = time.monotonic()
        conns, messages = sock.conns()
        times.append(time.monotonic() - began)
        check("each connection once", (part + 1) * (count // 4),
              len({(c[ext.C_CADDR], c[ext.C_CPORT]) for c in conns}))
        check("none twice", (part + 1) * (count // 4), len(conns))
        check("some fifty connections a message or more", True,
              messages < len(conns) / 15)
        del conns
    began = time.monotonic()
    rare, messages = sock.conns(nl.attr(ext.F_AF, nl.u16(w.AF4)),
                                nl.attr(ext.F_CADDR, addr("10.1.0.1")))
    filtered = time.monotonic() - began
    check("64 of one client", 64, len(rare))
    check("looked for in bounded slices", True,
          messages >= 1 + count // (16384 + 64))
    print("times:", *(f"{t:.2f}" for t in times), f"filtered: {filtered:.2f}",
          file=sys.stderr)
    check("four times as many take about four times as long", True,
          times[3] < 8 * times[0] + 0.2)
    check("to filter is cheaper than to list", True, filtered < times[3])
    # Given up half-way: its place in the walk goes with the socket.
    for _ in range(5):
        half = ext.Socket()
        half.seq += 1
        half.s.send(nl.struct.pack("=IHHII", 20, half.family, 0x301, half.seq, 0) +
                    nl.struct.pack("=BBH", ext.GET_CONN, 1, 0))
        half.s.recv(1 << 16)
        half.s.close()
    check("ended", count, sock.kill())
    check("left", 0, sock.info()[ext.CONNS])
    w.flush(old)


# --- what is refused ----------------------------------------------------------

def refusals():
    """(name, errno, part of the text, command, payload, further arguments)."""
    dump = {"flags": 0x305}
    af4 = nl.attr(ext.F_AF, nl.u16(2))
    for name, command in (("GET_INFO", ext.GET_INFO),
                          ("GET_TABLE", ext.GET_TABLE),
                          ("GET_CONN", ext.GET_CONN),
                          ("KILL_CONN", ext.KILL_CONN)):
        more = dump if command in (ext.GET_TABLE, ext.GET_CONN) else {}
        yield f"{name}: an unknown attribute", "EINVAL", "", command, nl.attr(
            77, nl.u32(0)), more
        yield f"{name}: an attribute of others", "EINVAL", "", command, nl.attr(
            ext.GENERATION, nl.u32(0)), more
        yield f"{name}: reserved bits", "EINVAL", "", command, b"", {
            **more, "header": nl.struct.pack("=BBH", command, 1, 5)}
        yield f"{name}: bytes behind", "EINVAL", "", command, b"\1\2\3", more
    yield "an unknown command", "EOPNOTSUPP", "", 99, b"", {}
    yield "command 0", "EOPNOTSUPP", "", 0, b"", {}
    yield "EVENT is not a request", "EOPNOTSUPP", "", ext.EVENT, b"", {}
    yield ("LISTEN to nothing said", "EINVAL", "events are missing",
           ext.LISTEN, b"", {})
    yield ("LISTEN to what is not known", "EINVAL", "", ext.LISTEN,
           nl.attr(ext.EVENTS, nl.u32(4)), {})
    yield "GET_TABLE without dump", "EOPNOTSUPP", "", ext.GET_TABLE, b"", {}
    yield "GET_CONN without dump", "EOPNOTSUPP", "", ext.GET_CONN, b"", {}
    yield "dump of KILL_CONN", "EOPNOTSUPP", "", ext.KILL_CONN, ext.nest(
        ext.FILTER), dump

    yield ("GET_TABLE: nest without its flag", "EINVAL", "", ext.GET_TABLE,
           nl.attr(ext.SERVICE, ext.service_id("10.9.0.1", 80)), dump)
    yield ("GET_TABLE: an empty service", "EINVAL", "address family is missing",
           ext.GET_TABLE, ext.nest(ext.SERVICE), dump)
    yield ("GET_TABLE: a service without port", "EINVAL", "port",
           ext.GET_TABLE, ext.nest(ext.SERVICE, nl.attrs({
               nl.AF: nl.u16(2), nl.PROTOCOL: nl.u16(6),
               nl.ADDR: nl.ip4("10.9.0.1")})), dump)
    yield ("GET_TABLE: a service of an unknown family", "EAFNOSUPPORT",
           "address family is not supported", ext.GET_TABLE,
           ext.nest(ext.SERVICE, nl.attrs({nl.AF: nl.u16(9),
                                           nl.FWMARK: nl.u32(1)})), dump)
    yield ("GET_TABLE: a port of four bytes", "EINVAL", "",
           ext.GET_TABLE, ext.nest(ext.SERVICE, nl.attrs({
               nl.AF: nl.u16(2), nl.PORT: nl.u32(80)})), dump)
    yield ("KILL_CONN without a filter", "EINVAL", "which connections",
           ext.KILL_CONN, b"", {})

    for name, command, more in (("GET_CONN", ext.GET_CONN, dump),
                                ("KILL_CONN", ext.KILL_CONN, {})):
        for what, code, text, parts in (
                ("flagless nest", "EINVAL", "", None),
                ("an unknown attribute", "EINVAL", "", nl.attr(50, b"")),
                ("family 9", "EAFNOSUPPORT", "family", nl.attr(
                    ext.F_AF, nl.u16(9))),
                ("family 0", "EAFNOSUPPORT", "family", nl.attr(
                    ext.F_AF, nl.u16(0))),
                ("a family of one byte", "EINVAL", "", nl.attr(
                    ext.F_AF, nl.u8(2))),
                ("server's family 9", "EAFNOSUPPORT", "family", nl.attr(
                    ext.F_DEST_AF, nl.u16(9))),
                ("address without family", "EINVAL", "needs its family",
                 nl.attr(ext.F_VADDR, addr("10.9.0.1"))),
                ("server without family", "EINVAL", "needs its family",
                 nl.attr(ext.F_DADDR, addr("10.9.0.1"))),
                ("address of the other family", "EINVAL", "not of the family",
                 af4 + nl.attr(ext.F_CADDR, addr("fd00::1"))),
                ("address of 7 bytes", "EINVAL", "not of the family",
                 af4 + nl.attr(ext.F_CADDR, bytes(7))),
                ("address of 3 bytes", "ERANGE", "",
                 af4 + nl.attr(ext.F_CADDR, bytes(3))),
                ("address of 17 bytes", "ERANGE", "",
                 af4 + nl.attr(ext.F_CADDR, bytes(17))),
                ("prefix without client", "EINVAL", "needs a client",
                 af4 + nl.attr(ext.F_CPREFIX, nl.u8(8))),
                ("prefix of 33 bits", "EINVAL", "longer than",
                 af4 + nl.attr(ext.F_CADDR, addr("10.1.0.0")) +
                 nl.attr(ext.F_CPREFIX, nl.u8(33))),
                ("prefix of 129 bits", "ERANGE", "",
                 nl.attr(ext.F_CPREFIX, nl.u8(129))),
                ("a port of one byte", "EINVAL", "",
                 nl.attr(ext.F_VPORT, nl.u8(80))),
                ("a long state", "EINVAL", "",
                 nl.attr(ext.F_STATE, b"A" * 16 + b"\0")),
                ("a state without end", "EINVAL", "",
                 nl.attr(ext.F_STATE, b"LISTEN")),
                ("an empty service", "EINVAL", "address family is missing",
                 ext.nest(ext.F_SERVICE)),
                ("a service without its flag", "EINVAL", "",
                 nl.attr(ext.F_SERVICE, ext.service_id("10.9.0.1", 80))),
                ("templates: 2", "ERANGE", "",
                 nl.attr(ext.F_TEMPLATES, nl.u8(2)))):
            payload = (nl.attr(ext.FILTER, af4) if parts is None else
                       ext.nest(ext.FILTER, parts))
            yield f"{name}: {what}", code, text, command, payload, more


def test_refusals():
    """Malformed requests: the errno, a message, and nothing has happened."""
    old, sock = w.old(), ext.Socket()
    keep = mixed(old)
    before, conns = sock.rows(), tuples(sock.conns()[0])
    generation = sock.info()[ext.GENERATION]
    count = 0
    for name, code, text, command, payload, more in refusals():
        got, _ = sock.ask(command, payload, **more)
        check(name, code, nl.errno_name(got))
        said = told(sock, "flags" in more)
        if said is not None and text:
            check(f"{name}: text", True, text in said)
        count += 1
    check("the table after refusals", before, sock.rows())
    check("connections after refusals", conns, tuples(sock.conns()[0]))
    check("generation after refusals", generation, sock.info()[ext.GENERATION])
    check("refusals tried", True, count > 50)
    for s in keep:
        s.close()
    w.flush(old)
    sock.kill()


def test_rights():
    """Without CAP_NET_ADMIN nothing is answered."""
    global bad
    child = os.fork()
    if not child:
        bad = 0
        sock = ext.Socket()
        os.setgid(65534)
        os.setuid(65534)
        for command, flags in ((ext.GET_INFO, 5), (ext.GET_TABLE, 0x305),
                               (ext.GET_CONN, 0x305), (ext.KILL_CONN, 5)):
            code, _ = sock.ask(command, ext.nest(ext.FILTER), flags=flags)
            check(f"command {command} for nobody", "EPERM",
                  nl.errno_name(code))
        os._exit(bad != 0)
    check("rights", 0, os.waitpid(child, 0)[1])


def main():
    w.build()
    for name in sys.argv[1:]:
        globals()[f"test_{name}"]()
    return bad != 0


sys.exit(main())
