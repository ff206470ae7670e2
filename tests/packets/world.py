# SPDX-License-Identifier: GPL-2.0-only
"""One director, and a wire on each of its sides.

                              ┌──────────┐ servers    10.2.0.1  servers 10.2.0.11...
    10.96.0.0/11   ── clients │ director │ elsewhere  10.3.0.1
    fd10::/16        10.1.0.1 └──────────┘ narrow     10.4.0.1  servers, MTU 1400
                               VIPs on lo

Nobody is behind the wires: this program writes every frame that the director
receives and reads every frame that it sends, so nothing but the director
decides what is seen.  Neighbours are permanent and addresses of links fixed.

One process, one CPU: what a frame causes has left before the marker that is
sent behind it, so "nothing came" needs no waiting.
"""
import ctypes
import os
import select
import socket
import struct
import subprocess
import time

import control
import wire

CLONE_NEWNET = 0x40000000
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
ETH_P_ALL = 3
VNET_NONE = bytes(10)
PATIENCE_S = 30

# The director's devices, and those at the other ends of the wires: number, MTU
PORTS = {'clients': (1, 1500), 'servers': (2, 1500), 'elsewhere': (3, 1500),
         'narrow': (4, 1400)}
MARK_CLIENTS = range(1, 5)

INTREE = ('ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_pe_sip')
libc = ctypes.CDLL(None, use_errno=True)


def enter(name):
    fd = os.open('/run/netns/' + name, os.O_RDONLY)
    try:
        if libc.setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), 'setns')
    finally:
        os.close(fd)


def command(*words, **kw):
    return subprocess.run(words, check=True, text=True, capture_output=True, **kw).stdout


def batch(text, *options):
    subprocess.run(['ip', *options, '-batch', '-'], input=text, check=True, text=True,
                   stdout=subprocess.DEVNULL)


def loaded(name):
    with open('/proc/modules') as f:
        return any(line.startswith(name + ' ') for line in f)


def unload():
    with open('/proc/modules') as f:
        names = [line.split()[0] for line in f if line.startswith('ip_vs')]
    # The parts hang on the whole; a namespace may still be going down.
    for name in sorted(names, key=lambda n: n == 'ip_vs'):
        deadline = time.monotonic() + 60
        while subprocess.run(['rmmod', name], stderr=subprocess.DEVNULL).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(name + ' does not unload')
            time.sleep(0.2)


def load_intree():
    if 'UML' not in os.environ:
        for name in INTREE:
            command('modprobe', '--ignore-install', name)
        return
    # A kernel built for the tests: its modules are where they were built, and
    # not all of them are.
    folder = os.environ['IPVS_UML_BUILD'] + '/net/netfilter/ipvs/'
    for name in INTREE:
        if os.path.exists(folder + name + '.ko'):
            command('insmod', folder + name + '.ko')


def load(module, ko):
    unload()
    if module == 'intree':
        load_intree()
        return
    for name in command('modinfo', '-F', 'depends', ko).strip().split(','):
        if name and 'UML' not in os.environ:
            command('modprobe', name)
    command('insmod', ko)


class Port:
    """The far end of one of the director's links."""

    def __init__(self, name):
        number, _ = PORTS[name]
        self.name, self.number = name, number
        self.director = bytes([2, 0, 0, 0, number, 1])
        self.peer = bytes([2, 0, 0, 0, number, 2])
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.sock.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        self.sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sock.bind((name, 0))

    def framed(self, packet, dst=None, vnet=VNET_NONE):
        kind = 0x86dd if packet[0] >> 4 == 6 else 0x0800
        return vnet + (dst or self.director) + self.peer + struct.pack('!H', kind) + packet

    def send(self, packet, **words):
        self.sock.send(self.framed(packet, **words))

    def receive(self, seconds=PATIENCE_S):
        if not select.select([self.sock], [], [], seconds)[0]:
            raise TimeoutError('nothing more comes out of ' + self.name)
        return self.sock.recv(1 << 17)


