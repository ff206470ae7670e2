# SPDX-License-Identifier: GPL-2.0-only
"""How services are found and servers chosen: marks, port 0, port 21, one-packet
scheduling, persistence, bypass, defences."""
from case import ELSEWHERE, ELSEWHERE6, SERVERS, SERVERS6, case
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
        t.server(f.servers[0], 0)
        t.from_client(tcp(f.client(host=201), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=201), f.vip(443)), leaves='servers')
        t.from_client(udp(f.client(host=201), f.vip(53)), leaves='servers')
        t.from_server(tcp((f.servers[0], 443), f.client(host=201), 'SA'), leaves='clients')
        t.from_server(udp((f.servers[0], 53), f.client(host=201)), leaves='clients')

    @case(name + ': NAT, server port changes the port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6)
        t.server(f.servers[0], WEB)
        t.from_client(tcp(f.client(host=201), f.vip(80)), leaves='servers')
        t.from_server(tcp((f.servers[0], WEB), f.client(host=201), 'SA'), leaves='clients')

    @case(name + ': comes before address and port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, v6=v6)
        t.service(TCP, 0, mark=2, v6=v6)
        t.server(f.servers[1], 0)
        t.from_client(tcp(f.client(host=202), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=2), f.vip(80)), leaves='servers')
        # A mark without a service: by address and port.
        t.from_client(tcp(f.client(host=204), f.vip(80)), leaves='servers')

    @case(name + ': an address that is not ours, routed to us', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.server(f.servers[0], 0)
        t.from_client(tcp(f.client(host=203), (far(v6), 80)), leaves='servers')
        t.from_server(tcp((f.servers[0], 80), f.client(host=203), 'SA'), leaves='clients')
        t.from_client(tcp(f.client(host=203), (far(v6), 80), 'A'), leaves='servers')

    @case(name + ': an address that is not ours, no server: silence', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.from_client(tcp(f.client(host=203), (far(v6), 80)), leaves='anywhere')

    @case(name + ': an error about it takes the forwarding path', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 0, mark=3, v6=v6)
        t.server(f.servers[0], DNS)
        t.from_client(udp(f.client(host=203), (far(v6), 53)), leaves='servers')
        router = 'fd01::2' if v6 else '10.1.0.2'
        t.from_client(error(f, router, far(v6), *unreachable(f),
                            udp((far(v6), 53), f.client(host=203))), leaves='servers')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=3, v6=v6)
        t.server(f.servers[0], 0, 'direct')
        t.from_client(tcp(f.client(host=203), (far(v6), 80)), leaves='servers')
        t.from_client(tcp(f.client(host=203), (far(v6), 80), 'A'), leaves='servers')

    @case(name + ': a persistent one is shared by ports and protocols', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, persist=300)
        for addr in f.servers:
            t.server(addr, 0)
        t.from_client(tcp(f.client(host=201), f.vip(84)), leaves='servers')
        t.from_client(udp(f.client(host=201), f.vip(84)), leaves='servers')
        t.from_client(udp(f.client(host=201), f.vip(85)), leaves='servers')
        t.from_client(tcp(f.client(host=201), f.vip(84), 'A'), leaves='servers')

    @case(name + ': a packet to port 0 of a persistent one', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, persist=300)
        t.server(f.servers[0], 0)
        t.from_client(udp(f.client(host=201), f.vip(0)), leaves='anywhere')

    # --- bypass ------------------------------------------------------------------------------

    for value in (0, 1):
        @case('%s: no server, cache_bypass %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('cache_bypass', value)
            t.service(TCP, 0, mark=3, v6=v6)
            t.from_client(tcp(f.client(host=203), (f.elsewhere, 80)), leaves='anywhere')
            t.from_client(tcp(f.client(host=203), (f.elsewhere, 80), 'A'), leaves='anywhere')
            t.from_client(udp(f.client(host=203), (f.elsewhere, 53)), leaves='anywhere')

    @case(name + ': bypass, answers, hop limit, size', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.from_client(udp(f.client(host=203), (f.elsewhere, 53)), leaves='elsewhere')
        t.from_elsewhere(udp((f.elsewhere, 53), f.client(host=203)), leaves='clients')
        t.from_client(udp(f.client(host=203), (f.elsewhere, 53), ttl=1), leaves='anywhere')
        narrow = ('fd04::11' if v6 else '10.4.0.11', 53)
        df = {} if v6 else {'df': True}
        t.from_client(udp(f.client(host=203), narrow, b'b' * 1400, **df), leaves='anywhere')

    @case(name + ': bypass to an address of this host', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.from_client(udp(f.client(host=203), f.vip(53)), leaves='anywhere')

    @case(name + ': bypass, one packet', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6, ops=True)
        t.from_client(udp(f.client(host=203), (f.elsewhere, 53)), leaves='elsewhere')
        t.from_client(tcp(f.client(host=203), (f.elsewhere, 80)), leaves='elsewhere')

    @case(name + ': bypass with no route', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('cache_bypass', 1)
        t.service(UDP, 0, mark=3, v6=v6)
        t.from_client(udp(f.client(host=203), (f.nowhere, 53)), leaves='anywhere')

    # --- one packet ---------------------------------------------------------------------------

    name = 'ops ' + family_name(v6)

    @case(name + ': every datagram anew, answers stay as they are', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, ops=True)
        for _ in range(3):
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_server(udp((f.servers[0], DNS), f.client()), leaves='clients')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(UDP, 53, servers=2, v6=v6, ops=True)
        for _ in range(3):
            t.from_client(udp(f.client(), f.vip(53)), leaves='servers')

    @case(name + ': persistent', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, ops=True, persist=300)
        for port in (4000, 4001, 4002):
            t.from_client(udp(f.client(port), f.vip(53)), leaves='servers')
        t.from_client(udp(f.client(host=3), f.vip(53)), leaves='servers')

    @case(name + ': TCP through a mark is not one packet', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, mark=1, v6=v6, ops=True)
        for addr in f.servers:
            t.server(addr, 0)
        t.from_client(tcp(f.client(host=201), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=201), f.vip(80), 'A'), leaves='servers')
        t.from_client(udp(f.client(host=201), f.vip(80)), leaves='servers')
        t.from_client(udp(f.client(host=201), f.vip(80)), leaves='servers')

    @case(name + ': no server, hop limit, short header', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6, ops=True)
        t.from_client(udp(f.client(), f.vip(53)), leaves='clients')
        t.server(f.servers[0], DNS)
        t.from_client(udp(f.client(), f.vip(53), ttl=1), leaves='clients')
        t.from_client(udp(f.client(), f.vip(53), cut=6), leaves='nowhere')

    # --- persistence --------------------------------------------------------------------------

    name = 'persistent ' + family_name(v6)

    @case(name + ': one client, one server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=3, v6=v6, persist=300)
        for port in (4000, 4001, 4002):
            t.from_client(tcp(f.client(port), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=3), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=4), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(4003, host=3), f.vip(80)), leaves='servers')

    @case(name + ': the template is assured by an established connection', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_server(tcp((f.servers[1], WEB), f.client(), 'SA'), leaves='clients')
        t.from_client(tcp(f.client(), f.vip(80), 'A'), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(80), 'R'), leaves='servers')

    @case(name + ': UDP, the template is assured by an answer', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(UDP, 53, DNS, servers=2, v6=v6, persist=300)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_server(udp((f.servers[1], DNS), f.client()), leaves='clients')

    @case(name + ': clients of one network', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=3, v6=v6, persist=300,
              netmask=122 if v6 else '255.255.255.192')
        for host in (2, 60, 65, 120, 130):
            t.from_client(tcp(f.client(host=host), f.vip(80)), leaves='servers')

    for value in (0, 1):
        @case('%s: weight 0, expire_quiescent_template %d' % (name, value), v6, value)
        def _(t, v6, value):
            f = t.family(v6)
            t.set('expire_quiescent_template', value)
            dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
            t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
            t.edit(dests[1], weight=0)
            t.from_client(tcp(f.client(4001), f.vip(80)), leaves='servers')
            t.from_client(tcp(f.client(), f.vip(80), 'A'), leaves='servers')
            t.edit(dests[1], weight=1)
            t.from_client(tcp(f.client(4002), f.vip(80)), leaves='servers')

    for nodest in (0, 1):
        @case('%s: server removed, expire_nodest_conn %d' % (name, nodest), v6, nodest)
        def _(t, v6, nodest):
            f = t.family(v6)
            t.set('expire_nodest_conn', nodest)
            dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
            t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
            t.remove(dests[1])
            if nodest:
                t.until('the sweep', lambda: not t.entries())
            t.from_client(tcp(f.client(4001), f.vip(80)), leaves='servers')
            t.from_client(tcp(f.client(4002), f.vip(80)), leaves='servers')

    @case(name + ': server removed and added again', v6)
    def _(t, v6):
        f = t.family(v6)
        dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.remove(dests[1])
        t.server(f.servers[1], WEB)
        t.from_client(tcp(f.client(4001), f.vip(80)), leaves='servers')

    @case(name + ': the server is full', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6, persist=300)
        t.server(f.servers[0], WEB, upper=2)
        for port in range(4000, 4004):
            t.from_client(tcp(f.client(port), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=3), f.vip(80)), leaves='clients')

    @case(name + ': no server', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 80, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')

    @case(name + ': SYN in CLOSE stays', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_server(tcp((f.servers[1], WEB), f.client(), 'RA'), leaves='clients')
        t.from_client(tcp(f.client(), f.vip(80), seq=8888), leaves='servers')

    @case(name + ': SYN on weight 0 with expire_nodest_conn', v6)
    def _(t, v6):
        f = t.family(v6)
        t.set('expire_nodest_conn', 1)
        dests = t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.edit(dests[1], weight=0)
        t.from_client(tcp(f.client(), f.vip(80), seq=8888), leaves='servers')

    @case(name + ': direct routing', v6)
    def _(t, v6):
        f = t.family(v6)
        t.direct(TCP, 80, servers=2, v6=v6, persist=300)
        for port in (4000, 4001):
            t.from_client(tcp(f.client(port), f.vip(80)), leaves='servers')
            t.from_client(tcp(f.client(port), f.vip(80), 'A'), leaves='servers')
        t.from_client(tcp(f.client(host=3), f.vip(80)), leaves='servers')

    @case(name + ': the timeout is edited', v6)
    def _(t, v6):
        f = t.family(v6)
        t.nat(TCP, 80, WEB, servers=2, v6=v6, persist=300)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.svc.persist = 200
        t.world.control.service(2, t.svc, 'edit')
        t.from_client(tcp(f.client(4001), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(host=3), f.vip(80)), leaves='servers')

    # --- port 0 ------------------------------------------------------------------------------

    name = 'port 0 ' + family_name(v6)

    @case(name + ': persistent, every port', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, v6=v6, persist=300)
        for addr in f.servers[:2]:
            t.server(addr, 0)
        for port in (80, 443, 65535):
            t.from_client(tcp(f.client(), f.vip(port)), leaves='servers')
        t.from_server(tcp((f.servers[1], 443), f.client(), 'SA'), leaves='clients')
        t.from_client(udp(f.client(), f.vip(80)), leaves='clients')

    @case(name + ': an exact service comes first', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(TCP, 0, v6=v6, persist=300)
        t.server(f.servers[0], 0)
        t.nat(TCP, 80, WEB, servers=2, v6=v6)
        t.from_client(tcp(f.client(), f.vip(80)), leaves='servers')
        t.from_client(tcp(f.client(), f.vip(81)), leaves='servers')

    @case(name + ': not persistent, refused', v6)
    def _(t, v6):
        f = t.family(v6)
        try:
            t.service(TCP, 0, v6=v6)
            t.server(f.servers[0], 0)
        except Exception as e:
            t.local('port 0', lambda e=e: str(e), leaves='nowhere')
            return
        t.from_client(tcp(f.client(), f.vip(80)), leaves='clients')


# --- FTP's ports: no helper, direct routing, so that nothing switches conntrack on ----------------

for persist in (0, 300):
    @case('port 21: which other ports it takes%s' % (', persistent' if persist else ''), persist)
    def _(t, persist):
        t.service(TCP, 21, persist=persist)
        t.server(SERVERS[0], 21, 'direct')
        t.server(SERVERS[1], 21, 'direct')
        t.from_client(tcp(t.client(), t.vip(21)), leaves='servers')
        for port in (20, 999, 1023, 1024, 65535):
            t.from_client(tcp(t.client(), t.vip(port)), leaves='anywhere')
        t.from_client(udp(t.client(), t.vip(1024)), leaves='clients')


@case('port 21: no server')
def _(t):
    t.service(TCP, 21)
    t.from_client(tcp(t.client(), t.vip(21)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(2000)), leaves='clients')


# --- defences -------------------------------------------------------------------------------------

@case('drop_packet 3 with a rate of 3')
def _(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(3999), t.vip(53)), leaves='servers')
    t.set('am_droprate', 3)
    t.set('drop_packet', 3)
    for port in range(4000, 4009):
        t.from_client(udp(t.client(port), t.vip(53)), leaves='anywhere')
    t.from_client(udp(t.client(3999), t.vip(53)), leaves='servers')


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
                t.from_client(tcp(t.client(), t.vip(80), word[1:]), leaves='servers')
            else:
                t.from_server(tcp((SERVERS[0], WEB), t.client(), word[1:]), leaves='clients')


@case('secure_tcp: direct routing')
def _(t):
    t.set('secure_tcp', 3)
    t.direct(TCP, 80)
    for flags in ('S', 'A', 'FA', 'A', 'S'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')


# --- after the last service -----------------------------------------------------------------------

@case('snat_reroute: an answer finds its way by the rule for the VIP')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.100.0.0/14 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.from_server(tcp((SERVERS[0], WEB), t.client(), 'SA'), leaves='elsewhere')
    t.set('snat_reroute', 0)
    t.from_server(tcp((SERVERS[0], WEB), t.client(), 'SA'), leaves='clients')


@case('snat_reroute: no way from the VIP')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.from_server(tcp((SERVERS[0], WEB), t.client(), 'SA'), leaves='nowhere')


@case('snat_reroute: an ICMP error too')
def _(t):
    f = t.family(False)
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.100.0.0/14 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.from_server(error(f, SERVERS[0], t.client()[0], 3, 3, udp(t.client(), (SERVERS[0], DNS))),
                  leaves='elsewhere')


@case('route to the server: marks and source rules do not count')
def _(t):
    t.shell('ip rule add from %s lookup 201' % t.client(host=9)[0],
            'ip rule del from %s lookup 201' % t.client(host=9)[0])
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(host=2), t.vip(80)), leaves='servers')


@case('route to the server: it changes while a connection lives')
def _(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip route add 10.2.0.11/32 via 10.3.0.2', 'ip route del 10.2.0.11/32')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='elsewhere')
    t.shell('ip route change blackhole 10.2.0.11/32', 'true')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='anywhere')


@case('route to the server: a path MTU is learned on the way')
def _(t):
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53), b'p' * 1300, df=True), leaves='servers')
    t.shell('ip route add 10.2.0.11/32 dev servers mtu 1200', 'ip route del 10.2.0.11/32')
    t.from_client(udp(t.client(), t.vip(53), b'p' * 1300, df=True), leaves='clients')
