#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Packets of a grammar (shapes.py) to a director with connections of every kind.

usage: shaped.py --ko KO --ipvsadm PROGRAM [--packets N] [--seed N] [--first N]

Whatever the packets: the kernel is silent, of sound ones all that leaves has the right
lengths and checksums, and in the end connections, services, namespace, module and packets
are gone.

--first N --packets 1 sends packet N alone.
"""
import argparse
import contextlib
import errno
import fcntl
import itertools
import os
import re
import socket
import struct
import sys
import time

import control
import fuzz
import shapes
import wire
import world
from inspect_out import Inspector, Wrong
from shapes import VNET, Flow, Shape
from wire import SCTP, TCP, UDP

TUNSETIFF, TUNSETVNETHDRSZ = 0x400454ca, 0x400454d8
IFF_TAP, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_PI, IFF_VNET_HDR = 2, 0x10, 0x20, 0x1000, 0x4000
SO_RCVBUFFORCE = 33
# What a batch may let out on one side.
ROOM = 64 << 20
TAP_ETHER = bytes([2, 0, 0, 0, 9, 1])
BATCH = 40
# How often connections that packets have ended are opened again.
REOPEN = 2000
SLABS = ('skbuff_head_cache', 'skbuff_fclone_cache')
# What a CPU keeps for the next ones.
SLAB_SLACK = 128
BAD_WORDS = ('BUG:', 'WARNING:', 'UBSAN:', 'general protection', 'Oops', 'kernel panic')
KNOWN = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../scripts/known.')

# Service by service: method, tunnel, and what is special.
KINDS = {
    'nat': ('nat', {}), 'direct': ('direct', {}), 'ipip': ('tunnel', {}),
    'gre': ('tunnel', {'tun': 'gre'}), 'gre csum': ('tunnel', {'tun': 'gre', 'tun_flags': 1}),
    'gue': ('tunnel', {'tun': 'gue', 'tun_port': shapes.GUE_PORT}),
    'gue csum': ('tunnel', {'tun': 'gue', 'tun_port': shapes.GUE_PORT, 'tun_flags': 1}),
    'gue remcsum': ('tunnel', {'tun': 'gue', 'tun_port': shapes.GUE_PORT, 'tun_flags': 2}),
    'across': ('tunnel', {}), 'routed': ('nat', {}), 'narrow': ('nat', {}),
    'here': ('nat', {}), 'any port': ('nat', {}), 'mark': ('nat', {}),
}
SERVERS = {
    'routed': ('10.22.0.11', 'fd22::11'), 'narrow': ('10.4.0.11', 'fd04::11'),
    'here': ('10.2.0.1', 'fd02::1'), 'across': ('fd02::11', '10.2.0.11'),
}
SETTINGS = ('schedule_icmp=1', 'sloppy_tcp=1', 'sloppy_sctp=1')
VS = '/proc/sys/net/ipv4/vs/'
# The kernel's own limits of ICMP errors would make results depend on time; fragments
# that wait for the rest shall not fill their queues.
UNLIMITED = (('net/ipv4/icmp_ratemask', '0'), ('net/ipv6/icmp/ratemask', '1'))
WAIT = (('net/ipv4/ipfrag_time', '2'), ('net/ipv6/ip6frag_time', '2'),
        ('net/netfilter/nf_conntrack_frag6_timeout', '2'))


def write(path, text):
    with open(path, 'w') as f:
        f.write(text)


class Tap:
    """A device of the director that gets packets in parts, each where it was put; an ear at
    it, which makes each of them shared."""

    def __init__(self):
        self.fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
        flags = IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS | IFF_NO_PI | IFF_VNET_HDR
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack('16sH22x', b'tap', flags))
        world.command('ip', 'link', 'set', 'tap', 'address', TAP_ETHER.hex(':'), 'mtu', '65000',
                      'arp', 'off', 'up')
        self.ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.ear.bind(('tap', 0))
        self.ear.setblocking(False)

    def send(self, frame):
        kind = 0x86dd if frame.packet[0] >> 4 == 6 else 0x0800
        data = TAP_ETHER + TAP_ETHER[:5] + b'\2' + struct.pack('!H', kind) + frame.packet
        ends = frame.cuts or (len(data),)
        parts = [data[a:b] for a, b in zip((0,) + ends, ends)]
        parts[0] = frame.vnet + parts[0]
        os.writev(self.fd, parts)

    def rest(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.ear.recv(1)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.read(self.fd, 1 << 17)

    def close(self):
        self.ear.close()
        os.close(self.fd)


class Director(world.World):
    """With connections of every kind."""

    def __init__(self, ko):
        super().__init__('ours', ko, 2 * len(KINDS) * 3)
        for path, text in UNLIMITED + WAIT:
            with contextlib.suppress(FileNotFoundError):
                write('/proc/sys/' + path, text)
        for setting in SETTINGS:
            name, value = setting.split('=')
            with contextlib.suppress(FileNotFoundError):
                write(VS + name, value)
        for port in self.ports.values():
            port.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, ROOM)
        self.tap = Tap()
        self.raw = {4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
                    6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)}
        self.refused = 0
        self.flows = list(self.services())
        self.control.timeouts(tcp=30, tcpfin=3, udp=30)

    def services(self):
        numbers = itertools.count(1)
        for (name, (method, tunnel)), v6, proto in itertools.product(
                KINDS.items(), (False, True), (TCP, UDP, SCTP)):
            number = next(numbers)
            addr = 'fd50::%x' % number if v6 else '10.50.0.%d' % number
            server = SERVERS.get(name, ('10.2.0.11', 'fd02::11'))[v6]
            port = 80
            target = port if method != 'nat' else 8080
            words = {}
            if name == 'any port':
                words, target = {'persist': 300}, 0
            elif name == 'mark':
                # Marks are by client, so one for all protocols.
                words, target = {'mark': 1, 'v6': v6}, 0
            svc = control.Service(addr, proto, 0 if name == 'any port' else port, **words)
            try:
                self.control.service(control.NEW_SERVICE, svc, name)
                self.control.dest(control.NEW_DEST, svc,
                                  control.Dest(server, target, method, **tunnel), name)
            except control.Refused as e:
                if e.errno != errno.EEXIST:
                    raise
            yield from self.clients(name, number, proto, (addr, port), (server, target or port))

    @staticmethod
    def clients(name, number, proto, vip, server):
        method, _ = KINDS[name]
        kind = {'tunnel': name.split()[0]}.get(method, method)
        director = None
        if method == 'tunnel':
            director = 'fd02::1' if ':' in server[0] else '10.2.0.1'
            kind = 'ipip' if name == 'across' else kind
        for host in (2, 3):
            host = 201 if name == 'mark' else host
            port = 4000 + host
            # Ports stand in the address as well, as an answer has them or a request: an
            # offset that has lost bits finds some.
            ports = (vip[1], port) if host == 2 else (port, server[1])
            addr = 'fd10:%x::%x:%x:0:%x' % (number, *ports, host) if ':' in vip[0] else \
                '10.100.%d.%d' % (number, host)
            yield Flow(proto, (addr, port), vip, server, kind, director)

    def open(self):
        """Connections, from both ends."""
        for flow in self.flows:
            for side, packet in opening(flow):
                self.ports[side].send(packet)

    def send(self, frame):
        """Whether it was taken; what a device or socket refuses is nobody's loss."""
        try:
            if frame.side == 'tap':
                self.tap.send(frame)
            elif frame.side == 'local':
                self.send_local(frame.packet)
            else:
                self.ports[frame.side].send(frame.packet, vnet=frame.vnet)
        except OSError:
            self.refused += 1

    def send_local(self, packet):
        if packet[0] >> 4 == 6:
            self.raw[6].sendto(packet, (socket.inet_ntop(socket.AF_INET6, packet[24:40]), 0))
        else:
            self.raw[4].sendto(packet, (socket.inet_ntop(socket.AF_INET, packet[16:20]), 0))

    def barrier(self):
        out = super().barrier()
        self.tap.rest()
        for sock in self.raw.values():
            with contextlib.suppress(BlockingIOError):
                while True:
                    sock.recv(1, socket.MSG_DONTWAIT)
        return out

    def close(self):
        self.tap.close()
        for sock in self.raw.values():
            sock.close()
        super().close()


