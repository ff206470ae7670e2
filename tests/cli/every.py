#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every golden case as input for every.c.

usage: every.py FILE

Cases with arguments and cases for -R, each after what sets its table up, then
command lines of what the stock tool does not have.  Those that are shell
scripts are left out: they start the tool themselves.
"""
import os
import re
import shlex
import sys

sys.dont_write_bytecode = True

from bench import HERE
from golden import Suite

RULES = """-A -t 192.0.2.1:80 -s rr -p 60
-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -x 9 -y 2
-A -u 192.0.2.1:53 -s wrr -o
-A -f 7 -6 -s sh -b sh-port
-a -f 7 -6 -r [2001:db8::1] -i --tun-type gue --tun-port 6080
"""
OWN = [("-R", RULES), ("-L -j", ""), ("-L -j --pretty", ""),
       ("-L --stats -j -t 192.0.2.1:80", ""), ("-L --timeout -j", ""),
       ("-L --daemon -j", ""), ("-Lc", ""), ("-Lcn --sort=client", ""),
       ("-Lcj --filter protocol=tcp,client=10.0.0.0/8", ""),
       ("-Lc --count", ""), ("-Lcj --count", ""), ("-L --drops", ""),
       ("-L --drops -j", ""), ("-K", ""), ("-K --filter mark=7", ""),
       ("-K -j --all", ""), ("-R --check", RULES), ("-R --check", ""),
       ("-R --check", "-A -f x\n-Q\n-a -f 1 -r 10.0.0.1\n\0"),
       ("-R --check", "-A -f x\n-Q\n-A -f 1\n-A -f 1\n-a -f 2 -r 10.0.0.1\n"),
       ("-R --replace", RULES.replace("wrr", "lc") + "-A -f 9\n"),
       ("-R --replace", RULES + "-A -f 9 -s bogus\n"),
       ("-R --replace", "-A -f x\n"), ("-R --replace", ""),
       ("-R", RULES), ("-e -t 192.0.2.1:80 -r 10.0.0.1 --drain 1", ""),
       ("-e -t 192.0.2.1:80 -r 10.0.0.1 --drain 1 --force", ""), ("-C", "")]


def write(out, words, text=b""):
    words = [word.encode() for word in ["ipvsadm"] + words]
    out.write(b"%d %d\n" % (len(words), len(text)))
    for word in words:
        out.write(word + b"\0")
    out.write(text)


def restore_input(case):
    text = case.text if case.text != "(empty)" else ""
    text = re.sub(r"<(\d+) times (.)>",
                  lambda m: m.group(2) * int(m.group(1)), text)
    return text.replace("·", " ").encode().decode("unicode_escape").encode()


def write_case(out, suite, case):
    if suite.mode == "restore":
        write(out, ["-R"], restore_input(case))
        return
    text = case.text
    for name, value in suite.defines.items():
        text = text.replace("$" + name, value)
    words = shlex.split(text)
    if words[:1] != ["env"]:
        write(out, words)


def main():
    cases = 0
    with open(sys.argv[1], "wb") as out:
        for name in sorted(os.listdir(HERE)):
            if not name.endswith(".cases"):
                continue
            suite = Suite(os.path.join(HERE, name))
            if suite.mode == "shell":
                continue
            setup = "\n".join(["-C"] + suite.setup) + "\n"
            for case in suite.cases:
                write(out, ["-R"], setup.encode())
                write_case(out, suite, case)
                cases += 1
        for words, text in OWN:
            write(out, words.split(), text.encode())
            cases += 1
    print(cases)


if __name__ == "__main__":
    main()
