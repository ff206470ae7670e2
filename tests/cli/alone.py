# SPDX-License-Identifier: GPL-2.0-only
#
# What stock does not have, and how both begin.
#
import json
import os
import pty
import re
import socket
import subprocess

from bench import HERE, Result, diff, preload_conns
from golden import TRY

def suite_json(bench):
    """JSON says what the tables say."""
    with open(os.path.join(HERE, 'lists.rules')) as file:
        bench.reset(file.read().splitlines(), everything=True)
    ours = bench.ours
    plain = ours.call(['-S', '-n']).out.splitlines()
    texts = [ours.call(['-L', '-j'] + more) for more in ([], ['--pretty'])]
    for result in texts:
        bench.verdict(not result.status and not result.err, 'json: quiet',
                      repr(result.key()))
    tables = [json.loads(result.out) for result in texts]
    bench.verdict(tables[0] == tables[1], 'json: --pretty is the same')
    table = tables[0]
    form = re.sub(r'\[\n *\]', '[]', texts[1].out)
    bench.verdict(form == json.dumps(table, indent=2) + '\n',
                  'json: --pretty form',
                  diff(json.dumps(table, indent=2), form))
    bench.verdict(table['version'] == '1.2.1' and
                  table['connection_table_size'] == 4096, 'json: banner')
    names = {'tcp': '-t', 'udp': '-u', 'sctp': '--sctp-service'}
    methods = {'masquerade': '-m', 'tunnel': '-i', 'direct': '-g'}
    lines = []
    for s in table['services']:
        def endpoint(e):
            six = e['family'] == 'ipv6'
            form = '[{address}]:{port}' if six else '{address}:{port}'
            return form.format(**e)
        if 'fwmark' in s:
            six = ' -6' if s['family'] == 'ipv6' else ''
            name = f"-f {s['fwmark']}{six}"
        else:
            name = f"{names[s['protocol']]} {endpoint(s)}"
        line = f"-A {name} -s {s['scheduler']}"
        if s['persistence']:
            line += f" -p {s['persistence']['timeout']}"
            mask = s['persistence'].get('prefix_length',
                                        s['persistence'].get('netmask'))
            if mask not in (128, '255.255.255.255'):
                line += f' -M {mask}'
        if s['persistence_engine']:
            line += f" --pe {s['persistence_engine']}"
        if s['one_packet']:
            line += ' -o'
        if s['scheduler_flags']:
            line += f" -b {','.join(s['scheduler_flags'])}"
        lines.append(line)
        for d in s['servers']:
            line = (f"-a {name} -r {endpoint(d)} {methods[d['method']]} "
                    f"-w {d['weight']}")
            if 'tunnel' in d:
                t = d['tunnel']
                line += f" --tun-type {t['type']}"
                if t['type'] == 'gue':
                    line += f" --tun-port {t['port']}"
                if t['type'] != 'ipip':
                    line += {'none': ' --tun-nocsum', 'full': ' --tun-csum',
                             'remote': ' --tun-remcsum'}[t['checksum']]
            for key, option in ('upper', '-x'), ('lower', '-y'):
                if d[key + '_threshold']:
                    line += f" {option} {d[key + '_threshold']}"
            lines.append(line)
    bench.verdict(lines == plain, 'json: the table', diff(
        '\n'.join(plain), '\n'.join(lines)))
    one = json.loads(ours.call(['-L', '--json', '-f', '1']).out)
    bench.verdict(len(one['services']) == 1, 'json: one service')
    times = json.loads(ours.call(['-L', '--timeout', '-j']).out)
    bench.verdict(times == {'tcp': 900, 'tcp_fin': 120, 'udp': 300},
                  'json: timeouts', repr(times))
    bench.verdict(ours.call(['-L', '--daemon', '-j']).out == '[]\n',
                  'json: no daemon')
    bench.reset(everything=True)
    empty = json.loads(ours.call(['-L', '-j']).out)
    bench.verdict(empty['services'] == [], 'json: empty table')
    pretty = ours.call(['-L', '-j', '--pretty']).out
    bench.verdict(pretty == json.dumps(empty, indent=2) + '\n',
                  'json: empty table, pretty', pretty)
    ours.call(['--start-daemon', 'master', '--syncid', '5'])
    daemons = json.loads(ours.call(['-L', '--daemon', '-j']).out)
    bench.verdict(daemons == [{
        'state': 'master', 'interface': 'eth0', 'syncid': 5, 'maxlen': 1472,
        'group': '224.0.0.81', 'port': 8848, 'ttl': 1}], 'json: daemon',
        repr(daemons))
    bench.reset(everything=True)


