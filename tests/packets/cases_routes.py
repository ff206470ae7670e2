# SPDX-License-Identifier: GPL-2.0-only
"""The way of a packet: what IPsec policies say of it, what becomes of it when the
server's method changes, and which socket of this host it is for.
"""
import itertools
import socket
import struct
import subprocess

from case import IPV4, IPV6, case
from cases_icmp import DNS, WEB, server_error, unreachable
from cases_local import LOOSE_TCP, datagram, received
from wire import TCP, UDP, tcp, udp

METHODS = {'NAT': 'nat', 'direct routing': 'direct', 'tunnel': 'tunnel'}
CHANGES = {(old, new): (METHODS[old], METHODS[new])
           for old, new in itertools.permutations(METHODS, 2)}
POLICIES = ('no policy', 'block', 'transport', 'tunnel')
TUNNELS = {'gre': {'tun': 'gre'}, 'gue': {'tun': 'gue', 'tun_port': 6080}}


def policy(t, kind, src, dst):
    """What IPsec does from now on with packets from here to there.

    Nothing is encrypted and nothing is signed, so each byte can be compared.
    """
    if kind == 'no policy':
        return
    bits = 128 if t.v6 else 32
    selector = 'src %s/%d dst %s/%d dir out' % (src, bits, dst, bits)
    if kind == 'block':
        t.shell('ip xfrm policy add %s action block' % selector,
                'ip xfrm policy del %s' % selector)
        return
    # The far end of an IPsec tunnel is another of that side's hosts.
    near = (t.plan.director, t.plan.servers[2])
    ends = 'src %s dst %s' % (near if kind == 'tunnel' else (src, dst))
    spi = 0x1000 + t.number
    state = 'ip xfrm state %%s %s proto esp spi %d' % (ends, spi)
    subprocess.run((state % 'add' + ' reqid %d mode %s enc ecb(cipher_null)' % (
        spi, kind)).split() + [''], check=True)
    t.undo.append(lambda: t.output(state % 'del'))
    t.shell('ip xfrm policy add %s tmpl %s proto esp reqid %d mode %s' % (
        selector, ends, spi, kind), 'ip xfrm policy del %s' % selector)


@case('IPsec to the server {family}: {}, {}', METHODS, POLICIES)
def ipsec_to_server(t, method, kind):
    policy(t, kind, t.plan.director, t.plan.servers[0])
    t.direct(UDP, 53, method=method)
    t.from_client(udp(t.client(), t.vip(53), b'one'), leaves='anywhere')
    t.from_client(udp(t.client(), t.vip(53), b'two'), leaves='anywhere')
    t.from_client(udp(t.client(4001), t.vip(53), b'L' * 1400), leaves='anywhere')


@case('IPsec to the server {family}, {}: it comes and goes', POLICIES)
def ipsec_to_server_comes_and_goes(t, kind):
    t.direct(UDP, 53, method='tunnel')
    t.from_client(udp(t.client(), t.vip(53), b'before'), leaves='servers')
    policy(t, kind, t.plan.director, t.plan.servers[0])
    t.from_client(udp(t.client(), t.vip(53), b'meanwhile'), leaves='anywhere')
    while t.undo:
        t.undo.pop()()
    t.service(UDP, 54)
    t.server(t.plan.servers[0], 54, 'tunnel')
    t.from_client(udp(t.client(), t.vip(54), b'afterwards'), leaves='servers')


@case('IPsec to the server {family}, {}: the other family inside', POLICIES)
def ipsec_to_server_of_other_family(t, kind):
    server = t.plan.servers[0]
    policy(t, kind, t.plan.director, server)
    t.speak(IPV4 if t.v6 else IPV6)
    t.service(UDP, 53)
    t.server(server, 53, 'tunnel')
    t.from_client(udp(t.client(), t.vip(53), b'one'), leaves='anywhere')


@case('IPsec to the server {family}, {}: {}', POLICIES, TUNNELS)
def ipsec_around_tunnel(t, kind, tunnel):
    t.loose = {'udp.sport', 'udp.csum'}
    policy(t, kind, t.plan.director, t.plan.servers[0])
    t.direct(UDP, 53, method='tunnel', tunnel=tunnel)
    t.from_client(udp(t.client(), t.vip(53), b'one'), leaves='anywhere')


