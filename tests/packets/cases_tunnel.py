# SPDX-License-Identifier: GPL-2.0-only
"""Tunnels: ipip, GUE and GRE, all four pairs of families, sizes, and errors from
inside the tunnel."""
from case import NARROW, NARROW6, SERVERS, SERVERS6, case
from cases_icmp import answer_at_client, error, unreachable
from wire import (GRE, IPIP, TCP, UDP, csum, fragments4, fragments6, icmp, ip4, tcp, udp)

KINDS = {
    'ipip': {},
    'gue': {'tun': 'gue', 'tun_port': 6080},
    'gue csum': {'tun': 'gue', 'tun_port': 6080, 'tun_flags': 1},
    'gue remcsum': {'tun': 'gue', 'tun_port': 6080, 'tun_flags': 2},
    'gre': {'tun': 'gre'},
    'gre csum': {'tun': 'gre', 'tun_flags': 1},
}
PAIRS = {'4in4': (False, False), '6in6': (True, True), '4in6': (False, True),
         '6in4': (True, False)}


def tunnelled(t, proto, port, v6, outer6, words, narrow=False):
    t.service(proto, port, v6=v6)
    addr = (NARROW6 if outer6 else NARROW) if narrow else (SERVERS6 if outer6 else SERVERS)[0]
    return t.server(addr, port, 'tunnel', **words)


for kind, words in KINDS.items():
    for pair, (v6, outer6) in PAIRS.items():
        name = 'TUN %s %s' % (kind, pair)

        @case(name + ' TCP: SYN, ACK, FIN', v6, outer6, words)
        def _(t, v6, outer6, words):
            f = t.family(v6)
            tunnelled(t, TCP, 80, v6, outer6, words)
            for flags in ('S', 'A', 'FA'):
                t.from_client(tcp(f.client(), f.vip(80), flags), leaves='servers')

        @case(name + ' UDP: traffic class, hop limit, DF', v6, outer6, words)
        def _(t, v6, outer6, words):
            f = t.family(v6)
            tunnelled(t, UDP, 53, v6, outer6, words)
            for tos in (0x2b, 0x29, 0x2a, 0xb8):
                t.from_client(udp(f.client(), f.vip(53), tos=tos, ttl=33), leaves='servers')
            if not v6:
                t.from_client(udp(f.client(), f.vip(53), df=True), leaves='servers')

        @case(name + ' UDP: sizes around the MTU', v6, outer6, words)
        def _(t, v6, outer6, words):
            f = t.family(v6)
            tunnelled(t, UDP, 53, v6, outer6, words)
            overhead = (40 if outer6 else 20) + {
                'ipip': 0, 'gue': 12, 'gue csum': 12, 'gue remcsum': 12, 'gre': 4,
                'gre csum': 8}[next(k for k, w in KINDS.items() if w is words)]
            fits = 1500 - overhead - f.l4 - 8
            df = {} if v6 else {'df': True}
            t.from_client(udp(f.client(), f.vip(53), b'm' * fits, **df), leaves='servers')
            t.from_client(udp(f.client(), f.vip(53), b'm' * (fits + 1), **df), leaves='clients')
            if not v6:
                t.from_client(udp(f.client(), f.vip(53), b'm' * (fits + 1)), leaves='anywhere')

        @case(name + ' UDP: a fragmented request', v6, outer6, words)
        def _(t, v6, outer6, words):
            f = t.family(v6)
            tunnelled(t, UDP, 53, v6, outer6, words)
            cut = fragments6 if v6 else fragments4
            t.from_client(cut(udp(f.client(), f.vip(53), b'f' * 2000), 1000), leaves='anywhere')

