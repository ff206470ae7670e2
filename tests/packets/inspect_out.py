# SPDX-License-Identifier: GPL-2.0-only
"""Are lengths and checksums of what leaves a director right?

Sums are checked in every header that is all there, in tunnels as well, but not in what
an ICMP error quotes.  Fragments are put together first.
"""
import struct

from shapes import ETHER, GUE_PORT, SIT, VNET, pseudo, residue
from wire import (AH, DSTOPT, FRAGMENT, GRE, HOP, ICMP, ICMP6, IPIP, ROUTING, SCTP, TCP,
                  UDP, crc32c)

FIELDS = {TCP: (20, 16), UDP: (8, 6), ICMP: (8, 2), ICMP6: (8, 2)}
# Computing one in Python takes long.
LONGEST_CRC = 4096


class Wrong(Exception):
    """What leaves is not right."""


class Inspector:
    """Looks at frames; keeps fragments until the rest of their packet comes."""

    def __init__(self):
        self.parts = {}
        self.seen = self.sums = 0

    def frame(self, data):
        """A frame with its virtio header in front."""
        flags, gso, _, _, start, offset = VNET.unpack(data[:VNET.size])
        frame = data[VNET.size:]
        self.seen += 1
        kind, = struct.unpack('!H', frame[12:14])
        if kind not in (0x0800, 0x86dd):
            return
        left = (start - ETHER, offset) if flags & 1 else None
        self.network(frame[ETHER:], left, gso)

    def network(self, data, left, gso):
        if data[:1] and data[0] >> 4 == 4:
            self.ipv4(data, left, gso)
        elif data[:1] and data[0] >> 4 == 6:
            self.ipv6(data, left, gso)

    def ipv4(self, data, left, gso):
        ihl, length = (data[0] & 15) * 4, struct.unpack('!H', data[2:4])[0]
        if ihl < 20 or length < ihl or length > len(data) or residue(data[:ihl]):
            raise Wrong('IPv4 header %s of %d bytes' % (data[:ihl].hex(), len(data)))
        self.sums += 1
        frag, = struct.unpack('!H', data[6:8])
        body, proto = data[ihl:length], data[9]
        if frag & 0x3fff:
            key = data[12:20] + data[4:6] + data[9:10]
            body = self.fragment(key, (frag & 0x1fff) * 8, frag & 0x2000, body)
            if body is None:
                return
            ihl, left = 20, None
        self.transport(proto, data[12:16], data[16:20], body,
                       left and (left[0] - ihl, left[1]), gso)

    def ipv6(self, data, left, gso):
        length, following = struct.unpack('!HB', data[4:7])
        if len(data) < 40 or length > len(data) - 40:
            raise Wrong('IPv6 header %s of %d bytes' % (data[:40].hex(), len(data)))
        body, at, field = data[40:40 + length], 0, following
        while field in (HOP, ROUTING, FRAGMENT, AH, DSTOPT, 135):
            if at + 8 > len(body):
                return
            field, size, word = body[at], body[at + 1], struct.unpack('!H', body[at + 2:at + 4])[0]
            kind, following = following, field
            if kind == FRAGMENT and word & 0xfff9:
                key = data[8:40] + body[at + 4:at + 8]
                body = self.fragment(key, word & 0xfff8, word & 1, body[at + 8:])
                if body is None:
                    return
                at, left = 0, None
            else:
                at += 8 if kind == FRAGMENT else (size + 2) * 4 if kind == AH else \
                    (size + 1) * 8
        self.transport(following, data[8:24], data[24:40], body[at:],
                       left and (left[0] - 40 - at, left[1]), gso)

    def fragment(self, key, offset, more, body):
        """The whole packet's payload, if this is the last part of it."""
        parts = self.parts.setdefault(key, {})
        parts[offset] = body
        if not more:
            parts['end'] = offset + len(body)
        whole = bytearray()
        while len(whole) in parts:
            piece = parts[len(whole)]
            if not piece:
                break
            whole += piece
        if len(whole) != parts.get('end'):
            return None
        del self.parts[key]
        return bytes(whole)

    def transport(self, proto, src, dst, body, left, gso):
        if proto in (IPIP, SIT):
            self.network(body, left, gso)
        elif proto == GRE and len(body) >= 4:
            self.gre(body, left, gso)
        elif proto == SCTP:
            self.sctp(body, left)
        elif proto in FIELDS and len(body) >= FIELDS[proto][0]:
            self.internet(proto, src, dst, body, left, gso)

    def internet(self, proto, src, dst, body, left, gso):
        field = FIELDS[proto][1]
        size = len(body)
        value, = struct.unpack('!H', body[field:field + 2])
        if proto == UDP:
            said, = struct.unpack('!H', body[4:6])
            if said < 8 or said > size:
                raise Wrong('UDP length %d of %d' % (said, size))
            size = said
        over = b'' if proto == ICMP else pseudo(src, dst, proto, size)
        mine = left == (0, field)
        if mine:
            if value % 0xffff != residue(over):
                raise Wrong('a pseudo header summed to %04x: %s' % (value, body[:40].hex()))
        elif not gso and not (left and left[0] > 0) and (proto != UDP or value) and \
                residue(over + body[:size]):
            raise Wrong('protocol %d, sum %04x: %s' % (proto, value, body[:60].hex()))
        self.sums += 1
        if proto == UDP and struct.unpack('!H', body[2:4])[0] == GUE_PORT and size >= 12 and \
                not body[8] & 0xe0 and body[9] in (IPIP, SIT):
            at = 12 + (body[8] & 0x1f) * 4
            left = left and (left[0] - at, left[1])
            self.network(body[at:size], self.remote(body[8:at]) or left, gso)

    @staticmethod
    def remote(head):
        """Where the far end of a GUE tunnel is to fill a sum in, if it is."""
        if len(head) < 12 or not head[3] & 1 or not head[4] & 0x80:
            return None
        start, field = struct.unpack('!HH', head[8:12])
        return start, field - start

    def gre(self, body, left, gso):
        flags, kind = struct.unpack('!HH', body[:4])
        at = 4 + sum(4 for bit in (0x8000, 0x2000, 0x1000) if flags & bit)
        if flags & 0x8000 and not gso and not left:
            self.sums += 1
            if residue(body):
                raise Wrong('GRE sum: ' + body[:40].hex())
        if kind in (0x0800, 0x86dd) and not flags & 0x4fff:
            self.network(body[at:], left and (left[0] - at, left[1]), gso)

    def sctp(self, body, left):
        if left or not 12 <= len(body) <= LONGEST_CRC:
            return
        self.sums += 1
        if struct.pack('<I', crc32c(body[:8] + b'\0\0\0\0' + body[12:])) != body[8:12]:
            raise Wrong('SCTP sum: ' + body[:40].hex())
