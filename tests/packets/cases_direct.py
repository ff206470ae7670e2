# SPDX-License-Identifier: GPL-2.0-only
"""Direct routing, both families."""
from case import R, case
from cases_icmp import family_name
from wire import (TCP, UDP, fragments4, fragments6, ip4, tcp, udp)

for v6 in (False, True):
    name = 'DR ' + family_name(v6)

    @case(name + ' TCP: a whole connection, requests only', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, servers=2, v6=v6)
        for flags in ('S', 'A', 'PA', 'FA', 'A'):
            t.c(tcp(f.client(), f.vip(80), flags), 's')
        t.c(tcp(f.client(4001), f.vip(80), 'S'), 's')

    for flags in ('R', 'F', 'P', '', 'SA', 'FR'):
        @case('%s TCP: [%s] in ESTABLISHED' % (name, flags), v6, flags)
        def _(t, v6, flags):
            f = t.family(v6)
            t.direct(TCP, 80, v6=v6)
            for each in ('S', 'A', flags, 'A'):
                t.c(tcp(f.client(), f.vip(80), each), 's')

    @case(name + ' UDP: with and without a checksum, and a wrong one', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        for check in (None, 'bad') + (() if v6 else (0,)):
            t.c(udp(f.client(), f.vip(53), check=check), 's')

    @case(name + ' TCP: the server\'s port is not used', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        try:
            t.server(f.R[0], 8080, 'g')
        except Exception as e:
            t.local('another port', lambda e=e: str(e), '')
            return
        t.c(tcp(f.client(), f.vip(80)), 's')

    @case(name + ' TCP: a server behind a router', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server(f.routed, 80, 'g')
        t.c(tcp(f.client(), f.vip(80)), 's')

    @case(name + ' TCP: no route to the server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server(f.nowhere, 80, 'g')
        t.c(tcp(f.client(), f.vip(80)), 'c')

    for ttl in (0, 1, 2, 255):
        @case('%s TCP: hop limit %d' % (name, ttl), v6, ttl)
        def _(t, v6, ttl):
            f = t.family(v6)
            t.direct(TCP, 80, v6=v6)
            t.c(tcp(f.client(), f.vip(80), ttl=ttl), None)

    @case(name + ' UDP: larger than the narrow side', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, 53, 'g')
        words = {} if v6 else {'df': True}
        t.c(udp(f.client(), f.vip(53), b'd' * 1420, **words), 'c')
        t.c(udp(f.client(), f.vip(53), b'd' * (1400 - f.l4 - 8), **words), 'm')
        t.c(udp(f.client(), f.vip(53), b'd' * (1401 - f.l4 - 8), **words), 'c')
        if not v6:
            t.c(udp(f.client(), f.vip(53), b'd' * 1450), 'mm')

    @case(name + ' UDP: fragments', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        packet = udp(f.client(), f.vip(53), bytes(range(256)) * 8)
        cut = fragments6 if v6 else fragments4
        t.c(cut(packet, 1400), 'ss')
        t.c(cut(packet, 800, 400)[::-1], None)

    @case(name + ' UDP: fragments to the narrow side', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, 53, 'g')
        packet = udp(f.client(), f.vip(53), bytes(range(256)) * 8)
        cut = fragments6 if v6 else fragments4
        t.c(cut(packet, 1440), None)
        t.c(cut(packet, 1200), 'mm')

    for mode in (0, 1, 2, 3):
        @case('%s TCP reuse: SYN in FIN_WAIT, conn_reuse_mode %d' % (name, mode), v6, mode)
        def _(t, v6, mode):
            f = t.family(v6)
            t.set('conn_reuse_mode', mode)
            t.direct(TCP, 80, servers=2, v6=v6)
            for flags in ('S', 'A', 'FA', 'A'):
                t.c(tcp(f.client(), f.vip(80), flags), 's')
            t.c(tcp(f.client(), f.vip(80), 'S', seq=9999), 's')
            t.c(tcp(f.client(), f.vip(80), 'A', seq=10000), 's')

        @case('%s TCP reuse: SYN in CLOSE, conn_reuse_mode %d' % (name, mode), v6, mode)
        def _(t, v6, mode):
            f = t.family(v6)
            t.set('conn_reuse_mode', mode)
            t.direct(TCP, 80, servers=2, v6=v6)
            for flags in ('S', 'A', 'R'):
                t.c(tcp(f.client(), f.vip(80), flags), 's')
            t.c(tcp(f.client(), f.vip(80), 'S', seq=9999), 's')

    for nodest in (0, 1):
        @case('%s TCP: server removed, expire_nodest_conn %d' % (name, nodest), v6, nodest)
        def _(t, v6, nodest):
            f = t.family(v6)
            t.set('expire_nodest_conn', nodest)
            dests = t.direct(TCP, 80, servers=2, v6=v6)
            t.c(tcp(f.client(), f.vip(80)), 's')
            t.remove(dests[1])
            if nodest:
                t.until('the sweep', lambda: not t.entries())
            t.c(tcp(f.client(), f.vip(80), 'A'), 'c' if nodest else '')
            t.c(tcp(f.client(), f.vip(80), 'S'), 's' if nodest else '')

    @case(name + ' TCP: answers through the director', v6)
    def _(t, v6):
        f = t.family(v6)
        # Their source is an address of this host's: IPv4 calls that a martian.
        t.set('net/ipv4/conf/ds/accept_local', 1)
        t.direct(TCP, 80, v6=v6)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.s(tcp(f.vip(80), f.client(), 'SA'), None)
        t.c(tcp(f.client(), f.vip(80), 'A'), 's')
        t.c(tcp(f.client(), f.vip(80), 'FA'), 's')
        t.s(tcp(f.vip(80), f.client(), 'FA'), None)

    @case(name + ' TCP: short headers', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, v6=v6)
        t.c(tcp(f.client(), f.vip(80), cut=12), '')
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.c(tcp(f.client(), f.vip(80), 'A', cut=12), 's')
        t.c(tcp(f.client(), f.vip(80), 'A', cut=4), 's')
        t.c(tcp(f.client(), f.vip(80), 'A', cut=3), '')

    @case(name + ' TCP: hairpin, a client among the servers', v6)
    def _(t, v6):
        f = t.family(v6)
        t.watch(f.R[1])
        t.direct(TCP, 80, v6=v6)
        t.s(tcp((f.R[1], 4000), f.vip(80)), 's')

    @case(name + ' TCP: the server is the director', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('fd02::1' if v6 else '10.2.0.1', 80, 'g')
        t.c(tcp(f.client(), f.vip(80)), 'c')
        t.c(tcp(f.client(), f.vip(80), ttl=1), 'c')

    @case(name + ' TCP: a loopback server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('::1' if v6 else '127.0.0.1', 80, 'g')
        t.c(tcp(f.client(), f.vip(80)), 'c')

    @case(name + ' TCP: traffic class stays', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, v6=v6)
        t.c(tcp(f.client(), f.vip(80), tos=0x2b), 's')


@case('DR IPv4 TCP: IP options')
def _(t):
    t.direct(TCP, 80)
    t.c(tcp(t.client(), t.vip(80)), 's')
    for options in ('01010100', '940400000000', '070b0400000000000000ff'):
        segment = tcp(t.client(), t.vip(80), 'A')[20:]
        t.c(ip4(t.client()[0], t.addr, TCP, segment, options=bytes.fromhex(options)), 's')


@case('local method: the packet stays here')
def _(t):
    t.service(TCP, 80)
    t.server(R[0], 80, 'local')
    t.c(tcp(t.client(), t.vip(80)), 'c')
    t.c(tcp(t.client(), t.vip(80), 'A'), 'c')
