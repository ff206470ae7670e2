#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
ext_events TEST...: events and drops of the family IPVS_EXT.

Runs in a namespace of its own (tests/netns/ext_*.sh), with a director that talks
to itself (ext_world). Prints what is wrong; silence and status 0 are success.
"""
import errno
import os
import socket
import subprocess
import sys

import ext_world as w
import ipvs_ext as ext
import ipvs_nl as nl

VIP = w.VIPS[0]
(SERVICE_NEW, SERVICE_SET, SERVICE_DEL, DEST_NEW, DEST_SET, DEST_DEL, FLUSH,
 TIMEOUTS, DAEMON_NEW, DAEMON_DEL, CONN_NEW, CONN_DEL, LOST) = range(1, 14)
bad = 0


def check(what, wanted, got):
    """Complains unless both are equal."""
    global bad
    if wanted == got:
        return
    bad += 1
    print(f"FAIL: {what}\n  wanted: {str(wanted)[:800]}\n  got:    {str(got)[:800]}")


class Listener(ext.Socket):
    """A socket that has asked for events."""

    def __init__(self, kind, room=1 << 20):
        super().__init__()
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        check(f"listens to {kind}", 0, self.listen(kind))
        self.queue = []
        self.datagrams = 0

    def next(self, seconds=20):
        """The next event as a dict of attributes; None: none came."""
        self.s.settimeout(seconds)
        while not self.queue:
            try:
                data = self.s.recv(1 << 18)
            except (TimeoutError, BlockingIOError):
                return None
            self.datagrams += 1
            while len(data) >= 16:
                size = nl.struct.unpack_from("=I", data)[0]
                body, data = data[16:size], data[(size + 3) & ~3:]
                check("command of an event", ext.EVENT, body[0])
                self.queue.append(dict(nl.parse(body[4:])))
        return self.queue.pop(0)

    def words(self, count):
        """So many events, each as (type, service, server)."""
        out = []
        for _ in range(count):
            event = self.next()
            if event is None:
                out.append(None)
                break
            out.append((ext.number(event[ext.EVENT_TYPE]),
                        ext.show_service(event[ext.SERVICE])
                        if ext.SERVICE in event else None,
                        ext.show_dest(event[ext.DEST])
                        if ext.DEST in event else None))
        return out


def test_config():
    """Each change is told once, in order, with what is there now."""
    old, ear, sock = w.old(), Listener("config"), ext.Socket()
    svc, name = ext.service_id(VIP, 80), f"6:{VIP}:80"
    rip, server = w.SERVERS[0], f"{w.SERVERS[0]}:80"
    full = nl.attr(nl.SERVICE, ext.service_full(VIP, 80))
    both = nl.attr(nl.SERVICE, svc) + nl.attr(nl.DEST, ext.dest_full(rip, 80))
    daemon = nl.attr(nl.DAEMON, nl.attrs({1: nl.u32(1), 2: b"d0\0",
                                          3: nl.u32(7)}))
    subprocess.run(["ip", "link", "set", "d0", "multicast", "on"], check=True)
    steps = [
        (nl.NEW_SERVICE, full, (SERVICE_NEW, name, None)),
        (nl.NEW_SERVICE, full, None),
        (nl.SET_SERVICE, full, (SERVICE_SET, name, None)),
        (nl.NEW_DEST, both, (DEST_NEW, name, server)),
        (nl.NEW_DEST, both, None),
        (nl.SET_DEST, both, (DEST_SET, name, server)),
        (nl.ZERO, b"", None),
        (nl.DEL_DEST, both, (DEST_DEL, name, server)),
        (nl.DEL_DEST, both, None),
        (nl.DEL_SERVICE, full, (SERVICE_DEL, name, None)),
        (nl.SET_CONFIG, nl.attr(nl.TIMEOUT_TCP, nl.u32(900)),
         (TIMEOUTS, None, None)),
        (nl.FLUSH, b"", (FLUSH, None, None)),
        (nl.NEW_DAEMON, daemon, (DAEMON_NEW, None, None)),
        (nl.NEW_DAEMON, daemon, None),
        (nl.DEL_DAEMON, daemon, (DAEMON_DEL, None, None)),
        (nl.DEL_DAEMON, daemon, None),
    ]
    for command, payload, _ in steps:
        old.ask(command, payload)
    wanted = [event for _, _, event in steps if event]
    check("events", wanted, ear.words(len(wanted)))
    check("no more of them", None, ear.next(0.2))
    # in full, with its generation
    w.add_service(old, VIP, 80, sched="wlc")
    w.add_dest(old, VIP, 80, rip, weight=9)
    event = ear.next()
    config = dict(nl.parse(event[ext.SERVICE]))
    check("scheduler told", b"wlc\0", config[nl.SCHED_NAME])
    event = ear.next()
    check("weight told", 9,
          ext.number(dict(nl.parse(event[ext.DEST]))[nl.D_WEIGHT]))
    check("generation told", sock.info()[ext.GENERATION],
          ext.number(event[ext.GENERATION]))
    # a transaction is told when it is done: first what is there, then removals;
    # what is gone in the end was not changed before, and several edits are one
    w.add_service(old, VIP, 82)
    ear2 = Listener("config")
    ops = b"".join(ext.nest(ext.OP, nl.attr(ext.OP_COMMAND, nl.u8(command)),
                            ext.nest(ext.OP_SERVICE, payload),
                            ext.nest(ext.OP_DEST, dest) if dest else b"")
                   for command, payload, dest in (
                       (nl.DEL_DEST, svc, ext.dest_id(rip, 80)),
                       (nl.NEW_SERVICE, ext.service_full(VIP, 81), b""),
                       (nl.SET_SERVICE, ext.service_full(VIP, 81), b""),
                       (nl.SET_SERVICE, ext.service_full(VIP, 80), b""),
                       (nl.SET_SERVICE, ext.service_full(VIP, 82), b""),
                       (nl.SET_SERVICE, ext.service_full(VIP, 82), b""),
                       (nl.NEW_DEST, svc, ext.dest_full(w.SERVERS[1], 80)),
                       (nl.DEL_SERVICE, svc, b"")))
    w.must(sock.ask(ext.BEGIN))
    w.must(sock.ask(ext.STAGE, ext.nest(ext.OPS, ops)))
    check("nothing told of what is staged", None, ear2.next(0.2))
    w.must(sock.ask(ext.COMMIT))
    check("a transaction", [
        (SERVICE_NEW, f"6:{VIP}:81", None), (SERVICE_SET, f"6:{VIP}:82", None),
        (DEST_DEL, name, server), (SERVICE_DEL, name, None)], ear2.words(4))
    # one that is refused is not told
    w.must(sock.ask(ext.BEGIN))
    w.must(sock.ask(ext.STAGE, ext.nest(ext.OPS, ops)))
    check("refused", "EEXIST", nl.errno_name(sock.ask(ext.COMMIT)[0]))
    check("nothing told of it", None, ear2.next(0.2))
    w.flush(old)


def test_conns():
    """Each connection's birth and death, in order."""
    old, ear, sock = w.old(), Listener("conns"), ext.Socket()
    quiet = Listener("config")
    w.add_service(old, VIP, 53, proto=w.UDP)
    w.add_dest(old, VIP, 53, w.SERVERS[0], proto=w.UDP)
    quiet.words(2)
    for i in range(200):
        w.udp("10.1.0.1", 2000 + i, VIP, 53)
    check("killed", 200, sock.kill())
    seen = []
    for _ in range(400):
        event = ear.next()
        if event is None:
            break
        conn = dict(nl.parse(event[ext.CONN]))
        seen.append((ext.number(event[ext.EVENT_TYPE]),
                     ext.port(conn[ext.C_CPORT])))
        check("server told", socket.inet_aton(w.SERVERS[0]),
              conn[ext.C_DADDR])
    check("births", [(CONN_NEW, 2000 + i) for i in range(200)], seen[:200])
    check("deaths", [(CONN_DEL, 2000 + i) for i in range(200)],
          sorted(seen[200:]))
    check("no more", None, ear.next(0.2))
    check("the other group hears nothing", None, quiet.next(0.1))
    # who listens too slowly is told that something was lost
    slow = Listener("conns", 4096)
    w.flood(3000, VIP, 53)
    try:
        while slow.next(5) is not None:
            pass
        code = 0
    except OSError as error:
        code = error.errno
    check("a slow listener", errno.ENOBUFS, code)
    sock.kill()
    all_told(sock)
    w.flush(old)


