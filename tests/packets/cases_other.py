# SPDX-License-Identifier: GPL-2.0-only
"""SCTP, IPsec, connection tracking, namespaces without services."""
from case import SERVERS, SERVERS6, case
from cases_icmp import error, family_name
from wire import (AH, ESP, SCTP, TCP, UDP, auth_header, chunk, fragments4, ip, ip6, sctp, tcp,
                  udp)

WEB, DNS, PORT, RPORT = 8080, 5353, 5000, 5001
INIT, INIT_ACK, SACK, ABORT, SHUTDOWN, SHUTDOWN_ACK = 1, 2, 3, 6, 7, 8
ERROR, COOKIE_ECHO, COOKIE_ACK, SHUTDOWN_COMPLETE, DATA, HEARTBEAT = 9, 10, 11, 14, 0, 4

SCTP_RUNS = {
    'association and shutdown by the client':
        'c1 s2 c10 s11 c0 s3 c7 s8 c14',
    'shutdown by the server': 'c1 s2 c10 s11 s0 c3 s7 c8 s14',
    'INIT again': 'c1 c1 s2 c1 s2',
    'ABORT by the client': 'c1 s2 c10 s11 c6 c0',
    'ABORT by the server': 'c1 s6 c1',
    'ERROR': 'c1 s2 c10 s9 c9 s11',
    'server speaks first': 'c1 s1 s2 c10',
    'heartbeats': 'c1 s2 c10 s11 c4 s5 s4 c5',
    'unknown chunk': 'c1 s2 c10 s11 c200 s63',
    'COOKIE-ECHO in the beginning': 'c1 c10 s11 c0',
    'SHUTDOWN-COMPLETE out of order': 'c1 c14 s14 c1',
    'SHUTDOWN both ways': 'c1 s2 c10 s11 c7 s7 c8 s8 c14',
}


def sctp_run(t, f, steps, answers=True):
    for word in steps.split():
        kind = int(word[1:])
        packet = chunk(kind, b'c' * 12)
        if word[0] == 'c':
            t.from_client(sctp(f.client(), f.vip(PORT), packet), leaves='servers')
        elif answers:
            t.from_server(sctp((f.servers[0], RPORT), f.client(), packet), leaves='clients')


