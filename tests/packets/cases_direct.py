# SPDX-License-Identifier: GPL-2.0-only
"""Direct routing, both families."""
from case import case
from wire import TCP, UDP, fragments, ip4, tcp, udp


@case('DR {family} TCP: a whole connection, requests only')
def tcp_whole_connection_requests_only(t):
    t.direct(TCP, 80, servers=2)
    for flags in ('S', 'A', 'PA', 'FA', 'A'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')
    t.from_client(tcp(t.client(4001), t.vip(80), 'S'), leaves='servers')


@case('DR {family} TCP: [{}] in ESTABLISHED', ('R', 'F', 'P', '', 'SA', 'FR'))
def tcp_flags_in_established(t, flags):
    t.direct(TCP, 80)
    for each in ('S', 'A', flags, 'A'):
        t.from_client(tcp(t.client(), t.vip(80), each), leaves='servers')


@case('DR {family} UDP: with and without a checksum, and a wrong one')
def udp_checksum_is_not_looked_at(t):
    t.direct(UDP, 53)
    for check in (None, 'bad') + (() if t.v6 else (0,)):
        t.from_client(udp(t.client(), t.vip(53), check=check), leaves='servers')


@case('DR {family} TCP: the server\'s port is not used')
def tcp_server_port_is_not_used(t):
    t.service(TCP, 80)
    try:
        t.server(t.plan.servers[0], 8080, 'direct')
    except Exception as e:
        t.local('another port', lambda: str(e), leaves='nowhere')
        return
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')


@case('DR {family} TCP: a server behind a router')
def tcp_server_behind_router(t):
    t.service(TCP, 80)
    t.server(t.plan.routed, 80, 'direct')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')


@case('DR {family} TCP: no route to the server')
def tcp_no_route_to_server(t):
    t.service(TCP, 80)
    t.server(t.plan.nowhere, 80, 'direct')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('DR {family} TCP: hop limit {}', (0, 1, 2, 255))
def tcp_hop_limit(t, ttl):
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80), ttl=ttl), leaves='servers' if ttl > 1 else 'clients')


@case('DR {family} UDP: larger than the narrow side')
def udp_larger_than_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, 53, 'direct')
    t.from_client(udp(t.client(), t.vip(53), b'd' * 1420, df=True), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'd' * (1400 - t.plan.l4 - 8), df=True),
                  leaves='narrow')
    t.from_client(udp(t.client(), t.vip(53), b'd' * (1401 - t.plan.l4 - 8), df=True),
                  leaves='clients')
    if not t.v6:
        t.from_client(udp(t.client(), t.vip(53), b'd' * 1450), leaves='narrow', times=2)


@case('DR {family} UDP: fragments')
def udp_fragments(t):
    t.direct(UDP, 53)
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 1400), leaves='servers', times=2)
    t.from_client(fragments(packet, 800, 400)[::-1], leaves='servers', times=3)


@case('DR {family} UDP: fragments to the narrow side')
def udp_fragments_to_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, 53, 'direct')
    packet = udp(t.client(), t.vip(53), bytes(range(256)) * 8)
    t.from_client(fragments(packet, 1440), leaves='anywhere')
    t.from_client(fragments(packet, 1200), leaves='narrow', times=2)


@case('DR {family} TCP reuse: SYN in FIN_WAIT, conn_reuse_mode {}', (0, 1, 2, 3))
def tcp_reuse_in_fin_wait(t, mode):
    t.set('conn_reuse_mode', mode)
    t.direct(TCP, 80, servers=2)
    for flags in ('S', 'A', 'FA', 'A'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=9999), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', seq=10000), leaves='servers')


@case('DR {family} TCP reuse: SYN in CLOSE, conn_reuse_mode {}', (0, 1, 2, 3))
def tcp_reuse_in_close(t, mode):
    t.set('conn_reuse_mode', mode)
    t.direct(TCP, 80, servers=2)
    for flags in ('S', 'A', 'R'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=9999), leaves='servers')


@case('DR {family} TCP: server removed, expire_nodest_conn {}', (0, 1))
def tcp_server_removed(t, nodest):
    t.set('expire_nodest_conn', nodest)
    dests = t.direct(TCP, 80, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.remove(dests[1])
    if nodest:
        t.until('the sweep', lambda: not t.entries())
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients' if nodest else 'nowhere')
    t.from_client(tcp(t.client(), t.vip(80), 'S'), leaves='servers' if nodest else 'nowhere')


@case('DR {family} TCP: answers through the director')
def tcp_answers_through_director(t):
    # Their source is an address of this host's: IPv4 calls that a martian.
    t.set('net/ipv4/conf/servers/accept_local', 1)
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(tcp(t.vip(80), t.client(), 'SA'), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'FA'), leaves='servers')
    t.from_server(tcp(t.vip(80), t.client(), 'FA'), leaves='clients')


@case('DR {family} TCP: short headers')
def tcp_short_headers(t):
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80), cut=12), leaves='nowhere')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', cut=12), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', cut=4), leaves='servers')
    t.from_client(tcp(t.client(), t.vip(80), 'A', cut=3), leaves='nowhere')


@case('DR {family} TCP: hairpin, a client among the servers')
def tcp_hairpin_client_among_servers(t):
    t.watch(t.plan.servers[1])
    t.direct(TCP, 80)
    t.from_server(tcp(t.at_server(4000, 1), t.vip(80)), leaves='servers')


@case('DR {family} TCP: the server is the director')
def tcp_server_is_director(t):
    t.service(TCP, 80)
    t.server(t.plan.director, 80, 'direct')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), ttl=1), leaves='clients')


@case('DR {family} TCP: a loopback server')
def tcp_loopback_server(t):
    t.service(TCP, 80)
    t.server(t.plan.loopback, 80, 'direct')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('DR {family} TCP: traffic class stays')
def tcp_traffic_class_stays(t):
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80), tos=0x2b), leaves='servers')


@case('DR IPv4 TCP: IP options')
def tcp_ip_options(t):
    t.direct(TCP, 80)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    for options in ('01010100', '940400000000', '070b0400000000000000ff'):
        segment = tcp(t.client(), t.vip(80), 'A')[20:]
        t.from_client(ip4(t.client()[0], t.addr, TCP, segment, options=bytes.fromhex(options)),
                      leaves='servers')


@case('local method: the packet stays here')
def local_method_packet_stays_here(t):
    t.service(TCP, 80)
    t.server(t.plan.servers[0], 80, 'local')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')
