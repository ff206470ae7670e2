#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
ext_foreign: what listeners of other namespaces cost this one.

Runs in a namespace of its own, with a director that talks to itself (ext_world).
A child with user and network namespaces of its own opens thousands of sockets
that listen to all there is to hear there.  Prints what is wrong; silence and
status 0 are success.
"""
import os
import resource
import sys
import time

import ext_world as w
import foreign
import ipvs_ext as ext
import ipvs_nl as nl

LISTENERS = 3000
SERVICES = 500
TRACING = "/sys/kernel/tracing/"
bad = 0


def fail(text):
    global bad
    bad += 1
    print("FAIL: " + text)


def listen(sock):
    """To everything; by groups where the module still has some."""
    for number in sock.groups.values():
        sock.s.setsockopt(270, 1, number)
    return bool(sock.groups) or sock.listen("config", "conns") == 0


def foreigner(ready, go):
    """Listens in namespaces of its own until the other end is closed."""
    foreign.enter_foreign_namespaces()
    ears, n = [], 0
    for _ in range(LISTENERS):
        ears.append(ext.Socket())
        n += listen(ears[-1])
    os.write(ready, b"%d\n" % n)
    os.read(go, 1)
    os._exit(0)


def probe():
    """Counts how often a connection is written down for listeners."""
    with open(TRACING + "kprobe_events", "w") as f:
        f.write("p:ipvs_test/report ip_vs_conn_report\n")
    with open(TRACING + "events/ipvs_test/enable", "w") as f:
        f.write("1")


def hits():
    with open(TRACING + "kprobe_profile") as f:
        return sum(int(line.split()[1]) for line in f
                   if line.split()[0] == "report")


def unprobe():
    with open(TRACING + "events/ipvs_test/enable", "w") as f:
        f.write("0")
    # appending would seek, which this file refuses
    fd = os.open(TRACING + "kprobe_events", os.O_WRONLY)
    os.write(fd, b"-:ipvs_test/report\n")
    os.close(fd)


def commit(sock):
    """Seconds that one COMMIT takes, the best of five."""
    ops = [ext.nest(ext.OP, nl.attr(ext.OP_COMMAND, nl.u8(nl.NEW_SERVICE)),
                    ext.nest(ext.OP_SERVICE,
                             ext.service_full(w.VIPS[1], port)))
           for port in range(1, SERVICES + 1)]
    best = 1e9
    for _ in range(5):
        w.must(sock.ask(ext.BEGIN))
        for i in range(0, len(ops), 250):
            w.must(sock.ask(ext.STAGE, ext.nest(ext.OPS, *ops[i:i + 250])))
        began = time.monotonic()
        w.must(sock.ask(ext.COMMIT))
        best = min(best, time.monotonic() - began)
        w.flush(w.old())
    return best


def births(sock, first):
    """How many events 200 connections made, ends included."""
    before = hits()
    old = w.old()
    w.add_service(old, w.VIPS[0], 53, proto=w.UDP)
    w.add_dest(old, w.VIPS[0], 53, w.SERVERS[0], proto=w.UDP)
    w.flood(200, w.VIPS[0], 53, first)
    if sock.kill() != 200:
        fail("not 200 connections")
    w.flush(old)
    return hits() - before


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (LISTENERS + 100,) * 2)
    w.build()
    sock = ext.Socket()
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        os.close(go[1])
        os.read(go[0], 1)
        foreigner(ready[1], go[0])
    os.close(ready[1])
    alone = commit(sock)
    probe()
    try:
        if births(sock, 0):
            fail("events without any listener")
        os.write(go[1], b"x")
        n = int(os.read(ready[0], 20) or 0)
        if n < 64:
            fail(f"only {n} foreigners listen")
        among = commit(sock)
        if events := births(sock, 1000):
            fail(f"{events} events for foreign listeners")
        here = ext.Socket()
        listen(here)
        if births(sock, 2000) < 400:
            fail("no events for a listener here: the probe sees nothing")
        here.s.close()
        os.close(go[1])
        if os.waitpid(child, 0)[1]:
            fail("the foreigner failed")
        alone = max(alone, commit(sock))
        # A busy machine makes any one of them several times as long; each
        # listener that is told makes a hundred times of it.
        if among > 10 * alone:
            fail(f"COMMIT takes {among:.4f} s with foreign listeners, "
                 f"{alone:.4f} s without")
    finally:
        unprobe()
    return bad != 0


sys.exit(main())
