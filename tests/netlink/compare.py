#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare two outputs of matrix.py, but for what is listed as meant.

usage: compare.py EXPECTED INTREE OURS

EXPECTED has lines "PATTERN ANSWER # reason": a case whose name matches the
pattern (as in the shell) may differ from in-tree if our answer, as matrix.py
prints it, matches ANSWER.  Prints what differs otherwise, and lines of EXPECTED
that met cases but no difference.
"""
import fnmatch
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return dict(line.rstrip("\n").split(" ", 1) for line in f)


def meant(path):
    rows = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].split()
            if line:
                rows.append((line[0], " ".join(line[1:])))
    return rows


def main():
    rows = meant(sys.argv[1])
    theirs, ours = read(sys.argv[2]), read(sys.argv[3])
    used = set()
    for name in theirs.keys() | ours.keys():
        a, b = theirs.get(name, "missing"), ours.get(name, "missing")
        if a == b:
            continue
        for i, (pattern, answer) in enumerate(rows):
            if fnmatch.fnmatchcase(name, pattern) and \
                    fnmatch.fnmatchcase(b, answer):
                used.add(i)
                break
        else:
            print("%s: in-tree %s, ours %s" % (name, a, b))
    for i, row in enumerate(rows):
        if i not in used and fnmatch.filter(ours, row[0]):
            print("listed but met no difference: " + " ".join(row))


main()
