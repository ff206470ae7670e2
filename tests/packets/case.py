# SPDX-License-Identifier: GPL-2.0-only
"""A case: what is configured, what is sent, and all that comes of it.

    @case('NAT {family}: a SYN with TTL {} goes to the server', (2, 64))
    def syn_goes_to_the_server(t, ttl):
        t.nat(TCP, 80, 8080)
        t.from_client(tcp(t.client(), t.vip(80), ttl=ttl), leaves='servers')

A step sends and then takes down what left on which side of the director, the
case's entries in ip_vs_conn, its services in ip_vs, and what the counters gained.
"leaves" says what the in-tree director does: on which of the sides of world.PORTS
the packet leaves, and how many times; 'nowhere'; or 'anywhere', where only the
comparison counts.  It guards against cases that test nothing.

Each case has addresses of its own, of the family it is told for: clients
10.(100+).x.n or fd10:x::n, and a VIP.
"""
import errno
import itertools
import socket
import struct
import subprocess
import time
from typing import Callable, NamedTuple

import control
import wire
from dissect import brief, dissect
from world import PORTS

CASES = []
# Whose services stay to the end, where the counters of each are compared.
KEPT = ('cases_nat4',)
IPV4, IPV6 = 'IPv4', 'IPv6'
NOWHERE, ANYWHERE = 'nowhere', 'anywhere'
VS = 'net/ipv4/vs/'


class Unbuilt(Exception):
    """The module does not offer this yet."""


class Wrong(Exception):
    """The case itself is broken."""


def listed(addr):
    """An address as procfs prints it."""
    text = wire.pack_addr(addr).hex()
    if ':' in addr:
        return ':'.join(text[i:i + 4] for i in range(0, 32, 4))
    return text.upper()


class Told(NamedTuple):
    """A case with its values, ready to run."""

    number: int
    title: str
    family: str
    function: Callable
    args: tuple


def case(title, *axes, family=IPV4):
    """Tell a case once for each combination of the axes' values.

    A value is put in for a {} of the title and given to the function; a tuple is
    several values.  An axis that is a dict has the words for the title as keys.
    A case whose title has a {family} is told for both.
    """
    families = (IPV4, IPV6) if '{family}' in title else (family,)
    choices = [list(axis.items()) if isinstance(axis, dict) else [(v, v) for v in axis]
               for axis in axes]

    def keep(function):
        if any(function.__module__ == told.function.__module__ and
               function.__name__ == told.function.__name__ and
               function is not told.function for told in CASES):
            raise ValueError('two cases are called ' + function.__name__)
        for spoken, *chosen in itertools.product(families, *choices):
            words = flat(word for word, _ in chosen)
            tell(title.format(*words, family=spoken), spoken, function,
                 flat(value for _, value in chosen))
        return function
    return keep


def tell(title, family, function, args):
    if any(title == told.title for told in CASES):
        raise ValueError('two cases are titled ' + title)
    CASES.append(Told(len(CASES) + 1, title, family, function, args))


def flat(values):
    return tuple(part for value in values
                 for part in (value if isinstance(value, tuple) else (value,)))


class Plan(NamedTuple):
    """Who is where, in one family."""

    servers: tuple
    narrow: str             # a server, MTU 1400
    routed: str             # a server behind a router
    elsewhere: str          # a host that is neither client nor server
    director: str           # its address on the servers' side
    server_router: str
    client_router: str
    loopback: str
    nowhere: str            # there is no route to it
    l4: int                 # where a packet's transport header starts, without options


PLANS = {
    IPV4: Plan(servers=('10.2.0.11', '10.2.0.12', '10.2.0.13'), narrow='10.4.0.11',
               routed='10.22.0.11', elsewhere='10.3.0.11', director='10.2.0.1',
               server_router='10.2.0.2', client_router='10.1.0.2', loopback='127.0.0.1',
               nowhere='172.31.0.1', l4=20),
    IPV6: Plan(servers=('fd02::11', 'fd02::12', 'fd02::13'), narrow='fd04::11',
               routed='fd22::11', elsewhere='fd03::11', director='fd02::1',
               server_router='fd02::2', client_router='fd01::2', loopback='::1',
               nowhere='fdff::1', l4=40),
}


