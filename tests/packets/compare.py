# SPDX-License-Identifier: GPL-2.0-only
"""Two records of a case, field by field, less the differences that are meant.

differences.txt: lines "CASE | PATTERN | REASON"; both shell patterns, the second
for the text of a difference.
"""
import fnmatch
import os

# Seconds that may pass between a packet and the reading of the table.
SLACK_S = 3
TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'differences.txt')


def load_table(path=TABLE):
    rows = []
    with open(path) as f:
        for line in f:
            line = line.strip()
            if line and not line.startswith('#'):
                rows.append([word.strip() for word in line.split(' | ', 2)])
    return rows


def packets(where, want, got):
    if len(want) != len(got):
        yield '%s: %d packets, ours %d' % (where, len(want), len(got))
        return
    for i, (a, b) in enumerate(zip(want, got)):
        for field in list(a) + [f for f in b if f not in a]:
            if a.get(field) != b.get(field):
                yield '%s: packet %d: %s: %s, ours %s' % (
                    where, i + 1, field, a.get(field, 'absent'), b.get(field, 'absent'))


def lines(where, want, got):
    for line in want:
        if line not in got:
            yield '%s: missing: %s' % (where, line)
    for line in got:
        if line not in want:
            yield '%s: ours only: %s' % (where, line)
    if sorted(want) == sorted(got) and want != got:
        yield '%s: another order' % where


def step(number, want, got):
    where = 'step %d (%s)' % (number, want['label'])
    for port in want['out']:
        yield from packets('%s: %s' % (where, port), want['out'][port], got['out'][port])
    yield from lines(where + ': entries', want['conns'], got['conns'])
    if want['conns'] == got['conns']:
        for row, a, b in zip(want['conns'], want['expires'], got['expires']):
            # Nothing of it is older than the case, which takes long on a busy machine.
            if abs(a - b) > SLACK_S + max(want.get('took', 0), got.get('took', 0)):
                yield '%s: expires: %d s, ours %d s: %s' % (where, a, b, row)
    yield from lines(where + ': services', want['services'], got['services'])
    names = ('conns', 'inpkts', 'outpkts', 'inbytes', 'outbytes')
    for name, a, b in zip(names, want['counters'], got['counters']):
        if a != b:
            yield '%s: counter %s: +%d, ours +%d' % (where, name, a, b)
    if want.get('result') != got.get('result'):
        yield '%s: result: %s, ours %s' % (where, want.get('result'), got.get('result'))


def case(want, got):
    """All differences of one case."""
    if want['status'] != got['status']:
        yield 'status: %s, ours %s: %s' % (want['status'], got['status'], got['why'])
        return
    for number, (a, b) in enumerate(zip(want['steps'], got['steps']), 1):
        yield from step(number, a, b)
    yield from lines('counted at the end', sorted(want.get('counted', ())),
                     sorted(got.get('counted', ())))


class Meant:
    """The table of differences, and which rows were of use."""

    def __init__(self, rows):
        self.rows, self.used = rows, set()

    def reason(self, name, text):
        for i, (cases, pattern, why) in enumerate(self.rows):
            if fnmatch.fnmatchcase(name, cases) and fnmatch.fnmatchcase(text, pattern):
                self.used.add(i)
                return why
        return None

    def stale(self, names):
        """Rows for cases that ran and did not differ so."""
        return [row for i, row in enumerate(self.rows) if i not in self.used and
                any(fnmatch.fnmatchcase(n, row[0]) for n in names)]