def all_told(sock):
    """Of the connections so far: they are told of in order, a while later."""
    ear, event = Listener("conns"), None
    while event != (CONN_DEL, 999):
        w.udp("10.1.0.1", 999, VIP, 53)
        sock.kill()
        try:
            while event != (CONN_DEL, 999) and (told := ear.next()):
                if ext.CONN not in told:
                    continue  # LOST
                event = (ext.number(told[ext.EVENT_TYPE]), ext.port(
                    dict(nl.parse(told[ext.CONN]))[ext.C_CPORT]))
        except OSError as error:
            check("more than it can keep", errno.ENOBUFS, error.errno)


def test_spaces():
    """Another namespace hears nothing of this one."""
    ear = Listener("config")
    ears = Listener("conns")
    # a new namespace for the rest of this process; the sockets stay
    if unshare():
        check("unshare", 0, 1)
    w.build()
    old, here = w.old(), Listener("config")
    conns_here = Listener("conns")
    w.add_service(old, VIP, 53, proto=w.UDP)
    w.add_dest(old, VIP, 53, w.SERVERS[0], proto=w.UDP)
    w.udp("10.1.0.1", 2000, VIP, 53)
    check("told here", [(SERVICE_NEW, f"17:{VIP}:53", None),
                        (DEST_NEW, f"17:{VIP}:53", f"{w.SERVERS[0]}:53")],
          here.words(2))
    check("a birth here", True, conns_here.next() is not None)
    check("not there", None, ear.next(0.2))
    check("no birth there", None, ears.next(0.2))
    w.flush(old)


