# SPDX-License-Identifier: GPL-2.0-only
#
# Command lines and tables that are made up: both tools must do the same.
#
import os
import random
import re
import shlex

from bench import HERE, preload_conns

COMMANDS = ['-A', '-E', '-D', '-C', '-L', '-a', '-d', '-e', '--set',
            '--start-daemon master', '--stop-daemon backup', '-R', '-S', '-Z',
            '-h', '-v']
LONG_COMMANDS = ['--add-service', '--edit-service', '--delete-service',
                 '--clear', '--list', '-l', '--add-server', '--delete-server',
                 '--edit-server', '--restore', '--save', '--zero', '--help',
                 '--version']
OPTIONS = ['-n', '-c', '-t 192.0.2.1:80', '-u 192.0.2.1:53',
           '--sctp-service 192.0.2.1:9', '-f 1', '-s rr', '-p', '-p 60',
           '-M 255.255.0.0', '-r 198.51.100.11', '-g', '-i', '-m', '-w 5',
           '-x 9', '-y 3', '--mcast-interface eth0', '--timeout', '--daemon',
           '--stats', '--rate', '--thresholds', '--persistent-conn',
           '--nosort', '--sort', '--syncid 7', '-X', '-o', '--pe sip',
           '-b flag-1', '--mcast-group 239.1.1.1', '--mcast-port 9000',
           '--mcast-ttl 2', '--sync-maxlen 2000', '--tun-info',
           '--tun-type gue', '--tun-port 6080', '--tun-nocsum', '--tun-csum',
           '--tun-remcsum', '-6']
LONG_OPTIONS = ['--numeric', '--connection', '--tcp-service 192.0.2.2:80',
                '--udp-service 192.0.2.3:53', '--fwmark-service 2',
                '--scheduler wrr', '--persistent=70', '--netmask 24',
                '--real-server 198.51.100.12:81', '--gatewaying', '--ipip',
                '--masquerading', '--weight 0', '--u-threshold 8',
                '--l-threshold 2', '--exact', '--ops', '--sched-flags flag-2',
                '--ipv6']
BASE = ['-A -t 192.0.2.1:80 -s rr', '-a -t 192.0.2.1:80 -r 198.51.100.11 -w 2',
        '-A -u 192.0.2.1:53 -s wrr -p 100', '-A -f 1 -s rr', '-A -f 2 -6',
        '-a -f 1 -r 198.51.100.11:81 -m', '-A -t [2001:db8::1]:80 -s wlc',
        '-a -t [2001:db8::1]:80 -r [2001:db8:5::9]:80 -m']
WORDS = ['-t 192.0.2.1:80', '-t 192.0.2.9', '-t [2001:db8::1]:80', '-f 3',
         '-f 0', '-u 192.0.2.1:domain', '-t vip:http', '-t x', '-p', '-p 0',
         '-p -5', '-pt', '-nX', '-LX', '-s', '-s ""', '-s sh', '-s mh',
         '-b sh-port', '-b mh-port,mh-fallback', '-b bogus', '-M 64',
         '-M 0', '-r [2001:db8:5::11]:80', '-r 198.51.100.11:8080', '-r rs1',
         '-w -1', '-w 1x', '-w=3', '-x 5 -y 6', '--', '-', 'foo', '""', '-Q',
         '--num', '--stats=', '-n=1', '100 200 300', '1 2', '-1',
         '--tun-type gre', '--tun-type vxlan', '--tun-port 0',
         '--mcast-group ff02::81', '--mcast-group 192.0.2.1',
         '--mcast-interface ""', '--mcast-interface none0', '--syncid 256',
         '--pe ""', '--pe abcdefghijklmnopqrstuvwxyz', '-b ""', '-At', '-6']


def pairs(bench, name, lines, setup):
    """Run each line with both tools, from the same state."""
    if not bench.stock:
        bench.skipped += len(lines)
        return
    results = []
    for tool in bench.stock, bench.ours:
        bench.reset(setup, everything=True)
        mine = []
        for line in lines:
            result = tool.call(shlex.split(line))
            if result.status in (0, 255):
                result.rules = bench.rules()
            mine.append(result)
            daemon = 'daemon' in line and result.status == 0
            changed = result.rules not in (None, bench.base)
            if changed or daemon or '--set' in line:
                bench.reset(setup, everything=daemon or '--set' in line)
        results.append(mine)
    for line, stock, ours in zip(lines, *results):
        # Stock saves no thresholds.
        if line.startswith(('-S', '--save')):
            ours.out = re.sub(r' -[xy] \d+', '', ours.out)
        bench.compare(f'{name}: {line}', stock, ours)