for pair, (v6, outer6) in PAIRS.items():
    name = 'TUN ' + pair

    for ttl in (1, 2):
        @case('%s TCP: hop limit %d' % (name, ttl), v6, outer6, ttl)
        def _(t, v6, outer6, ttl):
            f = t.family(v6)
            tunnelled(t, TCP, 80, v6, outer6, {})
            t.from_client(tcp(f.client(), f.vip(80), ttl=ttl),
                          leaves='servers' if ttl > 1 else 'clients')

    @case(name + ' UDP: pmtu_disc 1, DF', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        t.set('pmtu_disc', 1)
        tunnelled(t, UDP, 53, v6, outer6, {})
        df = {} if v6 else {'df': True}
        t.from_client(udp(f.client(), f.vip(53), **df), leaves='servers')
        t.from_client(udp(f.client(), f.vip(53), b'p' * 1440, **df),
                      leaves='clients' if v6 else 'anywhere')

    @case(name + ' UDP: pmtu_disc 0, DF', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        t.set('pmtu_disc', 0)
        tunnelled(t, UDP, 53, v6, outer6, {})
        df = {} if v6 else {'df': True}
        t.from_client(udp(f.client(), f.vip(53), **df), leaves='servers')
        t.from_client(udp(f.client(), f.vip(53), b'p' * (1432 if v6 else 1452), **df),
                      leaves='anywhere')

    @case(name + ' UDP: through the narrow side', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        tunnelled(t, UDP, 53, v6, outer6, {}, narrow=True)
        df = {} if v6 else {'df': True}
        t.from_client(udp(f.client(), f.vip(53), b'n' * 1000, **df), leaves='narrow')
        t.from_client(udp(f.client(), f.vip(53), b'n' * 1400, **df), leaves='clients')

    @case(name + ' TCP: no route to the server', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('fdff::1' if outer6 else '172.31.0.1', 80, 'tunnel')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    @case(name + ' TCP: the server is the director', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6)
        t.server('fd02::1' if outer6 else '10.2.0.1', 80, 'tunnel')
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    @case(name + ' UDP: an error from the client about an answer', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        tunnelled(t, UDP, 53, v6, outer6, {})
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f)),
                      leaves='servers')

    @case(name + ' UDP: server removed', v6, outer6)
    def _(t, v6, outer6):
        f = t.family(v6)
        dest = tunnelled(t, UDP, 53, v6, outer6, {})
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.remove(dest)
        t.from_client(udp(f.client(), f.vip(53)), leaves='nowhere')


# --- errors about the outer packet --------------------------------------------------------

def outer(inner, kind, dst=SERVERS[0], src='10.2.0.1'):
    """The tunnel packet that an error quotes."""
    if kind == 'ipip':
        return ip4(src, dst, IPIP, inner)
    if kind == 'gre':
        return ip4(src, dst, GRE, b'\0\0\x08\0' + inner)
    if kind == 'gre csum':
        body = b'\x80\0\x08\0\0\0\0\0' + inner
        return ip4(src, dst, GRE, body[:4] + csum(body).to_bytes(2, 'big') + body[6:])
    return udp((src, 40000), (dst, 6080), b'\0\4\0\0' + inner)


for kind, words in KINDS.items():
    if kind == 'gue remcsum':
        continue
    for message in ((3, 1), (3, 3), (11, 0), (3, 4)):
        for quoted in (64, 500):
            @case('TUN %s error %d/%d quoting %d bytes' % (kind, *message, quoted), kind, words,
                  message, quoted)
            def _(t, kind, words, message, quoted):
                tunnelled(t, UDP, 53, False, False, words)
                request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
                t.from_client(request, leaves='servers')
                quote = outer(request, kind)[:quoted]
                t.from_server(icmp('10.2.0.2', '10.2.0.1', *message,
                                   1400 if message == (3, 4) else 0, quote), leaves='anywhere')
                t.from_client(udp(t.client(), t.vip(53), b'r' * 1400, df=True), leaves='anywhere')


for kind in ('ipip', 'gue', 'gre'):
    for message in ((3, 1), (3, 4)):
        @case('TUN %s error %d/%d in page fragments' % (kind, *message), kind, message)
        def _(t, kind, message):
            # Put together again, all that is linear of it are its first 8 bytes.
            tunnelled(t, UDP, 53, False, False, KINDS[kind])
            request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
            t.from_client(request, leaves='servers')
            told = icmp('10.2.0.2', '10.2.0.1', *message, 1400 if message == (3, 4) else 0,
                        outer(request, kind))
            t.from_server(fragments4(told, 8, 400), leaves='clients')


@case('TUN ipip error 3/4 about a packet without DF')
def _(t):
    tunnelled(t, UDP, 53, False, False, {})
    request = udp(t.client(), t.vip(53), b'r' * 900)
    t.from_client(request, leaves='servers')
    t.from_server(icmp('10.2.0.2', '10.2.0.1', 3, 4, 1400, outer(request, 'ipip')[:500]),
                  leaves='nowhere')


@case('TUN ipip error with a bad checksum')
def _(t):
    tunnelled(t, UDP, 53, False, False, {})
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(icmp('10.2.0.2', '10.2.0.1', 3, 1, 0, outer(request, 'ipip')[:500], check='bad'),
                  leaves='nowhere')


@case('TUN ipip error about a tunnel that is not ours')
def _(t):
    tunnelled(t, UDP, 53, False, False, {})
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(icmp('10.2.0.2', '10.2.0.1', 3, 1, 0,
                       outer(request, 'ipip', dst=SERVERS[2])[:500]), leaves='anywhere')


@case('TUN ipip error about an inner flow that is not ours')
def _(t):
    tunnelled(t, UDP, 53, False, False, {})
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    request = udp(t.client(4001), t.vip(53), b'r' * 900, df=True)
    t.from_server(icmp('10.2.0.2', '10.2.0.1', 3, 1, 0, outer(request, 'ipip')[:500]),
                  leaves='anywhere')


@case('TUN ipip error that quotes 8 bytes of the inner header')
def _(t):
    tunnelled(t, UDP, 53, False, False, {})
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(icmp('10.2.0.2', '10.2.0.1', 3, 1, 0, outer(request, 'ipip')[:28]),
                  leaves='nowhere')
