#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What each setting of net.ipv4.vs is, and what it does with each value.

Prints "NAME what: answer" lines: mode and default, then for each value written
the errno (0: taken) and what is read back.  Each setting is put back before the
next.  Run on two modules in fresh network namespaces, the outputs can be
compared line by line.

usage: sysctls.py
"""
import errno
import os
import stat

FOLDER = "/proc/sys/net/ipv4/vs"

VALUES = ("0", "1", "2", "3", "4", "5", "7", "8", "19", "20", "63", "64", "65",
          "-1", "-3", "-8", "-9", "-20", "-21", "32768", "1073741824",
          "2147483647", "2147483648", "-2147483648", "-2147483649",
          "4294967295", "4294967296", "99999999999999999999", "8589934",
          "8589935", "-8589935", "", " ", "abc", "1x", "0x10", "010", "+1",
          "1 2", "2 1", "0 0", "3\t50", "50 3", "-1 5", "5 -1", "1 2 3", "0-1",
          "0,1", "99999")


def read(name):
    try:
        with open(os.path.join(FOLDER, name), encoding="ascii") as f:
            return f.read()
    except OSError as e:
        return errno.errorcode[e.errno]


def write(name, value):
    try:
        fd = os.open(os.path.join(FOLDER, name), os.O_WRONLY)
    except OSError as e:
        return errno.errorcode[e.errno]
    try:
        os.write(fd, value.encode() + b"\n")
    except OSError as e:
        return errno.errorcode[e.errno]
    finally:
        os.close(fd)
    return "0"


def main():
    for name in sorted(os.listdir(FOLDER)):
        initial = read(name)
        mode = stat.S_IMODE(os.stat(os.path.join(FOLDER, name)).st_mode)
        print("%s mode: %o" % (name, mode))
        print("%s default: %r" % (name, initial))
        for value in VALUES:
            took = write(name, value)
            print("%s %r: %s, reads %r" % (name, value, took, read(name)))
            write(name, initial.strip())
        print("%s restored: %s" % (name, read(name) == initial))


main()
