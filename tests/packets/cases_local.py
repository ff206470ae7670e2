# SPDX-License-Identifier: GPL-2.0-only
"""Clients and servers on the director itself."""
import socket

from case import case
from wire import TCP, UDP, tcp, udp

WEB, DNS = 8080, 5353
LOOSE_TCP = {'tcp.seq', 'tcp.csum', 'data'}


def datagram(t, end=None):
    """A UDP socket of the director's; without an end, at the VIP."""
    return t.socket(socket.SOCK_DGRAM, end or t.vip(4000))


def received(sock):
    """What came, and from whom."""
    data, sender = sock.recvfrom(4096)
    return data, sender[:2]


@case('local client {family}: NAT, the client is the VIP')
def client_at_vip_through_nat(t):
    t.nat(UDP, 53, DNS)
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.vip(4000), b'me'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')


@case('local client {family}: NAT, another address of the director')
def client_at_another_address_through_nat(t):
    t.watch(t.plan.director)
    t.nat(UDP, 53, DNS)
    sock = datagram(t, (t.plan.director, 4100))
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), (t.plan.director, 4100), b'me'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')


# Two entries of one tuple, each the other's turned round.
@case('local client {family}: NAT, the server is a virtual address too')
def client_of_server_that_is_vip_too(t):
    t.nat(UDP, 53, DNS)
    t.service(UDP, DNS, addr=t.plan.servers[0])
    t.server(t.plan.servers[1], DNS)
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')
    t.local('ask the other', lambda: sock.sendto(b'who?', t.at_server(DNS)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.vip(4000), b'me'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')


@case('local client {family}: direct routing')
def client_through_direct_routing(t):
    t.watch(t.plan.director)
    t.direct(UDP, 53)
    sock = datagram(t)
    t.local('as the VIP', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')
    other = datagram(t, (t.plan.director, 4100))
    t.local('as another', lambda: other.sendto(b'who?', t.vip(53)), leaves='servers')


@case('local client {family}: tunnel')
def client_through_tunnel(t):
    t.direct(UDP, 53, method='tunnel')
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')
    t.local('a large question', lambda: sock.sendto(b'L' * 1440, t.vip(53)),
            leaves='nowhere' if t.v6 else 'servers')


@case('local client {family}: no server')
def client_without_server(t):
    t.service(UDP, 53)
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='nowhere')
    t.local('again', lambda: sock.sendto(b'who?', t.vip(53)), leaves='nowhere')


@case('local client {family}: no route to the server')
def client_without_route_to_server(t):
    t.service(UDP, 53)
    t.server(t.plan.nowhere, DNS)
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='nowhere')


@case('local client {family}: too large for the narrow side')
def client_sends_too_much_for_narrow_side(t):
    t.service(UDP, 53)
    t.server(t.plan.narrow, DNS)
    sock = datagram(t)
    t.local('ask', lambda: sock.sendto(b'L' * 1440, t.vip(53)), leaves='nowhere')
    t.local('again', lambda: sock.sendto(b'L' * 1440, t.vip(53)), leaves='anywhere')


@case('local client {family}: hop limit 1')
def client_with_hop_limit_1(t):
    t.nat(UDP, 53, DNS)
    sock = datagram(t)
    if t.v6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='nowhere')


@case('local client {family}: a loopback address')
def client_with_loopback_address(t):
    t.nat(UDP, 53, DNS)
    sock = datagram(t, (t.plan.loopback, 0))
    t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='nowhere')


@case('local client {family}: TCP over NAT')
def tcp_client_through_nat(t):
    t.loose = LOOSE_TCP
    t.nat(TCP, 80, WEB)
    sock = t.socket(socket.SOCK_STREAM, t.vip(4000))
    sock.setblocking(False)
    t.local('connect', lambda: sock.connect_ex(t.vip(80)), leaves='servers')
    # Or it would send its SYN again, on a machine slow enough.
    sock.close()
    t.from_server(tcp(t.at_server(WEB), t.vip(4000), 'RA', ack=1), leaves='nowhere')


@case('local server {family}: NAT')
def server_through_nat(t):
    t.service(UDP, 53)
    t.server(t.plan.director, DNS)
    sock = datagram(t, (t.plan.director, DNS))
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('answer', lambda: sock.sendto(b'me', t.client()), leaves='clients')
    t.from_client(udp(t.client(), t.vip(53), b'again', ttl=1), leaves='nowhere')
    t.local('hear again', lambda: received(sock), leaves='nowhere')


@case('local server {family}: direct routing')
def server_through_direct_routing(t):
    t.service(UDP, 53)
    t.server(t.plan.director, 53, 'direct')
    sock = datagram(t, t.vip(53))
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('answer', lambda: sock.sendto(b'me', t.client()), leaves='clients')


@case('local server {family}: tunnel')
def server_through_tunnel(t):
    t.service(UDP, 53)
    t.server(t.plan.director, 53, 'tunnel')
    sock = datagram(t, t.vip(53))
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('answer', lambda: sock.sendto(b'me', t.client()), leaves='clients')


@case('local server {family}: nobody listens')
def server_that_does_not_listen(t):
    t.service(UDP, 53)
    t.server(t.plan.director, DNS + 1)
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='clients')
    t.service(TCP, 80)
    t.server(t.plan.director, WEB + 1)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')


@case('local server {family}: TCP over direct routing passes TIME_WAIT')
def tcp_server_through_direct_routing(t):
    t.service(TCP, 80)
    t.server(t.plan.director, 80, 'direct')
    t.from_client(tcp(t.client(), t.vip(80)), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A'), leaves='clients')


@case('local client and server {family}: NAT')
def client_and_server_through_nat(t):
    t.service(UDP, 53)
    t.server(t.plan.director, DNS)
    server = datagram(t, (t.plan.director, DNS))
    client = datagram(t)
    t.local('ask', lambda: client.sendto(b'who?', t.vip(53)), leaves='nowhere')
    t.local('hear', lambda: received(server), leaves='nowhere')
    t.local('answer', lambda: server.sendto(b'me', t.vip(4000)), leaves='nowhere')
    t.local('hear the answer', lambda: received(client), leaves='nowhere')


@case('local client and server {family}: a loopback server')
def client_and_loopback_server(t):
    t.service(UDP, 53)
    t.server(t.plan.loopback, DNS)
    server = datagram(t, (t.plan.loopback, DNS))
    client = datagram(t)
    t.local('ask', lambda: client.sendto(b'who?', t.vip(53)), leaves='nowhere')
    t.local('hear', lambda: received(server), leaves='nowhere')


@case('local client {family}: one packet')
def client_of_one_packet_service(t):
    t.nat(UDP, 53, DNS, servers=2, ops=True)
    sock = datagram(t)
    for _ in range(3):
        t.local('ask', lambda: sock.sendto(b'who?', t.vip(53)), leaves='servers')


@case('local client IPv4: a raw socket that wants no reassembly')
def raw_socket_that_wants_no_reassembly(t):
    t.nat(UDP, 53, DNS)
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    t.undo.append(sock.close)
    sock.setsockopt(socket.IPPROTO_IP, 22, 1)
    packet = udp(t.vip(4000), t.vip(53))
    t.note_id(packet)
    t.local('send', lambda: sock.sendto(packet, (t.addr, 0)), leaves='servers')
    other = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    t.undo.append(other.close)
    t.local('without it', lambda: other.sendto(packet, (t.addr, 0)), leaves='servers')