def suite_save(bench):
    """What is saved is all there is, and both tools restore it."""
    with open(os.path.join(HERE, 'lists.rules')) as file:
        bench.reset(file.read().splitlines(), everything=True)
    ours = bench.ours
    saved = ours.call(['-S', '-n']).out
    bench.verdict(' -x 100 -y 50\n' in saved, 'save: thresholds', saved)
    done = ours.call(['-R', '--check'], saved.encode())
    bench.verdict(done.key()[:3] == (0, '', ''), 'save: the same table',
                  repr(done.key()))
    want = ours.call(['-L', '-n', '--thresholds']).out
    for tool in bench.stock or ours, ours:
        bench.reset()
        done = tool.call(['-R'], saved.encode())
        got = ours.call(['-L', '-n', '--thresholds']).out
        bench.verdict(done.key()[:3] == (0, '', '') and got == want,
                      f'save: {tool.path} restores it',
                      repr(done.key()) + diff(want, got))
    bench.reset(everything=True)


def suite_filter(bench):
    """Connection filters, counts, and connections as JSON."""
    env = {'LD_PRELOAD': preload_conns(os.environ['CLI_WORK']),
           'CONN_FILE': os.path.join(HERE, 'mixed.conns')}

    def lines(words):
        return bench.ours.call(words.split(), env=env).out.splitlines()[2:]

    everything = lines('-Lcn')
    for text, want in (
            ('state=established', [l for l in everything if 'ESTAB' in l]),
            ('protocol=udp', [l for l in everything if 'UDP' in l]),
            ('service=192.0.2.10:80', [l for l in everything
                                       if '192.0.2.10:80 ' in l]),
            ('client=2001:db8::/32', [l for l in everything
                                      if '[2001:db8:9::2]' in l]),
            ('server=2001:db8:8::2,state=syn_recv',
             [l for l in everything if 'SYN_RECV' in l]),
            ('client=192.168.0.0/16', [])):
        got = lines(f'-Lcn --filter {text}')
        bench.verdict(got == want, f'filter: {text}', diff(want, got))
    for key, column in ('expire', slice(4, 10)), ('state', slice(11, 22)):
        got = lines(f'-Lcn --sort={key}')
        want = sorted(everything, key=lambda l: (l[column], l[4:10]))
        bench.verdict([l[column] for l in got] == [l[column] for l in want] and
                      sorted(got) == sorted(want), f'filter: --sort={key}',
                      diff(want, got))
    got = lines('-Lcn --sort=client --filter protocol=tcp')
    bench.verdict([l.split()[3] for l in got] == [
        '10.9.0.2:0', '10.9.0.2:40000', '10.9.0.2:40001', '10.9.0.2:40002',
        '10.9.0.2:40004', '10.9.0.2:40005', '[2001:db8:9::2]:0',
        '[2001:db8:9::2]:40003'], 'filter: --sort=client', repr(got))
    conns = json.loads(bench.ours.call(['-Lcj'], env=env).out)
    bench.verdict(len(conns) == len(everything), 'filter: json')
    bench.verdict(conns[0] == {
        'protocol': 'tcp', 'state': 'ESTABLISHED', 'expires': 898,
        'client': {'family': 'ipv4', 'address': '10.9.0.2', 'port': 40004},
        'virtual': {'family': 'ipv4', 'address': '192.0.2.10', 'port': 8081},
        'server': {'family': 'ipv4', 'address': '10.8.0.2', 'port': 8081}},
        'filter: json of a connection', repr(conns[0]))
    bench.verdict(conns[1]['fwmark'] == 7, 'filter: json of a mark')
    counts = bench.ours.call(['-Lc', '--count'], env=env).out
    want = ('pro state       connections\n'
            'TCP ESTABLISHED           4\nIP  ASSURED               1\n'
            'TCP ASSURED               2\nTCP TIME_WAIT             1\n'
            'TCP SYN_RECV              1\nUDP NONE                  1\n'
            'UDP UDP                   1\nall                      11\n')
    bench.verdict(counts == want, 'filter: counts', diff(want, counts))
    counts = json.loads(bench.ours.call(
        '-Lcj --count --filter protocol=udp'.split(), env=env).out)
    bench.verdict(counts == [
        {'protocol': 'udp', 'state': 'NONE', 'connections': 1},
        {'protocol': 'udp', 'state': 'UDP', 'connections': 1}],
        'filter: json counts', repr(counts))
    for words, message in (
            ('-L --filter state=udp', "The 'filter' option needs the "
             "'connection' option"),
            ('-L --count', "The 'count' option needs the 'connection' option"),
            ('-L --pretty', "The 'pretty' option needs the 'json' option"),
            ('-L --sort=state', "The 'sort' option needs the 'connection' "
             "option"),
            ('-Lc --count --sort=state', "The option 'sort' conflicts with "
             "the 'count' option"),
            ('-Lc --sort=x', "invalid sort key `x', wanted is expire, state or "
             "client"),
            ('-S -j', "Illegal 'json' option with the 'save' command"),
            ('-Lc --filter protocol=tcp,x=1', "invalid filter `x=1', wanted "
             "is key=value with one of the keys client, mark, protocol, "
             "server, service, state, template"),
            ('-K --filter state=ESTABLISHD', "invalid filter "
             "`state=ESTABLISHD', wanted is a state as listed, such as "
             "ESTABLISHED, SYN_RECV or TIME_WAIT"),
            ('-K --filter client=10.9.0.2,client=10.9.0.3', "invalid filter "
             "`client=10.9.0.3', wanted is each key once")):
        done = bench.ours.call(words.split())
        bench.verdict((done.status, done.err) == (2, message + '\n'),
                      f'filter: {words}', repr(done.key()))


