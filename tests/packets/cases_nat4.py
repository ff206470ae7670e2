# SPDX-License-Identifier: GPL-2.0-only
"""Masquerading over IPv4, TCP and UDP: both directions, all states, all wrong
headers.

Long because it is a list: one short case after the other.
"""
from case import case
from wire import TCP, UDP, fragments, icmp, ip4, tcp, tcp_segment, udp

WEB, DNS = 8080, 5353
HANDSHAKE = '>S <SA >A'
TO_TIME_WAIT = HANDSHAKE + ' >FA <FA >A'


def opened(t):
    """A service and an established connection to it."""
    dests = t.nat(TCP, 80, WEB)
    t.exchange(HANDSHAKE)
    return dests


# --- the ordinary run -------------------------------------------------------------------

@case('NAT TCP: a whole connection, closed by the client')
def tcp_whole_connection_closed_by_client(t):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=b'GET / HTTP/1.0\r\n\r\n'),
                  leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'PA', data=b'HTTP/1.0 200 OK\r\n\r\nodd'),
                  leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'FA'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: a whole connection, closed by the server')
def tcp_whole_connection_closed_by_server(t):
    opened(t)
    t.from_server(tcp(t.at_server(WEB), t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'FA'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')


@case('NAT UDP: a question and its answer')
def udp_question_and_its_answer(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), b'me!'), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'again?'), leaves='servers')


@case('NAT TCP: the same port at the server')
def tcp_same_port_at_server(t):
    t.nat(TCP, 80, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(80), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: server port 0 keeps the virtual port')
def tcp_server_port_0_keeps_virtual_port(t):
    t.service(TCP, 81)
    try:
        t.server(t.plan.servers[0], 0)
    except Exception as e:
        t.local('server with port 0', lambda: str(e), leaves='nowhere')
        return
    t.from_client(tcp(t.client(), t.vip(81)), leaves='servers')


@case('NAT TCP: two servers in turn, connections stay')
def tcp_two_servers_in_turn_connections_stay(t):
    t.nat(TCP, 80, WEB, servers=2)
    for port in (4000, 4001, 4002):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    for port in (4000, 4001, 4002):
        t.from_client(tcp(t.client(port), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: three servers by weight')
def tcp_three_servers_by_weight(t):
    t.service(TCP, 80, sched='wrr')
    for addr, weight in zip(t.plan.servers, (3, 2, 1)):
        t.server(addr, WEB, weight=weight)
    for port in range(4000, 4012):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')


@case('NAT UDP: two services to one server port, the newest answers')
def udp_newest_of_two_services_answers(t):
    t.nat(UDP, 53, DNS)
    t.nat(UDP, 54, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(54)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client()), leaves='clients')


@case('NAT TCP: TCP and UDP of one port are strangers')
def tcp_and_udp_of_one_port_are_strangers(t):
    t.nat(TCP, 53, 53)
    t.nat(UDP, 53, 54)
    t.from_client(tcp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(54), t.client()), leaves='clients')
    t.from_server(tcp(t.at_server(53), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: a server behind a router')
def tcp_server_behind_router(t):
    t.service(TCP, 80)
    t.server(t.plan.routed, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp((t.plan.routed, WEB), t.client(), 'SA'), leaves='clients')


@case('NAT TCP: no route to the server')
def tcp_no_route_to_server(t):
    t.service(TCP, 80)
    t.server(t.plan.nowhere, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('NAT UDP: the answer to another client port is no answer')
def udp_answer_to_another_client_port_is_no_answer(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(4000), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(4001)), leaves='clients')


@case('NAT UDP: an answer from another server port is no answer')
def udp_answer_from_another_server_port_is_no_answer(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(5354), t.client()), leaves='clients')


@case('NAT UDP: an answer from another server is no answer')
def udp_answer_from_another_server_is_no_answer(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS, 1), t.client()), leaves='clients')


# --- what opens a connection, and what does not -----------------------------------------

