#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Each command, and each first packet, while one of its allocations fails: the first,
then the second, until none does.  Prints what is wrong; silence and status 0 are
success.

A command is a line of CHANGES or READS, a packet a line of PACKETS.  After a change
the configuration is as before or as asked, and as before if the answer was an error.
A listing is whole, or there is an error.  After a packet there is its connection or
none, and servers know as many as are listed.

Kernels with fault injection only, and a module built with tests/uml/faults.h.
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys

import ext_world as w
import ipvs_ext as ext
import ipvs_nl as nl
import sockopt

MOST = 400                      # allocations of one command
VS = "/proc/sys/net/ipv4/vs/"
COUNTERS = (7, 8, 9, 10, 12)    # of a server
ENGINES = ("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo",
           "ovf", "mh", "twos")
VIP, OTHER = w.VIPS
TUN_CLIENT = "10.7.0.2"
IPIP, GUE, GRE = 0, 1, 2
MASQ, LOCAL, TUNNEL, ROUTE = 0, 1, 2, 3


class Fault:
    """The n-th allocation of this thread fails."""

    def __init__(self):
        self.fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)

    def during(self, nth, act):
        """(what act() returned, was there such an allocation)"""
        os.pwrite(self.fd, b"%d" % nth, 0)
        try:
            got = act()
        except OSError as e:
            got = e.errno, None
        left = int(os.pread(self.fd, 16, 0).split(b"\0")[0] or b"0")
        os.pwrite(self.fd, b"0", 0)
        return got, not left


class World:
    """A director, and what it is asked with."""

    def __init__(self):
        w.build()
        self.watch = ext.Socket()
        self.watch_old = nl.Socket()
        self.renew()

    def renew(self):
        """Sockets that no failure has left anything on."""
        self.old, self.ext, self.opt = nl.Socket(), ext.Socket(), sockopt.Options()
        for sock in self.old, self.ext:
            sock.s.settimeout(60)

    def reset(self):
        """The configuration that each command meets."""
        self.renew()
        old = self.watch_old
        for state in (1, 2):
            old.ask(nl.DEL_DAEMON, daemon(state))
        w.flush(old)
        w.must(old.ask(nl.SET_CONFIG, timeouts(900, 120, 300)))
        w.add_service(old, VIP, 80)
        for rip in w.SERVERS[:3]:
            w.add_dest(old, VIP, 80, rip, weight=2)
        w.add_service(old, VIP, 53, proto=w.UDP, sched="wlc")
        w.add_dest(old, VIP, 53, w.SERVERS[0], proto=w.UDP)
        w.add_service6(old, 53)

    def state(self):
        """All of the configuration."""
        daemons = sorted(self.watch_old.dump(nl.GET_DAEMON)[1])
        return (self.watch.rows(), daemons,
                self.watch_old.ask(nl.GET_CONFIG)[1][0])

    # What an action may do; each returns (errno, data or None).

    def ask(self, command, payload=b""):
        return asked(self.old, command, payload)

    def ask_ext(self, command, payload=b""):
        return asked(self.ext, command, payload)

    def dump(self, command, payload=b""):
        return listed(self.old, command, payload)

    def dump_ext(self, command, payload=b""):
        return listed(self.ext, command, payload)

    def set(self, name, data=b""):
        return self.opt.set(sockopt.SETS[name], data), None

    def get(self, name, data):
        err, _, back = self.opt.get(sockopt.GETS[name], data)
        return err, None if err else back


def asked(sock, command, payload):
    """A request: what was answered."""
    code, replies = sock.ask(command, payload)
    return code, None if code else [reply[4:] for reply in replies]


def listed(sock, command, payload):
    """A dump: what it said, but for sequence numbers and the like."""
    code, replies = sock.dump(command, payload)
    return code, None if code else [reply[4:] for reply in replies]


def read(path):
    with open(path, "rb", buffering=0) as f:
        out = b""
        while data := f.read(1 << 16):
            out += data
    return 0, out


def write(path, text):
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)
    return 0, None


def service(port=90, sched="rr", **more):
    return nl.attr(nl.SERVICE, ext.service_full(VIP, port, sched=sched, **more))


def marked(mark):
    return nl.attr(nl.SERVICE, nl.attrs({
        nl.AF: nl.u16(w.AF4), nl.FWMARK: nl.u32(mark), nl.SCHED_NAME: b"wrr\0",
        nl.FLAGS: nl.u32(1) + nl.u32(0xffffffff), nl.TIMEOUT: nl.u32(300),
        nl.NETMASK: nl.u32(0xffffffff)}))


