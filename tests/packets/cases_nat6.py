# SPDX-License-Identifier: GPL-2.0-only
"""Masquerading over IPv6: what IPv4 has not, and the same again where the code
differs."""
from case import IPV6, case
from cases_nat4 import GSO_TCP6, RUNS, TCP_CHECK, TO_TIME_WAIT, opened, virtio
from wire import (AH, DSTOPT, ESP, FRAGMENT, HOP, NONE, ROUTING, TCP, UDP, auth_header,
                  frag_header, fragments, ip6, opt_header, tcp, udp)

WEB, DNS = 8080, 5353


@case('NAT6 TCP states: {}', dict(list(RUNS.items())[::2]), family=IPV6)
def tcp_states(t, segments):
    t.nat(TCP, 80, WEB)
    t.exchange(segments)


@case('NAT6 TCP: data both ways', family=IPV6)
def tcp_data_both_ways(t):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=b'GET / HTTP/1.0\r\n\r\n'),
                  leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'PA', data=b'HTTP/1.0 200 OK, odd'),
                  leaves='clients')


@case('NAT6 UDP: a question and its answer', family=IPV6)
def udp_question_and_its_answer(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), b'me'), leaves='clients')


@case('NAT6 TCP: two servers in turn', family=IPV6)
def tcp_two_servers_in_turn(t):
    t.nat(TCP, 80, WEB, servers=2)
    for port in range(4000, 4004):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')


@case('NAT6 TCP: a server behind a router', family=IPV6)
def tcp_server_behind_router(t):
    t.service(TCP, 80)
    t.server(t.plan.routed, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')


@case('NAT6 TCP: no route to the server', family=IPV6)
def tcp_no_route_to_server(t):
    t.service(TCP, 80)
    t.server(t.plan.nowhere, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('NAT6 TCP: no server', family=IPV6)
def tcp_no_server(t):
    t.service(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')


@case('NAT6 UDP: no server', family=IPV6)
def udp_no_server(t):
    t.service(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53), b'x' * 1300), leaves='clients')


@case('NAT6 TCP: client port 20', family=IPV6)
def tcp_client_port_20_is_never_balanced(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(20), t.vip(80)), leaves='clients')


@case('NAT6 TCP: first segment [{0}]',
      (('A', 'clients'), ('R', 'nowhere'), ('SA', 'servers'), ('P', 'clients')), family=IPV6)
def tcp_first_segment(t, flags, leaves):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), flags), leaves=leaves)


@case('NAT6: a bad checksum stays bad, both ways', family=IPV6)
def bad_checksum_stays_bad_both_ways(t):
    t.nat(TCP, 80, WEB)
    t.nat(UDP, 53, DNS)
    t.from_client(tcp(t.client(), t.vip(80), check='bad'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA', check='bad'), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), check='bad'), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), check='bad'), leaves='clients')


@case('NAT6 UDP: no checksum', family=IPV6)
def udp_no_checksum(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), check=0), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), check=0), leaves='clients')


@case('NAT6 TCP: a checksum that waits for offload, and GSO', family=IPV6)
def tcp_checksum_that_waits_for_offload_and_gso(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), check='pseudo'),
                  leaves='servers', vnet=virtio(TCP_CHECK, transport=54))
    data = bytes(range(256)) * 40
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=data, check='pseudo'),
                  leaves='servers', vnet=virtio(TCP_CHECK, GSO_TCP6, 1400, 74, 54))
    t.from_server(tcp(t.at_server(WEB), t.client(), 'PA', data=data, check='pseudo'),
                  leaves='clients', vnet=virtio(TCP_CHECK, GSO_TCP6, 1400, 74, 54))


@case('NAT6 TCP: hop limit {}', (0, 1, 2, 255), family=IPV6)
def tcp_hop_limit(t, hops):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), ttl=hops),
                  leaves='servers' if hops > 1 else 'clients')


@case('NAT6 TCP: traffic class and flow label stay', family=IPV6)
def tcp_traffic_class_and_flow_label_stay(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), tos=0x2b, label=0x12345), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA', tos=0xb9, label=0x54321),
                  leaves='clients')


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


@case('NAT6 UDP: extension headers: {}', EXTENSIONS, family=IPV6)
def udp_extension_headers(t, ext):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), ext=ext), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), ext=ext), leaves='clients')


@case('NAT6 TCP: extension headers: {}', EXTENSIONS, family=IPV6)
def tcp_extension_headers(t, ext):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), ext=ext), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', ext=ext), leaves='servers')


@case('NAT6 UDP: options header that claims more than there is', family=IPV6)
def udp_options_header_that_claims_too_much(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), ext=[(DSTOPT, opt_header(0, 200))]), leaves='nowhere')


@case('NAT6: no next header, and ESP', family=IPV6)
def no_next_header_and_esp(t):
    t.nat(UDP, 53, DNS)
    t.from_client(ip6(t.client()[0], t.addr, NONE, b''), leaves='nowhere')
    t.from_client(ip6(t.client()[0], t.addr, ESP, bytes(32)), leaves='clients')
    t.from_client(ip6(t.client()[0], t.plan.servers[0], ESP, bytes(32)), leaves='servers')


