# SPDX-License-Identifier: GPL-2.0-only
"""ICMP and ICMPv6 errors about masqueraded and directly routed connections, both
directions, both families."""
from case import IPV6, case
from wire import (DSTOPT, FRAGMENT, ROUTING, TCP, UDP, frag_header, fragments, icmp, ip4,
                  long_options, opt_header, tcp, udp)

WEB, DNS = 8080, 5353


def request_at_server(t, ttl=62, **words):
    """The request as the server got it: what its errors quote."""
    return udp(t.client(), t.at_server(DNS), b'question', ttl=ttl, **words)


def answer_at_client(t, ttl=62, **words):
    """The answer as the client got it."""
    return udp(t.vip(53), t.client(), b'answer!!', ttl=ttl, **words)


def error(src, dst, kind, code, quote, rest=0, **words):
    return icmp(src, dst, kind, code, rest, quote, **words)


def server_error(t, kind, code, quote, rest=0, **words):
    return error(t.plan.servers[0], t.client()[0], kind, code, quote, rest, **words)


def client_error(t, kind, code, quote, rest=0, **words):
    return error(t.client()[0], t.addr, kind, code, quote, rest, **words)


def unreachable(t):
    """The port is: type and code."""
    return (1, 4) if t.v6 else (3, 3)


def flow(t):
    """A UDP flow that has been answered."""
    dests = t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client()), leaves='clients')
    return dests


MESSAGES4 = [(3, code) for code in (0, 1, 2, 3, 4, 5, 9, 10, 13, 15)] + \
    [(4, 0), (11, 0), (11, 1), (12, 0), (5, 1)]
MESSAGES6 = [(1, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 0), (3, 1), (4, 0), (4, 1), (100, 0)]


@case('IPv4 error {}/{} from the server', MESSAGES4)
@case('IPv6 error {}/{} from the server', MESSAGES6, family=IPV6)
def error_from_server(t, kind, code):
    flow(t)
    t.from_server(server_error(t, kind, code, request_at_server(t), 1300), leaves='clients')


@case('IPv4 error {}/{} from the client', MESSAGES4)
@case('IPv6 error {}/{} from the client', MESSAGES6, family=IPV6)
def error_from_client(t, kind, code):
    flow(t)
    t.from_client(client_error(t, kind, code, answer_at_client(t), 1300), leaves='anywhere')


@case('{family} error from a router at the server\'s side')
def error_from_router_at_servers_side(t):
    flow(t)
    t.from_server(error(t.plan.server_router, t.client()[0], *((2, 0) if t.v6 else (3, 4)),
                        request_at_server(t), 1300), leaves='clients')


@case('{family} error from a router at the client\'s side')
def error_from_router_at_clients_side(t):
    flow(t)
    t.from_client(error(t.plan.client_router, t.addr, *((3, 0) if t.v6 else (11, 0)),
                        answer_at_client(t)), leaves='servers')


@case('{family} error about TCP, both directions')
def error_about_tcp_both_directions(t):
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.from_server(server_error(t, *unreachable(t), tcp(t.client(), t.at_server(WEB))),
                  leaves='clients')
    t.from_client(client_error(t, *unreachable(t), tcp(t.vip(80), t.client(), 'SA')),
                  leaves='servers')


@case('{family} error from the server that quotes {} bytes', (0, 8, 19, 20, 23, 24, 28, 36))
def error_from_server_with_short_quote(t, length):
    flow(t)
    quote = request_at_server(t)[:length + (20 if t.v6 and length else 0)]
    t.from_server(server_error(t, *unreachable(t), quote), leaves='clients')


@case('{family} error from the client that quotes {} bytes', (0, 8, 19, 20, 23, 24, 28, 36))
def error_from_client_with_short_quote(t, length):
    flow(t)
    quote = answer_at_client(t)[:length + (20 if t.v6 and length else 0)]
    t.from_client(client_error(t, *unreachable(t), quote), leaves='anywhere')