@case('NAT TCP: first segment [{0}]',
      (('A', 'clients'), ('R', 'nowhere'), ('RA', 'nowhere'), ('F', 'clients'),
       ('FA', 'clients'), ('SA', 'servers'), ('P', 'clients'), ('PA', 'clients'),
       ('SF', 'servers'), ('SR', 'nowhere'), ('SPU', 'servers'), ('', 'clients'),
       ('SEC', 'servers')))
def tcp_first_segment(t, flags, leaves):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), flags), leaves=leaves)


@case('NAT TCP: first segment [{0}] with sloppy_tcp',
      (('A', 'servers'), ('R', 'nowhere'), ('FA', 'servers'), ('PA', 'servers'),
       ('', 'servers')))
def tcp_first_segment_with_sloppy_tcp(t, flags, leaves):
    t.set('sloppy_tcp', 1)
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), flags), leaves=leaves)


@case('NAT TCP: SYN with data')
def tcp_syn_with_data(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'S', data=b'fast open'), leaves='servers')


@case('NAT TCP: SYN with options')
def tcp_syn_with_options(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'S', options=bytes.fromhex('020405b4040201030307')),
                  leaves='servers')


@case('NAT TCP: SYN to a port without a service')
def tcp_syn_to_port_without_service(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(81)), leaves='clients')


@case('NAT UDP: datagram to a port without a service')
def udp_datagram_to_port_without_service(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(54)), leaves='clients')


@case('NAT TCP: client port 20 is never balanced')
def tcp_client_port_20_is_never_balanced(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(20), t.vip(80)), leaves='clients')


@case('NAT UDP: client port 20 is never balanced')
def udp_client_port_20_is_never_balanced(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(20), t.vip(53)), leaves='clients')


@case('NAT UDP: client port 0')
def udp_client_port_0(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(0), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(0), t.vip(53)), leaves='servers')


@case('NAT TCP: client port 65535')
def tcp_client_port_65535(t):
    t.nat(TCP, 65535, 1)
    t.from_client(tcp(t.client(65535), t.vip(65535)), leaves='servers')
    t.from_server(tcp(t.at_server(1), t.client(65535), 'SA'), leaves='clients')


# --- states -----------------------------------------------------------------------------

RUNS = {
    'client RST in SYN_RECV': '>S >R >A',
    'server RST in SYN_RECV': '>S <RA',
    'client RST in ESTABLISHED': '>S <SA >A >R',
    'server RST in ESTABLISHED': '>S <SA >A <R',
    'PSH alone closes': '>S <SA >A >P',
    'no flags at all close': '>S <SA >A >',
    'URG alone from the server closes': '>S <SA >A <U',
    'SYN again in SYN_RECV': '>S >S >S',
    'SYN again in ESTABLISHED': '>S <SA >A >S >A',
    'ACK without an answer': '>S >A',
    'FIN in SYN_RECV': '>S >FA >A',
    'FIN from both, crossing': '>S <SA >A >FA <FA >A <A',
    'server FIN, then client RST': '>S <SA >A <FA >RA',
    'client FIN, then server RST': '>S <SA >A >FA <RA',
    'answer is a plain SYN (simultaneous open)': '>S <S >SA <A',
    'FIN and RST in one': '>S <SA >A >FR',
    'SYN and FIN in one': '>S <SA >A >SF',
    'SYN+ACK from the client': '>S <SA >A >SA',
    'RST in CLOSE_WAIT, then SYN': '>S <SA >A >FA >R >A',
    'data after FIN': '>S <SA >A >FA >PA <PA <FA >PA',
    'FIN repeated': '>S <SA >A >FA >FA <FA <FA >A',
    'server data before the handshake ends': '>S <SA <PA >PA',
    'ACK after TIME_WAIT': '>S <SA >A >FA <FA >A >A <A',
    'server FIN in TIME_WAIT': '>S <SA >A >FA <FA <FA <A',
}


@case('NAT TCP states: {}', RUNS)
def tcp_states(t, segments):
    t.nat(TCP, 80, WEB)
    t.exchange(segments)


