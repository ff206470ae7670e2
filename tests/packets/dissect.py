# SPDX-License-Identifier: GPL-2.0-only
"""A captured frame as named fields, so that a difference has a name.

Checksums that follow from other fields are said to be ok or bad; a transport
checksum is given as it stands as well, for a director must not mend or spoil
one.  An IPv4 id that no packet of the case had was made up by the director and
reads "new".
"""
import socket
import struct

import wire

NAMES = {wire.TCP: 'tcp', wire.UDP: 'udp', wire.ICMP: 'icmp', wire.ICMP6: 'icmp6',
         wire.SCTP: 'sctp', wire.IPIP: 'ipip', 41: 'ipv6', wire.GRE: 'gre'}
EXTENSIONS = (wire.HOP, wire.ROUTING, wire.FRAGMENT, wire.AH, wire.DSTOPT)
ERRORS4 = (3, 4, 11, 12, 5)


class Dissector:
    """One frame; fields in order of appearance."""

    def __init__(self, ids, offload=None):
        self.ids = ids
        self.offload = offload
        self.fields = {}

    def put(self, name, value):
        while name in self.fields:
            name += "'"
        self.fields[name] = value

    def rest(self, prefix, data):
        if data:
            self.put(prefix + 'data', data.hex() if len(data) <= 40 else
                     '%d bytes, crc %08x' % (len(data), wire.crc32c(data)))

    def network(self, data, prefix='', cut=False):
        if data and data[0] >> 4 == 4 and len(data) >= 20:
            self.ipv4(data, prefix, cut)
        elif data and data[0] >> 4 == 6 and len(data) >= 40:
            self.ipv6(data, prefix, cut)
        else:
            self.rest(prefix + 'raw.', data)

    def ipv4(self, data, prefix, cut):
        vi, tos, length, ident, frag, ttl, proto, _ = struct.unpack('!BBHHHBBH', data[:12])
        ihl = (vi & 15) * 4
        src, dst = (socket.inet_ntoa(data[a:a + 4]) for a in (12, 16))
        p = prefix + 'ip.'
        self.put(p + 'src', src)
        self.put(p + 'dst', dst)
        self.put(p + 'ihl', ihl)
        self.put(p + 'tos', '0x%02x' % tos)
        self.put(p + 'len', length)
        self.put(p + 'id', '0x%04x' % ident if ident in self.ids else 'new')
        self.put(p + 'frag', '%s%s%d' % ('DF ' if frag & 0x4000 else '',
                                         'MF ' if frag & 0x2000 else '', (frag & 0x1fff) * 8))
        self.put(p + 'ttl', ttl)
        self.put(p + 'proto', NAMES.get(proto, proto))
        self.put(p + 'csum', 'bad' if wire.csum(data[:ihl]) else 'ok')
        self.rest(p + 'options.', data[20:ihl])
        if not cut:
            self.rest(p + 'trailer.', data[length:])
            data = data[:length]
        body = data[ihl:]
        if frag & 0x1fff:
            self.rest(prefix, body)
        else:
            self.transport(proto, src, dst, body, prefix, cut or bool(frag & 0x2000))

    def ipv6(self, data, prefix, cut):
        word, length, following, hops = struct.unpack('!IHBB', data[:8])
        src, dst = (socket.inet_ntop(socket.AF_INET6, data[a:a + 16]) for a in (8, 24))
        p = prefix + 'ip6.'
        self.put(p + 'src', src)
        self.put(p + 'dst', dst)
        self.put(p + 'tos', '0x%02x' % (word >> 20 & 0xff))
        self.put(p + 'label', '0x%05x' % (word & 0xfffff))
        self.put(p + 'len', length)
        self.put(p + 'hops', hops)
        body, later, cut6 = data[40:], False, cut
        if not cut:
            self.rest(p + 'trailer.', body[length:])
            body = body[:length]
        while following in EXTENSIONS and len(body) >= 8:
            size = 8 if following == wire.FRAGMENT else \
                (body[1] + 2) * 4 if following == wire.AH else (body[1] + 1) * 8
            if following == wire.FRAGMENT:
                word, = struct.unpack('!H', body[2:4])
                ident, = struct.unpack('!I', body[4:8])
                self.put(p + 'frag', '%s%d' % ('MF ' if word & 1 else '', word & 0xfff8))
                self.put(p + 'fragid', '0x%x' % ident if ident in self.ids else 'new')
                later = later or word & 0xfff8 != 0
                cut6 = cut6 or word & 1
            else:
                self.put(p + 'ext', '%d %s' % (following, body[:size].hex()))
            following, body = body[0], body[size:]
        self.put(p + 'proto', NAMES.get(following, following))
        if later:
            self.rest(prefix, body)
        else:
            self.transport(following, src, dst, body, prefix, cut6)

    def check(self, name, proto, src, dst, body, at, cut):
        value, = struct.unpack('!H', body[at:at + 2])
        self.put(name + 'csum', '0x%04x' % value)
        if cut or (proto == wire.UDP and not value):
            return
        whole = body
        if proto in (wire.TCP, wire.UDP):
            length = len(body)
            good = not wire.csum(wire.pseudo(src, dst, proto, length) + body)
            half = wire.fold(0xffff - wire.csum(wire.pseudo(src, dst, proto, length)))
            state = 'ok' if good else 'to be filled in' if value == half else 'bad'
        elif proto == wire.ICMP6:
            state = 'bad' if wire.csum(wire.pseudo(src, dst, proto, len(body)) + whole) else 'ok'
        else:
            state = 'bad' if wire.csum(whole) else 'ok'
        self.put(name + 'sum', state)

    def transport(self, proto, src, dst, body, prefix, cut):
        known = {wire.TCP: self.tcp, wire.UDP: self.udp, wire.ICMP: self.icmp,
                 wire.ICMP6: self.icmp, wire.SCTP: self.sctp, wire.GRE: self.gre}
        least = {wire.TCP: 20, wire.UDP: 8, wire.ICMP: 8, wire.ICMP6: 8, wire.SCTP: 12,
                 wire.GRE: 4}
        if proto in (wire.IPIP, 41):
            self.network(body, prefix + '>', cut)
        elif proto in known and len(body) >= least[proto]:
            known[proto](proto, src, dst, body, prefix, cut)
        else:
            self.rest(prefix, body)

    def tcp(self, proto, src, dst, body, prefix, cut):
        sport, dport, seq, ack, offset, flags, window, _, urgent = \
            struct.unpack('!HHIIBBHHH', body[:20])
        p = prefix + 'tcp.'
        self.put(p + 'sport', sport)
        self.put(p + 'dport', dport)
        self.put(p + 'flags', ''.join(f for f, bit in wire.FLAGS.items() if flags & bit))
        self.put(p + 'seq', seq)
        self.put(p + 'ack', ack)
        self.put(p + 'off', offset)
        self.put(p + 'win', window)
        self.put(p + 'urg', urgent)
        self.check(p, proto, src, dst, body, 16, cut)
        self.rest(prefix, body[20:])

    def udp(self, proto, src, dst, body, prefix, cut):
        sport, dport, length, _ = struct.unpack('!HHHH', body[:8])
        p = prefix + 'udp.'
        self.put(p + 'sport', sport)
        self.put(p + 'dport', dport)
        self.put(p + 'len', length)
        self.check(p, proto, src, dst, body, 6, cut)
        if dport == 6080 and len(body) > 12:
            self.gue(body[8:], prefix, cut)
        else:
            self.rest(prefix, body[8:])

    def gue(self, body, prefix, cut):
        size = 4 + (body[0] & 0x1f) * 4
        self.put(prefix + 'gue.head', body[:size].hex())
        self.network(body[size:], prefix + '>', cut)

    def gre(self, proto, src, dst, body, prefix, cut):
        size = 8 if body[0] & 0x80 else 4
        self.put(prefix + 'gre.head', body[:4].hex())
        if size == 8:
            self.put(prefix + 'gre.csum', 'bad' if wire.csum(body) else 'ok')
        self.network(body[size:], prefix + '>', cut)

    def icmp(self, proto, src, dst, body, prefix, cut):
        kind, code, _, rest = struct.unpack('!BBHI', body[:8])
        p = prefix + NAMES[proto] + '.'
        self.put(p + 'type', '%d/%d' % (kind, code))
        self.put(p + 'rest', '0x%08x' % rest)
        self.check(p, proto, src, dst, body, 2, cut)
        error = kind < 128 if proto == wire.ICMP6 else kind in ERRORS4
        if error:
            self.network(body[8:], prefix + 'quote ', True)
        else:
            self.rest(prefix, body[8:])

    def sctp(self, proto, src, dst, body, prefix, cut):
        sport, dport, tag, crc = struct.unpack('!HHII', body[:12])
        p = prefix + 'sctp.'
        self.put(p + 'sport', sport)
        self.put(p + 'dport', dport)
        self.put(p + 'tag', '0x%x' % tag)
        right = wire.crc32c(body[:8] + b'\0\0\0\0' + body[12:])
        self.put(p + 'crc', 'ok' if struct.pack('<I', right) == body[8:12] else
                 '0x%08x' % crc)
        self.rest(prefix, body[12:])