@case('{family} error with a large quote')
def error_with_large_quote(t):
    flow(t)
    quote = udp(t.client(), t.at_server(DNS), bytes(range(256)) * 4)
    t.from_server(server_error(t, *unreachable(t), quote[:1001]), leaves='clients')
    quote = udp(t.vip(53), t.client(), bytes(range(256)) * 4)
    t.from_client(client_error(t, *unreachable(t), quote[:1001]), leaves='servers')


@case('{family} error with a bad checksum, from the server')
def error_with_bad_checksum_from_server(t):
    flow(t)
    t.from_server(server_error(t, *unreachable(t), request_at_server(t), check='bad'),
                  leaves='nowhere')


@case('{family} error with a bad checksum, from the client')
def error_with_bad_checksum_from_client(t):
    flow(t)
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t), check='bad'),
                  leaves='nowhere')


@case('{family} error cut inside its own header')
def error_cut_inside_its_own_header(t):
    flow(t)
    for cut in (0, 1, 4, 7):
        t.from_server(server_error(t, *unreachable(t), b'', cut=cut), leaves='nowhere')
        t.from_client(client_error(t, *unreachable(t), b'', cut=cut), leaves='nowhere')


@case('{family} error about a flow that is not ours')
def error_about_flow_that_is_not_ours(t):
    flow(t)
    t.from_server(server_error(t, *unreachable(t), udp(t.client(4001), t.at_server(DNS))),
                  leaves='clients')
    t.from_client(client_error(t, *unreachable(t), udp(t.vip(53), t.client(4001))),
                  leaves='nowhere')
    t.from_client(error(t.client()[0], t.plan.servers[0], *unreachable(t),
                        udp(t.at_server(DNS), t.client())), leaves='servers')


@case('{family} error from the client with hop limit 1')
def error_from_client_with_hop_limit_1(t):
    flow(t)
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t), ttl=1), leaves='nowhere')


@case('{family} error from the server with hop limit 1')
def error_from_server_with_hop_limit_1(t):
    flow(t)
    t.from_server(server_error(t, *unreachable(t), request_at_server(t), ttl=1), leaves='nowhere')


@case('{family} errors about a removed server')
def errors_about_removed_server(t):
    dest, = flow(t)
    t.remove(dest)
    t.from_server(server_error(t, *unreachable(t), request_at_server(t)), leaves='clients')
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)), leaves='servers')


@case('{family} error from the client, no route to the server any more')
def error_from_client_without_route_to_server(t):
    t.service(UDP, 53)
    t.server(t.plan.nowhere, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='clients')
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)), leaves='nowhere')


@case('{family} error larger than the narrow side')
def error_larger_than_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='narrow')
    quote = udp(t.vip(53), t.client(), b'n' * 1400)
    t.from_client(client_error(t, *unreachable(t), quote, df=True), leaves='anywhere')


@case('{family} error about direct routing, from the client')
def error_about_direct_routing_from_client(t):
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)), leaves='servers')


@case('{family} error about direct routing with a bad checksum')
def error_about_direct_routing_with_bad_checksum(t):
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t), check='bad'),
                  leaves='servers')


@case('{family} error about direct routing, from the server\'s side')
def error_about_direct_routing_from_servers_side(t):
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(error(t.plan.server_router, t.client()[0], *unreachable(t),
                        udp(t.client(), t.vip(53))), leaves='clients')


@case('{family} error without a connection, schedule_icmp {}', (0, 1))
def error_without_connection(t, value):
    t.set('schedule_icmp', value)
    t.nat(UDP, 53, DNS)
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)),
                  leaves='servers' if value else 'nowhere')


@case('{family} error without a connection, schedule_icmp, no server')
def error_without_connection_or_server(t):
    t.set('schedule_icmp', 1)
    t.service(UDP, 53)
    t.from_client(client_error(t, *unreachable(t), answer_at_client(t)), leaves='nowhere')


