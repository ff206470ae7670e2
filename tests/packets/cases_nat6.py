# SPDX-License-Identifier: GPL-2.0-only
"""Masquerading over IPv6: what IPv4 has not, and the same again where the code
differs."""
from case import NARROW6, SERVERS6, ROUTED6, case
from cases_nat4 import RUNS, gso
from wire import (AH, DSTOPT, ESP, FRAGMENT, HOP, NONE, ROUTING, TCP, UDP, auth_header,
                  frag_header, fragments6, ip6, opt_header, tcp, udp)

WEB, DNS = 8080, 5353
SERVER = (SERVERS6[0], WEB)


def opened(t):
    t.nat(TCP, 80, WEB, v6=True)
    t.from_client(tcp(t.client6(), t.vip6(80)), leaves='servers')
    t.from_server(tcp(SERVER, t.client6(), 'SA'), leaves='clients')
    t.from_client(tcp(t.client6(), t.vip6(80), 'A'), leaves='servers')


for name, steps in list(RUNS.items())[::2]:
    @case('NAT6 TCP states: ' + name, steps)
    def _(t, steps):
        t.nat(TCP, 80, WEB, v6=True)
        for word in steps.split():
            if word[0] == 'c':
                t.from_client(tcp(t.client6(), t.vip6(80), word[1:]), leaves='servers')
            else:
                t.from_server(tcp(SERVER, t.client6(), word[1:]), leaves='clients')


@case('NAT6 TCP: data both ways')
def _(t):
    opened(t)
    t.from_client(tcp(t.client6(), t.vip6(80), 'PA', data=b'GET / HTTP/1.0\r\n\r\n'),
                  leaves='servers')
    t.from_server(tcp(SERVER, t.client6(), 'PA', data=b'HTTP/1.0 200 OK, odd'), leaves='clients')


@case('NAT6 UDP: a question and its answer')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(udp(t.client6(), t.vip6(53), b'who?'), leaves='servers')
    t.from_server(udp((SERVERS6[0], DNS), t.client6(), b'me'), leaves='clients')


@case('NAT6 TCP: two servers in turn')
def _(t):
    t.nat(TCP, 80, WEB, v6=True, servers=2)
    for port in range(4000, 4004):
        t.from_client(tcp(t.client6(port), t.vip6(80)), leaves='servers')


@case('NAT6 TCP: a server behind a router')
def _(t):
    t.service(TCP, 80, v6=True)
    t.server(ROUTED6, WEB)
    t.from_client(tcp(t.client6(), t.vip6(80)), leaves='servers')


@case('NAT6 TCP: no route to the server')
def _(t):
    t.service(TCP, 80, v6=True)
    t.server('fdff::1', WEB)
    t.from_client(tcp(t.client6(), t.vip6(80)), leaves='clients')


@case('NAT6 TCP: no server')
def _(t):
    t.service(TCP, 80, v6=True)
    t.from_client(tcp(t.client6(), t.vip6(80)), leaves='clients')
    t.from_client(tcp(t.client6(), t.vip6(80), 'A'), leaves='clients')


@case('NAT6 UDP: no server')
def _(t):
    t.service(UDP, 53, v6=True)
    t.from_client(udp(t.client6(), t.vip6(53), b'x' * 1300), leaves='clients')


@case('NAT6 TCP: client port 20')
def _(t):
    t.nat(TCP, 80, WEB, v6=True)
    t.from_client(tcp(t.client6(20), t.vip6(80)), leaves='clients')


for flags, leaves in (('A', 'clients'), ('R', 'nowhere'), ('SA', 'servers'), ('P', 'clients')):
    @case('NAT6 TCP: first segment [%s]' % flags, flags, leaves)
    def _(t, flags, leaves):
        t.nat(TCP, 80, WEB, v6=True)
        t.from_client(tcp(t.client6(), t.vip6(80), flags), leaves=leaves)


@case('NAT6: a bad checksum stays bad, both ways')
def _(t):
    t.nat(TCP, 80, WEB, v6=True)
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(tcp(t.client6(), t.vip6(80), check='bad'), leaves='servers')
    t.from_server(tcp(SERVER, t.client6(), 'SA', check='bad'), leaves='clients')
    t.from_client(udp(t.client6(), t.vip6(53), check='bad'), leaves='servers')
    t.from_server(udp((SERVERS6[0], DNS), t.client6(), check='bad'), leaves='clients')


@case('NAT6 UDP: no checksum')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(udp(t.client6(), t.vip6(53), check=0), leaves='servers')
    t.from_server(udp((SERVERS6[0], DNS), t.client6(), check=0), leaves='clients')