def known(port=80, proto=w.TCP):
    return nl.attr(nl.SERVICE, ext.service_id(VIP, port, proto))


def dest(n, **more):
    return nl.attr(nl.DEST, ext.dest_full(w.SERVERS[n], 80, **more))


def daemon(state):
    return nl.attr(nl.DAEMON, nl.attrs({1: nl.u32(state), 2: b"d0\0", 3: nl.u32(7)}))


def timeouts(*values):
    return nl.attrs(dict(zip((nl.TIMEOUT_TCP, nl.TIMEOUT_TCP_FIN, nl.TIMEOUT_UDP),
                             map(nl.u32, values))))


def op(command, *parts):
    return ext.nest(ext.OP, nl.attr(ext.OP_COMMAND, nl.u8(command)), *parts)


def staged(sched="wrr"):
    """Of each kind one."""
    return ext.nest(
        ext.OPS,
        op(nl.NEW_SERVICE, ext.nest(ext.OP_SERVICE, ext.service_full(VIP, 90, sched))),
        op(nl.NEW_DEST, ext.nest(ext.OP_SERVICE, ext.service_id(VIP, 90)),
           ext.nest(ext.OP_DEST, ext.dest_full(w.SERVERS[5], 80))),
        op(nl.SET_SERVICE, ext.nest(ext.OP_SERVICE, ext.service_full(VIP, 80, "mh"))),
        op(nl.SET_DEST, ext.nest(ext.OP_SERVICE, ext.service_id(VIP, 80)),
           ext.nest(ext.OP_DEST, ext.dest_full(w.SERVERS[0], 80, weight=9))),
        op(nl.DEL_DEST, ext.nest(ext.OP_SERVICE, ext.service_id(VIP, 80)),
           ext.nest(ext.OP_DEST, ext.dest_id(w.SERVERS[1], 80))),
        op(nl.DEL_SERVICE, ext.nest(ext.OP_SERVICE, ext.service_id(VIP, 53, w.UDP))))


def fill(t, sched):
    """A service at port 90 with two servers."""
    w.must(t.old.ask(nl.NEW_SERVICE, service(sched=sched)))
    for n in (0, 1):
        w.must(t.old.ask(nl.NEW_DEST, known(90) + dest(n)))


def begin(t, *messages):
    w.must(t.ext.ask(ext.BEGIN))
    for message in messages:
        w.must(t.ext.ask(ext.STAGE, message))


def nothing(_t):
    """Needs nothing beforehand."""


OLD_SERVICE = sockopt.service(addr=VIP)
OLD_DEST = OLD_SERVICE + sockopt.dest(w.SERVERS[0], 80, weight=5)