@case('{family} error without a connection, schedule_icmp, TCP')
def error_without_connection_about_tcp(t):
    t.set('schedule_icmp', 1)
    t.nat(TCP, 80, WEB, servers=2)
    t.from_client(client_error(t, *unreachable(t), tcp(t.vip(80), t.client(), 'A')),
                  leaves='servers')
    t.from_client(client_error(t, *unreachable(t),
                               tcp(t.vip(80), t.client(4001), 'A')[:t.plan.l4 + 4]),
                  leaves='servers')


@case('{family} error without a connection, schedule_icmp, client port 20')
def error_without_connection_from_client_port_20(t):
    t.set('schedule_icmp', 1)
    t.nat(TCP, 80, WEB)
    t.from_client(client_error(t, *unreachable(t), tcp(t.vip(80), t.client(20), 'A')),
                  leaves='nowhere')


@case('{family} answer without a connection, nat_icmp_send {}', (0, 1))
def answer_without_connection(t, value):
    t.set('nat_icmp_send', value)
    t.nat(UDP, 53, DNS)
    t.nat(TCP, 80, WEB)
    t.from_server(udp(t.at_server(DNS), t.client()), leaves='servers' if value else 'clients')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'A'), leaves='servers' if value else 'clients')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'R'), leaves='clients')
    t.from_server(tcp(t.at_server(WEB), t.client(), 'RA'), leaves='clients')
    t.from_server(udp(t.at_server(DNS + 1), t.client()), leaves='clients')
    t.from_server(udp(t.at_server(DNS, 1), t.client()), leaves='clients')


def request_with(t, **words):
    """The request as the server got it, with an IPv4 header of that kind."""
    server = t.at_server(DNS)
    return ip4(t.client()[0], server[0], UDP, udp(t.client(), server)[20:], **words)


@case('IPv4 error that quotes IP options')
def ipv4_error_that_quotes_ip_options(t):
    flow(t)
    quote = request_with(t, options=bytes.fromhex('9404000001010101'))
    t.from_server(server_error(t, 3, 3, quote), leaves='clients')


@case('IPv4 error with IP options of its own')
def ipv4_error_with_ip_options_of_its_own(t):
    flow(t)
    t.from_server(server_error(t, 3, 3, request_at_server(t),
                               options=bytes.fromhex('9404000001010101')), leaves='clients')
    t.from_client(client_error(t, 3, 3, answer_at_client(t),
                               options=bytes.fromhex('9404000001010101')), leaves='servers')


@case('IPv4 error that quotes a first fragment')
def ipv4_error_that_quotes_first_fragment(t):
    flow(t)
    t.from_server(server_error(t, 11, 1, request_with(t, mf=True)), leaves='clients')


@case('IPv4 error that quotes a later fragment')
def ipv4_error_that_quotes_later_fragment(t):
    flow(t)
    t.from_server(server_error(t, 11, 0, request_with(t, offset=800)), leaves='clients')


@case('IPv4 error that quotes a wrong version or header length')
def ipv4_error_that_quotes_wrong_version_or_header_length(t):
    flow(t)
    for first in (0x65, 0x44, 0x05, 0x4f):
        quote = bytes([first]) + request_at_server(t)[1:]
        t.from_server(server_error(t, 3, 3, quote), leaves='clients')


@case('IPv4 error that quotes a wrong IP checksum')
def ipv4_error_that_quotes_wrong_ip_checksum(t):
    flow(t)
    t.from_server(server_error(t, 3, 3, request_with(t, check=0x1111)), leaves='clients')


@case('IPv4 error that quotes an unknown protocol')
def ipv4_error_that_quotes_unknown_protocol(t):
    flow(t)
    t.from_server(server_error(t, 3, 2, ip4(t.client()[0], t.plan.servers[0], 99, b'x' * 16)),
                  leaves='clients')


@case('IPv4 error in fragments, both directions')
def ipv4_error_in_fragments_both_directions(t):
    flow(t)
    quote = udp(t.client(), t.at_server(DNS), b'l' * 900)
    t.from_server(fragments(server_error(t, 3, 3, quote), 400), leaves='clients', times=2)
    quote = udp(t.vip(53), t.client(), b'l' * 900)
    t.from_client(fragments(client_error(t, 3, 3, quote), 400), leaves='servers', times=2)


