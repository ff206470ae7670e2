#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Random tables, one replaced by the next.

usage: rulesets.py IPVSADM ROUNDS FIXED STEADY...

Runs in the director's namespace.  FIXED is a file of rules that are in each
table; STEADY is a command that echoes lines through a connection to one of
their services.  After each replacement the kernel's table must be the file, and
the connection must still be there.  Now and then a table is bad: nothing may
change then.
"""
import os
import random
import select
import subprocess
import sys

SCHEDULERS = ["rr", "wrr", "lc", "wlc", "sed", "nq", "fo", "ovf", "dh"]


def service(rng, i):
    """Name and -A line of service I, as -S prints it."""
    kind = i % 5
    if kind == 0:
        name, six = f"-f {i + 1}", False
    elif kind == 1:
        name, six = f"-f {i + 1} -6", True
    elif kind == 2:
        name, six = f"-t [2001:db8:9::{i:x}]:80", True
    elif kind == 3:
        name, six = f"-u 192.0.2.{i}:53", False
    else:
        name, six = f"-t 192.0.2.{i}:80", False
    line = f"-A {name} -s {rng.choice(SCHEDULERS)}"
    if rng.random() < 0.3:
        line += f" -p {rng.choice([60, 300])}"
        if rng.random() < 0.5:
            line += " -M 64" if six else " -M 255.255.0.0"
    if kind == 3 and rng.random() < 0.3:
        line += " -o"
    return name, six, line


def servers(rng, name, six):
    port = 0 if name[1] == "f" else int(name.rpartition(":")[2])
    for j in sorted(rng.sample(range(1, 20), rng.randrange(8))):
        host = f"[2001:db8:8::{j:x}]" if six else f"10.8.0.{j}"
        method = ["-m", "-g", "-i"][j % 3]
        at = 8080 if method == "-m" and port else port
        line = f"-a {name} -r {host}:{at} {method} -w {rng.randrange(4)}"
        if method == "-i":
            line += rng.choice([
                " --tun-type ipip", " --tun-type gre --tun-csum",
                " --tun-type gue --tun-port 6080 --tun-nocsum"])
        if rng.random() < 0.3:
            line += rng.choice([" -x 9", " -x 9 -y 3"])
        yield line


def table(rng):
    lines = []
    for i in rng.sample(range(25), rng.randrange(16)):
        name, six, line = service(rng, i)
        lines += [line] + list(servers(rng, name, six))
    return lines


def spoilt(rng, lines):
    """The same with one mistake: for the tool, or for the kernel."""
    bad, status = rng.choice([
        ("-A -t 192.0.2.250:99999", 1), ("-A -f 999 -s bogus", 255),
        ("-a -f 12345 -r 10.0.0.1:0 -g -w 1", 1), ("-Q", 1),
        ("-A -f 999 -s rr --pe none", 255)])
    lines = lines[:]
    lines.insert(rng.randrange(len(lines) + 1), bad)
    return lines, status


class Director:
    def __init__(self, ipvsadm, steady):
        self.ipvsadm = ipvsadm
        self.steady = subprocess.Popen(steady, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE)
        self.answer()

    def call(self, words, lines=()):
        text = "".join(line + "\n" for line in lines)
        return subprocess.run([self.ipvsadm] + words, input=text,
                              capture_output=True, text=True)

    def rules(self):
        return sorted(self.call(["-S", "-n"]).stdout.splitlines())

    def answer(self):
        out = self.steady.stdout
        if not select.select([out], [], [], 60)[0]:
            raise SystemExit("the connection is silent")
        return os.read(out.fileno(), 4096)

    def echo(self, word):
        self.steady.stdin.write(word + b"\n")
        self.steady.stdin.flush()
        got = self.answer()
        if got != word + b"\n":
            raise SystemExit(f"the connection broke: {got!r}")


def differing(want, got):
    return "".join(f"\n  missing: {line}" for line in set(want) - set(got)) + \
        "".join(f"\n  too much: {line}" for line in set(got) - set(want))


def replace(director, lines, number):
    done = director.call(["-R", "--replace"], lines)
    if done.returncode or done.stderr or done.stdout:
        raise SystemExit(f"round {number}: {done}")
    got = director.rules()
    if got != sorted(lines):
        raise SystemExit(f"round {number}:" + differing(lines, got))
    if number % 10 == 0:
        done = director.call(["-R", "--check"], lines)
        if done.returncode or done.stdout or done.stderr:
            raise SystemExit(f"round {number}, check: {done}")


def fail(director, lines, status, number):
    before = director.rules()
    done = director.call(["-R", "--replace"], lines)
    if done.returncode != status or "line" not in done.stderr:
        raise SystemExit(f"round {number}, bad table: {done}\n{lines}")
    if director.rules() != before:
        raise SystemExit(f"round {number}: a bad table changed something")


def main():
    ipvsadm, rounds, fixed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    rng = random.Random(int(os.environ.get("TEST_SEED", 20261125)))
    with open(fixed) as file:
        fixed = file.read().splitlines()
    director = Director(ipvsadm, sys.argv[4:])
    failures = 0
    for number in range(1, rounds + 1):
        lines = table(rng)
        at = rng.randrange(2)
        lines = fixed + lines if at else lines + fixed
        if rng.random() < 0.1:
            fail(director, *spoilt(rng, lines), number)
            failures += 1
        replace(director, lines, number)
        director.echo(b"%d" % number)
    print(f"{rounds} tables, {failures} refused as a whole")


if __name__ == "__main__":
    main()