def on_terminal(tool, words, stdin=b'', env=None):
    """What appears on a terminal."""
    ours, theirs = pty.openpty()
    full = dict(os.environ, TERM='xterm')
    full.update(env or {})
    child = subprocess.Popen(['ipvsadm'] + words, executable=tool.path,
                             stdin=subprocess.PIPE, stdout=theirs,
                             stderr=theirs, env=full)
    os.close(theirs)
    child.stdin.write(stdin)
    child.stdin.close()
    text = b''
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    child.wait()
    os.close(ours)
    return text.decode().replace('\r\n', '\n')


def suite_terminal(bench):
    """Hints and colour, which only people see."""
    bench.reset(['-A -t 192.0.2.1:80 -s rr',
                 '-a -t 192.0.2.1:80 -r 10.0.0.1 -w 0',
                 '-a -t 192.0.2.1:80 -r 10.0.0.2'], everything=True)
    tool = bench.ours
    for words, want in (
            ('-L --numer', '--numer: unknown option\n'
             'ipvsadm: did you mean --numeric?\n'),
            ('-L -Q', '-Q: unknown option\n'),
            ('--lst', TRY + '\nipvsadm: did you mean --list?\n'),
            ('-n -L', TRY + '\nipvsadm: the first option must be a command, '
             'such as -L, -A or -a\n'),
            ('-a -t 192.0.2.1:80 -r 10.0.0.3 -w 1k',
             'illegal weight specified\nipvsadm: --weight wants a number '
             "from 0 to 2147483647, not `1k'\n"),
            ('-A -f 0', "invalid fwmark value `0' specified\nipvsadm: "
             "--fwmark-service wants a number from 1 to 4294967295, not "
             "`0'\n"),
            ('-A -t 80', 'illegal virtual server address[:port] specified\n'
             'ipvsadm: --tcp-service wants address:port, [IPv6 address]:port '
             "or known-host:port, not `80'\n"),
            ('-A -t 192.0.2.9:80 -p 0', "invalid timeout value `0' specified\n"
             'ipvsadm: --persistent wants seconds from 1 to 2678400, not '
             "`0'\n"),
            ('--set 1 2 x', "invalid timeout value `x' specified\nipvsadm: "
             "--set wants seconds from 0 to 2678400, not `x'\n"),
            ('--start-daemon mastr', 'illegal start-daemon parameter '
             'specified\nipvsadm: --start-daemon wants master or backup, not '
             "`mastr'\n"),
            ('-A -t 192.0.2.9:80 -s wrrr',
             'Scheduler or persistence engine not found\n'
             'ipvsadm: did you mean -s wrr?\n')):
        got = on_terminal(tool, words.split())
        bench.verdict(got == want, f'terminal: {words}', diff(want, got))
    text = b'# x\n-A -t 192.0.2.1:80\n-L -Q\n-A -t bogus:1\n'
    want = ('Service already exists\nipvsadm: in line 2 of the input\n'
            '-Q: unknown option\nipvsadm: in line 3 of the input\n'
            'illegal virtual server address[:port] specified\n'
            'ipvsadm: --tcp-service wants address:port, [IPv6 address]:port '
            "or known-host:port, not `bogus:1'\n"
            'ipvsadm: in line 4 of the input\n')
    got = on_terminal(tool, ['-R'], text)
    bench.verdict(got == want, 'terminal: line numbers', diff(want, got))
    plain = tool.call(['-Ln']).out
    coloured = on_terminal(tool, ['-Ln'])
    stripped = re.sub('\033\\[[0-9]*m', '', coloured)
    bench.verdict(stripped == plain and '\033[1mTCP  192.0.2.1:80\033[0m rr'
                  in coloured and '\033[33m  -> 10.0.0.1:80' in coloured,
                  'terminal: colour', repr(coloured))
    for env in {'NO_COLOR': '1'}, {'TERM': 'dumb'}:
        got = on_terminal(tool, ['-Ln'], env=env)
        bench.verdict(got == plain, f'terminal: {env}', diff(plain, got))


