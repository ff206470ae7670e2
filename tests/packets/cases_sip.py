# SPDX-License-Identifier: GPL-2.0-only
"""Persistence engines: the SIP engine."""
import control
from case import case
from cases_icmp import server_error, unreachable
from wire import TCP, UDP, fragments, tcp, udp

SIP, AT_SERVER = 5060, 5062


def invite(call_id, first='INVITE sip:a@b SIP/2.0'):
    return b'%s\r\nCall-ID: %s\r\nMax-Forwards: 70\r\n\r\n' % (
        first.encode(), call_id.encode())


NO_CALL_ID = b'INVITE sip:a@b SIP/2.0\r\nMax-Forwards: 70\r\n\r\n'


def service(t, servers=3, server_port=AT_SERVER, **words):
    t.service(UDP, SIP, **{'persist': 60, 'pe': 'sip', **words})
    return [t.server(addr, server_port) for addr in t.plan.servers[:servers]]


def call(t, call_id, port=4000, host=2, **words):
    t.from_client(udp(t.client(port, host), t.vip(SIP), invite(call_id)),
                  **{'leaves': 'servers', **words})


def answer(t, call_id, server=0, port=4000, host=2, leaves='clients'):
    t.from_server(udp(t.at_server(AT_SERVER, server), t.client(port, host),
                      invite(call_id, 'SIP/2.0 200 OK')), leaves=leaves)


@case('sip engine {family}: a Call-ID stays at its server')
def call_id_stays_at_its_server(t):
    service(t)
    story = '5c1 5c1 5c2 5c1 5c3 6c1 6c1 6c2 5C1 5a@b 5a@b 5a@c'
    for i, (host, *call_id) in enumerate(story.split()):
        call(t, ''.join(call_id), 4000 + i, int(host))


@case('sip engine {family}: one template for all clients of a network')
def one_template_for_network(t):
    service(t, netmask=64 if t.v6 else '0.0.0.0')
    for i, host in enumerate((5, 6, 7)):
        call(t, 'c1', 4000 + i, host)
        call(t, 'c2', 4010 + i, host)


@case('sip engine {family}: a connection keeps its server whatever it calls')
def connection_keeps_server(t):
    service(t)
    call(t, 'c1')
    call(t, 'c2')
    t.from_client(udp(t.client(), t.vip(SIP), NO_CALL_ID), leaves='servers')
    answer(t, 'c2', 2)


@case('sip engine {family}: without a Call-ID nothing is opened')
def nothing_without_call_id(t):
    service(t)
    for data in (NO_CALL_ID, b'', b'\0', b'i: v\r\n', b'\r\nCallID: v\r\n', b'\r\nCall-ID: v'):
        t.from_client(udp(t.client(), t.vip(SIP), data), leaves='nowhere')


@case('sip engine {family}: a Call-ID in a later fragment')
def call_id_in_later_fragment(t):
    service(t)
    far = b'INVITE sip:a@b SIP/2.0\r\n' + b'Via: x\r\n' * 150 + b'Call-ID: far\r\n\r\n'
    for port in (4000, 4001):
        t.from_client(fragments(udp(t.client(port), t.vip(SIP), far), 504, 504),
                      leaves='anywhere')


@case('sip engine {family}: a Call-ID that begins in one fragment and ends in the next')
def call_id_over_fragments(t):
    service(t)
    text = b'INVITE sip:a@b SIP/2.0\r\nCall-ID: ' + b'x' * 80 + b'\r\n\r\n'
    for port in (4000, 4001):
        t.from_client(fragments(udp(t.client(port), t.vip(SIP), text), 64),
                      leaves='anywhere')


@case('sip engine {family}: what follows the length in the UDP header')
def call_id_behind_datagram(t):
    service(t)
    text = b'INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n'
    t.from_client(udp(t.client(), t.vip(SIP), text, length=8 + 26), leaves='anywhere')