@case('NAT TCP reuse: SYN in TIME_WAIT, conn_reuse_mode {}', (0, 1, 2, 3))
def tcp_reuse_in_time_wait(t, mode):
    t.set('conn_reuse_mode', mode)
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange(TO_TIME_WAIT)
    t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP reuse: SYN in CLOSE, conn_reuse_mode {}', (0, 1, 2, 3))
def tcp_reuse_in_close(t, mode):
    t.set('conn_reuse_mode', mode)
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange('>S <RA')
    t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP reuse: SYN in ESTABLISHED, conn_reuse_mode {}', (0, 1, 2, 3))
def tcp_reuse_in_established(t, mode):
    t.set('conn_reuse_mode', mode)
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange(HANDSHAKE)
    t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')


@case('NAT TCP reuse: SYN in FIN_WAIT (server closed first)')
def tcp_reuse_in_fin_wait(t):
    t.set('conn_reuse_mode', 3)
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange(HANDSHAKE + ' <FA')
    t.from_client(tcp(t.client(), t.vip(80), seq=90000), leaves='servers')


@case('NAT TCP reuse: SYN+ACK in TIME_WAIT')
def tcp_no_reuse_by_syn_ack(t):
    t.nat(TCP, 80, WEB, servers=2)
    t.exchange(TO_TIME_WAIT)
    t.from_client(tcp(t.client(), t.vip(80), 'SA', seq=90000), leaves='servers')


@case('NAT TCP: a new timeout holds from the next packet')
def tcp_new_timeout_holds_from_next_packet(t):
    opened(t)
    t.world.control.timeouts(tcp=77, tcpfin=55, udp=44)
    t.undo.append(lambda: t.world.control.timeouts(tcp=900, tcpfin=120, udp=300))
    t.until('the timeout is set', lambda: True)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'FA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT UDP: a new timeout holds from the next packet')
def udp_new_timeout_holds_from_next_packet(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.world.control.timeouts(udp=44)
    t.undo.append(lambda: t.world.control.timeouts(udp=300))
    t.from_server(udp(t.at_server(DNS), t.client()), leaves='clients')


# --- servers that go, and come back -----------------------------------------------------

@case('NAT TCP: server removed, expire_nodest_conn {}', (0, 1))
def tcp_server_removed(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dest, = opened(t)
    t.remove(dest)
    if nodest:
        t.until('the sweep', lambda: not t.entries())
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients' if nodest else 'nowhere')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=7777),
                  leaves='clients' if nodest else 'nowhere')


@case('NAT UDP: server removed, another there, expire_nodest_conn {}', (0, 1))
def udp_server_removed_another_there(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dests = t.nat(UDP, 53, DNS, servers=2)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.remove(dests[1])
    if nodest:
        t.until('the sweep', lambda: not t.entries())
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers' if nodest else 'nowhere')


@case('NAT TCP: SYN on a connection to weight 0, expire_nodest_conn {}', (0, 1))
def tcp_syn_on_connection_to_weight_0(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dests = t.nat(TCP, 80, WEB, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    for dest in dests:
        t.edit(dest, weight=0)
    t.edit(dests[0], weight=1)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=5555), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: server removed and added again')
def tcp_server_removed_and_added_again(t):
    dest, = opened(t)
    t.remove(dest)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='nowhere')
    t.server(t.plan.servers[0], WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')


@case('NAT TCP: service removed and added again')
def tcp_service_removed_and_added_again(t):
    opened(t)
    t.remove_service()
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='nowhere')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')


@case('NAT TCP: answers of a removed server are translated, not counted')
def tcp_answers_of_removed_server_are_not_counted(t):
    dest, = opened(t)
    t.remove(dest)
    t.from_server(tcp(t.at_server(WEB), t.client(), 'PA', data=b'late'), leaves='clients')


@case('NAT TCP: no server at all')
def tcp_no_server_at_all(t):
    t.service(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('NAT UDP: no server at all')
def udp_no_server_at_all(t):
    t.service(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53), b'x' * 600), leaves='clients')


@case('NAT TCP: all weights 0')
def tcp_all_weights_0(t):
    dests = t.nat(TCP, 80, WEB, servers=2)
    for dest in dests:
        t.edit(dest, weight=0)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')


@case('NAT TCP: a connection outlives weight 0')
def tcp_connection_outlives_weight_0(t):
    dest, = opened(t)
    t.edit(dest, weight=0)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=b'more'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='clients')
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='clients')


