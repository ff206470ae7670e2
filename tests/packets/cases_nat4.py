# SPDX-License-Identifier: GPL-2.0-only
"""Masquerading over IPv4, TCP and UDP: both directions, all states, all wrong
headers.

Long because it is a list: one short case after the other.
"""
import socket

from case import NARROW, SERVERS, ROUTED, case
from wire import (ICMP, TCP, UDP, fragments4, ip4, tcp, tcp_segment, udp)

SERVER = (SERVERS[0], 8080)
WEB = 8080


def opened(t, port=80, **words):
    """A service and an established connection to it."""
    dests = t.nat(TCP, port, WEB, **words)
    t.from_client(tcp(t.client(), t.vip(port)), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'SA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(port), 'A'), leaves='servers')
    return dests


# --- the ordinary run ------------------------------------------------------------------

@case('NAT TCP: a whole connection, closed by the client')
def _(t):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=b'GET / HTTP/1.0\r\n\r\n'),
                  leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'PA', data=b'HTTP/1.0 200 OK\r\n\r\nodd'),
                  leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'FA'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')
    t.from_server(tcp(SERVER, t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: a whole connection, closed by the server')
def _(t):
    opened(t)
    t.from_server(tcp(SERVER, t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'FA'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')


@case('NAT UDP: a question and its answer')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client(), b'me!'), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'again?'), leaves='servers')


@case('NAT TCP: the same port at the server')
def _(t):
    t.nat(TCP, 80, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp((SERVERS[0], 80), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: server port 0 keeps the virtual port')
def _(t):
    t.service(TCP, 81)
    try:
        t.server(SERVERS[0], 0)
    except Exception as e:
        t.local('server with port 0', lambda: str(e), leaves='nowhere')
        return
    t.from_client(tcp(t.client(), t.vip(81)), leaves='servers')


@case('NAT TCP: two servers in turn, connections stay')
def _(t):
    t.nat(TCP, 80, WEB, servers=2)
    for port in (4000, 4001, 4002):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    for port in (4000, 4001, 4002):
        t.from_client(tcp(t.client(port), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: three servers by weight')
def _(t):
    t.service(TCP, 80, sched='wrr')
    for addr, weight in zip(SERVERS, (3, 2, 1)):
        t.server(addr, WEB, weight=weight)
    for port in range(4000, 4012):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')


@case('NAT UDP: two services to one server port, the newest answers')
def _(t):
    t.nat(UDP, 53, 5353)
    t.nat(UDP, 54, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(54)), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client()), leaves='clients')


@case('NAT TCP: TCP and UDP of one port are strangers')
def _(t):
    t.nat(TCP, 53, 53)
    t.nat(UDP, 53, 54)
    t.from_client(tcp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp((SERVERS[0], 54), t.client()), leaves='clients')
    t.from_server(tcp((SERVERS[0], 53), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: a server behind a router')
def _(t):
    t.service(TCP, 80)
    t.server(ROUTED, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp((ROUTED, WEB), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: no route to the server')
def _(t):
    t.service(TCP, 80)
    t.server('172.31.0.1', WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('NAT UDP: the answer to another client port is no answer')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(4000), t.vip(53)), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client(4001)), leaves='clients')


@case('NAT UDP: an answer from another server port is no answer')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp((SERVERS[0], 5354), t.client()), leaves='clients')


@case('NAT UDP: an answer from another server is no answer')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp((SERVERS[1], 5353), t.client()), leaves='clients')


# --- what opens a connection, and what does not -------------------------------------------

for flags, leaves in (('A', 'clients'), ('R', 'nowhere'), ('RA', 'nowhere'), ('F', 'clients'),
                      ('FA', 'clients'), ('SA', 'servers'), ('P', 'clients'), ('PA', 'clients'),
                      ('SF', 'servers'), ('SR', 'nowhere'), ('SPU', 'servers'), ('', 'clients'),
                      ('SEC', 'servers')):
    @case('NAT TCP: first segment [%s]' % flags, flags, leaves)
    def _(t, flags, leaves):
        t.nat(TCP, 80, WEB)
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves=leaves)


for flags, leaves in (('A', 'servers'), ('R', 'nowhere'), ('FA', 'servers'), ('PA', 'servers'), ('', 'servers')):
    @case('NAT TCP: first segment [%s] with sloppy_tcp' % flags, flags, leaves)
    def _(t, flags, leaves):
        t.set('sloppy_tcp', 1)
        t.nat(TCP, 80, WEB)
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves=leaves)


@case('NAT TCP: SYN with data')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'S', data=b'fast open'), leaves='servers')