def dissect(frame, ids, offload=None):
    """An Ethernet frame; offload: what the virtio header said, or None."""
    d = Dissector(ids)
    d.put('eth.dst', frame[:6].hex(':'))
    d.put('eth.src', frame[6:12].hex(':'))
    kind, = struct.unpack('!H', frame[12:14])
    d.put('eth.type', '0x%04x' % kind)
    if kind in (0x0800, 0x86dd):
        d.network(frame[14:])
    else:
        d.rest('', frame[14:])
    if offload and any(offload):
        d.put('offload', ' '.join(str(n) for n in offload))
    return d.fields


def brief(fields):
    """A line for people: who sent what to whom."""
    get = fields.get
    l3 = 'ip6' if 'ip6.src' in fields else 'ip'
    words = ['%s > %s' % (get(l3 + '.src'), get(l3 + '.dst'))]
    for l4 in ('tcp', 'udp', 'sctp'):
        if l4 + '.sport' in fields:
            words.append('%s %s>%s' % (l4.upper(), get(l4 + '.sport'), get(l4 + '.dport')))
    if 'tcp.flags' in fields:
        words.append('[%s]' % get('tcp.flags'))
    for l4 in ('icmp', 'icmp6'):
        if l4 + '.type' in fields:
            words.append('%s %s' % (l4.upper(), get(l4 + '.type')))
    words.append('ttl %s' % get(l3 + ('.hops' if l3 == 'ip6' else '.ttl')))
    return ' '.join(words)