@case('NAT TCP: thresholds close and open a server')
def tcp_thresholds_close_and_open_server(t):
    t.service(TCP, 80)
    t.server(t.plan.servers[0], WEB, upper=2, lower=1)
    for port in (4000, 4001):
        t.from_client(tcp(t.client(port), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(4002), t.vip(80)), leaves='clients')


@case('NAT TCP: SYN of a removed server with another one left')
def tcp_syn_of_removed_server_with_another_one_left(t):
    dests = t.nat(TCP, 80, WEB, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.remove(dests[1])
    t.from_client(tcp(t.client(), t.vip(80)), leaves='nowhere')
    t.from_client(tcp(t.client(4001), t.vip(80)), leaves='servers')


# --- checksums --------------------------------------------------------------------------

@case('NAT TCP: a bad checksum stays bad, both ways')
def tcp_bad_checksum_stays_bad_both_ways(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), check='bad'), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA', check='bad'), leaves='clients')


@case('NAT UDP: a bad checksum stays bad, both ways')
def udp_bad_checksum_stays_bad_both_ways(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), check='bad'), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), check='bad'), leaves='clients')


@case('NAT UDP: no checksum gets one, both ways')
def udp_no_checksum_gets_one_both_ways(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'odd', check=0), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), b'even', check=0), leaves='clients')


@case('NAT UDP: no checksum and no data')
def udp_no_checksum_and_no_data(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'', check=0), leaves='servers')


@case('NAT UDP: no checksum and a length shorter than the packet')
def udp_no_checksum_and_short_length(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'abcdefgh', check=0, length=12), leaves='servers')


@case('NAT UDP: checksum 0xffff')
def udp_checksum_0xffff(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), check=0xffff), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), check=0xffff), leaves='clients')


@case('NAT UDP: every value of two payload bytes around a sum of zero')
def udp_checksum_around_zero(t):
    t.nat(UDP, 53, DNS)
    base = udp(t.client(), t.vip(53), b'\0\0', ident=7)
    right = int.from_bytes(base[26:28], 'big')
    for value in (right - 2, right - 1, right, right + 1, right + 2):
        t.from_client(udp(t.client(), t.vip(53), (value & 0xffff).to_bytes(2, 'big')),
                      leaves='servers')


@case('NAT UDP: a wrong UDP length')
def udp_wrong_length(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'abcdefgh', length=200), leaves='servers')


TCP_CHECK, UDP_CHECK = 16, 6
GSO_TCP4, GSO_TCP6 = 1, 4


def virtio(field, gso=0, size=0, headers=0, transport=34):
    """What a device is left to do: fill in the checksum at that place of the transport
    header; with gso, make segments of that size of the one packet as well."""
    words = (headers, size, transport, field)
    return bytes([1, gso]) + b''.join(w.to_bytes(2, 'little') for w in words)


@case('NAT TCP: a checksum that waits for offload')
def tcp_checksum_that_waits_for_offload(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), check='pseudo'),
                  leaves='servers', vnet=virtio(TCP_CHECK))


@case('NAT UDP: a checksum that waits for offload, both ways')
def udp_checksum_that_waits_for_offload_both_ways(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), check='pseudo'),
                  leaves='servers', vnet=virtio(UDP_CHECK))
    t.from_server(udp(t.at_server(DNS), t.client(), check='pseudo'),
                  leaves='clients', vnet=virtio(UDP_CHECK))


