#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the cases under both modules and compares; called by "run" in the VM."""
import argparse
import fnmatch
import importlib
import json
import os
import random
import sys
import time

import case as case_module
import compare
import world

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = sorted(name[:-3] for name in os.listdir(HERE)
              if name.startswith('cases_') and name.endswith('.py'))


def chosen(patterns):
    for name in SETS:
        importlib.import_module(name)
    return [told for told in case_module.CASES if not patterns or
            any(p in told.title or fnmatch.fnmatchcase(told.title, p) for p in patterns)]


def run_module(module, ko, cases, out):
    """All cases on one director; what is known is on disk before the next one."""
    started = time.monotonic()
    director = world.World(module, ko, len(case_module.CASES))
    records = {}
    for told in cases:
        records[told.title] = case_module.run_case(told, director)
        out.write(json.dumps([told.title, records[told.title]]) + '\n')
        out.flush()
    file_listing(records, cases, director.final_listing())
    for name, record in records.items():
        out.write(json.dumps([name, record]) + '\n')
    director.close()
    print('# %s: %d cases in %d s' % (module, len(cases), time.monotonic() - started),
          flush=True)
    return records


def unexpected(record):
    """What a case promised of the original and did not find."""
    for number, step in enumerate(record['steps'], 1):
        if 'unexpected' in step:
            yield 'step %d (%s): %s' % (number, step['label'], step['unexpected'])


class Report:
    """One line a case, and the sum."""

    def __init__(self, verbose):
        self.verbose = verbose
        self.count = {'passed': 0, 'failed': 0, 'skipped': 0}
        self.unbuilt = 0

    def line(self, status, name, note='', details=()):
        self.count[status] += 1
        number = sum(self.count.values())
        word = 'not ok' if status == 'failed' else 'ok'
        print('%s %d - %s%s' % (word, number, name, note))
        for text in details:
            print('    # ' + text)

    def judge(self, name, want, got, meant):
        broken = list(unexpected(want))
        if want['status'] == 'error' or broken:
            self.line('failed', name, ' (the case itself)', broken + [want['why']])
        elif want['status'] == 'unbuilt':
            self.line('skipped', name, ' # SKIP not in this kernel: ' + want['why'])
        elif got['status'] == 'unbuilt':
            self.unbuilt += 1
            self.line('skipped', name, ' # SKIP unbuilt: ' + got['why'])
        else:
            self.differences(name, compare.case(want, got), meant)

    def differences(self, name, texts, meant):
        bad, reasons = [], []
        for text in texts:
            why = meant.reason(name, text)
            if why:
                reasons.append(why)
            else:
                bad.append(text)
        if bad:
            self.line('failed', name, '', bad if self.verbose else bad[:14])
        else:
            self.line('passed', name, ''.join(' (differs: %s)' % why
                                              for why in sorted(set(reasons))))

    def end(self, seconds):
        print('# %d s; %d unbuilt' % (seconds, self.unbuilt))
        print('%(passed)d passed, %(failed)d failed, %(skipped)d skipped' % self.count)
        return 1 if self.count['failed'] or not self.count['passed'] else 0


def file_listing(records, cases, listing):
    """Add to each case what its services have counted by the end."""
    names = {}
    for told in cases:
        names['10.50.%d.%d' % divmod(told.number, 256)] = told.title
        names['fd50::%x' % told.number] = told.title
    record = {}
    for line in listing.splitlines()[3:]:
        if not line.startswith('  ->'):
            addr = line.split()[1].rpartition(':')[0].strip('[]')
            record = records.get(names.get(addr), {})
            service = ' '.join(line.split()[:2])
        record.setdefault('counted', []).append(
            '%s: %s' % (service, ' '.join(line.split())))


def read_records(path):
    """Of a run that may have ended early; a case's last line holds."""
    with open(path) as f:
        return dict(json.loads(line) for line in f if line.endswith('\n'))


def run_all(args, cases):
    folder = os.environ.get('VM_OUT', '/tmp')
    for i, module in enumerate(args.modules.split(',')):
        path = os.path.join(folder, 'packets-%d.jsonl' % i)
        with open(path, 'w') as out:
            run_module(module, args.ko, cases, out)
    return folder


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--modules', default='intree,ours')
    parser.add_argument('--ko')
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('--skip', action='append', default=[])
    parser.add_argument('--judge', metavar='FOLDER', help='compare what an earlier run left')
    parser.add_argument('--shuffle', type=int, metavar='SEED', help='in another order')
    parser.add_argument('patterns', nargs='*')
    args = parser.parse_args()

    started = time.monotonic()
    cases = [c for c in chosen(args.patterns) if not any(s in c.title for s in args.skip)]
    if args.shuffle is not None:
        random.Random(args.shuffle).shuffle(cases)
    folder = args.judge or run_all(args, cases)
    first, second = (read_records(os.path.join(folder, 'packets-%d.jsonl' % i))
                     for i in (0, 1))

    meant = compare.Meant(compare.load_table())
    report = Report(args.verbose)
    for name in [told.title for told in cases]:
        if name in first and name in second:
            report.judge(name, first[name], second[name], meant)
        elif name in first:
            report.line('failed', name, ' (did not run: the machine died in it or before)')
    for row in meant.stale(first) if args.modules == 'intree,ours' else ():
        print('# no longer differs: %s | %s' % (row[0], row[1]))
    return report.end(time.monotonic() - started)


if __name__ == '__main__':
    sys.exit(main())
