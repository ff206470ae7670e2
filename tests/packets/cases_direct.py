# SPDX-License-Identifier: GPL-2.0-only
"""Direct routing, both families."""
from case import SERVERS, case
from cases_icmp import family_name
from wire import (TCP, UDP, fragments4, fragments6, ip4, tcp, udp)

for v6 in (False, True):
    name = 'DR ' + family_name(v6)

    @case(name + ' TCP: a whole connection, requests only', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, servers=2, v6=v6)
        for flags in ('S', 'A', 'PA', 'FA', 'A'):
            t.from_client(tcp(f.client(), f.vip(80), flags), leaves='servers')
        t.from_client(tcp(f.client(4001), f.vip(80), 'S'), leaves='servers')

    for flags in ('R', 'F', 'P', '', 'SA', 'FR'):
        @case('%s TCP: [%s] in ESTABLISHED' % (name, flags), v6, flags)
        def _(t, v6, flags):
            f = t.family(v6)
            t.direct(TCP, 80, v6=v6)
            for each in ('S', 'A', flags, 'A'):
                t.from_client(tcp(f.client(), f.vip(80), each), leaves='servers')

    @case(name + ' UDP: with and without a checksum, and a wrong one', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        for check in (None, 'bad') + (() if v6 else (0,)):
            t.from_client(udp(f.client(), f.vip(53), check=check), leaves='servers')

    @case(name + ' TCP: the server\'s port is not used', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        try:
            t.server(f.servers[0], 8080, 'direct')
        except Exception as e:
            t.local('another port', lambda e=e: str(e), leaves='nowhere')
            return
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')

    @case(name + ' TCP: a server behind a router', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server(f.routed, 80, 'direct')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')

    @case(name + ' TCP: no route to the server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server(f.nowhere, 80, 'direct')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    for ttl in (0, 1, 2, 255):
        @case('%s TCP: hop limit %d' % (name, ttl), v6, ttl)
        def _(t, v6, ttl):
            f = t.family(v6)
            t.direct(TCP, 80, v6=v6)
            t.from_client(tcp(f.client(), f.vip(80), ttl=ttl), leaves='anywhere')

    @case(name + ' UDP: larger than the narrow side', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, 53, 'direct')
        words = {} if v6 else {'df': True}
        t.from_client(udp(f.client(), f.vip(53), b'd' * 1420, **words), leaves='clients')
        t.from_client(udp(f.client(), f.vip(53), b'd' * (1400 - f.l4 - 8), **words),
                      leaves='narrow')
        t.from_client(udp(f.client(), f.vip(53), b'd' * (1401 - f.l4 - 8), **words),
                      leaves='clients')
        if not v6:
            t.from_client(udp(f.client(), f.vip(53), b'd' * 1450), leaves='narrow', times=2)

    @case(name + ' UDP: fragments', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        packet = udp(f.client(), f.vip(53), bytes(range(256)) * 8)
        cut = fragments6 if v6 else fragments4
        t.from_client(cut(packet, 1400), leaves='servers', times=2)
        t.from_client(cut(packet, 800, 400)[::-1], leaves='anywhere')

    @case(name + ' UDP: fragments to the narrow side', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, 53, 'direct')
        packet = udp(f.client(), f.vip(53), bytes(range(256)) * 8)
        cut = fragments6 if v6 else fragments4
        t.from_client(cut(packet, 1440), leaves='anywhere')
        t.from_client(cut(packet, 1200), leaves='narrow', times=2)

    for mode in (0, 1, 2, 3):
        @case('%s TCP reuse: SYN in FIN_WAIT, conn_reuse_mode %d' % (name, mode), v6, mode)
        def _(t, v6, mode):
            f = t.family(v6)
            t.set('conn_reuse_mode', mode)
            t.direct(TCP, 80, servers=2, v6=v6)
            for flags in ('S', 'A', 'FA', 'A'):
                t.from_client(tcp(f.client(), f.vip(80), flags), leaves='servers')
            t.from_client(tcp(f.client(), f.vip(80), 'S', seq=9999), leaves='servers')
            t.from_client(tcp(f.client(), f.vip(80), 'A', seq=10000), leaves='servers')

        @case('%s TCP reuse: SYN in CLOSE, conn_reuse_mode %d' % (name, mode), v6, mode)
        def _(t, v6, mode):
            f = t.family(v6)
            t.set('conn_reuse_mode', mode)
            t.direct(TCP, 80, servers=2, v6=v6)
            for flags in ('S', 'A', 'R'):
                t.from_client(tcp(f.client(), f.vip(80), flags), leaves='servers')
            t.from_client(tcp(f.client(), f.vip(80), 'S', seq=9999), leaves='servers')

    for nodest in (0, 1):
        @case('%s TCP: server removed, expire_nodest_conn %d' % (name, nodest), v6, nodest)
        def _(t, v6, nodest):
            f = t.family(v6)
            t.set('expire_nodest_conn', nodest)
            dests = t.direct(TCP, 80, servers=2, v6=v6)
            t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
            t.remove(dests[1])
            if nodest:
                t.until('the sweep', lambda: not t.entries())
            t.from_client(tcp(f.client(), f.vip(80), 'A'),
                          leaves='clients' if nodest else 'nowhere')
            t.from_client(tcp(f.client(), f.vip(80), 'S'),
                          leaves='servers' if nodest else 'nowhere')

    @case(name + ' TCP: answers through the director', v6)
    def _(t, v6):
        f = t.family(v6)
        # Their source is an address of this host's: IPv4 calls that a martian.
        t.set('net/ipv4/conf/servers/accept_local', 1)
        t.direct(TCP, 80, v6=v6)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_server(tcp(f.vip(80), f.client(), 'SA'), leaves='anywhere')
        t.from_client(tcp(f.client(), f.vip(80), 'A'), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(80), 'FA'), leaves='servers')
        t.from_server(tcp(f.vip(80), f.client(), 'FA'), leaves='anywhere')

    @case(name + ' TCP: short headers', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, v6=v6)
        t.from_client(tcp(f.client(), f.vip(80), cut=12), leaves='nowhere')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(80), 'A', cut=12), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(80), 'A', cut=4), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(80), 'A', cut=3), leaves='nowhere')

    @case(name + ' TCP: hairpin, a client among the servers', v6)
    def _(t, v6):
        f = t.family(v6)
        t.watch(f.servers[1])
        t.direct(TCP, 80, v6=v6)
        t.from_server(tcp((f.servers[1], 4000), f.vip(80)), leaves='servers')

    @case(name + ' TCP: the server is the director', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('fd02::1' if v6 else '10.2.0.1', 80, 'direct')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')
        t.from_client(tcp(f.client(), f.vip(80), ttl=1), leaves='clients')

    @case(name + ' TCP: a loopback server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('::1' if v6 else '127.0.0.1', 80, 'direct')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    @case(name + ' TCP: traffic class stays', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, v6=v6)
        t.from_client(tcp(f.client(), f.vip(80), tos=0x2b), leaves='servers')


@case('DR IPv4 TCP: IP options')
def _(t):
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    for options in ('01010100', '940400000000', '070b0400000000000000ff'):
        segment = tcp(t.client(), t.vip(80), 'A')[20:]
        t.from_client(ip4(t.client()[0], t.addr, TCP, segment, options=bytes.fromhex(options)),
                      leaves='servers')


@case('local method: the packet stays here')
def _(t):
    t.service(TCP, 80)
    t.server(SERVERS[0], 80, 'local')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')