@case('NAT TCP: a GSO packet, both ways')
def tcp_gso_packet_both_ways(t):
    opened(t)
    big = virtio(TCP_CHECK, GSO_TCP4, 1400, 54)
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=bytes(range(256)) * 40, check='pseudo'),
                  leaves='servers', vnet=big)
    t.from_server(tcp(t.at_server(WEB), t.client(), 'PA', data=bytes(range(256)) * 40,
                      check='pseudo'), leaves='clients', vnet=big)


@case('NAT TCP: a GSO packet with DF to the narrow side')
def tcp_gso_packet_with_df_to_narrow_side(t):
    t.service(TCP, 80)
    t.server(t.plan.narrow, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='narrow')
    data = bytes(range(256)) * 40
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=data, check='pseudo', df=True),
                  leaves='clients', vnet=virtio(TCP_CHECK, GSO_TCP4, 1460, 54))
    t.from_client(tcp(t.client(), t.vip(80), 'PA', data=data, check='pseudo', df=True),
                  leaves='narrow', vnet=virtio(TCP_CHECK, GSO_TCP4, 1300, 54))


# --- the IP header ----------------------------------------------------------------------

@case('NAT TCP: TTL {}', (1, 0, 2, 255))
def tcp_ttl(t, ttl):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), ttl=ttl), leaves='servers' if ttl > 1 else 'clients')


@case('NAT TCP: TTL 1 on an established connection, and on the answer')
def tcp_ttl_1_on_established_connection_and_on_answer(t):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'A', ttl=1), leaves='clients')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A', ttl=1), leaves='servers')


@case('NAT TCP: TOS and ECN stay')
def tcp_tos_and_ecn_stay(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), tos=0x2b), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA', tos=0xb9), leaves='clients')


@case('NAT TCP: IP options, both ways')
def tcp_ip_options_both_ways(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), options=b''), leaves='servers')
    for options in ('01010100', '940400000000', '070b0400000000000000ff'):
        segment = tcp(t.client(), t.vip(80), 'A')[20:]
        t.from_client(ip4(t.client()[0], t.addr, TCP, segment, options=bytes.fromhex(options)),
                      leaves='servers')
        segment = tcp(t.at_server(WEB), t.client(), 'A')[20:]
        t.from_server(ip4(t.plan.servers[0], t.client()[0], TCP, segment,
                          options=bytes.fromhex(options)), leaves='clients')


@case('NAT UDP: a bad IP checksum goes nowhere')
def udp_bad_ip_checksum_goes_nowhere(t):
    t.nat(UDP, 53, DNS)
    t.from_client(ip4(t.client()[0], t.addr, UDP, udp(t.client(), t.vip(53))[20:], check=0x1234),
                  leaves='nowhere')


@case('NAT UDP: bytes behind the IP packet are cut')
def udp_bytes_behind_ip_packet_are_cut(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), b'x')
    t.from_client(packet + b'\xff' * 17, leaves='servers')


# --- headers cut short ------------------------------------------------------------------

@case('NAT TCP: only {} bytes of the header, no connection', (0, 1, 3, 4, 8, 12, 13, 14, 19))
def tcp_header_cut_without_connection(t, cut):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80), cut=cut), leaves='nowhere')


@case('NAT TCP: only {} bytes of the header, on a connection', (0, 1, 3, 4, 8, 12, 13, 14, 19))
def tcp_header_cut_on_connection(t, cut):
    opened(t)
    t.from_client(tcp(t.client(), t.vip(80), 'A', cut=cut), leaves='nowhere')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A', cut=cut), leaves='anywhere')


@case('NAT UDP: only {} bytes of the header', (0, 3, 4, 7))
def udp_header_cut(t, cut):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='nowhere')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53), cut=cut), leaves='nowhere')
    t.from_server(udp(t.at_server(DNS), t.client(), cut=cut), leaves='anywhere')


@case('NAT TCP: a short header to a local address that is no VIP')
def short_header_to_local_address_that_is_no_vip(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), (t.plan.director, 80), cut=12), leaves='nowhere')
    t.from_client(udp(t.client(), (t.plan.director, 80), cut=6), leaves='nowhere')