def suite_advice(bench):
    """A command that did something else than one may think says so."""
    setup = ['-A -t 192.0.2.1:80 -s rr -p 60 -M 255.255.255.0 -b flag-1',
             '-A -t 192.0.2.2:80',
             '-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 5 -x 20 -y 10',
             '-a -t 192.0.2.1:80 -r 10.0.0.2 -i -x 7',
             '-a -t 192.0.2.1:80 -r 10.0.0.3 -g']
    tool = bench.ours
    service, other = '-t 192.0.2.1:80', '-t 192.0.2.2:80'
    unused = ('ipvsadm: port 8000 is not used, the server is %s: other ports '
              'need -m\n')
    for words, want in (
            (f'-e {service} -r 10.0.0.1:8080 -m -w 5 -x 20 -y 10', ''),
            (f'-e {service} -r 10.0.0.1:8080 -m',
             'ipvsadm: the weight was 5 and is 1 now: -w was not given\n'
             'ipvsadm: the upper threshold was 20 and is none now: -x was not '
             'given\n'
             'ipvsadm: the lower threshold was 10 and is none now: -y was not '
             'given\n'),
            (f'-e {service} -r 10.0.0.2 -w 3',
             'ipvsadm: the method was -i and is -g now: no method was given\n'
             'ipvsadm: the upper threshold was 7 and is none now: -x was not '
             'given\n'),
            (f'-e {service} -r 10.0.0.3:8000 -w 2', unused % '10.0.0.3:80'),
            (f'-e {service} -r 10.0.0.1:8000',
             'No such destination\n' + unused % '10.0.0.1:80'),
            (f'-a {other} -r 10.0.0.4:8000 -g', unused % '10.0.0.4:80'),
            (f'-a {service} -r 10.0.0.3:8000 -g',
             'Destination already exists\n' + unused % '10.0.0.3:80'),
            (f'-a {other} -r 10.0.0.4:8000 -m', ''),
            (f'-E {service} -s rr -p 60 -M 255.255.255.0 -b flag-1', ''),
            (f'-E {service} -s rr -p 60 -M 255.255.0.0 -b flag-1', ''),
            (f'-E {service}',
             'ipvsadm: the scheduler was rr and is wlc now: -s was not given\n'
             'ipvsadm: persistence was 60 seconds and is off now: -p was not '
             'given\n'
             'ipvsadm: the scheduler flags were flag-1 and are none now: -b '
             'was not given\n'),
            (f'-a {service} -r rs2:80 -m', ''),
            (f'-a {service} -r 198.51.100.12:80 -m',
             'Destination already exists\n')):
        if 'rs2' not in words and '198.51.100.12' not in words:
            bench.reset(setup)
        done = on_terminal(tool, words.split())
        bench.verdict(done == want, f'advice: {words}', diff(want, done))
        if 'rs2' not in words and '198.51.100.12' not in words:
            bench.reset(setup)
        quiet = tool.call(words.split())
        bench.verdict('ipvsadm: ' not in bench.without_texts(quiet.err, ''),
                      f'advice: {words}: scripts see nothing', quiet.err)
    bench.reset(setup)
    text = (b'-a -t 192.0.2.2:80 -r rs2:80 -m\n'
            b'-a -t 192.0.2.2:80 -r 198.51.100.12:80 -m\n'
            b'-a -t 192.0.2.2:80 -r [rs2]:80 -m -w 3\n'
            b'-a -t 192.0.2.2:80 -r 10.0.0.9:8000\n')
    want = ('ipvsadm: port 8000 is not used, the server is 10.0.0.9:80: other '
            'ports need -m\n'
            'ipvsadm: in line 4 of the input\n'
            'Destination already exists\nipvsadm: in line 2 of the input\n'
            'Destination already exists\nipvsadm: rs2 means 198.51.100.12:80\n'
            'ipvsadm: in line 3 of the input\n')
    got = on_terminal(tool, ['-R'], text)
    bench.verdict(got == want, 'advice: a file', diff(want, got))
    bench.reset(everything=True)