# name, what is done before, the command
CHANGES = [
    ("add a service by mark", nothing, lambda t: t.ask(nl.NEW_SERVICE, marked(1))),
    ("set a service", nothing, lambda t: t.ask(nl.SET_SERVICE, service(80, flags=1))),
    ("delete a service", nothing, lambda t: t.ask(nl.DEL_SERVICE, known())),
    ("set a server", nothing, lambda t: t.ask(
        nl.SET_DEST, known() + dest(0, weight=7, method=ROUTE))),
    ("delete a server", nothing, lambda t: t.ask(nl.DEL_DEST, known() + dest(0))),
    ("start a master", nothing, lambda t: t.ask(nl.NEW_DAEMON, daemon(1))),
    ("start a backup", nothing, lambda t: t.ask(nl.NEW_DAEMON, daemon(2))),
    ("stop a master", lambda t: w.must(t.old.ask(nl.NEW_DAEMON, daemon(1))),
     lambda t: t.ask(nl.DEL_DAEMON, daemon(1))),
    ("set timeouts", nothing, lambda t: t.ask(nl.SET_CONFIG, timeouts(5, 6, 7))),
    ("zero", nothing, lambda t: t.ask(nl.ZERO)),
    ("flush", nothing, lambda t: t.ask(nl.FLUSH)),
    ("begin", nothing, lambda t: t.ask_ext(ext.BEGIN)),
    ("stage", begin, lambda t: t.ask_ext(ext.STAGE, staged())),
    ("commit", lambda t: begin(t, staged()), lambda t: t.ask_ext(ext.COMMIT)),
    ("commit, lblcr", lambda t: begin(t, staged("lblcr")),
     lambda t: t.ask_ext(ext.COMMIT)),
    ("abort", lambda t: begin(t, staged()), lambda t: t.ask_ext(ext.ABORT)),
    ("listen", nothing,
     lambda t: t.ask_ext(ext.LISTEN, nl.attr(ext.EVENTS, nl.u32(3)))),
    ("end connections", nothing, lambda t: t.ask_ext(ext.KILL_CONN,
                                                     ext.nest(ext.FILTER))),
    ("option: add", nothing, lambda t: t.set("ADD", sockopt.service(
        addr=OTHER, sched=b"lc"))),
    ("option: edit", nothing, lambda t: t.set("EDIT", sockopt.service(
        addr=VIP, sched=b"sh"))),
    ("option: delete", nothing, lambda t: t.set("DEL", OLD_SERVICE)),
    ("option: add a server", nothing, lambda t: t.set(
        "ADDDEST", OLD_SERVICE + sockopt.dest(w.SERVERS[7], 80))),
    ("option: edit a server", nothing, lambda t: t.set("EDITDEST", OLD_DEST)),
    ("option: delete a server", nothing, lambda t: t.set("DELDEST", OLD_DEST)),
    ("option: timeouts", nothing, lambda t: t.set("TIMEOUT", struct.pack("=III", 1, 2, 3))),
    ("option: start a backup", nothing, lambda t: t.set(
        "STARTDAEMON", sockopt.daemon(2, b"d0"))),
    ("option: stop a backup", lambda t: w.must(t.old.ask(nl.NEW_DAEMON, daemon(2))),
     lambda t: t.set("STOPDAEMON", sockopt.daemon(2, b"d0"))),
    ("option: zero", nothing, lambda t: t.set("ZERO", OLD_SERVICE)),
    ("option: flush", nothing, lambda t: t.set("FLUSH")),
]
for _s in ENGINES:
    CHANGES += [
        (f"add a service, {_s}", nothing,
         lambda t, s=_s: t.ask(nl.NEW_SERVICE, service(sched=s))),
        (f"add a server, {_s}", lambda t, s=_s: fill(t, s),
         lambda t: t.ask(nl.NEW_DEST, known(90) + dest(2))),
        (f"from rr to {_s}", nothing,
         lambda t, s=_s: t.ask(nl.SET_SERVICE, service(80, sched=s))),
    ]

READS = [
    ("a service", lambda t: t.ask(nl.GET_SERVICE, known())),
    ("services", lambda t: t.dump(nl.GET_SERVICE)),
    ("servers", lambda t: t.dump(nl.GET_DEST, known())),
    ("daemons", lambda t: t.dump(nl.GET_DAEMON)),
    ("timeouts", lambda t: t.ask(nl.GET_CONFIG)),
    ("info", lambda t: t.ask_ext(ext.GET_INFO)),
    ("the table", lambda t: t.dump_ext(ext.GET_TABLE)),
    ("connections", lambda t: t.dump_ext(ext.GET_CONN)),
    ("drops", lambda t: t.dump_ext(ext.GET_DROPS)),
    ("option: services", lambda t: t.get(
        "SERVICES", struct.pack("=II", 2, 0) + bytes(2 * sockopt.SERVICE_LEN))),
    ("option: servers", lambda t: t.get(
        "DESTS", OLD_SERVICE[:16] + struct.pack("=II", 3, 0) +
        bytes(3 * sockopt.DEST_LEN))),
    ("option: daemons", lambda t: t.get("DAEMON", bytes(48))),
] + [(name, lambda t, name=name: read("/proc/self/net/" + name)) for name in (
    "ip_vs", "ip_vs_app", "ip_vs_conn", "ip_vs_conn_sync", "ip_vs_stats",
    "ip_vs_stats_percpu", "ip_vs_status")]

# name, value other than the first
SETTINGS = [
    ("conn_max", "5000"), ("drop_entry", "3"), ("drop_packet", "3"), ("secure_tcp", "3"),
    ("sync_version", "0"), ("sync_ports", "4"), ("sync_threshold", "4 60"),
    ("sync_retries", "2"), ("sync_qlen_max", "600"), ("run_estimation", "0"),
    ("est_cpulist", "0"), ("est_nice", "5"), ("conn_lfactor", "1"), ("svc_lfactor", "2"),
]