def opening(flow):
    if flow.proto == UDP:
        yield 'clients', wire.udp(flow.client, flow.vip)
    elif flow.proto == TCP:
        yield 'clients', wire.tcp(flow.client, flow.vip)
        if flow.method == 'nat':
            yield 'servers', wire.tcp(flow.server, flow.client, 'SA')
        yield 'clients', wire.tcp(flow.client, flow.vip, 'A')
    else:
        yield 'clients', wire.sctp(flow.client, flow.vip, wire.chunk(1, bytes(16)))
        if flow.method == 'nat':
            yield 'servers', wire.sctp(flow.server, flow.client, wire.chunk(2, bytes(16)))
        yield 'clients', wire.sctp(flow.client, flow.vip, wire.chunk(10, b'cook'))
        if flow.method == 'nat':
            yield 'servers', wire.sctp(flow.server, flow.client, wire.chunk(11))


class KernelLog:
    """What the kernel says from here on."""

    def __init__(self):
        self.fd = os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)
        with open(KNOWN + ('uml' if 'UML' in os.environ else 'vm')) as f:
            self.known = [re.compile(line.strip()) for line in f
                          if line.strip() and not line.startswith('#')]

    def complaint(self):
        """Its first line, or None."""
        while True:
            try:
                line = os.read(self.fd, 8192).decode(errors='replace')
            except BlockingIOError:
                return None
            except BrokenPipeError:
                continue
            text = line.partition(';')[2].partition('\n')[0]
            if any(word in text for word in BAD_WORDS) and \
                    not any(known.search(text) for known in self.known):
                return text