@case('NAT TCP: SYN with options')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'S', options=bytes.fromhex('020405b4040201030307')),
                  leaves='servers')


@case('NAT TCP: SYN to a port without a service')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(81)), leaves='clients')


@case('NAT UDP: datagram to a port without a service')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(54)), leaves='clients')


@case('NAT TCP: client port 20 is never balanced')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(20), t.vip(80)), leaves='clients')


@case('NAT UDP: client port 20 is never balanced')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(20), t.vip(53)), leaves='clients')


@case('NAT UDP: client port 0')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(0), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(0), t.vip(53)), leaves='servers')


@case('NAT TCP: client port 65535')
def _(t):
    t.nat(TCP, 65535, 1)
    t.from_client(tcp(t.client(65535), t.vip(65535)), leaves='servers')
    t.from_server(tcp((SERVERS[0], 1), t.client(65535), 'SA'), leaves='clients')


# --- states -------------------------------------------------------------------------------

def each(t, *steps):
    """(who, flags): client to server or back."""
    for who, flags in steps:
        if who == 'c':
            t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')
        else:
            t.from_server(tcp(SERVER, t.client(), flags), leaves='clients')


RUNS = {
    'client RST in SYN_RECV': 'cS cR cA',
    'server RST in SYN_RECV': 'cS sRA',
    'client RST in ESTABLISHED': 'cS sSA cA cR',
    'server RST in ESTABLISHED': 'cS sSA cA sR',
    'PSH alone closes': 'cS sSA cA cP',
    'no flags at all close': 'cS sSA cA c',
    'URG alone from the server closes': 'cS sSA cA sU',
    'SYN again in SYN_RECV': 'cS cS cS',
    'SYN again in ESTABLISHED': 'cS sSA cA cS cA',
    'ACK without an answer': 'cS cA',
    'FIN in SYN_RECV': 'cS cFA cA',
    'FIN from both, crossing': 'cS sSA cA cFA sFA cA sA',
    'server FIN, then client RST': 'cS sSA cA sFA cRA',
    'client FIN, then server RST': 'cS sSA cA cFA sRA',
    'answer is a plain SYN (simultaneous open)': 'cS sS cSA sA',
    'FIN and RST in one': 'cS sSA cA cFR',
    'SYN and FIN in one': 'cS sSA cA cSF',
    'SYN+ACK from the client': 'cS sSA cA cSA',
    'RST in CLOSE_WAIT, then SYN': 'cS sSA cA cFA cR cA',
    'data after FIN': 'cS sSA cA cFA cPA sPA sFA cPA',
    'FIN repeated': 'cS sSA cA cFA cFA sFA sFA cA',
    'server data before the handshake ends': 'cS sSA sPA cPA',
    'ACK after TIME_WAIT': 'cS sSA cA cFA sFA cA cA sA',
    'server FIN in TIME_WAIT': 'cS sSA cA cFA sFA sFA sA',
}

for name, steps in RUNS.items():
    @case('NAT TCP states: ' + name, steps)
    def _(t, steps):
        t.nat(TCP, 80, WEB)
        each(t, *[(word[0], word[1:]) for word in steps.split()])


def time_wait(t):
    each(t, ('c', 'S'), ('s', 'SA'), ('c', 'A'), ('c', 'FA'), ('s', 'FA'), ('c', 'A'))


for mode in (0, 1, 2, 3):
    @case('NAT TCP reuse: SYN in TIME_WAIT, conn_reuse_mode %d' % mode, mode)
    def _(t, mode):
        t.set('conn_reuse_mode', mode)
        t.nat(TCP, 80, WEB, servers=2)
        time_wait(t)
        t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')
        t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')

    @case('NAT TCP reuse: SYN in CLOSE, conn_reuse_mode %d' % mode, mode)
    def _(t, mode):
        t.set('conn_reuse_mode', mode)
        t.nat(TCP, 80, WEB, servers=2)
        each(t, ('c', 'S'), ('s', 'RA'))
        t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')
        t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')

    @case('NAT TCP reuse: SYN in ESTABLISHED, conn_reuse_mode %d' % mode, mode)
    def _(t, mode):
        t.set('conn_reuse_mode', mode)
        t.nat(TCP, 80, WEB, servers=2)
        each(t, ('c', 'S'), ('s', 'SA'), ('c', 'A'))
        t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')