# name, scheduler, flags of the service, method, tunnel type, settings meanwhile
PACKETS = [
    ("masquerading", "rr", 0, MASQ, IPIP, {}),
    ("routing", "wlc", 0, ROUTE, IPIP, {}),
    ("ipip", "lblc", 0, TUNNEL, IPIP, {}),
    ("gue", "mh", 0, TUNNEL, GUE, {}),
    ("gre", "lblcr", 0, TUNNEL, GRE, {}),
    ("this host", "sh", 0, LOCAL, IPIP, {}),
    ("a persistent one", "wrr", 1, MASQ, IPIP, {}),
    ("a single packet", "rr", 4, ROUTE, IPIP, {}),
    ("masquerading, tracked", "rr", 0, MASQ, IPIP, {"conntrack": "1"}),
    ("told to peers", "rr", 1, MASQ, IPIP, {"sync_threshold": "1 0"}),
]

bad = 0
faults = 0


def fail(text):
    global bad
    bad += 1
    print("FAIL: " + text)
    if bad > 20:
        sys.exit(1)


def change(world, fault, name, before, act):
    """One line of CHANGES."""
    global faults
    world.reset()
    before(world)
    if act(world)[0]:
        fail(f"{name}: refused without a fault")
        return
    wanted = world.state()
    fresh = False
    for nth in range(1, MOST):
        if not fresh:
            world.reset()
            first = world.state()
        world.renew()
        before(world)
        was = world.state()
        (code, _), hit = fault.during(nth, lambda: act(world))
        now = world.state()
        faults += hit
        if now not in (was, wanted):
            fail(f"{name}, allocation {nth}: {code}, and neither as before nor as asked: "
                 f"{now} was {was}")
        if code == 0 and now != wanted:
            fail(f"{name}, allocation {nth}: accepted and not done")
        if code not in (0, 105) and now != was:
            fail(f"{name}, allocation {nth}: {nl.errno_name(code)}, and done")
        if not hit:
            if code:
                fail(f"{name}: {nl.errno_name(code)} without a fault, after some")
            return
        fresh = now == first
    fail(f"{name}: {MOST} allocations are not all")


def listing(world, fault, name, act):
    """One line of READS."""
    global faults
    world.renew()
    code, wanted = act(world)
    if code:
        fail(f"{name}: refused without a fault")
    was = world.state()
    for nth in range(1, MOST):
        world.renew()
        (code, got), hit = fault.during(nth, lambda: act(world))
        faults += hit
        if code == 0 and got != wanted:
            fail(f"reading {name}, allocation {nth}: not the same, and no error")
        if world.state() != was:
            fail(f"reading {name}, allocation {nth}: changed the configuration")
        if not hit:
            if code:
                fail(f"reading {name}: {nl.errno_name(code)} without a fault")
            return
    fail(f"reading {name}: {MOST} allocations are not all")


def setting(fault, name, value):
    """One line of SETTINGS."""
    global faults
    path = VS + name
    first = read(path)[1]
    for nth in range(1, MOST):
        (code, _), hit = fault.during(nth, lambda: write(path, value))
        faults += hit
        now = read(path)[1].split()
        if now != (first if code else value.encode()).split():
            fail(f"{name}, allocation {nth}: {nl.errno_name(code)}, and {now}")
        if not code:
            write(path, first.decode())
        if not hit:
            if code:
                fail(f"{name}: {nl.errno_name(code)} without a fault")
            return
    fail(f"{name}: {MOST} allocations are not all")


# --- packets ---

def tun_open():
    """A device whose packets arrive in the task that writes them."""
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))
    if os.system("ip addr add 10.7.0.1/24 dev tun0 && ip link set tun0 up"):
        sys.exit("no tun device")
    return fd


def datagram(port):
    """A UDP datagram to the service, from the tun device's other end."""
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 29, 0, 0, 64, w.UDP, 0,
                       socket.inet_aton(TUN_CLIENT), socket.inet_aton(VIP))
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xffff) + (total >> 16)
    head = head[:10] + struct.pack(">H", ~(total + (total >> 16)) & 0xffff) + head[12:]
    return head + struct.pack(">HHHHc", port, 53, 9, 0, b"x")


def counted(world):
    """Connections that the servers know of."""
    total = 0
    for reply in world.watch.dump(ext.GET_TABLE)[1]:
        got = dict(nl.parse(reply[4:]))
        if ext.DEST in got:
            server = dict(nl.parse(got[ext.DEST]))
            total += ext.number(server[7]) + ext.number(server[8])
    return total