def suite_matrix(bench):
    lines = [f'{c} {o}' for c in COMMANDS for o in OPTIONS]
    lines += LONG_COMMANDS
    lines += [f'{c} {o}' for c in ('-A', '-L', '-a', '-S')
              for o in LONG_OPTIONS]
    full = {'-A': '-t 192.0.2.7:80', '-E': '-t 192.0.2.1:80',
            '-D': '-t 192.0.2.1:80', '-L': '-t 192.0.2.1:80',
            '-a': '-t 192.0.2.1:80 -r 198.51.100.77',
            '-d': '-t 192.0.2.1:80 -r 198.51.100.11',
            '-e': '-t 192.0.2.1:80 -r 198.51.100.11',
            '--set': '1 2 3', '-Z': '-f 1'}
    for command, words in full.items():
        lines += [f'{command} {words} {o}' for o in OPTIONS]
        lines += [f'{command} {o} {words}' for o in OPTIONS[2:12]]
    tunnel = '-a -t 192.0.2.1:80 -r 198.51.100.77 -i --tun-type'
    flags = ['', '--tun-port 5', '--tun-nocsum', '--tun-csum',
             '--tun-remcsum']
    lines += [f'{tunnel} {t} {a} {b}' for t in ('ipip', 'gue', 'gre')
              for a in flags for b in flags]
    shows = ['-n', '-c', '--stats', '--rate', '--thresholds', '--timeout',
             '--daemon', '--persistent-conn', '--tun-info', '-X', '--nosort']
    lines += [f'-L {a} {b}' for a in shows for b in shows]
    pairs(bench, 'matrix', lines, BASE)


def suite_random(bench):
    rng = random.Random(int(os.environ.get('TEST_SEED', 20261123)))
    lines = []
    for _ in range(int(os.environ.get('TEST_RANDOM', 300))):
        words = [rng.choice(WORDS + OPTIONS + LONG_OPTIONS)
                 for _ in range(rng.randrange(6))]
        command = rng.choice(COMMANDS[:14] + LONG_COMMANDS[:12])
        if rng.random() < 0.05:
            words.append(command)
        else:
            words.insert(0, command)
        lines.append(' '.join(words))
    pairs(bench, 'random', lines, BASE)


def suite_lists(bench):
    with open(os.path.join(HERE, 'lists.rules')) as file:
        rules = file.read().splitlines()
    shows = ['', '--stats', '--rate', '--thresholds', '--persistent-conn',
             '--tun-info', '--stats -X', '--rate --exact', '--nosort',
             '--stats --rate', '--rate --thresholds', '--sort',
             '--thresholds --tun-info --exact', '--stats --nosort']
    lines = ['-S', '-S -n', '']
    for n in '', '-n':
        lines += [f'-L {n} {s}' for s in shows]
        lines += [f'-L {n} {s} {v}' for s in shows[:7] for v in
                  ('-t 192.0.2.10:80', '-f 2 -6', '-u 192.0.2.10:5060',
                   '-t [2001:db8::10]:80', '-t 192.0.2.10:7000')]
    pairs(bench, 'lists', lines, rules)


def suite_order(bench):
    rng = random.Random(7)
    for _ in range(4):
        rules = set()
        while len(rules) < 60:
            kind = rng.randrange(5)
            if kind == 0:
                rules.add(f'-A -f {rng.randrange(1, 1 << 31)}'
                          + rng.choice(['', ' -6']))
            elif kind == 1:
                rules.add(f'-A -t [{rng.randrange(1, 65536):x}::'
                          f'{rng.randrange(65536):x}]:{rng.randrange(1, 9)}')
            else:
                address = '.'.join(str(rng.choice(
                    [1, 9, 10, 127, 128, 172, 192, 200, 223]))
                    for _ in range(4))
                rules.add(f'-A {rng.choice(["-t", "-u"])} {address}:'
                          f'{rng.randrange(1, 4)}')
        rules = sorted(rules)
        rng.shuffle(rules)
        for _ in range(40):
            rules.append(f'{rules[0].replace("-A", "-a")} -i -r '
                         f'{rng.randrange(1, 223)}.{rng.randrange(256)}.1.1')
        rules = list(dict.fromkeys(rules))
        pairs(bench, 'order', ['-L -n', '-S -n', '-L -n --nosort'], rules)


def suite_conns(bench):
    library = preload_conns(os.environ['CLI_WORK'])
    bench.reset(everything=True)
    for name in sorted(os.listdir(HERE)):
        if not name.endswith('.conns'):
            continue
        env = {'LD_PRELOAD': library, 'CONN_FILE': os.path.join(HERE, name)}
        for line in ('-Lc', '-Lcn', '-Lcn --persistent-conn', '-Lc --sort',
                     '-Lc --persistent-conn', '-Lcn --nosort --exact'):
            if not bench.stock:
                bench.skipped += 1
                continue
            stock, ours = [tool.call(line.split(), env=env)
                           for tool in (bench.stock, bench.ours)]
            bench.compare(f'conns: {name}: {line}', stock, ours)
