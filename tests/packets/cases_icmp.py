# SPDX-License-Identifier: GPL-2.0-only
"""ICMP and ICMPv6 errors about masqueraded and directly routed connections, both
directions, both families."""
from case import SERVERS, SERVERS6, case
from wire import ICMP, TCP, UDP, fragments4, icmp, ip4, tcp, udp

WEB, DNS = 8080, 5353


def family_name(v6):
    return 'IPv6' if v6 else 'IPv4'


def request_at_server(f, port=53, rport=DNS, ttl=62, **words):
    """The request as the server got it: what its errors quote."""
    return udp(f.client(), (f.servers[0], rport), b'question', ttl=ttl, **words)


def answer_at_client(f, port=53, ttl=62, **words):
    """The answer as the client got it."""
    return udp(f.vip(port), f.client(), b'answer!!', ttl=ttl, **words)


def error(f, src, dst, kind, code, quote, rest=0, **words):
    return icmp(src, dst, kind, code, rest, quote, **words)


def unreachable(f):
    return (1, 4) if f.v6 else (3, 3)


def flow(t, f):
    """A UDP flow that has been answered."""
    dests = t.nat(UDP, 53, DNS, v6=f.v6)
    t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
    t.from_server(udp((f.servers[0], DNS), f.client()), leaves='clients')
    return dests


MESSAGES4 = [(3, code) for code in (0, 1, 2, 3, 4, 5, 9, 10, 13, 15)] + \
    [(4, 0), (11, 0), (11, 1), (12, 0), (5, 1)]
MESSAGES6 = [(1, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 0), (3, 1), (4, 0), (4, 1), (100, 0)]

for v6, messages in ((False, MESSAGES4), (True, MESSAGES6)):
    for kind, code in messages:
        @case('%s error %d/%d from the server' % (family_name(v6), kind, code), v6, kind, code)
        def _(t, v6, kind, code):
            f = t.family(v6)
            flow(t, f)
            t.from_server(error(f, f.servers[0], f.client()[0], kind, code, request_at_server(f),
                                1300), leaves='clients')

        @case('%s error %d/%d from the client' % (family_name(v6), kind, code), v6, kind, code)
        def _(t, v6, kind, code):
            f = t.family(v6)
            flow(t, f)
            t.from_client(error(f, f.client()[0], f.vip(53)[0], kind, code, answer_at_client(f),
                                1300), leaves='anywhere')

