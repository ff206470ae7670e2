#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Inputs for packet.c to begin with: packets of the grammar in tests/packets/shapes.py.

usage: seeds.py FOLDER COUNT
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../packets'))
sys.dont_write_bytecode = True

from shapes import Flow, Shape  # noqa: E402
from wire import SCTP, TCP, UDP  # noqa: E402

SIX, QUOTE, RIGHT = 1, 2, 64
LONGEST = 4000


def flows():
    for proto in (TCP, UDP, SCTP):
        yield Flow(proto, ('10.1.0.2', 4000), ('10.5.0.1', 80), ('10.2.0.11', 8080))
        yield Flow(proto, ('fd01::2', 4000), ('fd05::1', 80), ('fd02::11', 8080))


def choice(rng, packet):
    """The head of an input, see struct choice: of a quote, where it begins."""
    six = packet[0] >> 4 == 6
    kind = rng.randrange(128) & ~(SIX | QUOTE) | (SIX if six else 0)
    at = 0
    if packet[6 if six else 9] in (1, 58):
        kind |= QUOTE
        at = 48 if six else (packet[0] & 15) * 4 + 8
    return bytes([kind, rng.randrange(80), rng.randrange(256), at // 4]) + rng.randbytes(18)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    made = number = 0
    while made < count:
        number += 1
        packet = Shape(1, number, list(flows())).frames()[0].packet
        if not 40 <= len(packet) <= LONGEST:
            continue
        with open('%s/seed-%d' % (folder, made), 'wb') as f:
            f.write(choice(random.Random(number), packet) + packet)
        made += 1


if __name__ == '__main__':
    main()
