#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Mutants of every case's packets, while what the case configured is there.

usage: fuzz.py --ko KO --mutate PROGRAM [--packets N] [--seed N] [PATTERN...]

Each case runs as always, unjudged, and lends what it sent to mutate.c, which sends
its share of the N mutants to a director that still has the case's services,
settings and connections.  In the end all of it must go: connections, services,
namespaces, the module.  What the kernel says of it is for the caller to judge.
"""
import argparse
import ctypes
import itertools
import socket
import struct
import subprocess
import sys
import time

import case as case_module
import control
import harness
import world

# What mutate.c takes, link header included; longer ones are for offload, which it
# makes itself.
SHORTEST_SEED, LONGEST_SEED = 60, 8000
SO_ATTACH_FILTER = 26
PATIENCE_S = 180


class Mutator:
    """The program that changes and sends."""

    def __init__(self, program, seed):
        self.process = subprocess.Popen(
            ['ip', 'netns', 'exec', 'wire', program, str(seed)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def say(self, line):
        self.process.stdin.write(line + '\n')

    def go(self, count, seeds):
        for device, frame in seeds:
            self.say('seed %s %s' % (device, frame.hex()))
        self.say('go %d' % count)
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if words[:1] != ['sent']:
            raise RuntimeError('mutate ended: %s' % self.process.wait())
        self.say('forget')
        return int(words[1])

    def close(self):
        self.process.stdin.close()
        if self.process.wait():
            raise RuntimeError('mutate: status %d' % self.process.returncode)


class FuzzCase(case_module.Case):
    """A case that looks at nothing but keeps what it sends."""

    def __init__(self, number, director, family):
        self.frames = []
        super().__init__(number, director, family, keep=False)

    def send(self, side, packets, leaves, times=1, **words):
        for packet in [packets] if isinstance(packets, bytes) else packets:
            frame = self.world.ports[side].framed(packet, **words)
            self.world.ports[side].sock.send(frame)
            self.frames.append((side, frame))

    def take(self, label, leaves, times=1):
        self.steps.append({'label': label})

    def until(self, label, done, leaves=case_module.NOWHERE, seconds=20):
        """What a case waits for goes on during the mutants as well."""
        self.take(label, leaves)

    def last_out(self, side):
        """Nobody looks at what leaves: a case that goes by it ends here."""
        raise OSError('not seen')


def deafen(sock):
    """It receives nothing from here on: a filter of one instruction, "return 0"."""
    code = ctypes.create_string_buffer(struct.pack('=HBBI', 6, 0, 0, 0))
    program = struct.pack('HP', 1, ctypes.addressof(code))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def play(director, told):
    """Run one case; returns it, still configured."""
    t = FuzzCase(told.number, director, told.family)
    try:
        told.function(t, *told.args)
    except (case_module.Unbuilt, OSError, control.Refused):
        # Mutants may have closed a way (a path MTU learned, say); what it has sent
        # up to here serves.
        pass
    return t


def fuzz(director, mutator, cases, packets):
    sent = 0
    for done, told in enumerate(cases):
        t = play(director, told)
        share = (packets - sent) // (len(cases) - done)
        # Entries shall also come to their natural end meanwhile.
        director.control.timeouts(tcp=2, tcpfin=1, udp=1)
        seeds = [s for s in t.frames if SHORTEST_SEED <= len(s[1]) <= LONGEST_SEED]
        if seeds and share:
            sent += mutator.go(share, seeds)
        t.close()
    return sent


def until_empty():
    """Seconds until the table is empty; None: it does not get so."""
    started = time.monotonic()
    while time.monotonic() < started + PATIENCE_S:
        with open('/proc/net/ip_vs_conn') as f:
            # A line of heads is all that may be left.
            if len(list(itertools.islice(f, 2))) < 2:
                return time.monotonic() - started
        time.sleep(0.2)
    return None


def finish(director, ipvsadm):
    """End all there is; returns what is wrong with that."""
    director.control.flush()
    print('# ' + world.command(ipvsadm, '-K', '--all').strip(), flush=True)
    seconds = until_empty()
    if seconds is None:
        return ['connections are left: ' + world.command('head', '-5', '/proc/net/ip_vs_conn')]
    print('# the table is empty after %.1f s' % seconds, flush=True)
    left = [line for line in director.table() if line.strip()]
    return ['services are left: ' + '; '.join(left)] if left else []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ko', required=True)
    parser.add_argument('--mutate', required=True)
    parser.add_argument('--ipvsadm', required=True)
    parser.add_argument('--packets', type=int, default=20000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('patterns', nargs='*')
    args = parser.parse_args()

    started = time.monotonic()
    cases = harness.chosen(args.patterns)
    director = world.World('ours', args.ko, len(case_module.CASES))
    for port in director.ports.values():
        deafen(port.sock)
    mutator = Mutator(args.mutate, args.seed)
    sent = fuzz(director, mutator, cases, args.packets)
    mutator.close()
    seconds = time.monotonic() - started
    conns, inpkts, outpkts = director.counters()[:3]
    print('# seed %d: %d mutants of %d cases in %d s; %d connections, %d packets in, %d out' % (
        args.seed, sent, len(cases), seconds, conns, inpkts, outpkts), flush=True)
    wrong = finish(director, args.ipvsadm)
    # Mutants that nobody takes for a connection's would show nothing.
    if conns < sent // 100 or inpkts < sent // 10:
        wrong.append('hardly any mutant reached a service')
    # Ends in an exception if a namespace or the module does not go.
    director.close()
    for text in wrong:
        print('FAIL: ' + text)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
