# SPDX-License-Identifier: GPL-2.0-only
"""SCTP, IPsec, connection tracking."""
from case import case
from cases_icmp import client_error, server_error, unreachable
from wire import AH, ESP, SCTP, TCP, UDP, chunk, fragments, ip, sctp, tcp, udp

WEB, DNS, PORT, SERVER_PORT = 8080, 5353, 5000, 5001
DATA, INIT, INIT_ACK, ABORT, SHUTDOWN, COOKIE_ECHO = 0, 1, 2, 6, 7, 10
CHUNKS = {
    'DATA': DATA, 'INIT': INIT, 'INIT-ACK': INIT_ACK, 'SACK': 3, 'HEARTBEAT': 4,
    'HEARTBEAT-ACK': 5, 'ABORT': ABORT, 'SHUTDOWN': SHUTDOWN, 'SHUTDOWN-ACK': 8, 'ERROR': 9,
    'COOKIE-ECHO': COOKIE_ECHO, 'COOKIE-ACK': 11, 'SHUTDOWN-COMPLETE': 14,
    'unknown': 200, 'unknown-too': 63,
}
INITIAL = chunk(INIT, b'i' * 16)

SCTP_RUNS = {
    'association and shutdown by the client':
        '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK >DATA <SACK >SHUTDOWN '
        '<SHUTDOWN-ACK >SHUTDOWN-COMPLETE',
    'shutdown by the server':
        '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK <DATA >SACK <SHUTDOWN '
        '>SHUTDOWN-ACK <SHUTDOWN-COMPLETE',
    'INIT again': '>INIT >INIT <INIT-ACK >INIT <INIT-ACK',
    'ABORT by the client': '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK >ABORT >DATA',
    'ABORT by the server': '>INIT <ABORT >INIT',
    'ERROR': '>INIT <INIT-ACK >COOKIE-ECHO <ERROR >ERROR <COOKIE-ACK',
    'server speaks first': '>INIT <INIT <INIT-ACK >COOKIE-ECHO',
    'heartbeats':
        '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK >HEARTBEAT <HEARTBEAT-ACK '
        '<HEARTBEAT >HEARTBEAT-ACK',
    'unknown chunk': '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK >unknown <unknown-too',
    'COOKIE-ECHO in the beginning': '>INIT >COOKIE-ECHO <COOKIE-ACK >DATA',
    'SHUTDOWN-COMPLETE out of order': '>INIT >SHUTDOWN-COMPLETE <SHUTDOWN-COMPLETE >INIT',
    'SHUTDOWN both ways':
        '>INIT <INIT-ACK >COOKIE-ECHO <COOKIE-ACK >SHUTDOWN <SHUTDOWN '
        '>SHUTDOWN-ACK <SHUTDOWN-ACK >SHUTDOWN-COMPLETE',
}


def no_such_protocol(t):
    """Nobody speaks it here: type and code."""
    return (1, 4) if t.v6 else (3, 2)


def associate(t, chunks, answers=True):
    """Packets of one chunk: ">INIT" from the client, "<INIT-ACK" from the server."""
    for word in chunks.split():
        body = chunk(CHUNKS[word[1:]], b'c' * 12)
        if word[0] == '>':
            t.from_client(sctp(t.client(), t.vip(PORT), body), leaves='servers')
        elif answers:
            t.from_server(sctp(t.at_server(SERVER_PORT), t.client(), body), leaves='clients')


@case('SCTP {family} NAT: {}', SCTP_RUNS)
def sctp_states_through_nat(t, chunks):
    t.nat(SCTP, PORT, SERVER_PORT)
    associate(t, chunks)


@case('SCTP {family} DR: {}', dict(list(SCTP_RUNS.items())[::2]))
def sctp_states_through_direct_routing(t, chunks):
    t.direct(SCTP, PORT)
    associate(t, chunks, answers=False)


@case('SCTP {family} NAT: the port stays, so does the checksum')
def sctp_port_and_checksum_stay(t):
    t.nat(SCTP, PORT, PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL, check=0x1234), leaves='servers')


@case('SCTP {family} NAT: a wrong checksum')
def sctp_wrong_checksum(t):
    t.nat(SCTP, PORT, SERVER_PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL, check=0x1234), leaves='servers')


@case('SCTP {family} NAT: what does not open an association')
def sctp_chunks_that_open_no_association(t):
    t.nat(SCTP, PORT, SERVER_PORT)
    for kind in (DATA, ABORT, COOKIE_ECHO, SHUTDOWN):
        t.from_client(sctp(t.client(), t.vip(PORT), chunk(kind, b'x' * 12)), leaves='clients')


