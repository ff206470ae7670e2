#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mh_plot - draw what mh_figures counted, beside the Maglev paper's table.

stdin: lines of mh_figures, from the real scheduler with its 4,093 slots.
stdout: an SVG; stderr: the paper's side as a table.

The paper (NSDI 2016, 3.4 and 5.3) uses 65,537 slots and asks for 100 slots a
server, which keeps shares within 1 %.  Its side is computed here, by the paper's
algorithm with independent hash functions.
"""
import hashlib
import math
import sys

PAPER_SLOTS = 65537
PAPER_SERVERS = (2, 3, 5, 10, 30, 100, 300, 1000)
REMOVALS = 3


# --- the paper's table --------------------------------------------------------

def number(what, server):
    digest = hashlib.blake2b(b"%s %d" % (what, server), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def populate(servers, m):
    offset = [number(b"offset", s) % m for s in servers]
    skip = [number(b"skip", s) % (m - 1) + 1 for s in servers]
    table, left = [None] * m, m
    while True:
        for i, server in enumerate(servers):
            slot = offset[i]
            while table[slot] is not None:
                slot = (slot + skip[i]) % m
            table[slot] = server
            offset[i] = (slot + skip[i]) % m
            left -= 1
            if not left:
                return table


def paper_row(n):
    servers = list(range(n))
    before = populate(servers, PAPER_SLOTS)
    slots = [0] * n
    for server in before:
        slots[server] += 1
    moved = stay = 0
    for k in range(REMOVALS):
        gone = k * n // REMOVALS
        after = populate(servers[:gone] + servers[gone + 1:], PAPER_SLOTS)
        for a, b in zip(before, after):
            if a != gone:
                stay += 1
                moved += a != b
    return n, min(slots), max(slots), 1000 * moved / stay


# --- drawing ------------------------------------------------------------------

OURS, PAPER, RULE = "#b03060", "#2060a0", "#777"


class Panel:
    """A plot with logarithmic axes; percent on the y axis."""

    X0, X1, WIDTH, HEIGHT, TOP = 1.6, 5000, 320, 260, 56

    def __init__(self, left, title, y0, y1, ticks):
        self.left, self.y0, self.y1 = left, y0, y1
        self.out = [self.text(left, 30, title, weight="bold")]
        for x in (2, 10, 100, 1000):
            px, _ = self.at(x, y0)
            self.out.append(self.line(px, self.TOP, px, self.TOP + self.HEIGHT))
            self.out.append(self.text(px, self.TOP + self.HEIGHT + 17,
                                      f"{x:,}", "middle"))
        for y in ticks:
            _, py = self.at(2, y)
            self.out.append(self.line(left, py, left + self.WIDTH, py))
            self.out.append(self.text(left - 7, py + 4, f"{y:g} %", "end"))
        self.out.append(self.text(left + self.WIDTH / 2,
                                  self.TOP + self.HEIGHT + 36,
                                  "servers of equal weight", "middle"))

    @staticmethod
    def line(x0, y0, x1, y1, colour="#ddd", dash=""):
        return (f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" '
                f'stroke="{colour}"{dash}/>')

    @staticmethod
    def text(x, y, words, anchor="start", colour="#222", weight="normal"):
        return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
                f'fill="{colour}" font-weight="{weight}">{words}</text>')

    def at(self, x, y):
        def scale(v, low, high):
            return math.log(v / low) / math.log(high / low)
        y = min(max(y, self.y0), self.y1)
        return (self.left + self.WIDTH * scale(x, self.X0, self.X1),
                self.TOP + self.HEIGHT * (1 - scale(y, self.y0, self.y1)))

    SIDES = {"left above": (-8, -8, "end"), "right above": (8, -8, "start"),
             "right below": (8, 14, "start")}

    def curve(self, points, colour, label, where, side):
        """@where: the number of servers beside which the label stands."""
        places = [self.at(*p) for p in points if p[1] > 0]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self.out.append(f'<polyline points="{path}" fill="none" '
                        f'stroke="{colour}" stroke-width="2"/>')
        self.out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" '
                     f'fill="{colour}"/>' for x, y in places]
        x, y = self.at(where, dict(points)[where])
        dx, dy, anchor = self.SIDES[side]
        self.out.append(self.text(x + dx, y + dy, label, anchor, colour))

    def rule(self, y, label):
        _, py = self.at(2, y)
        self.out.append(self.line(self.left, py, self.left + self.WIDTH, py,
                                  RULE, ' stroke-dasharray="5 4"'))
        self.out.append(self.text(self.left + 4, py - 5, label, colour=RULE))


def spread(rows):
    """The fullest server's slots over the emptiest's, percent above."""
    return [(n, 100 * (most / least - 1)) for n, least, most, _ in rows]


def moves(rows):
    return [(n, moved / 10) for n, _, _, moved in rows]


def main():
    ours = [(int(n), int(least), int(most), float(moved)) for n, least, most,
            moved in (line.split() for line in sys.stdin)]
    paper = [paper_row(n) for n in PAPER_SERVERS]
    for n, least, most, moved in paper:
        print(f"paper's table: {n} servers, {least} to {most} slots, "
              f"{moved / 10:.2f} % moved", file=sys.stderr)
    balance = Panel(64, "Balance: fullest over emptiest server", 0.002, 200,
                    (0.01, 0.1, 1, 10, 100))
    balance.rule(1, "the paper's aim: 1 %")
    balance.curve(spread(ours), OURS, "4,093 slots (mh)", 500,
                  "left above")
    balance.curve(spread(paper), PAPER, "65,537 slots (the paper)", 10,
                  "right below")
    disruption = Panel(464, "Disruption: moved without need when one goes",
                       0.02, 20, (0.1, 1, 10))
    disruption.curve(moves(ours), OURS, "4,093 slots (mh)", 30,
                     "right above")
    disruption.curve(moves(paper), PAPER, "65,537 slots (the paper)", 30,
                     "right below")
    print('<svg xmlns="http://www.w3.org/2000/svg" width="810" height="366" '
          'font-family="sans-serif" font-size="12">\n'
          '<rect width="810" height="366" fill="white"/>')
    print("\n".join(balance.out + disruption.out))
    print("</svg>")


main()
