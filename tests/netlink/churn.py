#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Listings while the table changes under them.

Some entries stay, others come and go all the time.  Every listing, read slowly,
must have each entry that stayed exactly once.  Prints what is wrong; silence is
success.

usage: churn.py ROUNDS
"""
import os
import re
import signal
import socket
import sys
import time

import scale

STAY = 600
GO = 60


def stays(i):
    """Every tenth slot is churned."""
    return i % 10 != 9


def churn():
    """Until killed: entries between those that stay go and come back."""
    nl = scale.Netlink()
    gone = [i for i in range(STAY + GO) if not stays(i)]
    while True:
        for cmd, make in (
                (3, lambda i: scale.service(i, False)),
                (scale.NEW_SERVICE, scale.service),
                (7, lambda i: scale.service(0, False) + scale.dest(i)),
                (scale.NEW_DEST,
                 lambda i: scale.service(0, False) + scale.dest(i))):
            nl.run(nl.many(cmd, (make(i) for i in gone if i)))


def slow_dump(cmd, body, number):
    """A dump read a little at a time; number: of an answer's entry."""
    nl = scale.Netlink()
    nl.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    nl.sock.send(nl.message(cmd, body, scale.DUMP))
    seen = []
    while True:
        data = nl.sock.recv(1 << 18)
        time.sleep(0.002)
        while data:
            length = int.from_bytes(data[:4], sys.byteorder)
            if data[4] == 3 and data[5] == 0:
                return seen
            seen.append(number(data[20:length]))
            data = data[(length + 3) & ~3:]


def address_in(data, kind):
    """The first four bytes of attribute @kind of the nest in @data."""
    data = data[4:]
    while data:
        length = int.from_bytes(data[:2], sys.byteorder)
        if data[2] == kind:
            return data[4:8]
        data = data[(length + 3) & ~3:]
    return b""


def service_number(data):
    a = address_in(data, 3)
    return a[1] << 8 | a[2]


def dest_number(data):
    a = address_in(data, 1)
    return a[1] - 16 << 16 | a[2] << 8 | a[3]


def proc_listing():
    """Both lists from /proc/net/ip_vs, read in small pieces."""
    text = b""
    with open("/proc/net/ip_vs", "rb", buffering=0) as f:
        while True:
            part = f.read(700)
            if not part:
                break
            text += part
            time.sleep(0.0005)
    services = [int(a, 16) >> 8 & 0xffff for a in
                re.findall(rb"^TCP  ([0-9A-F]{8}):", text, re.M)]
    dests = [int(a, 16) & 0xffff for a in
             re.findall(rb"^  -> ([0-9A-F]{8}):", text, re.M)]
    return services, dests


def check(what, seen):
    """Who was deleted and made again may come twice: that is another one."""
    for i in range(STAY + GO):
        count = seen.count(i)
        if stays(i) and count != 1:
            print("%s: entry %d came %d times" % (what, i, count))


def main():
    nl = scale.Netlink()
    every = range(STAY + GO)
    nl.run(nl.many(scale.NEW_SERVICE, (scale.service(i) for i in every)))
    nl.run(nl.many(scale.NEW_DEST, (scale.service(0, False) + scale.dest(i)
                                    for i in every)))
    child = os.fork()
    if child == 0:
        churn()
    try:
        for _ in range(int(sys.argv[1])):
            check("services", slow_dump(scale.GET_SERVICE, b"",
                                        service_number))
            check("servers", slow_dump(scale.GET_DEST,
                                       scale.service(0, False), dest_number))
            services, dests = proc_listing()
            check("proc services", services)
            check("proc servers", dests)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    # Nothing changes any more. At another place of the file than the last read's
    # end:
    try:
        with open("/proc/net/ip_vs", "rb", buffering=0) as f:
            head = f.read(300)
            f.read(5000)
            f.seek(0)
            if f.read(300) != head:
                print("proc: reading again from the start differs")
    finally:
        nl.run(nl.many(scale.FLUSH, [b""]))


main()
