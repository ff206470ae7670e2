# SPDX-License-Identifier: GPL-2.0-only
"""How services are found and servers chosen: marks, port 0, port 21, one-packet
scheduling, persistence, bypass, defences."""
from case import ELSEWHERE, ELSEWHERE6, R, R6, case
from cases_icmp import error, family_name, unreachable
from wire import TCP, UDP, fragments4, tcp, udp

WEB, DNS = 8080, 5353


def far(v6, number=77):
    """An address beyond the x side that no one here has."""
    return ('fd03::%d' if v6 else '10.3.0.%d') % number


# --- marks: client number 200 + n has mark n; mark 3 is routed to this host ----------------

for v6 in (False, True):
    name = 'mark ' + family_name(v6)

    @case(name + ': NAT, server port 0 keeps the port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6)
        t.server(f.R[0], 0)
        t.c(tcp(f.client(k=201), f.vip(80)), 's')
        t.c(tcp(f.client(k=201), f.vip(443)), 's')
        t.c(udp(f.client(k=201), f.vip(53)), 's')
        t.s(tcp((f.R[0], 443), f.client(k=201), 'SA'), 'c')
        t.s(udp((f.R[0], 53), f.client(k=201)), 'c')

    @case(name + ': NAT, server port changes the port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6)
        t.server(f.R[0], WEB)
        t.c(tcp(f.client(k=201), f.vip(80)), 's')
        t.s(tcp((f.R[0], WEB), f.client(k=201), 'SA'), 'c')

    @case(name + ': comes before address and port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, v6=v6)
        t.service(TCP, 0, mark=2, v6=v6)
        t.server(f.R[1], 0)
        t.c(tcp(f.client(k=202), f.vip(80)), 's')
        t.c(tcp(f.client(k=2), f.vip(80)), 's')
        # A mark without a service: by address and port.
        t.c(tcp(f.client(k=204), f.vip(80)), 's')

    @case(name + ': an address that is not ours, routed to us', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.server(f.R[0], 0)
        t.c(tcp(f.client(k=203), (far(v6), 80)), 's')
        t.s(tcp((f.R[0], 80), f.client(k=203), 'SA'), 'c')
        t.c(tcp(f.client(k=203), (far(v6), 80), 'A'), 's')

    @case(name + ': an address that is not ours, no server: silence', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.c(tcp(f.client(k=203), (far(v6), 80)), None)

    @case(name + ': an error about it takes the forwarding path', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 0, mark=3, v6=v6)
        t.server(f.R[0], DNS)
        t.c(udp(f.client(k=203), (far(v6), 53)), 's')
        router = 'fd01::2' if v6 else '10.1.0.2'
        t.c(error(f, router, far(v6), *unreachable(f),
                  udp((far(v6), 53), f.client(k=203))), 's')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.server(f.R[0], 0, 'g')
        t.c(tcp(f.client(k=203), (far(v6), 80)), 's')
        t.c(tcp(f.client(k=203), (far(v6), 80), 'A'), 's')

    @case(name + ': a persistent one is shared by ports and protocols', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, persist=300)
        for addr in f.R:
            t.server(addr, 0)
        t.c(tcp(f.client(k=201), f.vip(84)), 's')
        t.c(udp(f.client(k=201), f.vip(84)), 's')
        t.c(udp(f.client(k=201), f.vip(85)), 's')
        t.c(tcp(f.client(k=201), f.vip(84), 'A'), 's')

    @case(name + ': a packet to port 0 of a persistent one', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, persist=300)
        t.server(f.R[0], 0)
        t.c(udp(f.client(k=201), f.vip(0)), None)

    # --- bypass ------------------------------------------------------------------------------

    for value in (0, 1):
        @case('%s: no server, cache_bypass %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('cache_bypass', value)
            t.service(TCP, 0, mark=3, v6=v6)
            t.c(tcp(f.client(k=203), (f.elsewhere, 80)), None)
            t.c(tcp(f.client(k=203), (f.elsewhere, 80), 'A'), None)
            t.c(udp(f.client(k=203), (f.elsewhere, 53)), None)

    @case(name + ': bypass, answers, hop limit, size', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.c(udp(f.client(k=203), (f.elsewhere, 53)), 'x')
        t.x(udp((f.elsewhere, 53), f.client(k=203)), 'c')
        t.c(udp(f.client(k=203), (f.elsewhere, 53), ttl=1), None)
        narrow = ('fd04::11' if v6 else '10.4.0.11', 53)
        df = {} if v6 else {'df': True}
        t.c(udp(f.client(k=203), narrow, b'b' * 1400, **df), None)

    @case(name + ': bypass to an address of this host', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.c(udp(f.client(k=203), f.vip(53)), None)

    @case(name + ': bypass, one packet', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6, ops=True)
        t.c(udp(f.client(k=203), (f.elsewhere, 53)), 'x')
        t.c(tcp(f.client(k=203), (f.elsewhere, 80)), 'x')

    @case(name + ': bypass with no route', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.c(udp(f.client(k=203), (f.nowhere, 53)), None)

    # --- one packet ---------------------------------------------------------------------------

    name = 'ops ' + family_name(v6)

    @case(name + ': every datagram anew, answers stay as they are', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, ops=True)
        for _ in range(3):
            t.c(udp(f.client(), f.vip(53)), 's')
        t.s(udp((f.R[0], DNS), f.client()), 'c')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, servers=2, v6=v6, ops=True)
        for _ in range(3):
            t.c(udp(f.client(), f.vip(53)), 's')

    @case(name + ': persistent', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, ops=True, persist=300)
        for port in (4000, 4001, 4002):
            t.c(udp(f.client(port), f.vip(53)), 's')
        t.c(udp(f.client(k=3), f.vip(53)), 's')

    @case(name + ': TCP through a mark is not one packet', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, ops=True)
        for addr in f.R:
            t.server(addr, 0)
        t.c(tcp(f.client(k=201), f.vip(80)), 's')
        t.c(tcp(f.client(k=201), f.vip(80), 'A'), 's')
        t.c(udp(f.client(k=201), f.vip(80)), 's')
        t.c(udp(f.client(k=201), f.vip(80)), 's')

    @case(name + ': no server, hop limit, short header', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6, ops=True)
        t.c(udp(f.client(), f.vip(53)), 'c')
        t.server(f.R[0], DNS)
        t.c(udp(f.client(), f.vip(53), ttl=1), 'c')
        t.c(udp(f.client(), f.vip(53), cut=6), '')

    # --- persistence --------------------------------------------------------------------------

    name = 'persistent ' + family_name(v6)

    @case(name + ': one client, one server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=3, v6=v6, persist=300)
        for port in (4000, 4001, 4002):
            t.c(tcp(f.client(port), f.vip(80)), 's')
        t.c(tcp(f.client(k=3), f.vip(80)), 's')
        t.c(tcp(f.client(k=4), f.vip(80)), 's')
        t.c(tcp(f.client(4003, k=3), f.vip(80)), 's')

    @case(name + ': the template is assured by an established connection', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.s(tcp((f.R[1], WEB), f.client(), 'SA'), 'c')
        t.c(tcp(f.client(), f.vip(80), 'A'), 's')
        t.c(tcp(f.client(), f.vip(80), 'R'), 's')

    @case(name + ': UDP, the template is assured by an answer', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, persist=300)
        t.c(udp(f.client(), f.vip(53)), 's')
        t.s(udp((f.R[1], DNS), f.client()), 'c')

    @case(name + ': clients of one network', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=3, v6=v6, persist=300,
              netmask=122 if v6 else '255.255.255.192')
        for k in (2, 60, 65, 120, 130):
            t.c(tcp(f.client(k=k), f.vip(80)), 's')

    for value in (0, 1):
        @case('%s: weight 0, expire_quiescent_template %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('expire_quiescent_template', value)
            dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
            t.c(tcp(f.client(), f.vip(80)), 's')
            t.edit(dests[1], weight=0)
            t.c(tcp(f.client(4001), f.vip(80)), 's')
            t.c(tcp(f.client(), f.vip(80), 'A'), 's')
            t.edit(dests[1], weight=1)
            t.c(tcp(f.client(4002), f.vip(80)), 's')

    for nodest in (0, 1):
        @case('%s: server removed, expire_nodest_conn %d' % (name, nodest), v6, nodest)
        def _(t, v6, nodest):
            f = t.family(v6)
            t.set('expire_nodest_conn', nodest)
            dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
            t.c(tcp(f.client(), f.vip(80)), 's')
            t.remove(dests[1])
            if nodest:
                t.until('the sweep', lambda: not t.entries())
            t.c(tcp(f.client(4001), f.vip(80)), 's')
            t.c(tcp(f.client(4002), f.vip(80)), 's')

    @case(name + ': server removed and added again', v6)
    def _(t, v6):
        f = t.family(v6)
        dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.remove(dests[1])
        t.server(f.R[1], WEB)
        t.c(tcp(f.client(4001), f.vip(80)), 's')

    @case(name + ': the server is full', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6, persist=300)
        t.server(f.R[0], WEB, upper=2)
        for port in range(4000, 4004):
            t.c(tcp(f.client(port), f.vip(80)), 's')
        t.c(tcp(f.client(k=3), f.vip(80)), 'c')

    @case(name + ': no server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 'c')

    @case(name + ': SYN in CLOSE stays', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.s(tcp((f.R[1], WEB), f.client(), 'RA'), 'c')
        t.c(tcp(f.client(), f.vip(80), seq=8888), 's')

    @case(name + ': SYN on weight 0 with expire_nodest_conn', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('expire_nodest_conn', 1)
        dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.edit(dests[1], weight=0)
        t.c(tcp(f.client(), f.vip(80), seq=8888), 's')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, servers=2, v6=v6, persist=300)
        for port in (4000, 4001):
            t.c(tcp(f.client(port), f.vip(80)), 's')
            t.c(tcp(f.client(port), f.vip(80), 'A'), 's')
        t.c(tcp(f.client(k=3), f.vip(80)), 's')

    @case(name + ': the timeout is edited', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.svc.persist = 200
        t.world.control.service(2, t.svc, 'edit')
        t.c(tcp(f.client(4001), f.vip(80)), 's')
        t.c(tcp(f.client(k=3), f.vip(80)), 's')

    # --- port 0 ------------------------------------------------------------------------------

    name = 'port 0 ' + family_name(v6)

    @case(name + ': persistent, every port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, v6=v6, persist=300)
        for addr in f.R[:2]:
            t.server(addr, 0)
        for port in (80, 443, 65535):
            t.c(tcp(f.client(), f.vip(port)), 's')
        t.s(tcp((f.R[1], 443), f.client(), 'SA'), 'c')
        t.c(udp(f.client(), f.vip(80)), 'c')

    @case(name + ': an exact service comes first', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, v6=v6, persist=300)
        t.server(f.R[0], 0)
        t.nat(TCP, 80, WEB, servers=2, v6=v6)
        t.c(tcp(f.client(), f.vip(80)), 's')
        t.c(tcp(f.client(), f.vip(81)), 's')

    @case(name + ': not persistent, refused', v6)
    def _(t, v6):
        f = t.family(v6)
        try:
            t.service(TCP, 0, v6=v6)
            t.server(f.R[0], 0)
        except Exception as e:
            t.local('port 0', lambda e=e: str(e), '')
            return
        t.c(tcp(f.client(), f.vip(80)), 'c')


# --- FTP's ports: no helper, direct routing, so that nothing switches conntrack on ----------------

for persist in (0, 300):
    @case('port 21: which other ports it takes%s' % (', persistent' if persist else ''), persist)
    def _(t, persist):
        t.service(TCP, 21, persist=persist)
        t.server(R[0], 21, 'g')
        t.server(R[1], 21, 'g')
        t.c(tcp(t.client(), t.vip(21)), 's')
        for port in (20, 999, 1023, 1024, 65535):
            t.c(tcp(t.client(), t.vip(port)), None)
        t.c(udp(t.client(), t.vip(1024)), 'c')


@case('port 21: no server')
def _(t):
    t.service(TCP, 21)
    t.c(tcp(t.client(), t.vip(21)), 'c')
    t.c(tcp(t.client(), t.vip(2000)), 'c')


# --- defences -------------------------------------------------------------------------------------

@case('drop_packet 3 with a rate of 3')
def _(t):
    t.nat(UDP, 53, DNS)
    t.c(udp(t.client(3999), t.vip(53)), 's')
    t.set('am_droprate', 3)
    t.set('drop_packet', 3)
    for port in range(4000, 4009):
        t.c(udp(t.client(port), t.vip(53)), None)
    t.c(udp(t.client(3999), t.vip(53)), 's')


SECURE = {
    'the whole handshake': 'cS cA sSA cA sA cPA cFA sFA',
    'client ACK alone': 'cS cA cA',
    'client RST before the answer': 'cS cR',
    'server RST': 'cS sSA sR',
    'SYN again': 'cS sSA cS',
    'FIN in SYNACK': 'cS sSA cFA sFA',
}
for name, steps in SECURE.items():
    @case('secure_tcp: ' + name, steps)
    def _(t, steps):
        t.set('secure_tcp', 3)
        t.nat(TCP, 80, WEB)
        for word in steps.split():
            if word[0] == 'c':
                t.c(tcp(t.client(), t.vip(80), word[1:]), 's')
            else:
                t.s(tcp((R[0], WEB), t.client(), word[1:]), 'c')


@case('secure_tcp: direct routing')
def _(t):
    t.set('secure_tcp', 3)
    t.direct(TCP, 80)
    for flags in ('S', 'A', 'FA', 'A', 'S'):
        t.c(tcp(t.client(), t.vip(80), flags), 's')


# --- after the last service -----------------------------------------------------------------------

@case('snat_reroute: an answer finds its way by the rule for the VIP')
def _(t):
    t.nat(TCP, 80, WEB)
    t.c(tcp(t.client(), t.vip(80)), 's')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.100.0.0/14 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.s(tcp((R[0], WEB), t.client(), 'SA'), 'x')
    t.set('snat_reroute', 0)
    t.s(tcp((R[0], WEB), t.client(), 'SA'), 'c')


@case('snat_reroute: no way from the VIP')
def _(t):
    t.nat(TCP, 80, WEB)
    t.c(tcp(t.client(), t.vip(80)), 's')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.s(tcp((R[0], WEB), t.client(), 'SA'), '')


@case('snat_reroute: an ICMP error too')
def _(t):
    f = t.family(False)
    t.nat(UDP, 53, DNS)
    t.c(udp(t.client(), t.vip(53)), 's')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.100.0.0/14 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.s(error(f, R[0], t.client()[0], 3, 3, udp(t.client(), (R[0], DNS))), 'x')


@case('route to the server: marks and source rules do not count')
def _(t):
    t.shell('ip rule add from %s lookup 201' % t.client(k=9)[0],
            'ip rule del from %s lookup 201' % t.client(k=9)[0])
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.nat(TCP, 80, WEB)
    t.c(tcp(t.client(k=2), t.vip(80)), 's')


@case('route to the server: it changes while a connection lives')
def _(t):
    t.nat(TCP, 80, WEB)
    t.c(tcp(t.client(), t.vip(80)), 's')
    t.shell('ip route add 10.2.0.11/32 via 10.3.0.2', 'ip route del 10.2.0.11/32')
    t.c(tcp(t.client(), t.vip(80), 'A'), 'x')
    t.shell('ip route change blackhole 10.2.0.11/32', 'true')
    t.c(tcp(t.client(), t.vip(80), 'A'), None)


@case('route to the server: a path MTU is learned on the way')
def _(t):
    t.direct(UDP, 53)
    t.c(udp(t.client(), t.vip(53), b'p' * 1300, df=True), 's')
    t.shell('ip route add 10.2.0.11/32 dev ds mtu 1200', 'ip route del 10.2.0.11/32')
    t.c(udp(t.client(), t.vip(53), b'p' * 1300, df=True), 'c')
