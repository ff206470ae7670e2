# SPDX-License-Identifier: GPL-2.0-only
"""How services are found and servers chosen: marks, port 0, port 21, one-packet
scheduling, persistence, bypass, defences."""
from case import case
from cases_icmp import error, server_error, unreachable
from wire import TCP, UDP, tcp, udp

WEB, DNS = 8080, 5353


def far(t, number=77):
    """An address beyond the other side that no one here has."""
    return ('fd03::%d' if t.v6 else '10.3.0.%d') % number


# --- marks: client number 200 + n has mark n; mark 3 is routed to this host -------------

@case('mark {family}: NAT, server port 0 keeps the port')
def mark_with_server_port_0_keeps_port(t):
    t.service(TCP, 0, mark=1)
    t.server(t.plan.servers[0], 0)
    t.from_client(tcp(t.client(host=201), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=201), t.vip(443)), leaves='servers')
    t.from_client(udp(t.client(host=201), t.vip(53)), leaves='servers')
    t.from_server(tcp(t.at_server(443), t.client(host=201), 'SA'), leaves='clients')
    t.from_server(udp(t.at_server(53), t.client(host=201)), leaves='clients')


@case('mark {family}: NAT, server port changes the port')
def mark_with_server_port_changes_port(t):
    t.service(TCP, 0, mark=1)
    t.server(t.plan.servers[0], WEB)
    t.from_client(tcp(t.client(host=201), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(host=201), 'SA'), leaves='clients')


@case('mark {family}: comes before address and port')
def mark_comes_before_address_and_port(t):
    t.nat(TCP, 80, WEB)
    t.service(TCP, 0, mark=2)
    t.server(t.plan.servers[1], 0)
    t.from_client(tcp(t.client(host=202), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=2), t.vip(80)), leaves='servers')
    # A mark without a service: by address and port.
    t.from_client(tcp(t.client(host=204), t.vip(80)), leaves='servers')


@case('mark {family}: an address that is not ours, routed to us')
def mark_of_address_routed_to_director(t):
    t.service(TCP, 0, mark=3)
    t.server(t.plan.servers[0], 0)
    t.from_client(tcp(t.client(host=203), (far(t), 80)), leaves='servers')
    t.from_server(tcp(t.at_server(80), t.client(host=203), 'SA'), leaves='clients')
    t.from_client(tcp(t.client(host=203), (far(t), 80), 'A'), leaves='servers')


@case('mark {family}: an address that is not ours, no server: silence')
def mark_of_routed_address_without_server(t):
    t.service(TCP, 0, mark=3)
    t.from_client(tcp(t.client(host=203), (far(t), 80)), leaves='clients' if t.v6 else 'nowhere')


@case('mark {family}: an error about it takes the forwarding path')
def mark_and_error_on_forwarding_path(t):
    t.service(UDP, 0, mark=3)
    t.server(t.plan.servers[0], DNS)
    t.from_client(udp(t.client(host=203), (far(t), 53)), leaves='servers')
    t.from_client(error(t.plan.client_router, far(t), *unreachable(t),
                        udp((far(t), 53), t.client(host=203))), leaves='servers')


@case('mark {family}: direct routing')
def mark_with_direct_routing(t):
    t.service(TCP, 0, mark=3)
    t.server(t.plan.servers[0], 0, 'direct')
    t.from_client(tcp(t.client(host=203), (far(t), 80)), leaves='servers')
    t.from_client(tcp(t.client(host=203), (far(t), 80), 'A'), leaves='servers')


@case('mark {family}: a persistent one is shared by ports and protocols')
def persistent_mark_is_shared_by_ports_and_protocols(t):
    t.service(TCP, 0, mark=1, persist=300)
    for addr in t.plan.servers:
        t.server(addr, 0)
    t.from_client(tcp(t.client(host=201), t.vip(84)), leaves='servers')
    t.from_client(udp(t.client(host=201), t.vip(84)), leaves='servers')
    t.from_client(udp(t.client(host=201), t.vip(85)), leaves='servers')
    t.from_client(tcp(t.client(host=201), t.vip(84), 'A'), leaves='servers')