@case('NAT TCP reuse: SYN in FIN_WAIT (server closed first)')
def _(t):
    t.set('conn_reuse_mode', 3)
    t.nat(TCP, 80, WEB, servers=2)
    each(t, ('c', 'S'), ('s', 'SA'), ('c', 'A'), ('s', 'FA'))
    t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')


@case('NAT TCP reuse: SYN+ACK in TIME_WAIT')
def _(t):
    t.nat(TCP, 80, WEB, servers=2)
    time_wait(t)
    t.from_client(tcp(t.client(), t.vip(80), 'SA', seq=90000), leaves='servers')


@case('NAT TCP: a new timeout holds from the next packet')
def _(t):
    opened(t)
    t.world.control.timeouts(tcp=77, tcpfin=55, udp=44)
    t.undo.append(lambda: t.world.control.timeouts(tcp=900, tcpfin=120, udp=300))
    t.until('the timeout is set', lambda: True)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT UDP: a new timeout holds from the next packet')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.world.control.timeouts(udp=44)
    t.undo.append(lambda: t.world.control.timeouts(udp=300))
    t.from_server(udp((SERVERS[0], 5353), t.client()), leaves='clients')


# --- servers that go, and come back -----------------------------------------------------------

for nodest in (0, 1):
    @case('NAT TCP: server removed, expire_nodest_conn %d' % nodest, nodest)
    def _(t, nodest):
        t.set('expire_nodest_conn', nodest)
        dest, = opened(t)
        t.remove(dest)
        if nodest:
            t.until('the sweep', lambda: not t.entries())
        t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients' if nodest else 'nowhere')
        t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')
        t.from_client(tcp(t.client(), t.vip(80), 'S', seq=7777),
                      leaves='clients' if nodest else 'nowhere')

    @case('NAT UDP: server removed, another there, expire_nodest_conn %d' % nodest, nodest)
    def _(t, nodest):
        t.set('expire_nodest_conn', nodest)
        dests = t.nat(UDP, 53, 5353, servers=2)
        t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
        t.remove(dests[1])
        if nodest:
            t.until('the sweep', lambda: not t.entries())
        t.from_client(udp(t.client(), t.vip(53)), leaves='servers' if nodest else 'nowhere')

    @case('NAT TCP: SYN on a connection to weight 0, expire_nodest_conn %d' % nodest, nodest)
    def _(t, nodest):
        t.set('expire_nodest_conn', nodest)
        dests = t.nat(TCP, 80, WEB, servers=2)
        t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
        for dest in dests:
            t.edit(dest, weight=0)
        t.edit(dests[0], weight=1)
        t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
        t.from_client(tcp(t.client(), t.vip(80), 'S', seq=5555), leaves='servers')
        t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: server removed and added again')
def _(t):
    dest, = opened(t)
    t.remove(dest)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='nowhere')
    t.server(SERVERS[0], WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')


@case('NAT TCP: service removed and added again')
def _(t):
    opened(t)
    t.remove_service()
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='nowhere')
    t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: answers of a removed server are translated, not counted')
def _(t):
    dest, = opened(t)
    t.remove(dest)
    t.from_server(tcp(SERVER, t.client(), 'PA', data=b'late'), leaves='clients')


@case('NAT TCP: no server at all')
def _(t):
    t.service(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('NAT UDP: no server at all')
def _(t):
    t.service(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53), b'x' * 600), leaves='clients')


@case('NAT TCP: all weights 0')
def _(t):
    dests = t.nat(TCP, 80, WEB, servers=2)
    for dest in dests:
        t.edit(dest, weight=0)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')


@case('NAT TCP: a connection outlives weight 0')
def _(t):
    dest, = opened(t)
    t.edit(dest, weight=0)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=b'more'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'A'), leaves='clients')
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='clients')


@case('NAT TCP: thresholds close and open a server')
def _(t):
    t.service(TCP, 80)
    t.server(SERVERS[0], WEB, upper=2, lower=1)
    for port in (4000, 4001):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(4002), t.vip(80)), leaves='clients')


@case('NAT TCP: SYN of a removed server with another one left')
def _(t):
    dests = t.nat(TCP, 80, WEB, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.remove(dests[1])
    t.from_client(tcp(t.client(), t.vip(80)), leaves='nowhere')
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')


# --- checksums ------------------------------------------------------------------------------

@case('NAT TCP: a bad checksum stays bad, both ways')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), check='bad'), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'SA', check='bad'), leaves='clients')


@case('NAT UDP: a bad checksum stays bad, both ways')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), check='bad'), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client(), check='bad'), leaves='clients')