TORN = r'''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	ssize_t (*real)(int, struct msghdr *, int) = dlsym(RTLD_NEXT, "recvmsg");
	ssize_t n = real(fd, msg, flags);
	int left = n;

	if (n <= 0 || flags & MSG_PEEK)
		return n;
	for (struct nlmsghdr *nlh = msg->msg_iov->iov_base; NLMSG_OK(nlh, left);
	     nlh = NLMSG_NEXT(nlh, left))
		if (nlh->nlmsg_flags & NLM_F_MULTI &&
		    nlh->nlmsg_type > GENL_ID_CTRL)
			nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	return n;
}
'''


def suite_torn(bench):
    """A table that changes each time it is read is not shown as if it were
    one."""
    work = os.environ['CLI_WORK']
    source, library = work + '/torn.c', work + '/torn.so'
    with open(source, 'w') as file:
        file.write(TORN)
    subprocess.run(['gcc', '-shared', '-fPIC', '-o', library, source],
                   check=True)
    rules = ['-A -t 192.0.2.1:80 -s rr', '-a -t 192.0.2.1:80 -r 10.0.0.1']
    bench.reset(rules, everything=True)
    env = {'LD_PRELOAD': library}
    tool = bench.ours
    word = ('ipvsadm: the table changed each time it was read: entries may be '
            'missing, or be there twice\n')
    plain = tool.call(['-L', '-n']).out
    text = ('\n'.join(rules) + '\n').encode()
    for words, status, out in (
            ('-S -n', 1, ''), ('-L -n', 1, plain), ('-R --check', 1, ''),
            ('-L -n -t 192.0.2.1:80', 1, None), ('-L -j', 1, None)):
        done = tool.call(words.split(), text, env)
        said = set(done.err.splitlines(True))
        bench.verdict(done.status == status and said == {word} and
                      out in (None, done.out), f'torn: {words}',
                      repr(done.key()))
    done = subprocess.Popen(
        ['ipvsadm', '--watch', '1', '-n'], executable=tool.path,
        env=dict(os.environ, **env), stdout=subprocess.PIPE, text=True)
    line = done.stdout.readline()
    done.kill()
    bench.verdict('changed while it was read' in line, 'torn: --watch', line)
    bench.reset(everything=True)


