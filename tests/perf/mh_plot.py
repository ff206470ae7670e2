#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mh_plot - draw what mh_figures counted: stdin to an SVG on stdout."""
import math
import sys

W, H, LEFT, TOP, RIGHT, BOTTOM = 640, 400, 60, 30, 20, 50
rows = [tuple(map(float, line.split())) for line in sys.stdin]
# slots of the fullest over those of the emptiest server, in percent above;
# slots that moved without need, in percent
series = [
    ("fullest over emptiest server", "#b03060",
     [(n, 100 * (most / least - 1)) for n, least, most, _ in rows]),
    ("moved without need, one server removed", "#2060a0",
     [(n, moved / 10) for n, _, _, moved in rows]),
]
X0, X1, Y0, Y1 = 2, 5000, 0.01, 200


def at(x, y):
    y = min(max(y, Y0), Y1)
    return (LEFT + (W - LEFT - RIGHT) * math.log(x / X0) / math.log(X1 / X0),
            H - BOTTOM - (H - TOP - BOTTOM) * math.log(y / Y0) / math.log(Y1 / Y0))


out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{W}" height="{H}" '
       'font-family="sans-serif" font-size="12">',
       f'<rect width="{W}" height="{H}" fill="white"/>']
for x in (2, 10, 100, 1000):
    px, _ = at(x, 1)
    out.append(f'<path d="M{px:.0f} {TOP}V{H - BOTTOM}" stroke="#ddd"/>'
               f'<text x="{px:.0f}" y="{H - BOTTOM + 16}" text-anchor="middle">{x}</text>')
for y in (0.01, 0.1, 1, 10, 100):
    _, py = at(2, y)
    out.append(f'<path d="M{LEFT} {py:.0f}H{W - RIGHT}" stroke="#ddd"/>'
               f'<text x="{LEFT - 6}" y="{py + 4:.0f}" text-anchor="end">{y:g} %</text>')
out.append(f'<text x="{W / 2:.0f}" y="{H - 12}" text-anchor="middle">'
           'servers of equal weight, table of 4093 slots</text>')
for i, (name, colour, points) in enumerate(series):
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in (at(*p) for p in points))
    out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
               'stroke-width="2"/>')
    out.append(f'<text x="{LEFT + 12}" y="{TOP + 16 + 18 * i}" fill="{colour}">{name}</text>')
out.append("</svg>")
print("\n".join(out))