@case('sip engine {family}: a TCP service opens nothing')
def tcp_service_opens_nothing(t):
    t.service(TCP, SIP, persist=60, pe='sip')
    t.server(t.plan.servers[0], SIP)
    t.from_client(tcp(t.client(), t.vip(SIP), 'S'), leaves='nowhere')


@case('sip engine {family}: a service without persistence schedules each flow')
def service_without_persistence(t):
    service(t, persist=0)
    call(t, 'c1', 4000)
    call(t, 'c1', 4001)
    t.from_client(udp(t.client(4002), t.vip(SIP), NO_CALL_ID), leaves='servers')


@case('sip engine {family}: a service by mark')
def service_by_mark(t):
    t.service(UDP, 0, mark=1, persist=60, pe='sip')
    for addr in t.plan.servers[:2]:
        t.server(addr, 0)
    for port, call_id in ((4000, 'c1'), (4001, 'c1'), (4002, 'c2')):
        call(t, call_id, port, host=201)
    t.from_client(udp(t.client(4003, 201), t.vip(SIP), NO_CALL_ID), leaves='nowhere')
    t.from_client(tcp(t.client(host=201), t.vip(80), 'S'), leaves='nowhere')


@case('sip engine {family}: a service of port 0')
def service_of_port_zero(t):
    t.service(UDP, 0, persist=60, pe='sip')
    for addr in t.plan.servers[:2]:
        t.server(addr, 0)
    for port in (SIP, SIP + 1):
        t.from_client(udp(t.client(port), t.vip(port), invite('c1')), leaves='servers')
    t.from_client(udp(t.client(), t.vip(SIP), invite('c2')), leaves='servers')
    t.from_server(udp(t.at_server(SIP), t.client(4009), invite('c1')), leaves='clients')


@case('persistent {family}, sip engine: a server that is removed')
def server_removed(t):
    dests = service(t, 2)
    call(t, 'c1', 4000)
    t.remove(dests[1])
    call(t, 'c1', 4001)
    t.remove(dests[0])
    call(t, 'c1', 4002, leaves='clients')


@case('persistent {family}, sip engine: weight 0, expire_quiescent_template {}', (0, 1))
def server_quiesced(t, value):
    t.set('expire_quiescent_template', value)
    dests = service(t, 2)
    call(t, 'c1', 4000)
    t.edit(dests[1], weight=0)
    call(t, 'c1', 4001)
    call(t, 'c1', 4002)


@case('sip engine {family}: an edit without a name ends it')
def edit_ends_engine(t):
    service(t)
    call(t, 'c1', 4000)
    t.svc.pe = None
    t.configure('service', control.SET_SERVICE, t.svc)
    call(t, 'c1', 4001)
    call(t, 'c2', 4002)
    t.svc.pe = 'sip'
    t.configure('service', control.SET_SERVICE, t.svc)
    call(t, 'c1', 4003)
    call(t, 'c2', 4004)


@case('sip engine {family}, one-packet: each datagram is looked at')
def one_packet(t):
    service(t, ops=True)
    for call_id in ('c1', 'c2', 'c1', 'c2', 'c3'):
        call(t, call_id)
    t.from_client(udp(t.client(), t.vip(SIP), NO_CALL_ID), leaves='nowhere')


@case('sip engine {family}, one-packet: answers')
def one_packet_answers(t):
    service(t, ops=True)
    call(t, 'c1')
    answer(t, 'c1', 2)
    answer(t, 'c1', 2, 4001)
    t.from_server(udp(t.at_server(AT_SERVER, 2), t.client(), NO_CALL_ID), leaves='clients')
    call(t, 'c1')


@case('sip engine {family}, conntrack {}: a server calls a client', (0, 1))
def server_calls(t, value):
    t.set('conntrack', value)
    service(t)
    answer(t, 'out1', 1)
    call(t, 'out1', 4001)
    answer(t, 'out1', 1)
    call(t, 'out1')
    answer(t, 'out2', 0, 4002)
    call(t, 'out2', 4003)


