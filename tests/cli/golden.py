# SPDX-License-Identifier: GPL-2.0-only
#
# Cases that are written down: *.cases.
#
# One a line: "ARGUMENTS ⇒ STATUS ! STDERR > STDOUT = RULES", each part
# optional, lines joined by " ⏎ ", a dot in the middle for a trailing blank.
# "W23: " in front: we differ on purpose, see the specification's list of
# warts; "own: " is about ours alone. The stock tool is not compared then. TRY,
# EMPTY, (titles), (any): see the code. %setup RULE before each case; %keep: no
# reset between cases; %servers: RULES are the servers only; %mode
# args|restore|shell; %define NAME VALUE.
#
import os
import re
import shlex

from bench import diff

TRY = "Try `ipvsadm -h' or 'ipvsadm --help' for more information."
BANNER = 'IP Virtual Server version 1.2.1 (size=4096)\n'
TITLES = ('Prot LocalAddress:Port Scheduler Flags\n'
          '  -> RemoteAddress:Port           '
          'Forward Weight ActiveConn InActConn\n')


class Case:
    def __init__(self, text, suite):
        self.suite = suite
        self.wart = None
        found = re.match(r'(W\d+|own): ', text)
        if found:
            self.wart = found.group(1)
            text = text[found.end():]
        self.text, _, want = text.partition(' ⇒ ')
        self.want = {}
        parts = re.split(r' ([!>=]) ', want)
        self.status = int(parts[0]) if parts[0] else None
        for mark, value in zip(parts[1::2], parts[2::2]):
            self.want[mark] = suite.expand(value)

    def run(self, tool):
        mode = self.suite.mode
        if mode == 'restore':
            text = self.text if self.text != '(empty)' else ''
            text = re.sub(r'<(\d+) times (.)>',
                          lambda m: m.group(2) * int(m.group(1)), text)
            text = text.replace('·', ' ').encode()
            text = text.decode('unicode_escape').encode()
            return tool.call(['-R'], text)
        if mode == 'shell':
            return tool.shell(self.text)
        text = self.text
        for name, value in self.suite.defines.items():
            text = text.replace('$' + name, value)
        words = shlex.split(text)
        env = {}
        if words and words[0] == 'env':
            while words[1] != 'ipvsadm':
                key, _, value = words.pop(1).partition('=')
                env[key] = value
            del words[:2]
        return tool.call(words, env=env)

    def expected(self, result):
        """Differences from what the file says."""
        detail = ''
        if self.status is not None and result.status != self.status:
            detail += f'  status {result.status}, not {self.status}\n'
        if self.status is None:
            return detail
        got = {'!': result.err, '>': result.out}
        if '=' in self.want or not detail and result.rules is not None:
            got['='] = self.suite.filtered(result.rules)
        for mark, text in got.items():
            want = self.want.get(mark, '')
            if mark == '=' and '=' not in self.want and (
                    self.suite.keep or self.suite.mode == 'shell'):
                continue
            if want == '(any)\n':
                continue
            if text != want:
                detail += f'  {mark}\n' + diff(want, text)
        return detail


class Suite:
    def __init__(self, path):
        self.name = os.path.basename(path)[:-len('.cases')]
        self.setup, self.defines, self.cases = [], {}, []
        self.mode, self.keep, self.only_servers = 'args', False, False
        with open(path) as file:
            for line in file:
                line = line.rstrip('\n')
                if line.startswith('%'):
                    self.directive(line[1:])
                elif line and not line.startswith('# '):
                    case = Case(line, self)
                    self.cases.append(case)

    def directive(self, line):
        word, _, rest = line.partition(' ')
        if word == 'setup':
            self.setup.append(rest)
        elif word == 'define':
            name, _, value = rest.partition(' ')
            self.defines[name] = value
        elif word == 'mode':
            self.mode = rest
        elif word == 'keep':
            self.keep = True
        elif word == 'servers':
            self.only_servers = True
        else:
            raise SystemExit(f'{self.name}: unknown %{word}')

    def expand(self, text):
        for name, value in self.defines.items():
            text = text.replace('$' + name, value)
        text = text.replace('·', ' ').replace('(empty line)', '')
        text = text.replace(' ⏎ ', '\n') + '\n'
        text = text.replace('TRY\n', TRY + '\n')
        text = text.replace('(titles)\n', TITLES)
        return text.replace('EMPTY\n', BANNER + TITLES)

    def filtered(self, rules):
        if not self.only_servers:
            return rules
        return ''.join(line for line in rules.splitlines(True)
                       if line.startswith('-a'))

    def play(self, bench, tool):
        bench.reset(self.setup, everything=True)
        results = []
        for case in self.cases:
            last = results[-1] if results else None
            if not self.keep and last and last.rules != bench.base:
                bench.reset(self.setup)
            if case.wart and tool is bench.stock:
                results.append(None)
                continue
            result = case.run(tool)
            if self.mode != 'shell':
                result.rules = bench.rules()
            results.append(result)
        bench.reset(everything=True)
        return results

    def run(self, bench):
        stock = self.play(bench, bench.stock) if bench.stock else []
        ours = self.play(bench, bench.ours)
        for i, case in enumerate(self.cases):
            name = f'{self.name}: {case.text}'
            ours[i].err = bench.without_texts(ours[i].err,
                                              case.want.get('!', ''))
            detail = case.expected(ours[i])
            bench.verdict(not detail, name + ' (as written)', detail)
            if case.wart and bench.stock:
                bench.skipped += 1
            elif bench.stock:
                bench.compare(name + ' (as stock)', stock[i], ours[i])