for v6 in (False, True):
    name = family_name(v6)

    @case('%s error from a router at the server\'s side' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        router = 'fd02::2' if v6 else '10.2.0.2'
        t.from_server(error(f, router, f.client()[0], *((2, 0) if v6 else (3, 4)),
                            request_at_server(f), 1300), leaves='clients')

    @case('%s error from a router at the client\'s side' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        router = 'fd01::2' if v6 else '10.1.0.2'
        t.from_client(error(f, router, f.vip(53)[0], *((3, 0) if v6 else (11, 0)),
                            answer_at_client(f)), leaves='servers')

    @case('%s error about TCP, both directions' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, v6=v6)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f),
                            tcp(f.client(), (f.servers[0], WEB))), leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(80)[0], *unreachable(f),
                            tcp(f.vip(80), f.client(), 'SA')), leaves='servers')

    for length in (0, 8, 19, 20, 23, 24, 28, 36):
        @case('%s error from the server that quotes %d bytes' % (name, length), v6, length)
        def _(t, v6, length):
            f = t.family(v6)
            flow(t, f)
            quote = request_at_server(f)[:length + (20 if v6 and length else 0)]
            t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), quote),
                          leaves='anywhere')

        @case('%s error from the client that quotes %d bytes' % (name, length), v6, length)
        def _(t, v6, length):
            f = t.family(v6)
            flow(t, f)
            quote = answer_at_client(f)[:length + (20 if v6 and length else 0)]
            t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), quote),
                          leaves='anywhere')

    @case('%s error with a large quote' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        quote = udp(f.client(), (f.servers[0], DNS), bytes(range(256)) * 4)
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), quote[:1001]),
                      leaves='clients')
        quote = udp(f.vip(53), f.client(), bytes(range(256)) * 4)
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), quote[:1001]),
                      leaves='servers')

    @case('%s error with a bad checksum, from the server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), request_at_server(f),
                            check='bad'), leaves='nowhere')

    @case('%s error with a bad checksum, from the client' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f),
                            check='bad'), leaves='nowhere')

    @case('%s error cut inside its own header' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        for cut in (0, 1, 4, 7):
            t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), b'', cut=cut),
                          leaves='anywhere')
            t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), b'', cut=cut),
                          leaves='anywhere')

    @case('%s error about a flow that is not ours' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f),
                            udp(f.client(4001), (f.servers[0], DNS))), leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f),
                            udp(f.vip(53), f.client(4001))), leaves='nowhere')
        t.from_client(error(f, f.client()[0], f.servers[0], *unreachable(f),
                            udp((f.servers[0], DNS), f.client())), leaves='servers')

    @case('%s error from the client with hop limit 1' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f),
                            ttl=1), leaves='anywhere')

    @case('%s error from the server with hop limit 1' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        flow(t, f)
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), request_at_server(f),
                            ttl=1), leaves='anywhere')

    @case('%s errors about a removed server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        dest, = flow(t, f)
        t.remove(dest)
        t.from_server(error(f, f.servers[0], f.client()[0], *unreachable(f), request_at_server(f)),
                      leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f)),
                      leaves='servers')

    @case('%s error from the client, no route to the server any more' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.nowhere, DNS)
        t.from_client(udp(f.client(), f.vip(53)), leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f)),
                      leaves='anywhere')

    @case('%s error larger than the narrow side' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.narrow, DNS)
        t.from_client(udp(f.client(), f.vip(53)), leaves='narrow')
        quote = udp(f.vip(53), f.client(), b'n' * 1400)
        words = {} if v6 else {'df': True}
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), quote, **words),
                      leaves='anywhere')

    @case('%s error about direct routing, from the client' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f)),
                      leaves='servers')

    @case('%s error about direct routing with a bad checksum' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f),
                            check='bad'), leaves='anywhere')

    @case('%s error about direct routing, from the server\'s side' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        router = 'fd02::2' if v6 else '10.2.0.2'
        t.from_server(error(f, router, f.client()[0], *unreachable(f), udp(f.client(), f.vip(53))),
                      leaves='clients')

    for value in (0, 1):
        @case('%s error without a connection, schedule_icmp %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('schedule_icmp', value)
            t.nat(UDP, 53, DNS, v6=v6)
            t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f),
                                answer_at_client(f)), leaves='servers' if value else 'nowhere')

    @case('%s error without a connection, schedule_icmp, no server' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('schedule_icmp', 1)
        t.service(UDP, 53, v6=v6)
        t.from_client(error(f, f.client()[0], f.vip(53)[0], *unreachable(f), answer_at_client(f)),
                      leaves='nowhere')

    @case('%s error without a connection, schedule_icmp, TCP' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('schedule_icmp', 1)
        t.nat(TCP, 80, WEB, v6=v6, servers=2)
        t.from_client(error(f, f.client()[0], f.vip(80)[0], *unreachable(f),
                            tcp(f.vip(80), f.client(), 'A')), leaves='servers')
        t.from_client(error(f, f.client()[0], f.vip(80)[0], *unreachable(f),
                            tcp(f.vip(80), f.client(4001), 'A')[:f.l4 + 4]), leaves='servers')

    @case('%s error without a connection, schedule_icmp, client port 20' % name, v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('schedule_icmp', 1)
        t.nat(TCP, 80, WEB, v6=v6)
        t.from_client(error(f, f.client()[0], f.vip(80)[0], *unreachable(f),
                            tcp(f.vip(80), f.client(20), 'A')), leaves='nowhere')

    for value in (0, 1):
        @case('%s answer without a connection, nat_icmp_send %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('nat_icmp_send', value)
            t.nat(UDP, 53, DNS, v6=v6)
            t.nat(TCP, 80, WEB, v6=v6)
            t.from_server(udp((f.servers[0], DNS), f.client()),
                          leaves='servers' if value else 'clients')
            t.from_server(tcp((f.servers[0], WEB), f.client(), 'A'),
                          leaves='servers' if value else 'clients')
            t.from_server(tcp((f.servers[0], WEB), f.client(), 'R'), leaves='clients')
            t.from_server(tcp((f.servers[0], WEB), f.client(), 'RA'), leaves='clients')
            t.from_server(udp((f.servers[0], DNS + 1), f.client()), leaves='clients')
            t.from_server(udp((f.servers[1], DNS), f.client()), leaves='clients')


def quote_with(f, dst, **words):
    return ip4(f.client()[0], dst[0], UDP, udp(f.client(), dst)[20:], **words)


@case('IPv4 error that quotes IP options')
def _(t):
    f = t.family(False)
    flow(t, f)
    quote = quote_with(f, (SERVERS[0], DNS), options=bytes.fromhex('9404000001010101'))
    t.from_server(error(f, SERVERS[0], f.client()[0], 3, 3, quote), leaves='clients')


@case('IPv4 error with IP options of its own')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 3, 3, request_at_server(f),
                        options=bytes.fromhex('9404000001010101')), leaves='clients')
    t.from_client(error(f, f.client()[0], t.addr, 3, 3, answer_at_client(f),
                        options=bytes.fromhex('9404000001010101')), leaves='servers')


@case('IPv4 error that quotes a first fragment')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 11, 1,
                        quote_with(f, (SERVERS[0], DNS), mf=True)), leaves='clients')