@case('NAT6 TCP: only {} bytes of the header', (0, 3, 4, 13, 14, 19), family=IPV6)
def tcp_header_cut(t, cut):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), cut=cut), leaves='nowhere')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', cut=cut), leaves='nowhere')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A', cut=cut), leaves='anywhere')


@case('NAT6 UDP: only {} bytes of the header', (0, 3, 4, 7), family=IPV6)
def udp_header_cut(t, cut):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='nowhere')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='nowhere')


@case('NAT6 UDP: larger than the narrow side', family=IPV6)
def udp_larger_than_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1400), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1352), leaves='narrow')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1353), leaves='clients')


@case('NAT6 UDP: two fragments', family=IPV6)
def udp_two_fragments(t):
    t.nat(UDP, 53, DNS)
    t.from_client(fragments(udp(t.client(), t.vip(53), bytes(range(256)) * 8), 1400),
                  leaves='servers', times=2)


@case('NAT6 UDP: fragments in reverse order', family=IPV6)
def udp_fragments_in_reverse_order(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 800, 400, 400)[::-1], leaves='servers', times=4)


@case('NAT6 UDP: the first fragment ends within the options', family=IPV6)
def udp_first_fragment_ends_within_options(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), ext=[(DSTOPT, opt_header(8))])
    t.from_client(fragments(packet, 32), leaves='clients')


@case('NAT6 UDP: a fragment is missing', family=IPV6)
def udp_fragment_is_missing(t):
    t.nat(UDP, 53, DNS)
    pieces = fragments(udp(t.client(), t.vip(53), bytes(range(256)) * 8), 800, 800)
    t.from_client([pieces[0], pieces[2]], leaves='nowhere')


@case('NAT6 UDP: fragments that overlap', family=IPV6)
def udp_fragments_that_overlap(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    other = fragments(packet, 400, 1200)
    t.from_client([fragments(packet, 800)[0], other[1], other[-1]], leaves='nowhere')


@case('NAT6 UDP: fragments to the narrow side', family=IPV6)
def udp_fragments_to_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 1440), leaves='clients')
    t.from_client(fragments(packet, 1200, ident=0x4343), leaves='narrow', times=2)


@case('NAT6 UDP: the answer in fragments', family=IPV6)
def udp_answer_in_fragments(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    packet = udp(t.at_server(DNS), t.client(), bytes(range(256)) * 8)
    t.from_server(fragments(packet, 1400), leaves='clients', times=2)
    t.from_server(fragments(packet, 1400, ident=0x4343)[:1], leaves='nowhere')


@case('NAT6 TCP: the answer in fragments with options before', family=IPV6)
def tcp_answer_in_fragments_with_options_before(t):
    opened(t)
    t.from_server(fragments(tcp(t.at_server(WEB), t.client(), 'PA', data=b'w' * 1300), 480),
                  leaves='clients', times=2)


@case('NAT6 UDP: server removed, expire_nodest_conn {}', (0, 1), family=IPV6)
def udp_server_removed_another_there(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dests = t.nat(UDP, 53, DNS, servers=2)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.remove(dests[1])
    if nodest:
        t.until('the sweep', lambda: not t.entries())
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers' if nodest else 'nowhere')


@case('NAT6 TCP reuse: SYN in TIME_WAIT, conn_reuse_mode {}', (0, 1), family=IPV6)
def tcp_reuse_in_time_wait(t, mode):
    t.set('conn_reuse_mode', mode)
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange(TO_TIME_WAIT, server=1)
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=77777), leaves='servers')


@case('NAT6 TCP: a loopback server, and a loopback client', family=IPV6)
def tcp_loopback_server_and_loopback_client(t):
    t.service(TCP, 80)
    t.server(t.plan.loopback, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='nowhere')
    t.from_client(tcp((t.plan.loopback, 4000), t.vip(80)), leaves='nowhere')


@case('NAT6 TCP: hairpin', family=IPV6)
def tcp_hairpin(t):
    t.watch(t.plan.servers[1], t.plan.servers[0])
    t.nat(TCP, 80, WEB)
    t.from_server(tcp(t.at_server(4000, 1), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.at_server(4000, 1), 'SA'), leaves='servers', times=2)
    t.from_server(tcp(t.at_server(4000), t.vip(80)), leaves='servers')


@case('not ours: IPv6 through the director', family=IPV6)
def foreign_packets(t):
    t.nat(UDP, 53, DNS)
    t.from_client(tcp(t.client(), t.at_server(80)), leaves='servers')
    t.from_server(tcp(t.at_server(80), t.client(), 'SA'), leaves='clients')
    t.from_client(udp(t.client(), t.at_server(99)), leaves='servers')
    t.from_client(fragments(udp(t.client(), t.at_server(99), b'f' * 2000), 1400),
                  leaves='servers', times=2)
    t.from_client(tcp(t.client(), t.at_server(80), cut=12), leaves='servers')


@case('not ours: IPv6 to a local port without a service', family=IPV6)
def local_port_without_service(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(54)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(54)), leaves='clients')
