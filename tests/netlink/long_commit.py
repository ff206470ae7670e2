#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
long_commit FOLDER: commits, larger and larger; what each makes is removed again.

For each commit N the file FOLDER/N appears when it begins, and holds its
milliseconds when it has ended.
"""
import itertools
import os
import sys
import time

import ext_transaction as t
import ext_world as w
import ipvs_ext as ext
import ipvs_nl as nl

LARGEST = 64000


def name(i):
    return 80, f"10.9.{16 + (i >> 8)}.{i & 255}"


def operations(n):
    """To make services with twenty servers each."""
    for i in range(n // 20):
        yield t.op(nl.NEW_SERVICE, t.service_full(*name(i)))
        for rip in w.SERVERS:
            yield t.op(nl.NEW_DEST, t.service_id(*name(i)), ext.dest_full(rip, 80))


def commit(folder, number, size):
    sock = t.Transaction()
    assert sock.begin() == 0
    assert sock.stage(list(operations(size))) == (0, None)
    path = os.path.join(folder, str(number))
    open(path, "w").close()
    began = time.monotonic()
    assert sock.commit() == (0, None)
    seconds = time.monotonic() - began
    with open(path + ".new", "w") as f:
        f.write(f"{seconds * 1000:.0f}\n")
    os.rename(path + ".new", path)
    w.flush(w.old())


def main(folder):
    size = 4000
    for number in itertools.count(1):
        commit(folder, number, size)
        size *= 2
        if size > LARGEST:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