@case('NAT UDP: no checksum gets one, both ways')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'odd', check=0), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client(), b'even', check=0), leaves='clients')


@case('NAT UDP: no checksum and no data')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'', check=0), leaves='servers')


@case('NAT UDP: no checksum and a length shorter than the packet')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'abcdefgh', check=0, length=12), leaves='servers')


@case('NAT UDP: checksum 0xffff')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), check=0xffff), leaves='servers')
    t.from_server(udp((SERVERS[0], 5353), t.client(), check=0xffff), leaves='clients')


@case('NAT UDP: every value of two payload bytes around a sum of zero')
def _(t):
    t.nat(UDP, 53, 5353)
    base = udp(t.client(), t.vip(53), b'\0\0', ident=7)
    right = int.from_bytes(base[26:28], 'big')
    for value in (right - 2, right - 1, right, right + 1, right + 2):
        t.from_client(udp(t.client(), t.vip(53), (value & 0xffff).to_bytes(2, 'big')),
                      leaves='servers')


@case('NAT UDP: a wrong UDP length')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'abcdefgh', length=200), leaves='servers')


@case('NAT TCP: a checksum that waits for offload')
def _(t):
    t.nat(TCP, 80, WEB)
    offload = bytes([1, 0]) + (0).to_bytes(2, 'little') + (0).to_bytes(2, 'little') + \
        (34).to_bytes(2, 'little') + (16).to_bytes(2, 'little')
    t.from_client(tcp(t.client(), t.vip(80), check='pseudo'), leaves='servers', vnet=offload)


@case('NAT UDP: a checksum that waits for offload, both ways')
def _(t):
    t.nat(UDP, 53, 5353)
    offload = bytes([1, 0, 0, 0, 0, 0, 34, 0, 6, 0])
    t.from_client(udp(t.client(), t.vip(53), check='pseudo'), leaves='servers', vnet=offload)
    t.from_server(udp((SERVERS[0], 5353), t.client(), check='pseudo'),
                  leaves='clients', vnet=offload)


def gso(kind, size, header, field, transport=34):
    """A virtio header: one packet that stands for many segments."""
    words = (header, size, transport, field)
    return bytes([1, kind]) + b''.join(w.to_bytes(2, 'little') for w in words)


@case('NAT TCP: a GSO packet, both ways')
def _(t):
    opened(t)
    big = gso(1, 1400, 54, 16)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=bytes(range(256)) * 40, check='pseudo'),
                  leaves='servers', vnet=big)
    t.from_server(tcp(SERVER, t.client(), 'PA', data=bytes(range(256)) * 40, check='pseudo'),
                  leaves='clients', vnet=big)


@case('NAT TCP: a GSO packet with DF to the narrow side')
def _(t):
    t.service(TCP, 80)
    t.server(NARROW, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='narrow')
    data = bytes(range(256)) * 40
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=data, check='pseudo', df=True),
                  leaves='clients', vnet=gso(1, 1460, 54, 16))
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=data, check='pseudo', df=True),
                  leaves='narrow', vnet=gso(1, 1300, 54, 16))


# --- the IP header ------------------------------------------------------------------------------

for ttl in (1, 0, 2, 255):
    @case('NAT TCP: TTL %d' % ttl, ttl)
    def _(t, ttl):
        t.nat(TCP, 80, WEB)
        t.from_client(tcp(t.client(), t.vip(80), ttl=ttl),
                      leaves='servers' if ttl > 1 else 'clients')


@case('NAT TCP: TTL 1 on an established connection, and on the answer')
def _(t):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'A', ttl=1), leaves='clients')
    t.from_server(tcp(SERVER, t.client(), 'A', ttl=1), leaves='servers')


@case('NAT TCP: TOS and ECN stay')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), tos=0x2b), leaves='servers')
    t.from_server(tcp(SERVER, t.client(), 'SA', tos=0xb9), leaves='clients')


@case('NAT TCP: IP options, both ways')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), options=b''), leaves='servers')
    for options in ('01010100', '940400000000', '070b0400000000000000ff'):
        segment = tcp(t.client(), t.vip(80), 'A')[20:]
        t.from_client(ip4(t.client()[0], t.addr, TCP, segment, options=bytes.fromhex(options)),
                      leaves='anywhere')
        segment = tcp(SERVER, t.client(), 'A')[20:]
        t.from_server(ip4(SERVERS[0], t.client()[0], TCP, segment, options=bytes.fromhex(options)),
                      leaves='anywhere')