@case('mark {family}: a packet to port 0 of a persistent one')
def persistent_mark_and_port_0(t):
    t.service(TCP, 0, mark=1, persist=300)
    t.server(t.plan.servers[0], 0)
    t.from_client(udp(t.client(host=201), t.vip(0)), leaves='servers')


# --- bypass -----------------------------------------------------------------------------

@case('mark {family}: no server, cache_bypass {}', (0, 1))
def bypass_without_server(t, value):
    t.set('cache_bypass', value)
    t.service(TCP, 0, mark=3)
    t.from_client(tcp(t.client(host=203), (t.plan.elsewhere, 80)), leaves='anywhere')
    t.from_client(tcp(t.client(host=203), (t.plan.elsewhere, 80), 'A'), leaves='anywhere')
    t.from_client(udp(t.client(host=203), (t.plan.elsewhere, 53)), leaves='anywhere')


@case('mark {family}: bypass, answers, hop limit, size')
def bypass_answers_hop_limit_size(t):
    t.set('cache_bypass', 1)
    t.service(UDP, 0, mark=3)
    t.from_client(udp(t.client(host=203), (t.plan.elsewhere, 53)), leaves='elsewhere')
    t.from_elsewhere(udp((t.plan.elsewhere, 53), t.client(host=203)), leaves='clients')
    t.from_client(udp(t.client(host=203), (t.plan.elsewhere, 53), ttl=1),
                  leaves='clients' if t.v6 else 'nowhere')
    t.from_client(udp(t.client(host=203), (t.plan.narrow, 53), b'b' * 1400, df=True),
                  leaves='clients' if t.v6 else 'nowhere')


@case('mark {family}: bypass to an address of this host')
def bypass_to_address_of_this_host(t):
    t.set('cache_bypass', 1)
    t.service(UDP, 0, mark=3)
    t.from_client(udp(t.client(host=203), t.vip(53)), leaves='nowhere' if t.v6 else 'clients')


@case('mark {family}: bypass, one packet')
def bypass_one_packet(t):
    t.set('cache_bypass', 1)
    t.service(UDP, 0, mark=3, ops=True)
    t.from_client(udp(t.client(host=203), (t.plan.elsewhere, 53)), leaves='elsewhere')
    t.from_client(tcp(t.client(host=203), (t.plan.elsewhere, 80)), leaves='elsewhere')


@case('mark {family}: bypass with no route')
def bypass_without_route(t):
    t.set('cache_bypass', 1)
    t.service(UDP, 0, mark=3)
    t.from_client(udp(t.client(host=203), (t.plan.nowhere, 53)),
                  leaves='clients' if t.v6 else 'nowhere')


# --- one packet -------------------------------------------------------------------------

@case('ops {family}: every datagram anew, answers stay as they are')
def one_packet_schedules_every_datagram(t):
    t.nat(UDP, 53, DNS, servers=2, ops=True)
    for _ in range(3):
        t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client()), leaves='clients')


@case('ops {family}: direct routing')
def one_packet_with_direct_routing(t):
    t.direct(UDP, 53, servers=2, ops=True)
    for _ in range(3):
        t.from_client(udp(t.client(), t.vip(53)), leaves='servers')


@case('ops {family}: persistent')
def one_packet_and_persistent(t):
    t.nat(UDP, 53, DNS, servers=2, ops=True, persist=300)
    for port in (4000, 4001, 4002):
        t.from_client(udp(t.client(port), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(host=3), t.vip(53)), leaves='servers')


@case('ops {family}: TCP through a mark is not one packet')
def one_packet_is_not_for_tcp(t):
    t.service(TCP, 0, mark=1, ops=True)
    for addr in t.plan.servers:
        t.server(addr, 0)
    t.from_client(tcp(t.client(host=201), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=201), t.vip(80), 'A'), leaves='servers')
    t.from_client(udp(t.client(host=201), t.vip(80)), leaves='servers')
    t.from_client(udp(t.client(host=201), t.vip(80)), leaves='servers')


@case('ops {family}: no server, hop limit, short header')
def one_packet_that_cannot_be_sent(t):
    t.service(UDP, 53, ops=True)
    t.from_client(udp(t.client(), t.vip(53)), leaves='clients')
    t.server(t.plan.servers[0], DNS)
    t.from_client(udp(t.client(), t.vip(53), ttl=1), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), cut=6), leaves='nowhere')