@case('NAT6 TCP: a checksum that waits for offload, and GSO')
def _(t):
    t.nat(TCP, 80, WEB, v6=True)
    t.from_client(tcp(t.client6(), t.vip6(80), check='pseudo'),
                  leaves='servers', vnet=gso(0, 0, 0, 16, 54))
    data = bytes(range(256)) * 40
    t.from_client(tcp(t.client6(), t.vip6(80), 'PA', data=data, check='pseudo'),
                  leaves='servers', vnet=gso(4, 1400, 74, 16, 54))
    t.from_server(tcp(SERVER, t.client6(), 'PA', data=data, check='pseudo'),
                  leaves='clients', vnet=gso(4, 1400, 74, 16, 54))


for hops in (0, 1, 2, 255):
    @case('NAT6 TCP: hop limit %d' % hops, hops)
    def _(t, hops):
        t.nat(TCP, 80, WEB, v6=True)
        t.from_client(tcp(t.client6(), t.vip6(80), ttl=hops), leaves='anywhere')


@case('NAT6 TCP: traffic class and flow label stay')
def _(t):
    t.nat(TCP, 80, WEB, v6=True)
    t.from_client(tcp(t.client6(), t.vip6(80), tos=0x2b, label=0x12345), leaves='servers')
    t.from_server(tcp(SERVER, t.client6(), 'SA', tos=0xb9, label=0x54321), leaves='clients')


EXTENSIONS = {
    'hop-by-hop': [(HOP, opt_header())],
    'destination options': [(DSTOPT, opt_header())],
    'destination options of 40 bytes': [(DSTOPT, opt_header(4))],
    'three of them': [(HOP, opt_header()), (DSTOPT, opt_header(2)), (DSTOPT, opt_header())],
    'authentication': [(AH, auth_header())],
    'a whole fragment': [(FRAGMENT, frag_header())],
    'options and a whole fragment': [(DSTOPT, opt_header()), (FRAGMENT, frag_header())],
    'routing, no segments left': [(ROUTING, bytes([2, 4, 0, 0, 0, 0, 0]) + bytes(16))],
}

for name, ext in EXTENSIONS.items():
    @case('NAT6 UDP: extension headers: ' + name, ext)
    def _(t, ext):
        t.nat(UDP, 53, DNS, v6=True)
        t.from_client(udp(t.client6(), t.vip6(53), ext=ext), leaves='anywhere')
        t.from_client(udp(t.client6(), t.vip6(53)), leaves='servers')
        t.from_server(udp((SERVERS6[0], DNS), t.client6(), ext=ext), leaves='anywhere')

    @case('NAT6 TCP: extension headers: ' + name, ext)
    def _(t, ext):
        t.nat(TCP, 80, WEB, v6=True)
        t.from_client(tcp(t.client6(), t.vip6(80), ext=ext), leaves='anywhere')
        t.from_client(tcp(t.client6(), t.vip6(80), 'A', ext=ext), leaves='anywhere')


@case('NAT6 UDP: options header that claims more than there is')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(udp(t.client6(), t.vip6(53), ext=[(DSTOPT, opt_header(0, 200))]),
                  leaves='anywhere')


@case('NAT6: no next header, and ESP')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(ip6(t.client6()[0], t.addr6, NONE, b''), leaves='anywhere')
    t.from_client(ip6(t.client6()[0], t.addr6, ESP, bytes(32)), leaves='anywhere')
    t.from_client(ip6(t.client6()[0], SERVERS6[0], ESP, bytes(32)), leaves='servers')


for cut in (0, 3, 4, 13, 14, 19):
    @case('NAT6 TCP: only %d bytes of the header' % cut, cut)
    def _(t, cut):
        t.nat(TCP, 80, WEB, v6=True)
        t.from_client(tcp(t.client6(), t.vip6(80), cut=cut), leaves='nowhere')
        t.from_client(tcp(t.client6(), t.vip6(80)), leaves='servers')
        t.from_client(tcp(t.client6(), t.vip6(80), 'A', cut=cut), leaves='anywhere')
        t.from_server(tcp(SERVER, t.client6(), 'A', cut=cut), leaves='anywhere')

for cut in (0, 3, 4, 7):
    @case('NAT6 UDP: only %d bytes of the header' % cut, cut)
    def _(t, cut):
        t.nat(UDP, 53, DNS, v6=True)
        t.from_client(udp(t.client6(), t.vip6(53), cut=cut), leaves='nowhere')
        t.from_client(udp(t.client6(), t.vip6(53)), leaves='servers')
        t.from_client(udp(t.client6(), t.vip6(53), cut=cut), leaves='anywhere')


@case('NAT6 UDP: larger than the narrow side')
def _(t):
    t.service(UDP, 53, v6=True)
    t.server(NARROW6, DNS)
    t.from_client(udp(t.client6(), t.vip6(53), b'd' * 1400), leaves='clients')
    t.from_client(udp(t.client6(), t.vip6(53), b'd' * 1352), leaves='narrow')
    t.from_client(udp(t.client6(), t.vip6(53), b'd' * 1353), leaves='clients')


@case('NAT6 UDP: two fragments')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(fragments6(udp(t.client6(), t.vip6(53), bytes(range(256)) * 8), 1400),
                  leaves='servers', times=2)