@case('NAT UDP: a bad IP checksum goes nowhere')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(ip4(t.client()[0], t.addr, UDP, udp(t.client(), t.vip(53))[20:], check=0x1234),
                  leaves='nowhere')


@case('NAT UDP: bytes behind the IP packet are cut')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), b'x')
    t.from_client(packet + b'\xff' * 17, leaves='servers')


# --- headers cut short --------------------------------------------------------------------------

for cut in (0, 1, 3, 4, 8, 12, 13, 14, 19):
    @case('NAT TCP: only %d bytes of the header, no connection' % cut, cut)
    def _(t, cut):
        t.nat(TCP, 80, WEB)
        t.from_client(tcp(t.client(), t.vip(80), cut=cut), leaves='nowhere')

    @case('NAT TCP: only %d bytes of the header, on a connection' % cut, cut)
    def _(t, cut):
        opened(t)
        t.from_client(tcp(t.client(), t.vip(80), 'A', cut=cut), leaves='anywhere')
        t.from_server(tcp(SERVER, t.client(), 'A', cut=cut), leaves='anywhere')

for cut in (0, 3, 4, 7):
    @case('NAT UDP: only %d bytes of the header' % cut, cut)
    def _(t, cut):
        t.nat(UDP, 53, 5353)
        t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='nowhere')
        t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
        t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='anywhere')
        t.from_server(udp((SERVERS[0], 5353), t.client(), cut=cut), leaves='anywhere')


@case('NAT TCP: a short header to a local address that is no VIP')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), ('10.2.0.1', 80), cut=12), leaves='nowhere')
    t.from_client(udp(t.client(), ('10.2.0.1', 80), cut=6), leaves='nowhere')


@case('NAT TCP: data offset larger than the segment')
def _(t):
    t.nat(TCP, 80, WEB)
    segment = bytearray(tcp_segment(4000, 80))
    segment[12] = 0xf0
    t.from_client(ip4(t.client()[0], t.addr, TCP, bytes(segment)), leaves='servers')


# --- size and fragments --------------------------------------------------------------------------

@case('NAT UDP: DF and larger than the narrow side')
def _(t):
    t.service(UDP, 53)
    t.server(NARROW, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1400, df=True), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1372, df=True), leaves='narrow')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1373, df=True), leaves='clients')


@case('NAT UDP: larger than the narrow side without DF')
def _(t):
    t.service(UDP, 53)
    t.server(NARROW, 5353)
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1450), leaves='narrow', times=2)


@case('NAT UDP: two fragments')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments4(packet, 1480), leaves='servers', times=2)


@case('NAT UDP: four fragments in reverse order')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments4(packet, 800, 400, 400)[::-1], leaves='servers', times=3)


@case('NAT UDP: two fragments with DF')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8, df=True)
    t.from_client(fragments4(packet, 1480), leaves='clients')


@case('NAT UDP: fragments without the last')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments4(packet, 800, 800)[:2], leaves='nowhere')


@case('NAT UDP: fragments without the first')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments4(packet, 800, 800)[1:], leaves='nowhere')


@case('NAT UDP: fragments that overlap')
def _(t):
    t.nat(UDP, 53, 5353)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    other = fragments4(packet, 400, 1200)
    t.from_client([fragments4(packet, 800)[0], other[1], other[-1]], leaves='anywhere')


@case('NAT UDP: a fragment twice')
def _(t):
    t.nat(UDP, 53, 5353)
    pieces = fragments4(udp(t.client(), t.vip(53), bytes(range(256)) * 8), 800, 800)
    t.from_client([pieces[0], pieces[0], pieces[1], pieces[2]], leaves='anywhere')


@case('NAT UDP: a first fragment of 8 bytes')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(fragments4(udp(t.client(), t.vip(53), b'z' * 100), 8), leaves='servers', times=2)


@case('NAT TCP: a first fragment with half a header')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(fragments4(tcp(t.client(), t.vip(80), data=b'z' * 60), 8), leaves='anywhere')


@case('NAT UDP: no checksum, in fragments')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(fragments4(udp(t.client(), t.vip(53), b'y' * 2001, check=0), 1480),
                  leaves='servers', times=2)


@case('NAT UDP: fragments to the narrow side')
def _(t):
    t.service(UDP, 53)
    t.server(NARROW, 5353)
    t.from_client(fragments4(udp(t.client(), t.vip(53), b'y' * 2000), 1480),
                  leaves='narrow', times=2)
    t.from_client(fragments4(udp(t.client(), t.vip(53), b'y' * 2000), 1200),
                  leaves='narrow', times=2)


