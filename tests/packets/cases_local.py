# SPDX-License-Identifier: GPL-2.0-only
"""Clients and servers on the director itself."""
import socket

from case import SERVERS, SERVERS6, case
from cases_icmp import family_name
from wire import TCP, UDP, tcp, udp

WEB, DNS = 8080, 5353
LOOSE_TCP = {'tcp.seq', 'tcp.csum', 'data'}


def own(v6):
    """The director's address on the servers' side."""
    return 'fd02::1' if v6 else '10.2.0.1'


def datagram(t, f, end=None):
    return t.socket(socket.SOCK_DGRAM, end or f.vip(4000))


def received(sock):
    """What came, and from whom."""
    data, sender = sock.recvfrom(4096)
    return data, sender[:2]


for v6 in (False, True):
    name = family_name(v6)

    @case('local client %s: NAT, the client is the VIP' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, v6=v6)
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')
        t.from_server(udp((f.servers[0], DNS), f.vip(4000), b'me'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')

    @case('local client %s: NAT, another address of the director' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.watch(own(v6))
        t.nat(UDP, 53, DNS, v6=v6)
        sock = datagram(t, f, (own(v6), 4100))
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')
        t.from_server(udp((f.servers[0], DNS), (own(v6), 4100), b'me'), leaves='anywhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')

    # Two entries of one tuple, each the other's turned round.
    @case('local client %s: NAT, the server is a virtual address too' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, v6=v6)
        t.service(UDP, DNS, addr=f.servers[0], v6=v6)
        t.server(f.servers[1], DNS)
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')
        t.local('ask the other', lambda: sock.sendto(b'who?', (f.servers[0], DNS)), leaves='servers')
        t.from_server(udp((f.servers[0], DNS), f.vip(4000), b'me'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')

    @case('local client %s: direct routing' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.watch(own(v6))
        t.direct(UDP, 53, v6=v6)
        sock = datagram(t, f)
        t.local('as the VIP', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')
        other = datagram(t, f, (own(v6), 4100))
        t.local('as another', lambda: other.sendto(b'who?', f.vip(53)), leaves='servers')

    @case('local client %s: tunnel' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6, method='tunnel')
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')
        t.local('a large question', lambda: sock.sendto(b'L' * 1440, f.vip(53)), leaves='anywhere')

    @case('local client %s: no server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='nowhere')
        t.local('again', lambda: sock.sendto(b'who?', f.vip(53)), leaves='nowhere')

    @case('local client %s: no route to the server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.nowhere, DNS)
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='nowhere')

    @case('local client %s: too large for the narrow side' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, DNS)
        sock = datagram(t, f)
        t.local('ask', lambda: sock.sendto(b'L' * 1440, f.vip(53)), leaves='anywhere')
        t.local('again', lambda: sock.sendto(b'L' * 1440, f.vip(53)), leaves='anywhere')

    @case('local client %s: hop limit 1' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, v6=v6)
        sock = datagram(t, f)
        if v6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='nowhere')

    @case('local client %s: a loopback address' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, v6=v6)
        sock = datagram(t, f, ('::1' if v6 else '127.0.0.1', 0))
        t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='nowhere')

    @case('local client %s: TCP over NAT' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.loose = LOOSE_TCP
        t.nat(TCP, 80, WEB, v6=v6)
        sock = t.socket(socket.SOCK_STREAM, f.vip(4000))
        sock.setblocking(False)
        t.local('connect', lambda: sock.connect_ex(f.vip(80)), leaves='servers')
        # Or it would send its SYN again, on a machine slow enough.
        sock.close()
        t.from_server(tcp((f.servers[0], WEB), f.vip(4000), 'RA', ack=1), leaves='anywhere')

    @case('local server %s: NAT' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), DNS)
        sock = datagram(t, f, (own(v6), DNS))
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('answer', lambda: sock.sendto(b'me', f.client()), leaves='clients')
        t.from_client(udp(f.client(), f.vip(53), b'again', ttl=1), leaves='nowhere')
        t.local('hear again', lambda: received(sock), leaves='nowhere')

    @case('local server %s: direct routing' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), 53, 'direct')
        sock = datagram(t, f, f.vip(53))
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('answer', lambda: sock.sendto(b'me', f.client()), leaves='clients')

    @case('local server %s: tunnel' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), 53, 'tunnel')
        sock = datagram(t, f, f.vip(53))
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('answer', lambda: sock.sendto(b'me', f.client()), leaves='clients')

    @case('local server %s: nobody listens' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), DNS + 1)
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='clients')
        t.service(TCP, 80, v6=v6)
        t.server(own(v6), WEB + 1)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    @case('local server %s: TCP over direct routing passes TIME_WAIT' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server(own(v6), 80, 'direct')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')
        t.from_client(tcp(f.client(), f.vip(80), 'A'), leaves='clients')

    @case('local client and server %s: NAT' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), DNS)
        server = datagram(t, f, (own(v6), DNS))
        client = datagram(t, f)
        t.local('ask', lambda: client.sendto(b'who?', f.vip(53)), leaves='nowhere')
        t.local('hear', lambda: received(server), leaves='nowhere')
        t.local('answer', lambda: server.sendto(b'me', f.vip(4000)), leaves='nowhere')
        t.local('hear the answer', lambda: received(client), leaves='nowhere')

    @case('local client and server %s: a loopback server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        loopback = '::1' if v6 else '127.0.0.1'
        t.service(UDP, 53, v6=v6)
        t.server(loopback, DNS)
        server = datagram(t, f, (loopback, DNS))
        client = datagram(t, f)
        t.local('ask', lambda: client.sendto(b'who?', f.vip(53)), leaves='nowhere')
        t.local('hear', lambda: received(server), leaves='nowhere')

    @case('local client %s: one packet' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, ops=True)
        sock = datagram(t, f)
        for _ in range(3):
            t.local('ask', lambda: sock.sendto(b'who?', f.vip(53)), leaves='servers')


@case('local client IPv4: a raw socket that wants no reassembly')
def _(t):
    t.nat(UDP, 53, DNS)
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    t.undo.append(sock.close)
    sock.setsockopt(socket.IPPROTO_IP, 22, 1)
    packet = udp(t.vip(4000), t.vip(53))
    t.note_id(packet)
    t.local('send', lambda: sock.sendto(packet, (t.addr, 0)), leaves='anywhere')
    other = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    t.undo.append(other.close)
    t.local('without it', lambda: other.sendto(packet, (t.addr, 0)), leaves='servers')
