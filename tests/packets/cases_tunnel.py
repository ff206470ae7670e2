# SPDX-License-Identifier: GPL-2.0-only
"""Tunnels: ipip, GUE and GRE, all four pairs of families, sizes, and errors from
inside the tunnel."""
from case import IPV4, IPV6, PLANS, case
from cases_icmp import answer_at_client, client_error, error, unreachable
from wire import GRE, IPIP, TCP, UDP, csum, fragments, ip4, tcp, udp

KINDS = {
    'ipip': {},
    'gue': {'tun': 'gue', 'tun_port': 6080},
    'gue csum': {'tun': 'gue', 'tun_port': 6080, 'tun_flags': 1},
    'gue remcsum': {'tun': 'gue', 'tun_port': 6080, 'tun_flags': 2},
    'gre': {'tun': 'gre'},
    'gre csum': {'tun': 'gre', 'tun_flags': 1},
}
# Around each inner packet of UDP or TCP, next to the outer IP header.
OVERHEAD = {'ipip': 0, 'gue': 12, 'gue csum': 12, 'gue remcsum': 12, 'gre': 4, 'gre csum': 8}
PAIRS = {'4in4': (IPV4, IPV4), '6in6': (IPV6, IPV6), '4in6': (IPV4, IPV6), '6in4': (IPV6, IPV4)}


def tunnelled(t, proto, port, pair, tunnel, narrow=False):
    """A service of the inner family whose server has an address of the outer one."""
    inner, outer = pair
    t.speak(inner)
    t.service(proto, port)
    plan = PLANS[outer]
    return t.server(plan.narrow if narrow else plan.servers[0], port, 'tunnel', **tunnel)


@case('TUN {} {} TCP: SYN, ACK, FIN', KINDS, PAIRS)
def tcp_syn_ack_fin(t, tunnel, *pair):
    tunnelled(t, TCP, 80, pair, tunnel)
    for flags in ('S', 'A', 'FA'):
        t.from_client(tcp(t.client(), t.vip(80), flags), leaves='servers')


@case('TUN {} {} UDP: traffic class, hop limit, DF', KINDS, PAIRS)
def udp_outer_header_from_inner(t, tunnel, *pair):
    tunnelled(t, UDP, 53, pair, tunnel)
    for tos in (0x2b, 0x29, 0x2a, 0xb8):
        t.from_client(udp(t.client(), t.vip(53), tos=tos, ttl=33), leaves='servers')
    if not t.v6:
        t.from_client(udp(t.client(), t.vip(53), df=True), leaves='servers')


@case('TUN {0} {2} UDP: sizes around the MTU', KINDS.items(), PAIRS)
def udp_sizes_around_mtu(t, kind, tunnel, *pair):
    tunnelled(t, UDP, 53, pair, tunnel)
    fits = 1500 - PLANS[pair[1]].l4 - OVERHEAD[kind] - t.plan.l4 - 8
    t.from_client(udp(t.client(), t.vip(53), b'm' * fits, df=True), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53), b'm' * (fits + 1), df=True), leaves='clients')
    if not t.v6:
        t.from_client(udp(t.client(), t.vip(53), b'm' * (fits + 1)), leaves='servers')


@case('TUN {} {} UDP: a fragmented request', KINDS, PAIRS)
def udp_fragmented_request(t, tunnel, *pair):
    tunnelled(t, UDP, 53, pair, tunnel)
    t.from_client(fragments(udp(t.client(), t.vip(53), b'f' * 2000), 1000), leaves='servers')


@case('TUN {} TCP: hop limit {}', PAIRS, (1, 2))
def tcp_hop_limit(t, inner, outer, ttl):
    tunnelled(t, TCP, 80, (inner, outer), KINDS['ipip'])
    t.from_client(tcp(t.client(), t.vip(80), ttl=ttl), leaves='servers' if ttl > 1 else 'clients')


@case('TUN {} UDP: pmtu_disc 1, DF', PAIRS)
def udp_with_pmtu_disc(t, *pair):
    t.set('pmtu_disc', 1)
    tunnelled(t, UDP, 53, pair, KINDS['ipip'])
    t.from_client(udp(t.client(), t.vip(53), df=True), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53), b'p' * 1440, df=True),
                  leaves='clients' if t.v6 else 'anywhere')


@case('TUN {} UDP: pmtu_disc 0, DF', PAIRS)
def udp_without_pmtu_disc(t, *pair):
    t.set('pmtu_disc', 0)
    tunnelled(t, UDP, 53, pair, KINDS['ipip'])
    t.from_client(udp(t.client(), t.vip(53), df=True), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53), b'p' * (1432 if t.v6 else 1452), df=True),
                  leaves='anywhere')


