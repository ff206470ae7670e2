#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
xt_match.py - the iptables match "ipvs" by way of nftables' own interface, where a rule
can say what iptables never would.

  xt_match.py refusals          what becomes of rules in each family, of each size and
                                revision: one line each
  xt_match.py random SEED N     N rules of random options in each chain of IPv4 and IPv6
"""
import errno
import random
import socket
import struct
import sys

NETLINK_NETFILTER = 12
NFNL_BATCH_BEGIN, NFNL_BATCH_END, NFNL_NFTABLES = 0x10, 0x11, 10
NLM_REQUEST, NLM_ACK, NLM_CREATE, NLM_APPEND = 1, 4, 0x400, 0x800
NLMSG_ERROR = 2
NEW_TABLE, DEL_TABLE, NEW_CHAIN, NEW_RULE = 0, 2, 3, 6
NESTED = 0x8000
FAMILIES = {'inet': 1, 'ip': 2, 'arp': 3, 'netdev': 5, 'bridge': 7, 'ip6': 10}
# Hooks of IPv4 and IPv6, by number.
CHAINS = range(5)
SIZE = 40


def attribute(kind, value):
    if isinstance(value, str):
        value = value.encode() + b'\0'
    elif isinstance(value, list):
        kind |= NESTED
        value = b''.join(value)
    elif isinstance(value, int):
        value = struct.pack('!I', value)
    return struct.pack('HH', len(value) + 4, kind) + value + bytes(-len(value) % 4)


def message(number, kind, family, *attributes, flags=NLM_ACK):
    body = struct.pack('!BBH', family, 0, NFNL_NFTABLES) + b''.join(attributes)
    return struct.pack('IHHII', len(body) + 16, kind, NLM_REQUEST | flags, number, 0) + body


class Nftables:
    """Each batch is a transaction of its own."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        self.sock.settimeout(60)

    def batch(self, family, *requests):
        """(kind, attributes...) each; the name of the first error, or "accepted"."""
        parts = [message(0, NFNL_BATCH_BEGIN, 0, flags=0)]
        for number, (kind, *attributes) in enumerate(requests, 1):
            parts.append(message(number, NFNL_NFTABLES << 8 | kind, FAMILIES[family],
                                 *attributes,
                                 flags=NLM_ACK | NLM_CREATE | NLM_APPEND))
        parts.append(message(0, NFNL_BATCH_END, 0, flags=0))
        self.sock.sendto(b''.join(parts), (0, 0))
        first, left = 0, len(requests)
        while left > 0:
            data = self.sock.recv(65536)
            while data:
                length, kind, _, number = struct.unpack_from('IHHI', data)
                error = struct.unpack_from('i', data, 16)[0]
                if kind == NLMSG_ERROR:
                    first = first or error
                    # An error that is about the batch ends it.
                    left -= 1 if number else len(requests)
                data = data[(length + 3) & ~3:]
        return errno.errorcode[-first] if first else 'accepted'


def table(name):
    return (NEW_TABLE, attribute(1, name))


def chain(name, hook, priority=0, device=None):
    place = [attribute(1, hook), attribute(2, priority & 0xffffffff)]
    if device:
        place.append(attribute(3, device))
    return (NEW_CHAIN, attribute(1, name), attribute(3, 'c%d' % hook), attribute(4, place),
            attribute(7, 'filter'))


def rule(name, hook, info, revision=0):
    match = [attribute(1, 'match'),
             attribute(2, [attribute(1, 'ipvs'), attribute(2, revision), attribute(3, info)])]
    return (NEW_RULE, attribute(1, name), attribute(2, 'c%d' % hook),
            attribute(4, [attribute(1, match)]))


def try_rule(nft, family, info, revision=0, hook=1, device=None):
    """The whole table goes with the rule if that is refused."""
    said = nft.batch(family, table('t'), chain('t', hook, device=device),
                     rule('t', hook, info, revision))
    if said == 'accepted':
        nft.batch(family, (DEL_TABLE, attribute(1, 't')))
    return said


def refusals():
    nft = Nftables()
    plain = bytes(SIZE - 1) + b'\1'
    for family in FAMILIES:
        device = 'lo' if family == 'netdev' else None
        said = try_rule(nft, family, plain, hook=0 if device else 1, device=device)
        print('family %s: %s' % (family, said))
    for family in ('ip', 'ip6'):
        for size in (0, 1, 16, 39, 41, 48, 255, 256):
            print('%s, %d bytes: %s' % (family, size, try_rule(nft, family, bytes(size))))
        print('%s, revision 1: %s' % (family, try_rule(nft, family, plain, revision=1)))
        for bits in (0, 0x80, 0xff):
            print('%s, options %#x: %s' % (
                family, bits, try_rule(nft, family, bytes(SIZE - 2) + bytes([bits, bits]))))


def random_rules(seed, count):
    nft = Nftables()
    source = random.Random(seed)
    for family in ('ip', 'ip6'):
        said = nft.batch(family, table('m'), *(chain('m', hook, -140) for hook in CHAINS))
        if said != 'accepted':
            sys.exit('%s: no chains: %s' % (family, said))
        for hook in CHAINS:
            rules = []
            for _ in range(count):
                info = bytearray(source.randbytes(SIZE))
                # Few bits let more of a rule be looked at.
                if source.random() < 0.8:
                    info[SIZE - 1] &= source.randrange(256)
                rules.append(rule('m', hook, bytes(info)))
            said = nft.batch(family, *rules)
            if said != 'accepted':
                sys.exit('%s, chain %d: %s' % (family, hook, said))
    print('%d rules' % (2 * len(CHAINS) * count))


if __name__ == '__main__':
    if sys.argv[1:] == ['refusals']:
        refusals()
    elif len(sys.argv) == 4 and sys.argv[1] == 'random':
        random_rules(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(__doc__)