@case('NAT6 UDP: fragments in reverse order')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    packet = udp(t.client6(), t.vip6(53), bytes(range(256)) * 8)
    t.from_client(fragments6(packet, 800, 400, 400)[::-1], leaves='anywhere')


@case('NAT6 UDP: a fragment is missing')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    pieces = fragments6(udp(t.client6(), t.vip6(53), bytes(range(256)) * 8), 800, 800)
    t.from_client([pieces[0], pieces[2]], leaves='nowhere')


@case('NAT6 UDP: fragments that overlap')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    packet = udp(t.client6(), t.vip6(53), bytes(range(256)) * 8)
    other = fragments6(packet, 400, 1200)
    t.from_client([fragments6(packet, 800)[0], other[1], other[-1]], leaves='anywhere')


@case('NAT6 UDP: fragments to the narrow side')
def _(t):
    t.service(UDP, 53, v6=True)
    t.server(NARROW6, DNS)
    packet = udp(t.client6(), t.vip6(53), bytes(range(256)) * 8)
    t.from_client(fragments6(packet, 1440), leaves='clients')
    t.from_client(fragments6(packet, 1200, ident=0x4343), leaves='anywhere')


@case('NAT6 UDP: the answer in fragments')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(udp(t.client6(), t.vip6(53)), leaves='servers')
    packet = udp((SERVERS6[0], DNS), t.client6(), bytes(range(256)) * 8)
    t.from_server(fragments6(packet, 1400), leaves='clients', times=2)
    t.from_server(fragments6(packet, 1400, ident=0x4343)[:1], leaves='nowhere')


@case('NAT6 TCP: the answer in fragments with options before')
def _(t):
    opened(t)
    t.from_server(fragments6(tcp(SERVER, t.client6(), 'PA', data=b'w' * 1300), 480),
                  leaves='anywhere')


for nodest in (0, 1):
    @case('NAT6 UDP: server removed, expire_nodest_conn %d' % nodest, nodest)
    def _(t, nodest):
        t.set('expire_nodest_conn', nodest)
        dests = t.nat(UDP, 53, DNS, v6=True, servers=2)
        t.from_client(udp(t.client6(), t.vip6(53)), leaves='servers')
        t.remove(dests[1])
        if nodest:
            t.until('the sweep', lambda: not t.entries())
        t.from_client(udp(t.client6(), t.vip6(53)), leaves='servers' if nodest else 'nowhere')


for mode in (0, 1):
    @case('NAT6 TCP reuse: SYN in TIME_WAIT, conn_reuse_mode %d' % mode, mode)
    def _(t, mode):
        t.set('conn_reuse_mode', mode)
        t.nat(TCP, 80, WEB, v6=True, servers=2)
        for word in 'cS sSA cA cFA sFA cA'.split():
            if word[0] == 'c':
                t.from_client(tcp(t.client6(), t.vip6(80), word[1:]), leaves='anywhere')
            else:
                t.from_server(tcp((SERVERS6[1], WEB), t.client6(), word[1:]), leaves='anywhere')
        t.from_client(tcp(t.client6(), t.vip6(80), 'S', seq=77777), leaves='servers')


@case('NAT6 TCP: a loopback server, and a loopback client')
def _(t):
    t.service(TCP, 80, v6=True)
    t.server('::1', WEB)
    t.from_client(tcp(t.client6(), t.vip6(80)), leaves='nowhere')
    t.from_client(tcp(('::1', 4000), t.vip6(80)), leaves='nowhere')


@case('NAT6 TCP: hairpin')
def _(t):
    t.watch(SERVERS6[1], SERVERS6[0])
    t.nat(TCP, 80, WEB, v6=True)
    t.from_server(tcp((SERVERS6[1], 4000), t.vip6(80)), leaves='servers')
    t.from_server(tcp(SERVER, (SERVERS6[1], 4000), 'SA'), leaves='anywhere')
    t.from_server(tcp((SERVERS6[0], 4000), t.vip6(80)), leaves='servers')


@case('not ours: IPv6 through the director')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(tcp(t.client6(), (SERVERS6[0], 80)), leaves='servers')
    t.from_server(tcp((SERVERS6[0], 80), t.client6(), 'SA'), leaves='clients')
    t.from_client(udp(t.client6(), (SERVERS6[0], 99)), leaves='servers')
    t.from_client(fragments6(udp(t.client6(), (SERVERS6[0], 99), b'f' * 2000), 1400),
                  leaves='anywhere')
    t.from_client(tcp(t.client6(), (SERVERS6[0], 80), cut=12), leaves='servers')


@case('not ours: IPv6 to a local port without a service')
def _(t):
    t.nat(UDP, 53, DNS, v6=True)
    t.from_client(udp(t.client6(), t.vip6(54)), leaves='clients')
    t.from_client(tcp(t.client6(), t.vip6(54)), leaves='clients')