def packet(world, fault, tun, row):
    """One line of PACKETS."""
    global faults
    name, sched, flags, method, tunnel, settings = row
    old = world.watch_old
    w.flush(old)
    world.watch.kill()
    kept = {key: read(VS + key)[1].decode() for key in settings}
    for key, value in settings.items():
        write(VS + key, value)
    w.must(old.ask(nl.NEW_SERVICE, nl.attr(nl.SERVICE, ext.service_full(
        VIP, 53, sched, timeout=300, proto=w.UDP, flags=flags))))
    server = VIP if method == LOCAL else w.SERVERS[0]
    w.must(old.ask(nl.NEW_DEST, known(53, w.UDP) + nl.attr(
        nl.DEST, ext.dest_full(server, 53, method=method) + nl.attrs({
            nl.D_TUN_TYPE: nl.u8(tunnel), nl.D_TUN_PORT: nl.be16(6080)}))))
    was = world.state()
    lost, clean = 0, 0
    for nth in range(1, MOST):
        before = len(world.watch.conns()[0])
        _, hit = fault.during(nth, lambda: (os.write(tun, datagram(1024 + nth)), None))
        faults += hit
        conns = world.watch.conns()[0]
        new = [c for c in conns if ext.port(c[ext.C_CPORT]) == 1024 + nth]
        if len(new) > 1 or not 0 <= len(conns) - before <= 2:
            fail(f"{name}, allocation {nth}: {len(conns) - before} new connections")
        if flags & 4 and new:
            fail(f"{name}, allocation {nth}: an entry of one packet is listed")
        lost += not new
        plain = [c for c in conns if ext.port(c[ext.C_CPORT])]
        if (known_now := counted(world)) != len(plain):
            fail(f"{name}, allocation {nth}: servers count {known_now} of {len(plain)}")
        if not hit:
            # Twice, since what an allocation that failed left behind is noticed late.
            clean += 1
            if not new and not flags & 4:
                fail(f"{name}: no connection without a fault")
            if clean == 2:
                break
    else:
        fail(f"{name}: {MOST} allocations are not all")
    if lost < 2:
        fail(f"{name}: no allocation that matters has failed")
    if world.state() != was:
        fail(f"{name}: the configuration has changed")
    world.watch.kill()
    world.watch.kill()
    if (left := counted(world)) or world.watch.conns()[0]:
        fail(f"{name}: {left} connections are left")
    for key, value in kept.items():
        write(VS + key, value)


# --- namespaces ---

def birth():
    """
    Namespaces whose birth fails at one of its last allocations, those of the loopback
    device: ours is there then, and goes unused.  How many a birth needs is counted by one
    that succeeds.
    """
    global faults
    libc = ctypes.CDLL(None, use_errno=True)

    def child(nth, tell):
        """In a process of its own, whose namespace goes with it."""
        mine = Fault()
        os.pwrite(mine.fd, b"%d" % nth, 0)
        code = 0 if libc.unshare(0x40000000) == 0 else ctypes.get_errno()
        left = int(os.pread(mine.fd, 16, 0).split(b"\0")[0] or b"0")
        os.pwrite(mine.fd, b"0", 0)
        there = os.path.exists("/proc/self/net/ip_vs")
        os.write(tell, struct.pack("=iii", code, left, there))
        os._exit(0)

    def born(nth):
        end, tell = os.pipe()
        if not (pid := os.fork()):
            child(nth, tell)
        os.close(tell)
        got = os.read(end, 12)
        os.close(end)
        os.waitpid(pid, 0)
        return struct.unpack("=iii", got)

    many = 1 << 20
    born(many)
    code, left, _ = born(many)
    needs = many - left
    if code:
        fail(f"no namespace without a fault: {nl.errno_name(code)}")
    failed = 0
    for nth in range(max(needs - 20, 1), needs + 1):
        code, left, there = born(nth)
        faults += not left
        failed += code != 0
        if code == 0 and not there:
            fail(f"namespace, allocation {nth} of {needs}: born without us")
    if failed < 5:
        fail(f"only {failed} births of 20 failed")


def main():
    world, fault = World(), Fault()
    only = sys.argv[1:]

    def chosen(rows):
        return [row for row in rows
                if not only or any(word in row[0] for word in only)]

    for row in chosen(CHANGES):
        change(world, fault, *row)
    world.reset()
    for row in chosen(READS):
        listing(world, fault, *row)
    for row in chosen(SETTINGS):
        setting(fault, *row)
    tun = tun_open()
    for row in chosen(PACKETS):
        packet(world, fault, tun, row)
    w.flush(world.watch_old)
    if not only or "birth" in only:
        birth()
    print(f"# {faults} allocations failed", file=sys.stderr)
    return bad != 0


sys.exit(main())