@case('IPv4 error with DF set')
def ipv4_error_with_df_set(t):
    flow(t)
    t.from_server(server_error(t, 3, 3, request_at_server(t), df=True, tos=0xc0), leaves='clients')


@case('IPv6 error behind a destination options header', family=IPV6)
def ipv6_error_behind_destination_options_header(t):
    flow(t)
    t.from_server(server_error(t, 1, 4, request_at_server(t), ext=[(DSTOPT, opt_header())]),
                  leaves='clients')
    t.from_client(client_error(t, 1, 4, answer_at_client(t), ext=[(DSTOPT, opt_header())]),
                  leaves='servers')


@case('IPv6 error that quotes extension headers', family=IPV6)
def ipv6_error_that_quotes_extension_headers(t):
    flow(t)
    quote = udp(t.client(), t.at_server(DNS), ext=[(DSTOPT, opt_header(1))])
    t.from_server(server_error(t, 1, 4, quote), leaves='clients')


@case('IPv6 error that quotes fragments, first and later', family=IPV6)
def ipv6_error_that_quotes_fragments_first_and_later(t):
    flow(t)
    for offset in (0, 800):
        quote = udp(t.client(), t.at_server(DNS), ext=[(FRAGMENT, frag_header(offset, True))])
        t.from_server(server_error(t, 3, 1, quote), leaves='clients')


@case('IPv6 error with a fragment header, whole', family=IPV6)
def ipv6_error_with_fragment_header_whole(t):
    flow(t)
    t.from_server(server_error(t, 1, 4, request_at_server(t), ext=[(FRAGMENT, frag_header())]),
                  leaves='clients')
    t.from_client(client_error(t, 1, 4, answer_at_client(t),
                               ext=[(FRAGMENT, frag_header(ident=0x78))]), leaves='servers')


@case('IPv6 error in fragments, both directions', family=IPV6)
def ipv6_error_in_fragments_both_directions(t):
    flow(t)
    quote = udp(t.client(), t.at_server(DNS), b'l' * 900)
    t.from_server(fragments(server_error(t, 1, 4, quote), 400), leaves='clients', times=2)
    quote = udp(t.vip(53), t.client(), b'l' * 900)
    t.from_client(fragments(client_error(t, 1, 4, quote), 400, ident=0x99),
                  leaves='servers', times=2)


@case('IPv6 error behind {} bytes of options, quoting {}',
      ((0, 8000), (8000, 0), (33000, 32000), (33000, 32464), (63488, 1952)), family=IPV6)
def ipv6_error_behind_many_options(t, outer, quoted):
    """The ports of the last two are behind the 64 KiB that 16 bits count."""
    flow(t)
    # Behind a routing header options may be cut, when the packet leaves again.
    chain = [(ROUTING, b'\0\4' + bytes(5))] + long_options(outer)
    for send, error_of, quote, side in (
            (t.from_server, server_error, request_at_server, 'clients'),
            (t.from_client, client_error, answer_at_client, 'servers')):
        cut = quote(t, ext=long_options(quoted))[:40 + quoted + 4]
        whole = error_of(t, 1, 4, cut, ext=chain)
        # The routing header leaves in each fragment, so there may be one more.
        send(fragments(whole, *[1400] * (len(whole) // 1400), ident=0x99), leaves=side,
             times=-(-(len(whole) - 48) // 1392))


@case('echo and other ICMPv6 to the VIP', family=IPV6)
def echo_and_other_icmpv6_to_vip(t):
    flow(t)
    t.from_client(icmp(t.client()[0], t.addr, 128, 0, 0x10001, b'ping'), leaves='clients')
    t.from_client(icmp(t.client()[0], t.plan.servers[0], 128, 0, 0x10001, b'ping'),
                  leaves='servers')
    t.from_client(icmp(t.client()[0], t.addr, 200, 0, 0, b'private'), leaves='nowhere')