@case('TUN {} UDP: through the narrow side', PAIRS)
def udp_through_narrow_side(t, *pair):
    tunnelled(t, UDP, 53, pair, KINDS['ipip'], narrow=True)
    t.from_client(udp(t.client(), t.vip(53), b'n' * 1000, df=True), leaves='narrow')
    t.from_client(udp(t.client(), t.vip(53), b'n' * 1400, df=True), leaves='clients')


@case('TUN {} TCP: no route to the server', PAIRS)
def tcp_no_route_to_server(t, *pair):
    inner, outer = pair
    t.speak(inner)
    t.service(TCP, 80)
    t.server(PLANS[outer].nowhere, 80, 'tunnel')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('TUN {} TCP: the server is the director', PAIRS)
def tcp_server_is_director(t, *pair):
    inner, outer = pair
    t.speak(inner)
    t.service(TCP, 80)
    t.server(PLANS[outer].director, 80, 'tunnel')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('TUN {} UDP: an error from the client about an answer', PAIRS)
def error_from_client_about_answer(t, *pair):
    tunnelled(t, UDP, 53, pair, KINDS['ipip'])
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)), leaves='servers')


@case('TUN {} UDP: server removed', PAIRS)
def udp_server_removed(t, *pair):
    dest = tunnelled(t, UDP, 53, pair, KINDS['ipip'])
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.remove(dest)
    t.from_client(udp(t.client(), t.vip(53)), leaves='nowhere')


# --- errors about the outer packet ------------------------------------------------------

def around(inner, kind, dst=PLANS[IPV4].servers[0], src=PLANS[IPV4].director):
    """The tunnel packet that an error quotes."""
    if kind == 'ipip':
        return ip4(src, dst, IPIP, inner)
    if kind == 'gre':
        return ip4(src, dst, GRE, b'\0\0\x08\0' + inner)
    if kind == 'gre csum':
        body = b'\x80\0\x08\0\0\0\0\0' + inner
        return ip4(src, dst, GRE, body[:4] + csum(body).to_bytes(2, 'big') + body[6:])
    return udp((src, 40000), (dst, 6080), b'\0\4\0\0' + inner)


def tunnel_error(t, icmp_type, code, quote, **words):
    """A router's on the way to the server; what it lets through is 1400 bytes."""
    rest = 0
    if (icmp_type, code) == (3, 4):
        rest = 1400
        t.undo.append(t.world.forget_mtu)
    return error(t.plan.server_router, t.plan.director, icmp_type, code, quote, rest, **words)


@case('TUN {} error {}/{} quoting {} bytes', ('ipip', 'gue', 'gue csum', 'gre', 'gre csum'),
      ((3, 1), (3, 3), (11, 0), (3, 4)), (64, 500))
def error_about_outer_packet(t, kind, icmp_type, code, quoted):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS[kind])
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    quote = around(request, kind)[:quoted]
    t.from_server(tunnel_error(t, icmp_type, code, quote), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'r' * 1400, df=True), leaves='anywhere')


@case('TUN {} error {}/{} in page fragments', ('ipip', 'gue', 'gre'), ((3, 1), (3, 4)))
def error_in_page_fragments(t, kind, icmp_type, code):
    # Put together again, all that is linear of it are its first 8 bytes.
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS[kind])
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    told = tunnel_error(t, icmp_type, code, around(request, kind))
    t.from_server(fragments(told, 8, 400), leaves='clients')


@case('TUN ipip error 3/4 about a packet without DF')
def error_about_packet_without_df(t):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS['ipip'])
    request = udp(t.client(), t.vip(53), b'r' * 900)
    t.from_client(request, leaves='servers')
    t.from_server(tunnel_error(t, 3, 4, around(request, 'ipip')[:500]), leaves='nowhere')


@case('TUN ipip error with a bad checksum')
def error_with_bad_checksum(t):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS['ipip'])
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(tunnel_error(t, 3, 1, around(request, 'ipip')[:500], check='bad'),
                  leaves='nowhere')


@case('TUN ipip error about a tunnel that is not ours')
def error_about_foreign_tunnel(t):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS['ipip'])
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(tunnel_error(t, 3, 1, around(request, 'ipip', dst=t.plan.servers[2])[:500]),
                  leaves='nowhere')


@case('TUN ipip error about an inner flow that is not ours')
def error_about_foreign_inner_flow(t):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS['ipip'])
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    request = udp(t.client(4001), t.vip(53), b'r' * 900, df=True)
    t.from_server(tunnel_error(t, 3, 1, around(request, 'ipip')[:500]), leaves='nowhere')


@case('TUN ipip error that quotes 8 bytes of the inner header')
def error_that_quotes_8_bytes_of_inner_header(t):
    tunnelled(t, UDP, 53, PAIRS['4in4'], KINDS['ipip'])
    request = udp(t.client(), t.vip(53), b'r' * 900, df=True)
    t.from_client(request, leaves='servers')
    t.from_server(tunnel_error(t, 3, 1, around(request, 'ipip')[:28]), leaves='nowhere')