class World:
    """The director under one of the modules."""

    def __init__(self, module, ko, cases):
        self.module = module
        os.sched_setaffinity(0, {0})
        load(module, ko)
        self.make_links()
        self.ports = {name: Port(name) for name in PORTS}
        enter('director')
        self.configure(cases)
        self.control = control.Control()
        self.hold_hooks()
        self.markers = self.routes = 0

    def hold_hooks(self):
        """One service of each family stays: hooks that come and go cost time."""
        for addr in ('10.50.255.1', 'fd50::ffff'):
            self.control.service(control.NEW_SERVICE, control.Service(addr, wire.TCP, 9),
                                 'the service that stays')

    @staticmethod
    def make_links():
        command('ip', 'netns', 'add', 'director')
        command('ip', 'netns', 'add', 'wire')
        lines = []
        for name, (number, _) in PORTS.items():
            lines.append(
                'link add {0} netns director address 02:00:00:00:0{1}:01 type veth '
                'peer name {0} netns wire address 02:00:00:00:0{1}:02'.format(name, number))
        batch('\n'.join(lines))
        # The wire has no stack of its own: it must not answer.  A packet socket
        # wants its device to be up.
        enter('wire')
        batch('\n'.join('link set %s arp off mtu %d up' % (name, mtu)
                        for name, (_, mtu) in PORTS.items()))

    def configure(self, cases):
        for setting in SETTINGS:
            path, value = setting.split('=')
            with open('/proc/sys/' + path, 'w') as f:
                f.write(value)
        batch('\n'.join(self.director_lines(cases)))
        try:
            batch('\n'.join(ROUTES6), '-6')
        except subprocess.CalledProcessError:
            # A test kernel may have no rules for IPv6; both modules see the same.
            if 'UML' not in os.environ:
                raise
        command('iptables-restore', input=marks('iptables', '0.0.0.%d/0.0.0.255'))
        command('ip6tables-restore', input=marks('ip6tables', '::%x/::ffff'))
        for name in PORTS:
            self.wait_carrier(name)

    @staticmethod
    def wait_carrier(device):
        deadline = time.monotonic() + PATIENCE_S
        while 'LOWER_UP' not in command('ip', 'link', 'show', device):
            if time.monotonic() > deadline:
                raise RuntimeError(device + ' does not come up')
            time.sleep(0.05)

    @staticmethod
    def director_lines(cases):
        yield 'link set lo up'
        for name, (number, mtu) in PORTS.items():
            yield 'link set %s mtu %d up' % (name, mtu)
            yield 'addr add 10.%d.0.1/24 dev %s' % (number, name)
            yield 'addr add fd0%d::1/64 dev %s nodad' % (number, name)
        for number, device, last in NEIGHBOURS:
            lladdr = '02:00:00:00:%02x:%02x' % (number, last if last > 2 else 2)
            yield 'neigh add 10.%d.0.%d lladdr %s dev %s nud permanent' % (
                number, last, lladdr, device)
            yield 'neigh add fd0%d::%d lladdr %s dev %s nud permanent' % (
                number, last, lladdr, device)
        yield from ROUTES
        for n in range(1, cases + 1):
            yield 'addr add 10.50.%d.%d/32 dev lo' % divmod(n, 256)
            yield 'addr add fd50::%x/128 dev lo nodad' % n

    # --- packets ---------------------------------------------------------------------

    def barrier(self):
        """All that left the director so far, by port, less our markers."""
        self.markers += 1
        for name, port in self.ports.items():
            back = 'clients' if name != 'clients' else 'servers'
            self.ports[back].send(wire.udp(
                ('10.%d.0.250' % PORTS[back][0], 9), ('10.%d.0.250' % port.number, 9),
                struct.pack('!I', self.markers), ident=0xbeef))
        return {name: self.drain(port) for name, port in self.ports.items()}

    def drain(self, port):
        frames = []
        while True:
            data = port.receive()
            if self.is_marker(data[10:], port):
                return frames
            frames.append(data)

    def is_marker(self, frame, port):
        ours = socket.inet_aton('10.%d.0.250' % port.number) + b'\0\x09\0\x09'
        return frame[30:38] == ours and frame[42:46] == struct.pack('!I', self.markers)

    # --- state -----------------------------------------------------------------------

    def forget_mtu(self):
        """What errors have told of the way to the servers.  It belongs to the route, and
        flushing the cache leaves it there: only another route is without."""
        self.routes += 1
        command('ip', 'route', 'change', '10.2.0.0/24', 'dev', 'servers', 'proto', 'kernel',
                'scope', 'link', 'src', '10.2.0.1', 'initcwnd', str(10 + self.routes % 2))

    @staticmethod
    def connections(clients):
        """Rows whose client's address starts with one of these texts."""
        with open('/proc/net/ip_vs_conn') as f:
            return [line.split() for line in f if line[4:].startswith(clients)]

    @staticmethod
    def table():
        with open('/proc/net/ip_vs') as f:
            return f.read().splitlines()[3:]

    @staticmethod
    def counters():
        """conns, in and out packets, in and out bytes: live, of all CPUs."""
        total = [0] * 5
        with open('/proc/net/ip_vs_stats_percpu') as f:
            for line in f:
                words = line.split()
                if len(words) == 6 and words[0] != '~' and 'CPU' not in line:
                    total = [a + int(b, 16) for a, b in zip(total, words[1:])]
        return total

    def final_listing(self):
        """Counters of each service, once the original's have caught up."""
        deadline = time.monotonic() + 30
        while self.shown_counters() != self.counters() and time.monotonic() < deadline:
            time.sleep(0.2)
        return command('ipvsadm', '-Ln', '--stats', '--exact')

    @staticmethod
    def shown_counters():
        with open('/proc/net/ip_vs_stats') as f:
            return [int(word, 16) for word in f.read().splitlines()[2].split()]

    def close(self):
        for port in self.ports.values():
            port.sock.close()
        self.control.sock.close()
        fd = os.open('/proc/1/ns/net', os.O_RDONLY)
        libc.setns(fd, CLONE_NEWNET)
        os.close(fd)
        for name in ('director', 'wire'):
            command('ip', 'netns', 'del', name)
        unload()
        # What IPsec loaded: the next module's director begins without it as well.
        for name in ('esp4', 'esp6'):
            subprocess.run(['rmmod', name], stderr=subprocess.DEVNULL)