# --- persistence ------------------------------------------------------------------------

@case('persistent {family}: one client, one server')
def persistent_client_stays_at_server(t):
    t.nat(TCP, 80, WEB, servers=3, persist=300)
    for port in (4000, 4001, 4002):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=3), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=4), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(4003, host=3), t.vip(80)), leaves='servers')


@case('persistent {family}: the template is assured by an established connection')
def template_assured_by_established_connection(t):
    t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(WEB, 1), t.client(), 'SA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'R'), leaves='servers')


@case('persistent {family}: UDP, the template is assured by an answer')
def template_assured_by_answer(t):
    t.nat(UDP, 53, DNS, servers=2, persist=300)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS, 1), t.client()), leaves='clients')


@case('persistent {family}: clients of one network')
def persistent_network_stays_at_server(t):
    t.nat(TCP, 80, WEB, servers=3, persist=300,
          netmask=122 if t.v6 else '255.255.255.192')
    for host in (2, 60, 65, 120, 130):
        t.from_client(tcp(t.client(host=host), t.vip(80)), leaves='servers')


@case('persistent {family}: weight 0, expire_quiescent_template {}', (0, 1))
def template_of_weight_0(t, value):
    t.set('expire_quiescent_template', value)
    dests = t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.edit(dests[1], weight=0)
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.edit(dests[1], weight=1)
    t.from_client(tcp(t.client(4002), t.vip(80)), leaves='servers')


@case('persistent {family}: server removed, expire_nodest_conn {}', (0, 1))
def template_of_removed_server(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dests = t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.remove(dests[1])
    if nodest:
        t.until('the sweep', lambda: not t.entries())
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(4002), t.vip(80)), leaves='servers')


@case('persistent {family}: server removed and added again')
def template_of_server_added_again(t):
    dests = t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.remove(dests[1])
    t.server(t.plan.servers[1], WEB)
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')


@case('persistent {family}: the server is full')
def template_of_full_server(t):
    t.service(TCP, 80, persist=300)
    t.server(t.plan.servers[0], WEB, upper=2)
    for port in range(4000, 4004):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=3), t.vip(80)), leaves='clients')


@case('persistent {family}: no server')
def persistent_without_server(t):
    t.service(TCP, 80, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('persistent {family}: SYN in CLOSE stays')
def persistent_syn_in_close_stays(t):
    t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(WEB, 1), t.client(), 'RA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), seq=8888), leaves='servers')


@case('persistent {family}: SYN on weight 0 with expire_nodest_conn')
def persistent_syn_on_weight_0(t):
    t.set('expire_nodest_conn', 1)
    dests = t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.edit(dests[1], weight=0)
    t.from_client(tcp(t.client(), t.vip(80), seq=8888), leaves='servers')


@case('persistent {family}: direct routing')
def persistent_with_direct_routing(t):
    t.direct(TCP, 80, servers=2, persist=300)
    for port in (4000, 4001):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
        t.from_client(tcp(t.client(port), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(host=3), t.vip(80)), leaves='servers')


@case('persistent {family}: the timeout is edited')
def template_after_timeout_is_edited(t):
    t.nat(TCP, 80, WEB, servers=2, persist=300)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.svc.persist = 200
    t.world.control.service(2, t.svc, 'edit')
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(host=3), t.vip(80)), leaves='servers')


# --- port 0 -----------------------------------------------------------------------------

@case('port 0 {family}: persistent, every port')
def port_0_takes_every_port(t):
    t.service(TCP, 0, persist=300)
    for addr in t.plan.servers[:2]:
        t.server(addr, 0)
    for port in (80, 443, 65535):
        t.from_client(tcp(t.client(), t.vip(port)), leaves='servers')
    t.from_server(tcp(t.at_server(443, 1), t.client(), 'SA'), leaves='clients')
    t.from_client(udp(t.client(), t.vip(80)), leaves='clients')


@case('port 0 {family}: an exact service comes first')
def port_0_comes_after_exact_service(t):
    t.service(TCP, 0, persist=300)
    t.server(t.plan.servers[0], 0)
    t.nat(TCP, 80, WEB, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(81)), leaves='servers')