def suite_drain(bench):
    """A server is taken out of service."""
    service = ['-u', '198.51.100.1:8099']
    server = ['-r', '198.51.100.1:8098']
    bench.reset(['-A -u 198.51.100.1:8099 -s rr', '-a -u 198.51.100.1:8099 '
                 '-r 198.51.100.1:8098 -m -w 7 -x 100 -y 50'], everything=True)
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(('198.51.100.1', 8098))
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(b'x', ('198.51.100.1', 8099))
    tool = bench.ours

    def drain(*words):
        return tool.call(['-e'] + service + server + ['--drain', *words])

    done = drain('1')
    bench.verdict((done.status, done.err) == (
        3, 'ipvsadm: 198.51.100.1:8098: time is up, connections left: 1\n'),
        'drain: time is up', repr(done.key()))
    shown = json.loads(tool.call(['-L', '-j']).out)['services'][0]['servers'][0]
    bench.verdict((shown['weight'], shown['upper_threshold'],
                   shown['lower_threshold'], shown['method']) ==
                  (0, 100, 50, 'masquerade'), 'drain: the rest stays',
                  repr(shown))
    tool.call(['--set', '0', '0', '2'])
    client.sendto(b'x', ('198.51.100.1', 8099))
    done = drain('30')
    bench.verdict(done.key()[:3] == (0, '', ''), 'drain: idle',
                  repr(done.key()))
    done = drain()
    bench.verdict(done.key()[:3] == (0, '', ''), 'drain: idle at once',
                  repr(done.key()))
    for words, status, message in (
            (['-u', '198.51.100.1:1'] + server, 255, 'Service not defined'),
            (service + ['-r', '10.0.0.1'], 255, 'No such destination'),
            (service + server + ['-w', '5'], 2, "The option 'weight' "
             "conflicts with the 'drain' option")):
        done = tool.call(['-e'] + words + ['--drain'])
        done.err = bench.without_texts(done.err, message)
        bench.verdict((done.status, done.err) == (status, message + '\n'),
                      f'drain: {words}', repr(done.key()))
    listener.close()
    client.close()
    bench.reset(everything=True)


MODPROBE_CONF = '/etc/modprobe.d/zz-ipvsadm-test.conf'


def unload():
    with open('/proc/modules') as file:
        names = [line.split()[0] for line in file]
    names = [n for n in names if n.startswith('ip_vs_')] + ['ip_vs']
    for name in names:
        subprocess.run(['rmmod', name], stderr=subprocess.DEVNULL)


def suite_startup(bench):
    """Without module, without right. Changes modprobe.d: asked for by name."""
    user = ['setpriv', '--reuid', '65534', '--regid', '65534',
            '--clear-groups', '--inh-caps', '-all']
    off = 'alias net-pf-16-proto-16-family-IPVS off\n'
    stories = (
        ('user', '', True, ['-L']), ('user', '', False, ['-Q']),
        ('user', '', False, ['-A']), ('root', '', True, ['-Ln']),
        ('root', '', True, []), ('root', off, True, ['-Ln']),
        ('user', off, True, ['-L']),
        ('root', off + 'install ip_vs /bin/false\n', True, ['-Ln']),
        ('user', off + 'install ip_vs /bin/false\n', True, ['-L']),
        ('root', 'install ip_vs /bin/false\n', True, ['-A']))
    try:
        for who, conf, fresh, words in stories:
            results = []
            for tool in bench.stock or bench.ours, bench.ours:
                if fresh:
                    unload()
                with open(MODPROBE_CONF, 'w') as file:
                    file.write(conf)
                start = user if who == 'user' else []
                done = subprocess.run(
                    start + [tool.bin + '/ipvsadm'] + words,
                    capture_output=True, stdin=subprocess.DEVNULL)
                result = Result(done)
                result.rules = os.path.exists('/proc/net/ip_vs')
                result.err = result.err.replace(tool.bin, '')
                results.append(result)
            name = f'startup: {who}, {conf!r}: {words}'
            bench.compare(name, *results)
        with open(MODPROBE_CONF, 'w') as file:
            file.write(off + 'install ip_vs /bin/false\n')
        unload()
        for word, want in ('-v', 'ipvsadm v1.31'), ('-h', 'ipvsadm v1.31'):
            done = bench.ours.call([word])
            bench.verdict(done.status == 0 and done.out.startswith(want) and
                          not done.err, f'startup: {word} without kernel')
    finally:
        os.unlink(MODPROBE_CONF)
        subprocess.run(['modprobe', 'ip_vs'])