def marks(tool, pattern):
    """Client number 200 + n of a case has mark n."""
    rules = ['-A PREROUTING -s %s -j MARK --set-mark %d' % (pattern % (200 + n), n)
             for n in MARK_CLIENTS]
    return '\n'.join(['*mangle'] + rules + ['COMMIT', ''])


# Last numbers: 2 the router of that side, 11... servers, 250 the markers' target.
NEIGHBOURS = [(number, name, last) for name, (number, _) in PORTS.items()
              for last in (2, 11, 12, 13, 250)]

ROUTES = (
    'route add 10.96.0.0/11 via 10.1.0.2',
    'route add fd10::/16 via fd01::2',
    # Servers behind a router.
    'route add 10.22.0.0/16 via 10.2.0.2',
    'route add fd22::/16 via fd02::2',
    # Mark 3 makes any address a local one, as LVS guides do for marks.
    'rule add fwmark 3 lookup 100',
    'route add local default dev lo table 100',
)

ROUTES6 = (
    'rule add fwmark 3 lookup 100',
    'route add local default dev lo table 100',
)

SETTINGS = (
    'net/ipv4/ip_forward=1',
    'net/ipv4/conf/all/rp_filter=0',
    'net/ipv4/conf/default/rp_filter=0',
    'net/ipv4/conf/all/send_redirects=0',
    'net/ipv4/conf/default/send_redirects=0',
    'net/ipv4/icmp_ratelimit=0',
    'net/ipv4/ipfrag_time=600',
    'net/ipv6/conf/all/forwarding=1',
    'net/ipv6/conf/default/accept_dad=0',
    'net/ipv6/conf/default/router_solicitations=0',
    'net/ipv6/auto_flowlabels=0',
    'net/ipv6/icmp/ratelimit=0',
    'net/ipv6/ip6frag_time=600',
    'net/netfilter/nf_conntrack_frag6_timeout=600',
)