@case('port 0 {family}: not persistent, refused')
def port_0_is_refused_if_not_persistent(t):
    try:
        t.service(TCP, 0)
        t.server(t.plan.servers[0], 0)
    except Exception as e:
        t.local('port 0', lambda: str(e), leaves='nowhere')
        return
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


# --- FTP's ports: no helper, direct routing, so that nothing switches conntrack on ------

@case('port 21: which other ports it takes{}', {'': 0, ', persistent': 300})
def port_21_takes_other_ports(t, persist):
    t.service(TCP, 21, persist=persist)
    t.server(t.plan.servers[0], 21, 'direct')
    t.server(t.plan.servers[1], 21, 'direct')
    t.from_client(tcp(t.client(), t.vip(21)), leaves='servers')
    for port in (20, 999, 1023, 1024, 65535):
        t.from_client(tcp(t.client(), t.vip(port)), leaves='anywhere')
    t.from_client(udp(t.client(), t.vip(1024)), leaves='clients')


@case('port 21: no server')
def port_21_without_server(t):
    t.service(TCP, 21)
    t.from_client(tcp(t.client(), t.vip(21)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(2000)), leaves='clients')


# --- defences ---------------------------------------------------------------------------

@case('drop_packet 3 with a rate of 3')
def drop_packet_drops_every_third(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(3999), t.vip(53)), leaves='servers')
    t.set('am_droprate', 3)
    t.set('drop_packet', 3)
    for port in range(4000, 4009):
        t.from_client(udp(t.client(port), t.vip(53)), leaves='anywhere')
    t.from_client(udp(t.client(3999), t.vip(53)), leaves='servers')


SECURE = {
    'the whole handshake': '>S >A <SA >A <A >PA >FA <FA',
    'client ACK alone': '>S >A >A',
    'client RST before the answer': '>S >R',
    'server RST': '>S <SA <R',
    'SYN again': '>S <SA >S',
    'FIN in SYNACK': '>S <SA >FA <FA',
}


@case('secure_tcp: {}', SECURE)
def secure_tcp_states(t, segments):
    t.set('secure_tcp', 3)
    t.nat(TCP, 80, WEB)
    t.exchange(segments)


@case('secure_tcp: direct routing')
def secure_tcp_with_direct_routing(t):
    t.set('secure_tcp', 3)
    t.direct(TCP, 80)
    for flags in ('S', 'A', 'FA', 'A', 'S'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')


# --- routes of answers and of requests -------------------------------------------------

@case('snat_reroute: an answer finds its way by the rule for the VIP')
def snat_reroute_of_answer(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.96.0.0/11 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA'), leaves='elsewhere')
    t.set('snat_reroute', 0)
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA'), leaves='clients')


@case('snat_reroute: no way from the VIP')
def snat_reroute_without_route(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA'), leaves='nowhere')


@case('snat_reroute: an ICMP error too')
def snat_reroute_of_error(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.shell('ip rule add from %s lookup 201' % t.addr, 'ip rule del from %s lookup 201' % t.addr)
    t.shell('ip route add 10.96.0.0/11 via 10.3.0.2 table 201', 'ip route flush table 201')
    t.from_server(server_error(t, 3, 3, udp(t.client(), t.at_server(DNS))), leaves='elsewhere')


@case('route to the server: marks and source rules do not count')
def route_ignores_marks_and_source_rules(t):
    t.shell('ip rule add from %s lookup 201' % t.client(host=9)[0],
            'ip rule del from %s lookup 201' % t.client(host=9)[0])
    t.shell('ip route add blackhole default table 201', 'ip route flush table 201')
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(host=2), t.vip(80)), leaves='servers')


@case('route to the server: it changes while a connection lives')
def route_changes_while_connection_lives(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.shell('ip route add 10.2.0.11/32 via 10.3.0.2', 'ip route del 10.2.0.11/32')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='elsewhere')
    t.shell('ip route change blackhole 10.2.0.11/32', 'true')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')


@case('route to the server: a path MTU is learned on the way')
def route_learns_path_mtu(t):
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53), b'p' * 1300, df=True), leaves='servers')
    t.shell('ip route add 10.2.0.11/32 dev servers mtu 1200', 'ip route del 10.2.0.11/32')
    t.from_client(udp(t.client(), t.vip(53), b'p' * 1300, df=True), leaves='clients')
