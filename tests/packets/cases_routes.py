# SPDX-License-Identifier: GPL-2.0-only
"""The way of a packet: what IPsec policies say of it, what becomes of it when the
server's method changes, and which socket of this host it is for.
"""
import itertools
import socket
import struct
import subprocess

from case import case
from cases_icmp import error, family_name
from cases_local import DNS, LOOSE_TCP, WEB, datagram, own, received
from wire import TCP, UDP, tcp, udp

METHODS = {'nat': 'NAT', 'direct': 'direct routing', 'tunnel': 'tunnel'}
POLICIES = ('no policy', 'block', 'transport', 'tunnel')
GRE, GUE = {'tun': 'gre'}, {'tun': 'gue', 'tun_port': 6080}


def policy(t, f, kind, src, dst):
    """What IPsec does from now on with packets from here to there.

    Nothing is encrypted and nothing is signed, so each byte can be compared.
    """
    if kind == 'no policy':
        return
    bits = 128 if f.v6 else 32
    selector = 'src %s/%d dst %s/%d dir out' % (src, bits, dst, bits)
    if kind == 'block':
        t.shell('ip xfrm policy add %s action block' % selector,
                'ip xfrm policy del %s' % selector)
        return
    # The far end of an IPsec tunnel is another of that side's hosts.
    near = {False: ('10.2.0.1', '10.2.0.13'), True: ('fd02::1', 'fd02::13')}[f.v6]
    ends = 'src %s dst %s' % (near if kind == 'tunnel' else (src, dst))
    spi = 0x1000 + t.number
    state = 'ip xfrm state %%s %s proto esp spi %d' % (ends, spi)
    subprocess.run((state % 'add' + ' reqid %d mode %s enc ecb(cipher_null)' % (
        spi, kind)).split() + [''], check=True)
    t.undo.append(lambda: t.output(state % 'del'))
    t.shell('ip xfrm policy add %s tmpl %s proto esp reqid %d mode %s' % (
        selector, ends, spi, kind), 'ip xfrm policy del %s' % selector)


for v6, method, kind in itertools.product((False, True), METHODS, POLICIES):
    name = 'IPsec to the server %s: %s, %s' % (family_name(v6), METHODS[method], kind)

    @case(name, v6, method, kind)
    def _(t, v6, method, kind):
        f = t.family(v6)
        policy(t, f, kind, own(v6), f.servers[0])
        t.direct(UDP, 53, v6=v6, method=method)
        t.from_client(udp(f.client(), f.vip(53), b'one'), leaves='anywhere')
        t.from_client(udp(f.client(), f.vip(53), b'two'), leaves='anywhere')
        t.from_client(udp(f.client(4001), f.vip(53), b'L' * 1400), leaves='anywhere')

for v6, kind in itertools.product((False, True), POLICIES):
    name = '%s, %s' % (family_name(v6), kind)

    @case('IPsec to the server %s: it comes and goes' % name, v6, kind)
    def _(t, v6, kind):
        f = t.family(v6)
        t.direct(UDP, 53, v6=v6, method='tunnel')
        t.from_client(udp(f.client(), f.vip(53), b'before'), leaves='servers')
        policy(t, f, kind, own(v6), f.servers[0])
        t.from_client(udp(f.client(), f.vip(53), b'meanwhile'), leaves='anywhere')
        while t.undo:
            t.undo.pop()()
        t.service(UDP, 54, v6=v6)
        t.server(f.servers[0], 54, 'tunnel')
        t.from_client(udp(f.client(), f.vip(54), b'afterwards'), leaves='servers')

    @case('IPsec to the server %s: the other family inside' % name, v6, kind)
    def _(t, v6, kind):
        inside, outside = t.family(not v6), t.family(v6)
        policy(t, outside, kind, own(v6), outside.servers[0])
        t.service(UDP, 53, v6=not v6)
        t.server(outside.servers[0], 53, 'tunnel')
        t.from_client(udp(inside.client(), inside.vip(53), b'one'), leaves='anywhere')

    for tunnel in (GRE, GUE):
        @case('IPsec to the server %s: %s' % (name, tunnel['tun']), v6, kind, tunnel)
        def _(t, v6, kind, tunnel):
            f = t.family(v6)
            t.loose = {'udp.sport', 'udp.csum'}
            policy(t, f, kind, own(v6), f.servers[0])
            t.direct(UDP, 53, v6=v6, method='tunnel', tunnel=tunnel)
            t.from_client(udp(f.client(), f.vip(53), b'one'), leaves='anywhere')

    @case('IPsec to the client %s: NAT, an answer' % name, v6, kind)
    def _(t, v6, kind):
        f = t.family(v6)
        policy(t, f, kind, f.vip(0)[0], f.client()[0])
        t.nat(UDP, 53, DNS, v6=v6)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_server(udp((f.servers[0], DNS), f.client(), b'me'), leaves='anywhere')

    @case('IPsec to the client %s: NAT, an error' % name, v6, kind)
    def _(t, v6, kind):
        f = t.family(v6)
        policy(t, f, kind, f.vip(0)[0], f.client()[0])
        t.nat(UDP, 53, DNS, v6=v6)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_server(error(f, f.servers[0], f.client()[0], *((1, 4) if v6 else (3, 3)),
                            udp(f.client(), (f.servers[0], DNS))), leaves='anywhere')

    @case('IPsec to the client %s: NAT, a server on this host' % name, v6, kind)
    def _(t, v6, kind):
        f = t.family(v6)
        policy(t, f, kind, f.vip(0)[0], f.client()[0])
        if kind == 'tunnel':
            # An answer of this host bears a number of its own inside.
            t.loose = {'data'}
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), DNS)
        sock = datagram(t, f, (own(v6), DNS))
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('answer', lambda: sock.sendto(b'me', f.client()), leaves='anywhere')