@case('NAT UDP: the answer in two fragments')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    packet = udp((SERVERS[0], 5353), t.client(), bytes(range(256)) * 8)
    t.from_server(fragments4(packet, 1480), leaves='clients', times=2)
    t.from_server(fragments4(packet, 600, 600)[::-1], leaves='anywhere')


@case('NAT UDP: the answer in fragments, the last missing')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(fragments4(udp((SERVERS[0], 5353), t.client(), b'q' * 2000), 1480)[:1],
                  leaves='nowhere')


@case('NAT TCP: the answer in fragments')
def _(t):
    opened(t)
    t.from_server(fragments4(tcp(SERVER, t.client(), 'PA', data=b'w' * 1400), 480, 480),
                  leaves='clients', times=3)


# --- traffic that is not ours -------------------------------------------------------------------------

@case('not ours: TCP through the director')
def _(t):
    t.from_client(tcp(t.client(), (SERVERS[0], 80)), leaves='servers')
    t.from_server(tcp((SERVERS[0], 80), t.client(), 'SA'), leaves='clients')


@case('not ours: UDP fragments through the director')
def _(t):
    t.from_client(fragments4(udp(t.client(), (SERVERS[0], 99), b'f' * 2000), 1480),
                  leaves='servers', times=2)
    t.from_server(fragments4(udp((SERVERS[0], 99), t.client(), b'f' * 2000), 400, 800),
                  leaves='anywhere')


@case('not ours: a first fragment alone through the director')
def _(t):
    t.from_client(fragments4(udp(t.client(), (SERVERS[0], 99), b'f' * 2000), 1480)[:1],
                  leaves='nowhere')


@case('not ours: short headers through the director')
def _(t):
    t.from_client(tcp(t.client(), (SERVERS[0], 80), cut=12), leaves='servers')
    t.from_client(udp(t.client(), (SERVERS[0], 80), cut=3), leaves='servers')


@case('not ours: echo to the VIP')
def _(t):
    from wire import icmp
    t.nat(TCP, 80, WEB)
    t.from_client(icmp(t.client()[0], t.addr, 8, 0, 0x12340001, b'ping'), leaves='clients')


@case('not ours: echo through the director')
def _(t):
    from wire import icmp
    t.from_client(icmp(t.client()[0], SERVERS[0], 8, 0, 0x12340001, b'ping'), leaves='servers')


for proto in (2, 4, 47, 50, 51, 89, 132, 255):
    @case('not ours: protocol %d to the VIP and through the director' % proto, proto)
    def _(t, proto):
        t.nat(UDP, 500, 500)
        t.from_client(ip4(t.client()[0], t.addr, proto, b'\0\x50' * 16), leaves='anywhere')
        t.from_client(ip4(t.client()[0], SERVERS[0], proto, b'\0\x50' * 16), leaves='servers')


@case('not ours: fragments of protocol 50 through the director')
def _(t):
    t.from_client(fragments4(ip4(t.client()[0], SERVERS[0], 50, b'e' * 2000), 1480),
                  leaves='servers', times=2)


@case('not ours: a broadcast frame to the VIP')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere', dst=b'\xff' * 6)


@case('not ours: a frame for another host')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere', dst=bytes.fromhex('020000009999'))


@case('NAT TCP: hairpin, the client is on the servers\' side')
def _(t):
    t.watch(SERVERS[1])
    t.nat(TCP, 80, WEB)
    t.from_server(tcp((SERVERS[1], 4000), t.vip(80)), leaves='servers')
    t.from_server(tcp(SERVER, (SERVERS[1], 4000), 'SA'), leaves='anywhere')


@case('NAT TCP: client and server are one host')
def _(t):
    t.watch(SERVERS[0])
    t.nat(TCP, 80, WEB)
    t.from_server(tcp((SERVERS[0], 4000), t.vip(80)), leaves='servers')


@case('NAT UDP: a client with a loopback address')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(('127.0.0.9', 4000), t.vip(53)), leaves='nowhere')


@case('NAT UDP: a server with a loopback address')
def _(t):
    t.service(UDP, 53)
    t.server('127.0.0.1', 5353)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere')


@case('NAT UDP: a client with a multicast address')
def _(t):
    t.nat(UDP, 53, 5353)
    t.from_client(udp(('224.0.0.9', 4000), t.vip(53)), leaves='nowhere')