@case('sip engine {family}: a server calls without a Call-ID')
def server_calls_without_call_id(t):
    service(t)
    t.from_server(udp(t.at_server(AT_SERVER, 1), t.client(), NO_CALL_ID), leaves='clients')
    t.from_server(udp(t.at_server(SIP, 1), t.client(), invite('c1')), leaves='clients')
    t.from_server(tcp(t.at_server(AT_SERVER, 1), t.client(), 'S'), leaves='clients')


@case('sip engine {family}: a server of a service without persistence calls')
def server_calls_without_persistence(t):
    service(t, persist=0)
    t.from_server(udp(t.at_server(AT_SERVER, 1), t.client(), NO_CALL_ID), leaves='clients')
    t.from_server(udp(t.at_server(AT_SERVER, 1), t.client(), b''), leaves='clients')
    call(t, 'c1')


@case('persistent {family}, sip engine: another server takes a call over')
def server_takes_over(t):
    service(t)
    call(t, 'c1')
    answer(t, 'c1', 0, 4001)
    call(t, 'c1', 4002)


@case('persistent {family}, sip engine: a server of weight 0 calls, expire_quiescent_template 1')
def quiesced_server_calls(t):
    t.set('expire_quiescent_template', 1)
    dests = service(t)
    t.edit(dests[1], weight=0)
    answer(t, 'c1', 1)
    answer(t, 'c1', 1, 4001)
    call(t, 'c1', 4002)


@case('persistent {family}, sip engine: the service that was given a server last counts')
def last_service_counts(t):
    service(t, 1)
    mine = t.svc
    answer(t, 'c1', 0, 4001)
    t.service(UDP, SIP + 1, persist=60)
    other = t.server(t.plan.servers[0], AT_SERVER)
    answer(t, 'c1', 0, 4002)
    t.remove(other)
    answer(t, 'c1', 0, 4003)
    t.server(t.plan.servers[0], AT_SERVER)
    t.server(t.plan.servers[1], AT_SERVER, svc=mine)
    answer(t, 'c1', 1, 4004)
    answer(t, 'c1', 0, 4005)


@case('persistent {family}, sip engine: the servers of a service by mark call nobody')
def marked_servers_do_not_call(t):
    t.service(UDP, 0, mark=1, persist=60, pe='sip')
    t.server(t.plan.servers[0], AT_SERVER)
    answer(t, 'c1', leaves='clients')
    service(t, 2)
    answer(t, 'c1', leaves='clients')
    answer(t, 'c1', 1)


@case('sip engine {family}, {}: servers that answer by themselves call nobody',
      ('direct', 'tunnel'))
def direct_servers_do_not_call(t, method):
    t.service(UDP, SIP, persist=60, pe='sip')
    t.server(t.plan.servers[0], SIP, method)
    call(t, 'c1')
    call(t, 'c1', 4001)
    t.from_server(udp(t.at_server(SIP), t.client(4002), invite('c1')), leaves='clients')


@case('sip engine {family}: an error that quotes a call, schedule_icmp 1')
def error_quotes_call(t):
    t.set('schedule_icmp', 1)
    service(t)
    t.from_server(server_error(t, *unreachable(t), udp(t.vip(SIP), t.client(), invite('c1'))),
                  leaves='anywhere')
    quote = udp(t.vip(SIP), t.client(), invite('c1'))
    t.from_client(server_error(t, *unreachable(t), quote), leaves='anywhere')


@case('sip engine {family}: nat_icmp_send spares a server that may call')
def nat_icmp_send_spares(t):
    t.set('nat_icmp_send', 1)
    service(t)
    answer(t, 'c1')
    t.from_server(udp(t.at_server(AT_SERVER), t.client(4001), NO_CALL_ID), leaves='servers')
