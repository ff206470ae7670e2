#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the cases under both modules and compares; called by "run" in the VM."""
import argparse
import fnmatch
import importlib
import json
import os
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
    cases = list(enumerate(case_module.CASES, 1))
    if not patterns:
        return cases
    return [(n, c) for n, c in cases
            if any(p in c[0] or fnmatch.fnmatchcase(c[0], p) for p in patterns)]


def run_module(module, ko, cases):
    """All cases on one director."""
    started = time.monotonic()
    director = world.World(module, ko, len(case_module.CASES))
    records = {}
    for number, (name, function, args) in cases:
        records[name] = case_module.run_case(number, director, function, args)
    listing = director.final_listing()
    director.close()
    print('# %s: %d cases in %d s' % (module, len(cases), time.monotonic() - started),
          flush=True)
    return records, listing


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


def by_service(listing):
    """The lines of each service of a listing, sorted: order is not ours to test."""
    blocks, block = [], []
    for line in listing.splitlines()[3:]:
        if line.startswith('  ->'):
            block.append(line)
        else:
            block = [line]
            blocks.append(block)
    return sorted('\n'.join(b) for b in blocks)


def dump(records, name):
    if os.environ.get('VM_OUT'):
        with open(os.path.join(os.environ['VM_OUT'], name + '.json'), 'w') as f:
            json.dump(records, f, indent=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--modules', default='intree,ours')
    parser.add_argument('--ko', required=True)
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('patterns', nargs='*')
    args = parser.parse_args()

    started = time.monotonic()
    cases = chosen(args.patterns)
    results = []
    for i, module in enumerate(args.modules.split(',')):
        results.append(run_module(module, args.ko, cases))
        dump(results[-1][0], '%d-%s' % (i, module))
    (first, listing), (second, other) = results[0], results[-1]

    meant = compare.Meant(compare.load_table())
    report = Report(args.verbose)
    for _, (name, _, _) in cases:
        report.judge(name, first[name], second[name], meant)
    unbuilt = any(r['status'] == 'unbuilt' for r in second.values())
    if unbuilt:
        report.line('skipped', 'the counters of every service at the end',
                    ' # SKIP unbuilt cases have left none')
    else:
        report.differences('the counters of every service at the end', compare.lines(
            'listing', by_service(listing), by_service(other)), meant)
    for row in meant.stale(first) if args.modules == 'intree,ours' else ():
        print('# no longer differs: %s | %s' % (row[0], row[1]))
    return report.end(time.monotonic() - started)


if __name__ == '__main__':
    sys.exit(main())