@case('NAT TCP: data offset larger than the segment')
def tcp_data_offset_larger_than_segment(t):
    t.nat(TCP, 80, WEB)
    segment = bytearray(tcp_segment(4000, 80))
    segment[12] = 0xf0
    t.from_client(ip4(t.client()[0], t.addr, TCP, bytes(segment)), leaves='servers')


# --- size and fragments -----------------------------------------------------------------

@case('NAT UDP: DF and larger than the narrow side')
def udp_df_and_larger_than_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1400, df=True), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1372, df=True), leaves='narrow')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1373, df=True), leaves='clients')


@case('NAT UDP: larger than the narrow side without DF')
def udp_larger_than_narrow_side_without_df(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1450), leaves='narrow', times=2)


@case('NAT UDP: two fragments')
def udp_two_fragments(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 1480), leaves='servers', times=2)


@case('NAT UDP: four fragments in reverse order')
def udp_four_fragments_in_reverse_order(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 800, 400, 400)[::-1], leaves='servers', times=3)


@case('NAT UDP: two fragments with DF')
def udp_two_fragments_with_df(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8, df=True)
    t.from_client(fragments(packet, 1480), leaves='clients')


@case('NAT UDP: fragments without the last')
def udp_fragments_without_last(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 800, 800)[:2], leaves='nowhere')


@case('NAT UDP: fragments without the first')
def udp_fragments_without_first(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 800, 800)[1:], leaves='nowhere')


@case('NAT UDP: fragments that overlap')
def udp_fragments_that_overlap(t):
    t.nat(UDP, 53, DNS)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    other = fragments(packet, 400, 1200)
    t.from_client([fragments(packet, 800)[0], other[1], other[-1]], leaves='nowhere')


@case('NAT UDP: a fragment twice')
def udp_fragment_twice(t):
    t.nat(UDP, 53, DNS)
    pieces = fragments(udp(t.client(), t.vip(53), bytes(range(256)) * 8), 800, 800)
    t.from_client([pieces[0], pieces[0], pieces[1], pieces[2]], leaves='servers', times=3)


@case('NAT UDP: a first fragment of 8 bytes')
def udp_first_fragment_of_8_bytes(t):
    t.nat(UDP, 53, DNS)
    t.from_client(fragments(udp(t.client(), t.vip(53), b'z' * 100), 8), leaves='servers', times=2)


@case('NAT TCP: a first fragment with half a header')
def tcp_first_fragment_with_half_header(t):
    t.nat(TCP, 80, WEB)
    t.from_client(fragments(tcp(t.client(), t.vip(80), data=b'z' * 60), 8),
                  leaves='servers', times=2)


@case('NAT UDP: no checksum, in fragments')
def udp_no_checksum_in_fragments(t):
    t.nat(UDP, 53, DNS)
    t.from_client(fragments(udp(t.client(), t.vip(53), b'y' * 2001, check=0), 1480),
                  leaves='servers', times=2)


@case('NAT UDP: fragments to the narrow side')
def udp_fragments_to_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    t.from_client(fragments(udp(t.client(), t.vip(53), b'y' * 2000), 1480),
                  leaves='narrow', times=2)
    t.from_client(fragments(udp(t.client(), t.vip(53), b'y' * 2000), 1200),
                  leaves='narrow', times=2)