def displace_freed():
    """KASAN keeps what was freed, up to a 32nd of all memory: other things displace it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _ in range(4000):
            # Copied, found to be nothing, and freed; there is no packet yet.
            with contextlib.suppress(OSError):
                sock.sendmsg([b''], [(socket.SOL_SOCKET, 0xff, bytes(15000))], 0,
                             ('127.0.0.1', 9))


def slabs():
    """How many packets the kernel holds."""
    displace_freed()
    total = 0
    for name in SLABS:
        with contextlib.suppress(FileNotFoundError):
            write('/sys/kernel/slab/%s/shrink' % name, '1')
    with open('/proc/slabinfo') as f:
        for line in f:
            words = line.split()
            if words[0] in SLABS:
                total += int(words[1])
    return total


def described(frames):
    return ['%s %s%s%s' % (f.side, 'vnet %s ' % f.vnet.hex() if any(f.vnet) else '',
                           'cut at %s ' % (f.cuts,) if f.cuts else '',
                           f.packet.hex() if len(f.packet) < 400 else
                           f.packet[:400].hex() + '... %d bytes' % len(f.packet))
            for f in frames]


def fault(args, numbers, text):
    """Says what is wrong, and how to see it again."""
    print('FAIL: seed %d, packets %d to %d: %s' % (args.seed, numbers[0], numbers[-1], text))
    return 1


class Run:
    """One director, and packets to it."""

    def __init__(self, args):
        self.args = args
        self.director = Director(args.ko)
        self.log = KernelLog()
        self.inspector = Inspector()
        self.sound = self.sent = self.fragmented = self.offloaded = self.huge = 0

    def batch(self, numbers):
        """Sound packets, and what leaves; then bent ones.  Returns what is wrong."""
        made = [(n, Shape(self.args.seed, n, self.director.flows)) for n in numbers]
        for bent in (False, True):
            for number, shape in made:
                if shape.bent == bent:
                    self.send(number, shape)
            for frames in self.director.barrier().values():
                for data in frames if not bent else ():
                    try:
                        self.inspector.frame(data)
                    except Wrong as e:
                        return '%s in %s' % (e, data.hex()[:600])
        return self.log.complaint()

    def send(self, number, shape):
        frames = shape.frames()
        self.sent += 1
        self.sound += not shape.bent
        self.fragmented += len(frames) > 1
        self.offloaded += any(any(f.vnet) for f in frames)
        self.huge += sum(len(f.packet) for f in frames) > 65000
        if self.args.packets == 1:
            print('\n'.join(described(frames)), flush=True)
        for frame in frames:
            self.director.send(frame)

    def all(self):
        first, end = self.args.first, self.args.first + self.args.packets
        for start in range(first, end, BATCH):
            if (start - first) % REOPEN == 0:
                self.director.open()
                self.director.barrier()
            numbers = range(start, min(start + BATCH, end))
            wrong = self.batch(numbers)
            if wrong:
                return fault(self.args, numbers, wrong)
            if (start - first) % 2000 == 0:
                print('# %d packets' % (start - first), flush=True)
        return 0


def alone(args):
    before = slabs()
    started = time.monotonic()
    print('# seed %d' % args.seed, flush=True)
    run = Run(args)
    status = run.all()
    conns, inpkts, outpkts = run.director.counters()[:3]
    print('# %d packets in %d s, %d sound, %d in fragments, %d offloaded, %d of 64 KiB, %d '
          'refused by a device; %d connections, %d packets in, %d out; %d left, %d sums right' %
          (run.sent, time.monotonic() - started, run.sound, run.fragmented, run.offloaded,
           run.huge, run.director.refused, conns, inpkts, outpkts, run.inspector.seen,
           run.inspector.sums), flush=True)
    if status:
        run.director.close()
        return status
    wrong = fuzz.finish(run.director, args.ipvsadm)
    if args.packets > 1000 and (inpkts < args.packets // 4 or outpkts < args.packets // 20 or
                                run.inspector.sums < args.packets // 4):
        wrong.append('hardly any packet was handled')
    run.director.close()
    deadline = time.monotonic() + 60
    while slabs() > before + SLAB_SLACK and time.monotonic() < deadline:
        time.sleep(0.5)
    print('# packets held by the kernel: %d before, %d after' % (before, slabs()))
    if slabs() > before + SLAB_SLACK:
        wrong.append('packets are left')
    for text in wrong:
        print('FAIL: ' + text)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--ko', required=True)
    parser.add_argument('--ipvsadm', required=True)
    parser.add_argument('--packets', type=int, default=20000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--first', type=int, default=0)
    return alone(parser.parse_args())


if __name__ == '__main__':
    sys.exit(main())
