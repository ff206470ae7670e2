#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
proc_readers: who reads procfs in a loop, and who configures meanwhile.

Runs in a namespace of its own, with a director that talks to itself (ext_world).
Prints what is wrong; silence and status 0 are success.
"""
import os
import resource
import signal
import sys
import time

import ext_world as w
import ipvs_ext as ext
import ipvs_nl as nl

SERVERS = int(os.environ.get("PROC_SERVERS", "12000"))
READERS = 6
EDITS = 40
VIP = w.VIPS[0]
bad = 0


def fail(text):
    global bad
    bad += 1
    print("FAIL: " + text)


def fill(sock):
    """One service for each thousand servers, one after the other on one address."""
    ops = []
    for i in range(SERVERS):
        port = 1000 + i // 1000
        if not i % 1000:
            ops.append((nl.NEW_SERVICE,
                        ext.service_full(VIP, port, proto=w.UDP), b""))
        ops.append((nl.NEW_DEST, ext.service_id(VIP, port, w.UDP),
                    ext.dest_full(w.SERVERS[0], 1 + i % 1000)))
    ops = [ext.nest(ext.OP, nl.attr(ext.OP_COMMAND, nl.u8(command)),
                    ext.nest(ext.OP_SERVICE, svc),
                    ext.nest(ext.OP_DEST, dest) if dest else b"")
           for command, svc, dest in ops]
    w.must(sock.ask(ext.BEGIN))
    for i in range(0, len(ops), 200):
        w.must(sock.ask(ext.STAGE, ext.nest(ext.OPS, *ops[i:i + 200])))
    w.must(sock.ask(ext.COMMIT))


def reader():
    """Reads for ever, as nobody."""
    os.setgid(65534)
    os.setuid(65534)
    fd = os.open("/proc/net/ip_vs_stats_percpu", os.O_RDONLY)
    while True:
        while os.read(fd, 65536):
            pass
        os.lseek(fd, 0, os.SEEK_SET)


def edits(old):
    """Seconds that the median of many single edits takes."""
    took = []
    for i in range(EDITS):
        began = time.monotonic()
        w.must(old.ask(nl.SET_SERVICE, nl.attr(nl.SERVICE, ext.service_full(
            VIP, 1000, proto=w.UDP, timeout=0, flags=0))))
        took.append(time.monotonic() - began)
    return sorted(took)[EDITS // 2]


def total():
    """(connections, incoming packets), of the namespace and added up by CPU."""
    with open("/proc/net/ip_vs_stats_percpu") as f:
        rows = [line.split() for line in f]
    cpus = [row for row in rows[2:] if len(row) == 6 and row[0] != "~"]
    whole = next(row for row in rows if row and row[0] == "~")
    both = [[int(word, 16) for word in row[1:3]] for row in cpus]
    return (tuple(int(word, 16) for word in whole[1:3]),
            tuple(map(sum, zip(*both))))


def one_reading():
    began = time.monotonic()
    total()
    return time.monotonic() - began


def churn(old):
    """Servers that have counted are removed and come back while it is read."""
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        old = w.old()
        while True:
            for i in range(1, 200):
                svc = nl.attr(nl.SERVICE, ext.service_id(VIP, 1000, w.UDP))
                w.must(old.ask(nl.DEL_DEST, svc + nl.attr(
                    nl.DEST, ext.dest_id(w.SERVERS[0], i))))
                w.must(old.ask(nl.NEW_DEST, svc + nl.attr(
                    nl.DEST, ext.dest_full(w.SERVERS[0], i))))
    return child


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    w.build()
    old, sock = w.old(), ext.Socket()
    fill(sock)
    # one packet for each server: what has counted nothing is passed over
    for port in range(1000, 1000 + (SERVERS + 999) // 1000):
        w.flood(1000, VIP, port, first=port * 1000)
    conns = len(range(1000, 1000 + (SERVERS + 999) // 1000)) * 1000
    if total() != ((conns, conns), (conns, conns)):
        fail(f"{conns} connections, and the sum is {total()}")
    alone, reading = edits(old), min(one_reading() for _ in range(3))
    readers = []
    for _ in range(READERS):
        readers.append(os.fork())
        if not readers[-1]:
            reader()
    among = edits(old)
    for pid in readers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    # who waits until a reader has its whole sum waits for one at least
    if among > alone + 0.5 * reading:
        fail(f"an edit takes {among:.4f} s among readers, {alone:.4f} s alone, "
             f"and one reading {reading:.4f} s")
    child = churn(old)
    for _ in range(30):
        got = total()
        if got != ((conns, conns), (conns, conns)):
            fail(f"while servers come and go the sum is {got}, not {conns}")
            break
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    sock.kill()
    w.flush(old)
    return bad != 0


sys.exit(main())