class Case:
    """One case on one director."""

    def __init__(self, number, world, family, keep):
        self.number, self.world, self.keep = number, world, keep
        self.steps, self.undo, self.svc = [], [], None
        self.ids, self.strays, self.marks = {0}, 0, []
        self.loose, self.watched = set(), ()
        high, low = divmod(number, 256)
        self.net4 = bytes([10, 100 + high, low])
        self.net6 = struct.pack('!HH', 0xfd10, number)
        self.vips = {IPV4: '10.50.%d.%d' % (high, low), IPV6: 'fd50::%x' % number}
        self.keys = [self.net4, self.net6]
        self.keys += [wire.pack_addr(addr) for addr in self.vips.values()]
        self.clients = (self.net4.hex().upper(), 'fd10:%04x:' % number,
                        *(listed(addr) for addr in self.vips.values()))
        self.speak(family)
        wire.restart_ids()
        self.began = time.monotonic()
        self.last_counters = world.counters()

    # --- addresses -------------------------------------------------------------------

    def speak(self, family):
        """Clients, the VIP and servers are of this family from here on."""
        self.v6 = family == IPV6
        self.plan = PLANS[family]
        self.addr = self.vips[family]

    def client(self, port=4000, host=2):
        if self.v6:
            return ('fd10:%x::%x' % (self.number, host), port)
        return ('%d.%d.%d.%d' % (*self.net4, host), port)

    def vip(self, port):
        return (self.addr, port)

    def at_server(self, port, number=0):
        """A real server's end of a connection."""
        return (self.plan.servers[number], port)

    # --- configuration ---------------------------------------------------------------

    def service(self, proto, port, addr=None, **words):
        self.svc = control.Service(addr or self.addr, proto, port, v6=self.v6, **words)
        self.configure('service', control.NEW_SERVICE, self.svc)
        if words.get('mark'):
            self.marks.append(words['mark'])
        if words.get('mark') or not self.keep:
            self.undo.append(lambda svc=self.svc: self.forget(svc))
        return self.svc

    def forget(self, svc):
        """A mark is every case's, and a long table makes every step slow."""
        try:
            self.world.control.service(control.DEL_SERVICE, svc, 'undo')
        except control.Refused as e:
            if e.errno != errno.ESRCH:
                raise

    def server(self, addr, port, method='nat', svc=None, **words):
        dest = control.Dest(addr, port, method, **words)
        self.configure('dest', control.NEW_DEST, svc or self.svc, dest)
        return dest

    def edit(self, dest, svc=None, **words):
        for name, value in words.items():
            setattr(dest, name, value)
        self.configure('dest', control.SET_DEST, svc or self.svc, dest)

    def remove(self, dest, svc=None):
        self.configure('dest', control.DEL_DEST, svc or self.svc, dest)

    def remove_service(self, svc=None):
        self.configure('service', control.DEL_SERVICE, svc or self.svc)

    def configure(self, what, number, *objects):
        text = ' '.join([what] + [str(o) for o in objects])
        try:
            getattr(self.world.control, what)(number, *objects, text)
        except control.Refused as e:
            if e.errno == errno.EOPNOTSUPP:
                raise Unbuilt(str(e)) from None
            raise

    def nat(self, proto, port, server_port, servers=1, **words):
        self.service(proto, port, **words)
        return [self.server(addr, server_port) for addr in self.plan.servers[:servers]]

    def direct(self, proto, port, servers=1, method='direct', tunnel=None, **words):
        self.service(proto, port, **words)
        return [self.server(addr, port, method, **(tunnel or {}))
                for addr in self.plan.servers[:servers]]

    def set(self, name, value):
        """A sysctl, until the case ends; a bare name is one of IPVS."""
        path = '/proc/sys/' + (name if '/' in name else VS + name)
        try:
            with open(path) as f:
                before = f.read()
            with open(path, 'w') as f:
                f.write(str(value))
        except FileNotFoundError:
            raise Unbuilt('no sysctl ' + name) from None
        except OSError as e:
            if e.errno != errno.EOPNOTSUPP:
                raise
            raise Unbuilt('sysctl %s: %s' % (name, e.strerror)) from None
        self.undo.append(lambda: open(path, 'w').write(before))

    def output(self, text):
        """What a command on the director prints."""
        return subprocess.run(text.split(), check=True, text=True, capture_output=True).stdout

    def shell(self, text, undo):
        """A command on the director, and the one that undoes it."""
        self.output(text)
        self.undo.append(lambda: self.output(undo))

    # --- sending ---------------------------------------------------------------------

    def note_id(self, packet):
        if packet[0] >> 4 == 4:
            self.ids.add(struct.unpack('!H', packet[4:6])[0])
        elif packet[6] == wire.FRAGMENT:
            self.ids.add(struct.unpack('!I', packet[44:48])[0])

    def send(self, side, packets, leaves, times=1, **words):
        packets = [packets] if isinstance(packets, bytes) else packets
        for packet in packets:
            self.note_id(packet)
            self.world.ports[side].send(packet, **words)
        label = '%s: %s' % (side, brief(dissect(bytes(12) + (
            b'\x86\xdd' if packets[0][0] >> 4 == 6 else b'\x08\0') + packets[0], self.ids)))
        self.take(label, leaves, times)

    def from_client(self, packets, *, leaves, **words):
        self.send('clients', packets, leaves, **words)

    def from_server(self, packets, *, leaves, **words):
        self.send('servers', packets, leaves, **words)

    def exchange(self, segments, port=80, server_port=8080, server=0):
        """TCP segments by their flags: ">SA" from the client, "<SA" from the server;
        an arrow alone has none."""
        for word in segments.split():
            flags = word[1:]
            if word[0] == '>':
                self.from_client(wire.tcp(self.client(), self.vip(port), flags),
                                 leaves='servers')
            else:
                self.from_server(wire.tcp(self.at_server(server_port, server), self.client(),
                                          flags), leaves='clients')

    def from_elsewhere(self, packets, *, leaves, **words):
        self.send('elsewhere', packets, leaves, **words)

    def last_out(self, side):
        """What has left on that side in the last step."""
        return self.steps[-1]['out'][side]

    def local(self, label, action, *, leaves):
        """Something a process on the director does; its result is compared."""
        try:
            result = action()
        except OSError as e:
            result = errno.errorcode.get(e.errno, str(e))
        self.take('local: ' + label, leaves)
        self.steps[-1]['result'] = repr(result)

    def socket(self, kind, end, family=None):
        """A socket of the director's own, bound."""
        sock = socket.socket(family or wire.family(end[0]), kind)
        sock.settimeout(10)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(end)
        self.undo.append(sock.close)
        return sock

    def until(self, label, done, leaves=NOWHERE, seconds=20):
        """Wait for a condition; then take down what there is."""
        deadline = time.monotonic() + seconds
        while not done() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.take('wait: ' + label, leaves)

    def entries(self):
        return [row for row in self.world.connections(self.clients + self.watched)
                if row[1].startswith(self.clients) or row[3] in self.clients]

    # --- taking down -----------------------------------------------------------------

    def relevant(self, frame):
        if frame[0] & 1:
            return False
        if any(key in frame for key in self.keys):
            return True
        self.strays += 1
        return False

    def packets(self, frames):
        out = []
        for data in frames:
            flags, gso, _, size, start, offset = struct.unpack('=BBHHHH', data[:10])
            frame = data[10:]
            if self.relevant(frame):
                # Who fills a checksum in is not on the wire, nor whether a
                # receiver may save itself checking.
                if flags & 1 and not gso:
                    frame = wire.fill_in(frame, start, offset)
                fields = dissect(frame, self.ids, (gso, size))
                out.append({k: v for k, v in fields.items() if k not in self.loose})
        return out

    def watch(self, *addrs):
        """Addresses that are not the case's own, but part of it."""
        self.keys += [wire.pack_addr(addr) for addr in addrs]
        self.watched += tuple(listed(addr) for addr in addrs)

    def my_services(self):
        names = [listed(self.vips[IPV4]), '[' + listed(self.vips[IPV6]) + ']']
        names += ['FWM  %08X' % mark for mark in self.marks]
        # In which order services are listed is chance; that of servers is not.
        mine, blocks = False, []
        for line in self.world.table():
            if not line.startswith('  ->'):
                mine = any(name in line for name in names)
                blocks += [[]] if mine else []
            if mine:
                blocks[-1].append(line.rstrip())
        return [line for block in sorted(blocks) for line in block]

    def take(self, label, leaves, times=1):
        out = {name: self.packets(frames) for name, frames in self.world.barrier().items()}
        counters = self.world.counters()
        conns = sorted(self.entries())
        step = {
            'label': label,
            'out': out,
            'took': time.monotonic() - self.began,
            'conns': [' '.join(row[:8] + row[9:]) for row in conns],
            'expires': [int(row[8]) for row in conns],
            'services': self.my_services(),
            'counters': [a - b for a, b in zip(counters, self.last_counters)],
        }
        self.last_counters = counters
        wrong = astray({side: len(packets) for side, packets in out.items() if packets},
                       leaves, times)
        if wrong:
            step['unexpected'] = wrong
        self.steps.append(step)

    def close(self):
        for action in reversed(self.undo):
            action()


def astray(left, leaves, times):
    """What is wrong with the packets that left, so many on each side; None: nothing."""
    if leaves == ANYWHERE:
        return None
    if leaves not in PORTS and leaves != NOWHERE:
        raise Wrong('there is no side called ' + leaves)
    wanted = {} if leaves == NOWHERE else {leaves: times}
    return None if left == wanted else 'packets left %s, wanted %s' % (
        spoken(left), spoken(wanted))


def spoken(left):
    return ' and '.join('%s %d times' % each for each in left.items()) or NOWHERE


def run_case(told, world):
    """The record of one case: plain data."""
    record = {'status': 'ran', 'why': '', 'steps': []}
    t = Case(told.number, world, told.family, told.function.__module__ in KEPT)
    try:
        told.function(t, *told.args)
    except Unbuilt as e:
        record.update(status='unbuilt', why=str(e))
    except Exception as e:  # noqa: BLE001 - one broken case must not end the others
        record.update(status='error', why='%s: %s' % (type(e).__name__, e))
    try:
        t.close()
        world.barrier()
    except Exception as e:  # noqa: BLE001
        record.update(status='error', why='clean-up: %s: %s' % (type(e).__name__, e))
    record.update(steps=t.steps, strays=t.strays)
    return record