@case('SCTP {family} NAT: sloppy_sctp')
def sctp_sloppy(t):
    t.set('sloppy_sctp', 1)
    t.nat(SCTP, PORT, SERVER_PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), chunk(DATA, b'x' * 12)), leaves='servers')
    t.from_client(sctp(t.client(4001), t.vip(PORT), chunk(ABORT)), leaves='clients')


@case('SCTP {family} NAT: only {} bytes', (0, 4, 8, 11, 12, 15))
def sctp_header_cut(t, cut):
    t.nat(SCTP, PORT, SERVER_PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL, cut=cut), leaves='nowhere')
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')
    t.from_client(sctp(t.client(), t.vip(PORT), chunk(DATA, b'i' * 16), cut=cut),
                  leaves='anywhere')


@case('SCTP {family} NAT: COOKIE-ECHO with an ABORT behind it')
def sctp_cookie_echo_with_abort_behind_it(t):
    t.nat(SCTP, PORT, SERVER_PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')
    t.from_client(sctp(t.client(), t.vip(PORT), chunk(COOKIE_ECHO, b'k' * 5), chunk(ABORT)),
                  leaves='servers')


@case('SCTP {family} NAT: INIT in CLOSED')
def sctp_init_in_closed(t):
    t.nat(SCTP, PORT, SERVER_PORT, servers=2)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')
    t.from_client(sctp(t.client(), t.vip(PORT), chunk(ABORT)), leaves='servers')
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')


@case('SCTP {family} NAT: no server')
def sctp_no_server(t):
    t.service(SCTP, PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='clients')


@case('SCTP {family} NAT: errors both directions')
def sctp_errors_both_directions(t):
    t.nat(SCTP, PORT, SERVER_PORT)
    t.from_client(sctp(t.client(), t.vip(PORT), INITIAL), leaves='servers')
    t.from_server(server_error(t, *no_such_protocol(t),
                               sctp(t.client(), t.at_server(SERVER_PORT), chunk(INIT))),
                  leaves='clients')
    t.from_client(client_error(t, *no_such_protocol(t),
                               sctp(t.vip(PORT), t.client(), chunk(INIT_ACK))), leaves='servers')


# --- IPsec ------------------------------------------------------------------------------

PAYLOAD = bytes(range(48))


@case('IPsec {family}: ESP and AH follow the IKE flow, method {}',
      {'m': 'nat', 'g': 'direct', 'i': 'tunnel'})
def esp_and_ah_follow_ike_flow(t, method):
    t.service(UDP, 500)
    t.server(t.plan.servers[0], 500, method)
    t.from_client(udp(t.client(500), t.vip(500)), leaves='servers')
    t.from_client(ip(t.client()[0], t.addr, ESP, PAYLOAD), leaves='servers')
    if not t.v6:
        t.from_client(ip(t.client()[0], t.addr, AH, PAYLOAD), leaves='servers')
    if method == 'nat':
        t.from_server(udp(t.at_server(500), t.client(500)), leaves='clients')
        t.from_server(ip(t.plan.servers[0], t.client()[0], ESP, PAYLOAD), leaves='clients')


@case('IPsec {family}: ESP and AH without an IKE flow')
def esp_and_ah_without_ike_flow(t):
    t.nat(UDP, 500, 500)
    t.from_client(ip(t.client()[0], t.addr, ESP, PAYLOAD), leaves='clients')
    if not t.v6:
        t.from_client(ip(t.client()[0], t.addr, AH, PAYLOAD), leaves='clients')
    t.from_server(ip(t.plan.servers[0], t.client()[0], ESP, PAYLOAD), leaves='clients')


@case('IPsec {family}: an error about ESP')
def error_about_esp(t):
    t.nat(UDP, 500, 500)
    t.from_client(udp(t.client(500), t.vip(500)), leaves='servers')
    t.from_server(server_error(t, *no_such_protocol(t),
                               ip(t.client()[0], t.plan.servers[0], ESP, PAYLOAD)),
                  leaves='clients')
    t.from_client(client_error(t, *no_such_protocol(t), ip(t.addr, t.client()[0], ESP, PAYLOAD)),
                  leaves='servers')


@case('IPsec {family}: ESP, hop limit 1, removed server')
def esp_with_hop_limit_1_or_removed_server(t):
    dest, = t.nat(UDP, 500, 500)
    t.from_client(udp(t.client(500), t.vip(500)), leaves='servers')
    t.from_client(ip(t.client()[0], t.addr, ESP, PAYLOAD, ttl=1), leaves='clients')
    t.remove(dest)
    t.from_client(ip(t.client()[0], t.addr, ESP, PAYLOAD), leaves='nowhere')


@case('IPsec IPv4: ESP in fragments')
def esp_in_fragments(t):
    t.nat(UDP, 500, 500)
    t.from_client(udp(t.client(500), t.vip(500)), leaves='servers')
    t.from_client(fragments(ip(t.client()[0], t.addr, ESP, b'e' * 2000), 1480),
                  leaves='servers', times=2)
    t.from_server(fragments(ip(t.plan.servers[0], t.client()[0], ESP, b'e' * 2000), 1480),
                  leaves='clients', times=2)


# --- connection tracking ----------------------------------------------------------------

TRACK = 'FORWARD -m conntrack --ctstate INVALID -j RETURN'


def tracked(t, value):
    tool = 'ip6tables' if t.v6 else 'iptables'
    t.shell('%s -A %s' % (tool, TRACK), '%s -D %s' % (tool, TRACK))
    t.set('conntrack', value)


def flows(t):
    """The case's conntrack entries, without what changes by itself: ages, uses, and
    a port that NAT made up because the right one was taken.
    """
    lines = t.output('conntrack -L -f %s' % ('ipv6' if t.v6 else 'ipv4')).splitlines()
    keep = [line.split() for line in lines if t.client()[0] in line]
    return sorted(' '.join(w for w in words if not w.isdigit() and '[ASSURED]' not in w and
                           not w.startswith(('mark', 'use')) and not made_up(w))
                  for words in keep)


def made_up(word):
    name, _, number = word.partition('=')
    return name == 'dport' and int(number) not in (53, 80, DNS, WEB, 4000)


@case('conntrack {} {family}: NAT', (0, 1))
def conntrack_of_nat(t, value):
    tracked(t, value)
    t.nat(TCP, 80, WEB)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.local('entries', lambda: flows(t), leaves='nowhere')
    # Numbers that fit: connection tracking looks at them.
    t.from_server(tcp(t.at_server(WEB), t.client(), 'SA', ack=1001), leaves='clients')
    t.from_client(tcp(t.client(), t.vip(80), 'A', seq=1001, ack=1001), leaves='servers')
    t.local('entries later', lambda: flows(t), leaves='nowhere')


@case('conntrack {} {family}: direct routing', (0, 1))
def conntrack_of_direct_routing(t, value):
    tracked(t, value)
    t.direct(UDP, 53)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.local('entries', lambda: flows(t), leaves='nowhere')


@case('conntrack {} {family}: tunnel', (0, 1))
def conntrack_of_tunnel(t, value):
    tracked(t, value)
    t.direct(UDP, 53, method='tunnel')
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.local('entries', lambda: flows(t), leaves='nowhere')


@case('conntrack {} {family}: NAT and masquerading', (0, 1))
def conntrack_of_nat_and_masquerading(t, value):
    tracked(t, value)
    t.watch(*t.plan.servers[:1])
    tool = 'ip6tables' if t.v6 else 'iptables'
    rule = 'POSTROUTING -t nat -o servers -s %s -j MASQUERADE' % t.client()[0]
    t.shell('%s -A %s' % (tool, rule), '%s -D %s' % (tool, rule))
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(udp(t.at_server(DNS), (t.plan.director, 4000)), leaves='servers')
    t.local('entries', lambda: flows(t), leaves='nowhere')


@case('conntrack {} {family}: SYN on weight 0 with expire_nodest_conn', (0, 1))
def conntrack_of_syn_on_weight_0(t, value):
    tracked(t, value)
    t.set('expire_nodest_conn', 1)
    dests = t.nat(TCP, 80, WEB, servers=2)
    t.from_client(tcp(t.client(), t.vip(80)), leaves='servers')
    t.edit(dests[1], weight=0)
    t.from_client(tcp(t.client(), t.vip(80), seq=1234), leaves='anywhere')
    t.from_client(tcp(t.client(), t.vip(80), seq=1234), leaves='servers')


@case('conntrack {} {family}: NAT and an error from the server', (0, 1))
def conntrack_of_error_from_server(t, value):
    tracked(t, value)
    t.nat(UDP, 53, DNS)
    t.from_client(udp(t.client(), t.vip(53)), leaves='servers')
    t.from_server(server_error(t, *unreachable(t), udp(t.client(), t.at_server(DNS))),
                  leaves='clients')