for v6 in (False, True):
    name = 'SCTP ' + family_name(v6)
    for title, steps in SCTP_RUNS.items():
        @case('%s NAT: %s' % (name, title), v6, steps)
        def _(t, v6, steps):
            t.nat(SCTP, PORT, RPORT, v6=v6)
            sctp_run(t, t.family(v6), steps)

    for title in list(SCTP_RUNS)[::2]:
        @case('%s DR: %s' % (name, title), v6, SCTP_RUNS[title])
        def _(t, v6, steps):
            t.direct(SCTP, PORT, v6=v6)
            sctp_run(t, t.family(v6), steps, answers=False)

    @case(name + ' NAT: the port stays, so does the checksum', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, PORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16), check=0x1234),
                      leaves='servers')

    @case(name + ' NAT: a wrong checksum', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, RPORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16), check=0x1234),
                      leaves='servers')

    @case(name + ' NAT: what does not open an association', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, RPORT, v6=v6)
        for kind in (DATA, ABORT, COOKIE_ECHO, SHUTDOWN):
            t.from_client(sctp(f.client(), f.vip(PORT), chunk(kind, b'x' * 12)), leaves='anywhere')

    @case(name + ' NAT: sloppy_sctp', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('sloppy_sctp', 1)
        t.nat(SCTP, PORT, RPORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(DATA, b'x' * 12)), leaves='servers')
        t.from_client(sctp(f.client(4001), f.vip(PORT), chunk(ABORT)), leaves='anywhere')

    for cut in (0, 4, 8, 11, 12, 15):
        @case('%s NAT: only %d bytes' % (name, cut), v6, cut)
        def _(t, v6, cut):
            f = t.family(v6)
            t.nat(SCTP, PORT, RPORT, v6=v6)
            t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16), cut=cut),
                          leaves='anywhere')
            t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')
            t.from_client(sctp(f.client(), f.vip(PORT), chunk(DATA, b'i' * 16), cut=cut),
                          leaves='anywhere')

    @case(name + ' NAT: COOKIE-ECHO with an ABORT behind it', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, RPORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(COOKIE_ECHO, b'k' * 5), chunk(ABORT)),
                      leaves='servers')

    @case(name + ' NAT: INIT in CLOSED', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, RPORT, v6=v6, servers=2)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(ABORT)), leaves='servers')
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')

    @case(name + ' NAT: no server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(SCTP, PORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='clients')

    @case(name + ' NAT: errors both directions', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(SCTP, PORT, RPORT, v6=v6)
        t.from_client(sctp(f.client(), f.vip(PORT), chunk(INIT, b'i' * 16)), leaves='servers')
        message = (1, 4) if v6 else (3, 2)
        t.from_server(error(f, f.servers[0], f.client()[0], *message,
                            sctp(f.client(), (f.servers[0], RPORT), chunk(INIT))),
                      leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(PORT)[0], *message,
                            sctp(f.vip(PORT), f.client(), chunk(INIT_ACK))), leaves='servers')

    # --- IPsec --------------------------------------------------------------------------------

    name = 'IPsec ' + family_name(v6)
    payload = bytes(range(48))

    for letter, method in (('m', 'nat'), ('g', 'direct'), ('i', 'tunnel')):
        @case('%s: ESP and AH follow the IKE flow, method %s' % (name, letter), v6, method)
        def _(t, v6, method):
            f = t.family(v6)
            t.service(UDP, 500, v6=v6)
            t.server(f.servers[0], 500, method)
            t.from_client(udp(f.client(500), f.vip(500)), leaves='servers')
            t.from_client(ip(f.client()[0], f.vip(500)[0], ESP, payload), leaves='servers')
            if not v6:
                t.from_client(ip(f.client()[0], f.vip(500)[0], AH, payload), leaves='servers')
            if method == 'nat':
                t.from_server(udp((f.servers[0], 500), f.client(500)), leaves='clients')
                t.from_server(ip(f.servers[0], f.client()[0], ESP, payload), leaves='clients')

    @case(name + ': ESP and AH without an IKE flow', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 500, 500, v6=v6)
        t.from_client(ip(f.client()[0], f.vip(500)[0], ESP, payload), leaves='anywhere')
        if not v6:
            t.from_client(ip(f.client()[0], f.vip(500)[0], AH, payload), leaves='clients')
        t.from_server(ip(f.servers[0], f.client()[0], ESP, payload), leaves='clients')

    @case(name + ': an error about ESP', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 500, 500, v6=v6)
        t.from_client(udp(f.client(500), f.vip(500)), leaves='servers')
        t.from_server(error(f, f.servers[0], f.client()[0], *((1, 4) if v6 else (3, 2)),
                            ip(f.client()[0], f.servers[0], ESP, payload)), leaves='clients')
        t.from_client(error(f, f.client()[0], f.vip(500)[0], *((1, 4) if v6 else (3, 2)),
                            ip(f.vip(500)[0], f.client()[0], ESP, payload)), leaves='anywhere')

    @case(name + ': ESP, hop limit 1, removed server', v6)
    def _(t, v6):
        f = t.family(v6)
        dest, = t.nat(UDP, 500, 500, v6=v6)
        t.from_client(udp(f.client(500), f.vip(500)), leaves='servers')
        t.from_client(ip(f.client()[0], f.vip(500)[0], ESP, payload, ttl=1), leaves='clients')
        t.remove(dest)
        t.from_client(ip(f.client()[0], f.vip(500)[0], ESP, payload), leaves='nowhere')


@case('IPsec IPv4: ESP in fragments')
def _(t):
    t.nat(UDP, 500, 500)
    t.from_client(udp(t.client(500), t.vip(500)), leaves='servers')
    t.from_client(fragments4(ip(t.client()[0], t.addr, ESP, b'e' * 2000), 1480), leaves='anywhere')
    t.from_server(fragments4(ip(SERVERS[0], t.client()[0], ESP, b'e' * 2000), 1480),
                  leaves='anywhere')


# --- connection tracking --------------------------------------------------------------------------

TRACK = 'FORWARD -m conntrack --ctstate INVALID -j RETURN'


def tracked(t, v6, value):
    tool = 'ip6tables' if v6 else 'iptables'
    t.shell('%s -A %s' % (tool, TRACK), '%s -D %s' % (tool, TRACK))
    t.set('conntrack', value)


def flows(t, f):
    """The case's conntrack entries, without what changes by itself: ages, uses, and
    a port that NAT made up because the right one was taken.
    """
    lines = t.output('conntrack -L -f %s' % ('ipv6' if f.v6 else 'ipv4')).splitlines()
    keep = [line.split() for line in lines if f.client()[0] in line]
    return sorted(' '.join(w for w in words if not w.isdigit() and '[ASSURED]' not in w and
                           not w.startswith(('mark', 'use')) and not made_up(w))
                  for words in keep)


def made_up(word):
    name, _, number = word.partition('=')
    return name == 'dport' and int(number) not in (53, 80, DNS, WEB, 4000)


for v6 in (False, True):
    for value in (0, 1):
        name = 'conntrack %d %s' % (value, family_name(v6))

        @case(name + ': NAT', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.nat(TCP, 80, WEB, v6=v6)
            t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
            t.local('entries', lambda: flows(t, f), leaves='nowhere')
            # Numbers that fit: connection tracking looks at them.
            t.from_server(tcp((f.servers[0], WEB), f.client(), 'SA', ack=1001), leaves='clients')
            t.from_client(tcp(f.client(), f.vip(80), 'A', seq=1001, ack=1001), leaves='servers')
            t.local('entries later', lambda: flows(t, f), leaves='nowhere')

        @case(name + ': direct routing', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.direct(UDP, 53, v6=v6)
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
            t.local('entries', lambda: flows(t, f), leaves='nowhere')

        @case(name + ': tunnel', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.direct(UDP, 53, v6=v6, method='tunnel')
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
            t.local('entries', lambda: flows(t, f), leaves='nowhere')

        @case(name + ': NAT and masquerading', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.watch(*f.servers[:1])
            tool = 'ip6tables' if v6 else 'iptables'
            rule = 'POSTROUTING -t nat -o servers -s %s -j MASQUERADE' % f.client()[0]
            t.shell('%s -A %s' % (tool, rule), '%s -D %s' % (tool, rule))
            t.nat(UDP, 53, DNS, v6=v6)
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
            director = 'fd02::1' if v6 else '10.2.0.1'
            t.from_server(udp((f.servers[0], DNS), (director, 4000)), leaves='anywhere')
            t.local('entries', lambda: flows(t, f), leaves='nowhere')

        @case(name + ': SYN on weight 0 with expire_nodest_conn', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.set('expire_nodest_conn', 1)
            dests = t.nat(TCP, 80, WEB, servers=2, v6=v6)
            t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
            t.edit(dests[1], weight=0)
            t.from_client(tcp(f.client(), f.vip(80), seq=1234), leaves='anywhere')
            t.from_client(tcp(f.client(), f.vip(80), seq=1234), leaves='servers')

        @case(name + ': NAT and an error from the server', v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            tracked(t, v6, value)
            t.nat(UDP, 53, DNS, v6=v6)
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
            t.from_server(error(f, f.servers[0], f.client()[0], *((1, 4) if v6 else (3, 3)),
                                udp(f.client(), (f.servers[0], DNS))), leaves='clients')


# --- the hooks come and go with services: in a second look at one family ---------------------------

@case('sip engine: a Call-ID stays at its server')
def _(t):
    t.service(UDP, 5060, persist=300, pe='sip')
    for addr in SERVERS[:2]:
        t.server(addr, 5060)
    invite = b'INVITE sip:a@b SIP/2.0\r\nCall-ID: %s\r\n\r\n'
    t.from_client(udp(t.client(), t.vip(5060), invite % b'one@1'), leaves='servers')
    t.from_client(udp(t.client(4001), t.vip(5060), invite % b'one@1'), leaves='servers')
    t.from_client(udp(t.client(), t.vip(5060), invite % b'two@1'), leaves='servers')
    t.from_client(udp(t.client(4002), t.vip(5060), b'INVITE sip:a@b SIP/2.0\r\n\r\n'),
                  leaves='nowhere')