@case('IPv4 error that quotes a later fragment')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 11, 0,
                        quote_with(f, (SERVERS[0], DNS), offset=800)), leaves='clients')


@case('IPv4 error that quotes a wrong version or header length')
def _(t):
    f = t.family(False)
    flow(t, f)
    for first in (0x65, 0x44, 0x05, 0x4f):
        quote = bytes([first]) + request_at_server(f)[1:]
        t.from_server(error(f, SERVERS[0], f.client()[0], 3, 3, quote), leaves='clients')


@case('IPv4 error that quotes a wrong IP checksum')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 3, 3,
                        quote_with(f, (SERVERS[0], DNS), check=0x1111)), leaves='clients')


@case('IPv4 error that quotes an unknown protocol')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 3, 2,
                        ip4(f.client()[0], SERVERS[0], 99, b'x' * 16)), leaves='clients')


@case('IPv4 error in fragments, both directions')
def _(t):
    f = t.family(False)
    flow(t, f)
    quote = udp(f.client(), (SERVERS[0], DNS), b'l' * 900)
    t.from_server(fragments4(error(f, SERVERS[0], f.client()[0], 3, 3, quote), 400),
                  leaves='clients', times=2)
    quote = udp(f.vip(53), f.client(), b'l' * 900)
    t.from_client(fragments4(error(f, f.client()[0], t.addr, 3, 3, quote), 400),
                  leaves='servers', times=2)


@case('IPv4 error with DF set')
def _(t):
    f = t.family(False)
    flow(t, f)
    t.from_server(error(f, SERVERS[0], f.client()[0], 3, 3, request_at_server(f), df=True,
                        tos=0xc0), leaves='clients')


@case('IPv6 error behind a destination options header')
def _(t):
    from wire import DSTOPT, opt_header
    f = t.family(True)
    flow(t, f)
    t.from_server(error(f, SERVERS6[0], f.client()[0], 1, 4, request_at_server(f),
                        ext=[(DSTOPT, opt_header())]), leaves='anywhere')
    t.from_client(error(f, f.client()[0], t.addr6, 1, 4, answer_at_client(f),
                        ext=[(DSTOPT, opt_header())]), leaves='anywhere')