def unshare():
    """A new network namespace; Python before 3.12 has no such call."""
    import ctypes
    return ctypes.CDLL(None).unshare(0x40000000)


def test_rights():
    """Listening needs CAP_NET_ADMIN, and there may be so many listeners."""
    child = os.fork()
    if not child:
        os.setgid(65534)
        os.setuid(65534)
        for kind in ("config", "conns"):
            check(f"nobody listens to {kind}", "EPERM",
                  nl.errno_name(ext.Socket().listen(kind)))
        os._exit(bad != 0)
    check("rights", 0, os.waitpid(child, 0)[1])
    ears = [ext.Socket() for _ in range(65)]
    check("64 sockets listen", {0}, {ear.listen("config") for ear in ears[:64]})
    check("one more does not", "ENOSPC",
          nl.errno_name(ears[64].listen("config")))
    check("a listener changes its mind", 0, ears[0].listen("config", "conns"))
    check("and stops", 0, ears[0].listen())
    check("there is room for one", 0, ears[64].listen("conns"))
    ears[1].s.close()
    check("who is closed makes room", 0, ears[0].listen("config"))
    check("no more", "ENOSPC", nl.errno_name(ext.Socket().listen("config")))


def test_many():
    """A transaction's events come many a datagram, all and in order."""
    sock, ear = ext.Socket(), Listener("config", 1 << 24)
    ops = [ext.nest(ext.OP, nl.attr(ext.OP_COMMAND, nl.u8(nl.NEW_SERVICE)),
                    ext.nest(ext.OP_SERVICE, ext.service_full(VIP, port)))
           for port in range(1, 2001)]
    w.must(sock.ask(ext.BEGIN))
    for i in range(0, len(ops), 250):
        w.must(sock.ask(ext.STAGE, ext.nest(ext.OPS, *ops[i:i + 250])))
    w.must(sock.ask(ext.COMMIT))
    check("in order", [(SERVICE_NEW, f"6:{VIP}:{i}", None)
                       for i in range(1, 2001)], ear.words(2000))
    if ear.datagrams > 2000 // 10:
        check("datagrams for 2000 events", "200 at most", ear.datagrams)
    w.flush(w.old())


def drops(sock):
    """GET_DROPS: {service or None: {reason: packets}}"""
    code, replies = sock.dump(ext.GET_DROPS)
    if code:
        raise OSError(code, sock.text)
    out = {}
    for reply in replies:
        got = dict(nl.parse(reply[4:]))
        name = ext.show_service(got[ext.SERVICE]) if ext.SERVICE in got else None
        out[name] = {k: ext.number(v) for k, v in nl.parse(got[ext.DROPS]) if k}
    return out


def test_drops():
    """What is dropped is listed by reason, of the namespace and of a service."""
    old, sock = w.old(), ext.Socket()
    check("nothing at first", {None: {}}, drops(sock))
    for port in (53, 54):
        w.add_service(old, VIP, port, proto=w.UDP)
        w.add_dest(old, VIP, port, w.SERVERS[0], proto=w.UDP)
    for i in range(5):
        w.udp("10.1.0.1", 2000 + i, VIP, 53)
    w.must(old.ask(nl.DEL_DEST,
                   nl.attr(nl.SERVICE, ext.service_id(VIP, 53, w.UDP)) +
                   nl.attr(nl.DEST, ext.dest_id(w.SERVERS[0], 53))))
    for i in range(5):
        try:
            w.udp("10.1.0.1", 2000 + i, VIP, 53)
        except PermissionError:
            pass  # a local sender is told of the drop
    got = drops(sock)
    check("a removed server", {None: {2: 5}, f"17:{VIP}:53": {2: 5}}, got)
    w.must(old.ask(nl.ZERO))
    check("zeroed", {None: {}}, drops(sock))
    w.flush(old)
    sock.kill()


def main():
    w.build()
    for name in sys.argv[1:]:
        globals()[f"test_{name}"]()
    return bad != 0


sys.exit(main())