@case('NAT UDP: the answer in two fragments')
def udp_answer_in_two_fragments(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    packet = udp(t.at_server(DNS), t.client(), bytes(range(256)) * 8)
    t.from_server(fragments(packet, 1480), leaves='clients', times=2)
    t.from_server(fragments(packet, 600, 600)[::-1], leaves='clients', times=3)


@case('NAT UDP: the answer in fragments, the last missing')
def udp_answer_in_fragments_last_missing(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(fragments(udp(t.at_server(DNS), t.client(), b'q' * 2000), 1480)[:1],
                  leaves='nowhere')


@case('NAT TCP: the answer in fragments')
def tcp_answer_in_fragments(t):
    opened(t)
    t.from_server(fragments(tcp(t.at_server(WEB), t.client(), 'PA', data=b'w' * 1400), 480, 480),
                  leaves='clients', times=3)


# --- traffic that is not ours -----------------------------------------------------------

@case('not ours: TCP through the director')
def foreign_tcp(t):
    t.from_client(tcp(t.client(), t.at_server(80)), leaves='servers')
    t.from_server(tcp(t.at_server(80), t.client(), 'SA'), leaves='clients')


@case('not ours: UDP fragments through the director')
def foreign_udp_fragments(t):
    t.from_client(fragments(udp(t.client(), t.at_server(99), b'f' * 2000), 1480),
                  leaves='servers', times=2)
    t.from_server(fragments(udp(t.at_server(99), t.client(), b'f' * 2000), 400, 800),
                  leaves='clients', times=3)


@case('not ours: a first fragment alone through the director')
def foreign_first_fragment_alone(t):
    t.from_client(fragments(udp(t.client(), t.at_server(99), b'f' * 2000), 1480)[:1],
                  leaves='nowhere')


@case('not ours: short headers through the director')
def foreign_short_headers(t):
    t.from_client(tcp(t.client(), t.at_server(80), cut=12), leaves='servers')
    t.from_client(udp(t.client(), t.at_server(80), cut=3), leaves='servers')


@case('not ours: echo to the VIP')
def echo_to_vip(t):
    t.nat(TCP, 80, WEB)
    t.from_client(icmp(t.client()[0], t.addr, 8, 0, 0x12340001, b'ping'), leaves='clients')


@case('not ours: echo through the director')
def foreign_echo(t):
    t.from_client(icmp(t.client()[0], t.plan.servers[0], 8, 0, 0x12340001, b'ping'),
                  leaves='servers')


@case('not ours: protocol {} to the VIP and through the director',
      (2, 4, 47, 50, 51, 89, 132, 255))
def protocol_without_service(t, proto):
    t.nat(UDP, 500, 500)
    t.from_client(ip4(t.client()[0], t.addr, proto, b'\0\x50' * 16), leaves='anywhere')
    t.from_client(ip4(t.client()[0], t.plan.servers[0], proto, b'\0\x50' * 16), leaves='servers')


@case('not ours: fragments of protocol 50 through the director')
def foreign_esp_fragments(t):
    t.from_client(fragments(ip4(t.client()[0], t.plan.servers[0], 50, b'e' * 2000), 1480),
                  leaves='servers', times=2)


@case('not ours: a broadcast frame to the VIP')
def broadcast_frame_to_vip(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere', dst=b'\xff' * 6)


@case('not ours: a frame for another host')
def frame_for_another_host(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere', dst=bytes.fromhex('020000009999'))


@case('NAT TCP: hairpin, the client is on the servers\' side')
def tcp_hairpin_client_is_on_servers_side(t):
    t.watch(t.plan.servers[1])
    t.nat(TCP, 80, WEB)
    t.from_server(tcp(t.at_server(4000, 1), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.at_server(WEB), t.at_server(4000, 1), 'SA'), leaves='servers')


@case('NAT TCP: client and server are one host')
def tcp_client_and_server_are_one_host(t):
    t.watch(t.plan.servers[0])
    t.nat(TCP, 80, WEB)
    t.from_server(tcp(t.at_server(4000), t.vip(80)), leaves='servers')


@case('NAT UDP: a client with a loopback address')
def udp_client_with_loopback_address(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(('127.0.0.9', 4000), t.vip(53)), leaves='nowhere')


@case('NAT UDP: a server with a loopback address')
def udp_server_with_loopback_address(t):
    t.service(UDP, 53)
    t.server(t.plan.loopback, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere')


@case('NAT UDP: a client with a multicast address')
def udp_client_with_multicast_address(t):
    t.nat(UDP, 53, DNS)
    t.from_client(udp(('224.0.0.9', 4000), t.vip(53)), leaves='nowhere')