@case('IPsec to the client {family}, {}: NAT, an answer', POLICIES)
def ipsec_around_answer(t, kind):
    policy(t, kind, t.addr, t.client()[0])
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), t.client(), b'me'), leaves='anywhere')


@case('IPsec to the client {family}, {}: NAT, an error', POLICIES)
def ipsec_around_error(t, kind):
    policy(t, kind, t.addr, t.client()[0])
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(server_error(t, *unreachable(t), udp(t.client(), t.at_server(DNS))),
                  leaves='anywhere')


@case('IPsec to the client {family}, {}: NAT, a server on this host', POLICIES)
def ipsec_around_answer_of_local_server(t, kind):
    policy(t, kind, t.addr, t.client()[0])
    if kind == 'tunnel':
        # An answer of this host bears a number of its own inside.
        t.loose = {'data'}
    t.service(UDP, 53)
    t.server(t.plan.director, DNS)
    sock = datagram(t, (t.plan.director, DNS))
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('answer', lambda: sock.sendto(b'me', t.client()), leaves='anywhere')


# --- a server's method changes ----------------------------------------------------------

# In-tree keeps one route a server, of whichever method asked first: what may leave
# "anywhere" is lost there with some of the pairs.
@case('method {family}: from {} to {}, an old connection first', CHANGES)
def method_changes_old_connection_first(t, old, new):
    dest, = t.direct(UDP, 53, method=old)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.edit(dest, method=new)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(4001), t.vip(53)), leaves='anywhere')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')


@case('method {family}: from {} to {}, a new connection first', CHANGES)
def method_changes_new_connection_first(t, old, new):
    dest, = t.direct(UDP, 53, method=old)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.edit(dest, method=new)
    t.from_client(udp(t.client(4001), t.vip(53)), leaves='servers')
    t.from_client(udp(t.client(), t.vip(53)), leaves='anywhere')
    t.from_client(udp(t.client(4001), t.vip(53)), leaves='servers')


# --- sockets of the virtual address, and a server on this host --------------------------

def taken(t, *names):
    """Fields of the packet that the last step has sent to the client; they differ
    from run to run, and are not compared.
    """
    packet, = t.last_out('clients')
    return [packet.pop(name) for name in names]


@case('local server {family}: NAT, a socket is connected at the virtual address')
def socket_connected_at_vip(t):
    before = datagram(t, t.vip(53))
    before.connect(t.client())
    before.settimeout(0.2)
    t.service(UDP, 53)
    t.server(t.plan.director, DNS)
    sock = datagram(t, (t.plan.director, DNS))
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('nothing there', lambda: before.recv(100), leaves='nowhere')


@case('local server {family}: NAT to where the packet was going, a connected socket')
def nat_to_vip_with_connected_socket(t):
    t.service(UDP, 53)
    t.server(t.addr, 53)
    sock = datagram(t, t.vip(53))
    sock.connect(t.client())
    t.from_client(udp(t.client(), t.vip(53), b'who?'), leaves='nowhere')
    t.local('hear', lambda: received(sock), leaves='nowhere')
    t.local('answer', lambda: sock.send(b'me'), leaves='clients')


@case('local server {family}: NAT, a TCP connection {} at the virtual address',
      {'stands': False, 'in TIME_WAIT': True})
def tcp_connection_at_vip(t, close):
    before = t.socket(socket.SOCK_STREAM, t.vip(80))
    before.listen()
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=1000), leaves='clients')
    ack = int(taken(t, 'tcp.seq', 'tcp.csum')[0]) + 1
    t.from_client(tcp(t.client(), t.vip(80), 'A', seq=1001, ack=ack), leaves='nowhere')
    stands = before.accept()[0]
    # Whoever waits for a last word would keep the namespace.
    stands.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', not close, 0))
    t.loose = LOOSE_TCP
    if close:
        t.local('close', stands.close, leaves='clients')
        t.from_client(tcp(t.client(), t.vip(80), 'FA', seq=1001, ack=ack + 1), leaves='clients')
    else:
        t.undo.append(stands.close)
    before.close()
    t.service(TCP, 80)
    t.server(t.plan.director, WEB)
    after = t.socket(socket.SOCK_STREAM, (t.plan.director, WEB))
    after.listen()
    # Below what the other connection has come to.
    t.from_client(tcp(t.client(), t.vip(80), 'S', seq=500), leaves='clients')