@case('IPv6 error that quotes extension headers')
def _(t):
    from wire import DSTOPT, opt_header
    f = t.family(True)
    flow(t, f)
    quote = udp(f.client(), (SERVERS6[0], DNS), ext=[(DSTOPT, opt_header(1))])
    t.from_server(error(f, SERVERS6[0], f.client()[0], 1, 4, quote), leaves='clients')


@case('IPv6 error that quotes fragments, first and later')
def _(t):
    from wire import FRAGMENT, frag_header
    f = t.family(True)
    flow(t, f)
    for offset in (0, 800):
        quote = udp(f.client(), (SERVERS6[0], DNS), ext=[(FRAGMENT, frag_header(offset, True))])
        t.from_server(error(f, SERVERS6[0], f.client()[0], 3, 1, quote), leaves='clients')


@case('IPv6 error with a fragment header, whole')
def _(t):
    from wire import FRAGMENT, frag_header
    f = t.family(True)
    flow(t, f)
    t.from_server(error(f, SERVERS6[0], f.client()[0], 1, 4, request_at_server(f),
                        ext=[(FRAGMENT, frag_header())]), leaves='anywhere')
    t.from_client(error(f, f.client()[0], t.addr6, 1, 4, answer_at_client(f),
                        ext=[(FRAGMENT, frag_header(ident=0x78))]), leaves='anywhere')


@case('IPv6 error in fragments, both directions')
def _(t):
    from wire import fragments6
    f = t.family(True)
    flow(t, f)
    quote = udp(f.client(), (SERVERS6[0], DNS), b'l' * 900)
    t.from_server(fragments6(error(f, SERVERS6[0], f.client()[0], 1, 4, quote), 400),
                  leaves='anywhere')
    quote = udp(f.vip(53), f.client(), b'l' * 900)
    t.from_client(fragments6(error(f, f.client()[0], t.addr6, 1, 4, quote), 400, ident=0x99),
                  leaves='anywhere')


for outer, quoted in ((0, 8000), (8000, 0), (33000, 32000), (33000, 32464), (63488, 1952)):
    @case('IPv6 error behind %d bytes of options, quoting %d' % (outer, quoted), outer, quoted)
    def _(t, outer, quoted):
        """The ports of the last two are behind the 64 KiB that 16 bits count."""
        from wire import ROUTING, fragments6, long_options
        f = t.family(True)
        flow(t, f)
        # Behind a routing header options may be cut, when the packet leaves again.
        chain = [(ROUTING, b'\0\4' + bytes(5))] + long_options(outer)
        for send, src, dst, quote, side in (
                (t.from_server, f.servers[0], f.client()[0], request_at_server, 'clients'),
                (t.from_client, f.client()[0], f.vip(53)[0], answer_at_client, 'servers')):
            cut = quote(f, ext=long_options(quoted))[:40 + quoted + 4]
            whole = error(f, src, dst, 1, 4, cut, ext=chain)
            # The routing header leaves in each fragment, so there may be one more.
            send(fragments6(whole, *[1400] * (len(whole) // 1400), ident=0x99), leaves=side,
                 times=-(-(len(whole) - 48) // 1392))


@case('echo and other ICMPv6 to the VIP')
def _(t):
    f = t.family(True)
    flow(t, f)
    t.from_client(icmp(f.client()[0], t.addr6, 128, 0, 0x10001, b'ping'), leaves='clients')
    t.from_client(icmp(f.client()[0], SERVERS6[0], 128, 0, 0x10001, b'ping'), leaves='servers')
    t.from_client(icmp(f.client()[0], t.addr6, 200, 0, 0, b'private'), leaves='anywhere')