# --- a server's method changes --------------------------------------------------------------------

for v6, (old, new) in itertools.product((False, True), itertools.permutations(METHODS, 2)):
    name = '%s: from %s to %s' % (family_name(v6), METHODS[old], METHODS[new])

    # In-tree keeps one route a server, of whichever method asked first: what comes
    # may leave "anywhere" is lost there with some of the pairs.
    @case('method %s, an old connection first' % name, v6, old, new)
    def _(t, v6, old, new):
        f = t.family(v6)
        dest, = t.direct(UDP, 53, v6=v6, method=old)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.edit(dest, method=new)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.from_client(udp(f.client(4001), f.vip(53)), leaves='anywhere')
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')

    @case('method %s, a new connection first' % name, v6, old, new)
    def _(t, v6, old, new):
        f = t.family(v6)
        dest, = t.direct(UDP, 53, v6=v6, method=old)
        t.from_client(udp(f.client(), f.vip(53)), leaves='servers')
        t.edit(dest, method=new)
        t.from_client(udp(f.client(4001), f.vip(53)), leaves='servers')
        t.from_client(udp(f.client(), f.vip(53)), leaves='anywhere')
        t.from_client(udp(f.client(4001), f.vip(53)), leaves='servers')


# --- sockets of the virtual address, and a server on this host ------------------------------------

def taken(t, *names):
    """Fields of the packet that the last step has sent to the client; they differ
    from run to run, and are not compared.
    """
    packet, = t.last_out('clients')
    return [packet.pop(name) for name in names]


for v6 in (False, True):
    name = 'local server %s' % family_name(v6)

    @case(name + ': NAT, a socket is connected at the virtual address', v6)
    def _(t, v6):
        f = t.family(v6)
        before = datagram(t, f, f.vip(53))
        before.connect(f.client())
        before.settimeout(0.2)
        t.service(UDP, 53, v6=v6)
        t.server(own(v6), DNS)
        sock = datagram(t, f, (own(v6), DNS))
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('nothing there', lambda: before.recv(100), leaves='nowhere')

    @case(name + ': NAT to where the packet was going, a connected socket', v6)
    def _(t, v6):
        f = t.family(v6)
        t.service(UDP, 53, v6=v6)
        t.server(f.vip(53)[0], 53)
        sock = datagram(t, f, f.vip(53))
        sock.connect(f.client())
        t.from_client(udp(f.client(), f.vip(53), b'who?'), leaves='nowhere')
        t.local('hear', lambda: received(sock), leaves='nowhere')
        t.local('answer', lambda: sock.send(b'me'), leaves='clients')

    for close in (False, True):
        @case('%s: NAT, a TCP connection %s at the virtual address' % (
            name, 'in TIME_WAIT' if close else 'stands'), v6, close)
        def _(t, v6, close):
            f = t.family(v6)
            before = t.socket(socket.SOCK_STREAM, f.vip(80))
            before.listen()
            t.from_client(tcp(f.client(), f.vip(80), 'S', seq=1000), leaves='clients')
            ack = int(taken(t, 'tcp.seq', 'tcp.csum')[0]) + 1
            t.from_client(tcp(f.client(), f.vip(80), 'A', seq=1001, ack=ack), leaves='nowhere')
            stands = before.accept()[0]
            # Whoever waits for a last word would keep the namespace.
            stands.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', not close, 0))
            t.loose = LOOSE_TCP
            if close:
                t.local('close', stands.close, leaves='clients')
                t.from_client(tcp(f.client(), f.vip(80), 'FA', seq=1001, ack=ack + 1),
                              leaves='clients')
            else:
                t.undo.append(stands.close)
            before.close()
            t.service(TCP, 80, v6=v6)
            t.server(own(v6), WEB)
            after = t.socket(socket.SOCK_STREAM, (own(v6), WEB))
            after.listen()
            # Below what the other connection has come to.
            t.from_client(tcp(f.client(), f.vip(80), 'S', seq=500), leaves='clients')
