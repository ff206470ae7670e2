# SPDX-License-Identifier: GPL-2.0-only
"""A grammar of packets: what a sender could write, and a little more.

    packet    = [fragments of] (request | answer | error | tunnel | other)
    request   = IP (client > virtual address) transport
    answer    = IP (server > client) transport
    error     = IP ICMP quote, where the quote is any packet, cut anywhere
    tunnel    = IP [UDP GUE | GRE] packet
    IP        = IPv4 with options | IPv6 with any chain of extension headers
    transport = TCP | UDP | SCTP, the sum written out or left to the device

A packet has a number.  Its random numbers start from the seed and that number, so each
can be made again alone.  Of two kinds of packets one is sound: it has the lengths and
sums that it says, so that all that leaves a director must have them, too.  The other
is bent: one or two of its lengths are at an edge, pieces are missing or overlap.
"""
import random
import struct
from typing import NamedTuple

from wire import (AH, DSTOPT, ESP, FLAGS, FRAGMENT, GRE, HOP, ICMP, ICMP6, IPIP, NONE,
                  ROUTING, SCTP, TCP, UDP, crc32c, long_options, pack_addr)

SIT, MOBILITY, GUE_PORT = 41, 135, 6080
LONGEST4, LONGEST6 = 65535, 65535 + 40
MTU = 1500
GSO_TCPV4, GSO_UDP, GSO_TCPV6, GSO_UDP_L4 = 1, 3, 4, 5
# What virtio_net_hdr says: flags, kind of offload, header's length, size, start, offset
VNET = struct.Struct('=BBHHHH')
ETHER = 14
# Lengths at which something is decided, of a whole packet and of a field.
EDGES = (576, 1280, 1400, MTU, 9000, 32768, 65535, 65536, LONGEST6)
VALUES = {1: (0, 1, 2, 4, 5, 6, 15, 16, 127, 128, 254, 255),
          2: (0, 1, 3, 4, 7, 8, 19, 20, 28, 39, 40, 68, 1280, MTU, 0x1fff, 0x2000, 0x7fff,
              0x8000, 0xfff7, 0xfff8, 0xfffe, 0xffff)}
CHUNKS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 192)
# Chunks and flags that leave a connection open.
STEADY_CHUNKS = (0, 1, 3, 4, 5)


# Errors from which a director learns, by family.
TOO_BIG = {False: (3, 4), True: (2, 0)}


class Flow(NamedTuple):
    """A connection that a director has, and both ends of it."""

    proto: int
    client: tuple
    vip: tuple
    server: tuple
    method: str = 'nat'
    director: str = None        # whence its tunnel starts

    @property
    def v6(self):
        return ':' in self.vip[0]


class Frame(NamedTuple):
    """What is sent in one piece: on which side, and how it lies in memory."""

    side: str
    packet: bytes
    vnet: bytes = bytes(10)
    cuts: tuple = ()            # of the link header and the packet, ends of parts


def residue(data):
    """The sum of 16-bit words, modulo 65535: 0 if it includes a right checksum."""
    if len(data) % 2:
        data = bytes(data) + b'\0'
    return int.from_bytes(data, 'big') % 0xffff


def pseudo(src, dst, proto, length):
    if len(src) == 16:
        return src + dst + struct.pack('!IHBB', length, 0, 0, proto)
    return src + dst + struct.pack('!BBH', 0, proto, length & 0xffff)


class Sum(NamedTuple):
    """A checksum, to be written when all else has its place."""

    start: int
    end: int
    field: int
    ends: tuple = None          # addresses and protocol of a pseudo header
    crc: bool = False

    def moved(self, by):
        return self._replace(start=self.start + by, end=self.end + by, field=self.field + by)

    def write(self, data, partial=False):
        over = pseudo(*self.ends, self.end - self.start) if self.ends else b''
        if self.crc:
            data[self.field:self.field + 4] = bytes(4)
            struct.pack_into('<I', data, self.field, crc32c(data[self.start:self.end]))
            return
        data[self.field:self.field + 2] = b'\0\0'
        if partial:
            value = residue(over)
        else:
            # Never 0, which is "none" for UDP; 65535 is the same number.
            value = 0xffff - residue(over + data[self.start:self.end])
        struct.pack_into('!H', data, self.field, value)


class Part:
    """Bytes, where lengths stand in them, and the sums they have to get."""

    def __init__(self, data, lengths=(), sums=()):
        self.data, self.lengths, self.sums = bytearray(data), list(lengths), list(sums)

    def behind(self, head):
        by = len(head.data)
        return Part(head.data + self.data,
                    head.lengths + [(at + by, size) for at, size in self.lengths],
                    [s.moved(by) for s in self.sums] + head.sums)

    def cut(self, size):
        return Part(self.data[:size],
                    [(at, width) for at, width in self.lengths if at + width <= size],
                    [s._replace(end=min(s.end, size)) for s in self.sums
                     if s.field + 4 <= size])

    def __len__(self):
        return len(self.data)


class Shape:
    """One packet: number @number of @seed."""

    def __init__(self, seed, number, flows, bent=True, steady=False):
        self.rng = random.Random(seed << 40 | number)
        self.number, self.flows, self.steady = number, flows, steady
        self.bent = bent and self.rng.random() < 0.5
        # Pieces of a sound packet never meet those of a bent one.
        self.ident = (number * 2 + self.bent) & 0xffff

    # --- choosing --------------------------------------------------------------------

    def one_in(self, n):
        return self.rng.randrange(n) == 0

    def some(self, choices):
        return self.rng.choice(choices)

    def noise(self, size):
        return self.rng.randbytes(size)

    def near(self, value, by=16):
        return max(0, value + self.rng.randint(-by, by))

    def size(self, most):
        """How long a packet shall be; None: as long as it is."""
        if not self.one_in(5):
            return None
        size = self.near(self.some(EDGES + (most,)))
        return size if size <= most else most - size % 16

    # --- transport ---------------------------------------------------------------------

    def data(self, room=1200):
        size = self.some((0, 0, 1, 7, 8, 64, 536, self.rng.randrange(1, 1300)))
        return self.noise(min(size, room))

    def tcp_options(self):
        if not self.one_in(3):
            return b''
        text = b''
        for _ in range(self.rng.randint(1, 4)):
            text += self.some((b'\x01', b'\x02\x04\x05\xb4', b'\x03\x03\x07', b'\x04\x02',
                               b'\x08\x0a' + self.noise(8), b'\x05\x0a' + self.noise(8),
                               b'\xfe\x04\xf9\x89'))
        return (text + b'\0' * (-len(text) % 4))[:40]

    def tcp(self, sport, dport, data):
        flags = self.some(('S', 'A', 'A', 'A', 'PA', 'SA') if self.steady else
                          ('S', 'S', 'A', 'A', 'PA', 'SA', 'FA', 'R', 'RA', '', 'SF', 'UPE'))
        options = self.tcp_options()
        bits = sum(FLAGS[f] for f in flags)
        head = struct.pack('!HHIIBBHHH', sport, dport, self.rng.getrandbits(32),
                           self.rng.getrandbits(32), (5 + len(options) // 4) << 4, bits,
                           8192, 0, 0)
        return Part(head + options + data, [(12, 1)]), 16

    def udp(self, sport, dport, data):
        return Part(struct.pack('!HHHH', sport, dport, (8 + len(data)) & 0xffff, 0) + data,
                    [(4, 2)]), 6

    def sctp(self, sport, dport, data):
        part = Part(struct.pack('!HHII', sport, dport, 0x1234, 0))
        for _ in range(self.some((1, 1, 2, 3))):
            kind = self.some(STEADY_CHUNKS if self.steady else CHUNKS)
            body = data[:self.some((0, 4, 12, 16, 60))]
            part.lengths.append((len(part) + 2, 2))
            part.data += struct.pack('!BBH', kind, 3, 4 + len(body)) + body + \
                b'\0' * (-len(body) % 4)
        return part, 8

    def transport(self, proto, src, dst, data=None):
        data = self.data() if data is None else data
        make = {TCP: self.tcp, UDP: self.udp, SCTP: self.sctp}[proto]
        part, field = make(src[1], dst[1], data)
        ends = (pack_addr(src[0]), pack_addr(dst[0]), proto)
        if proto == SCTP:
            part.sums.append(Sum(0, len(part), field, crc=True))
        elif proto == TCP or ':' in src[0] or not self.one_in(8):
            part.sums.append(Sum(0, len(part), field, ends))
        return part

    # --- network -----------------------------------------------------------------------

    def options4(self):
        if not self.one_in(4):
            return b''
        text = b''
        for _ in range(self.rng.randint(1, 5)):
            slots = self.rng.randint(1, 4)
            # A time would be another one the next time.
            text += self.some((
                b'\x01', b'\x07' + bytes([3 + 4 * slots, 4]) + bytes(4 * slots),
                b'\x01' if self.steady else
                b'\x44' + bytes([4 + 4 * slots, 5, 0]) + bytes(4 * slots),
                b'\x94\x04\0\0', b'\x82\x0b' + bytes(9), b'\x9e\x04\0\0'))
            if self.bent and not self.steady and self.one_in(3):
                text += self.some((b'\x83\x07\x04' + self.noise(4), self.noise(3),
                                   b'\x07\x02', b'\x44\xff\x05\x01', b'\x89\x03\x04'))
        text = text[:40]
        return text + b'\0' * (-len(text) % 4)

    def ip4(self, src, dst, proto, body):
        options = self.options4()
        ihl = 20 + len(options)
        ttl = self.some((64, 64, 64, 64, 64, 255, 2, 1))
        df = 0x4000 if self.one_in(4) else 0
        head = struct.pack('!BBHHHBBH', 0x40 | ihl // 4, self.some((0, 0, 3, 0xb8)),
                           min(ihl + len(body), LONGEST4), self.ident, df, ttl, proto, 0)
        head += pack_addr(src) + pack_addr(dst) + options
        return body.behind(Part(head, [(0, 1), (2, 2), (6, 2)], [Sum(0, ihl, 10)]))

    def extension(self, kind):
        """What is behind the first byte of an extension header."""
        if kind == FRAGMENT:
            return struct.pack('!BHI', 0, 0, self.ident)
        if kind == AH:
            words = 2 * self.rng.randint(2, 6)
            return bytes([words - 2]) + self.noise(4 * words - 2)
        if kind == ROUTING:
            return bytes([2, self.some((0, 2, 4)), 0]) + bytes(20)
        units = self.some((0, 0, 1, 2, 31, 255))
        if kind == MOBILITY:
            return bytes([units]) + self.noise(6 + units * 8)
        return long_options(8 + 8 * units)[0][1]

    def chain(self):
        """Extension headers: none, a few in any order, or very many."""
        if not self.one_in(3):
            return []
        kinds = [DSTOPT, DSTOPT, DSTOPT, HOP, ROUTING, FRAGMENT, AH, MOBILITY]
        if self.bent:
            kinds += [ESP, NONE, HOP]
        count = self.some((1, 1, 2, 3, 6, 31, 32, 33, 40))
        if count > 6:
            kinds = [DSTOPT, DSTOPT, ROUTING]
        return [(kind, self.extension(kind)) for kind in
                (self.some(kinds) for _ in range(count))]

    def ip6(self, src, dst, proto, body):
        chain = self.chain()
        size = self.size(LONGEST6)
        if size is not None:
            room = size - 40 - len(body) - sum(1 + len(text) for _, text in chain)
            if room >= 8:
                chain += long_options(room // 8 * 8)
        part = Part(b'')
        for at, (kind, text) in enumerate(chain):
            after = chain[at + 1][0] if at + 1 < len(chain) else proto
            if kind == FRAGMENT:
                part.lengths.append((len(part) + 2, 2))
            else:
                part.lengths.append((len(part) + 1, 1))
            part.data += bytes([after]) + text
        if len(part) > 4096:
            # One of hundreds, or all would be of these.
            part.lengths = [self.some(part.lengths)]
        body = body.behind(part)
        head = struct.pack('!IHBB', 6 << 28 | self.some((0, 0x2b)) << 20,
                           min(len(body), 0xffff), chain[0][0] if chain else proto,
                           self.some((64, 64, 64, 64, 64, 255, 2, 1)))
        return body.behind(Part(head + pack_addr(src) + pack_addr(dst), [(4, 2)]))

    def ip(self, src, dst, proto, body):
        if (':' in src) != (':' in dst):
            raise ValueError('from %s to %s' % (src, dst))
        return self.ip6(src, dst, proto, body) if ':' in src else \
            self.ip4(src, dst, proto, body)

    # --- packets -----------------------------------------------------------------------

    def long_data(self, flow):
        """Now and then as much as fills a packet of an edge's length."""
        size = self.size(LONGEST6 if flow.v6 else LONGEST4)
        if size is None or flow.proto == SCTP:
            return None
        return bytes(max(0, size - (40 if flow.v6 else 20) -
                         (20 if flow.proto == TCP else 8)))

    def request(self, flow, data=None):
        body = self.transport(flow.proto, flow.client, flow.vip, data)
        return self.ip(flow.client[0], flow.vip[0], flow.proto, body)

    def answer(self, flow, data=None):
        if (':' in flow.server[0]) != flow.v6:
            return self.answered(flow)
        body = self.transport(flow.proto, flow.server, flow.client, data)
        return self.ip(flow.server[0], flow.client[0], flow.proto, body)

    def forwarded(self, flow):
        """A request as the director has passed it on."""
        if flow.director:
            return self.encapsulated(flow.method, flow.director, flow.server[0],
                                     self.request(flow))
        if flow.method == 'direct':
            return self.request(flow)
        body = self.transport(flow.proto, flow.client, flow.server)
        return self.ip(flow.client[0], flow.server[0], flow.proto, body)

    def answered(self, flow):
        """An answer as the client gets it."""
        body = self.transport(flow.proto, flow.vip, flow.client)
        return self.ip(flow.vip[0], flow.client[0], flow.proto, body)

    def encapsulated(self, kind, src, dst, inner):
        proto = SIT if inner.data[:1] and inner.data[0] >> 4 == 6 else IPIP
        if kind == 'gre':
            flags = self.some((0, 0, 0x8000, 0x2000, 0xb000)) if self.one_in(2) else 0
            head = Part(struct.pack('!HH', flags, 0x86dd if proto == SIT else 0x0800))
            for bit in (0x8000, 0x2000, 0x1000):
                head.data += bytes(4) if flags & bit else b''
            inner = inner.behind(head)
            if flags & 0x8000:
                inner.sums.append(Sum(0, len(inner), 4))
            proto = GRE
        elif kind == 'gue':
            words = self.some((0, 0, 0, 1, 2, 31))
            head = bytes([words, proto, 0, 0]) + bytes(4 * words)
            part = inner.behind(Part(head, [(0, 1)]))
            udp, _ = self.udp(self.rng.randrange(1024, 65536), GUE_PORT, b'')
            struct.pack_into('!H', udp.data, 4, (8 + len(part)) & 0xffff)
            inner, proto = part.behind(udp), UDP
            if ':' in src or self.one_in(2):
                inner.sums.append(Sum(0, len(inner), 6,
                                      (pack_addr(src), pack_addr(dst), UDP)))
        return self.ip(src, dst, proto, inner)

    def quote(self, inner):
        """A packet, cut anywhere; most have their ports."""
        if self.one_in(3):
            size = self.rng.randrange(len(inner) + 1)
        else:
            size = self.some((len(inner), len(inner), 576, 1232, 28, 48, 52))
        return inner.cut(min(size, len(inner)))

    def error(self, src, dst, inner):
        v6 = ':' in dst
        kind, code = self.some(((1, 0), (1, 4), (2, 0), (3, 0), (4, 1), (100, 0)) if v6 else
                               ((3, 1), (3, 3), (3, 4), (4, 0), (11, 0), (12, 0), (5, 1)))
        if self.steady and (kind, code) == TOO_BIG[v6]:
            kind, code = (1, 0) if v6 else (3, 1)
        rest = self.some((0, 0, 68, 552, 576, 1280, 1400, 1479, 65535, 0x10000))
        if not v6 and self.one_in(4):
            rest |= self.rng.getrandbits(8) << 16
        part = self.quote(inner).behind(Part(struct.pack('!BBHI', kind, code, 0, rest)))
        proto = ICMP6 if v6 else ICMP
        ends = (pack_addr(src), pack_addr(dst), proto) if v6 else None
        part.sums.append(Sum(0, len(part), 2, ends))
        return self.ip(src, dst, proto, part)

    @staticmethod
    def router(dst):
        """Somebody on the way who can write to that address."""
        return 'fd03::9' if ':' in dst else '10.3.0.9'

    # --- kinds: each gives the side of the director and a packet -----------------------

    def make_request(self, flow):
        return 'clients', self.request(flow, self.long_data(flow))

    def make_answer(self, flow):
        return 'servers', self.answer(flow, self.long_data(flow))

    def make_error_of_request(self, flow):
        inner = self.forwarded(flow)
        dst = flow.director or flow.client[0]
        if not flow.director and self.one_in(16):
            inner = self.error(flow.client[0], flow.server[0], self.answer(flow))
        if flow.director or self.one_in(2):
            return 'elsewhere', self.error(self.router(dst), dst, inner)
        return 'servers', self.error(flow.server[0], dst, inner)

    def make_error_of_answer(self, flow):
        inner = self.answered(flow)
        if self.one_in(16):
            inner = self.error(flow.vip[0], flow.client[0], self.request(flow))
        return 'clients', self.error(self.some((flow.client[0], self.router(flow.vip[0]))),
                                     flow.vip[0], inner)

    def make_tunnel(self, flow):
        """A tunnel, or two, to whoever is on the way."""
        side, inner = self.some((self.make_request, self.make_error_of_request,
                                 self.make_error_of_answer, self.make_answer))(flow)
        dst = self.some((flow.vip[0], flow.director or flow.vip[0], flow.client[0]))
        src = self.router(dst)
        for _ in range(self.some((1, 1, 2, 3))):
            inner = self.encapsulated(self.some(('ipip', 'gre', 'gue')), src, dst, inner)
        return side, inner

    def make_other(self, flow):
        proto = self.some((AH, ESP, NONE, 0, 2, 33, 89, 103, 136, 255, ICMP, ICMP6))
        body = Part(self.noise(self.some((0, 1, 4, 8, 20, 60))))
        return 'clients', self.ip(flow.client[0], flow.vip[0], proto, body)

    KINDS = ((make_request, 28), (make_answer, 15), (make_error_of_request, 22),
             (make_error_of_answer, 22), (make_tunnel, 8), (make_other, 5))

    # --- on the way ----------------------------------------------------------------------

    def bend(self, part):
        for _ in range(self.some((0, 1, 1, 1, 2))):
            if not part.lengths:
                return
            at, width = self.some(part.lengths)
            if at + width > len(part):
                continue
            now = int.from_bytes(part.data[at:at + width], 'big')
            value = self.some(VALUES[width] + (now - 8, now - 1, now + 1, now + 8))
            if at == 0 and width == 1 and now >> 4 == 4:
                value = 0x40 | self.some((0, 1, 4, 5, 6, 15))
            part.data[at:at + width] = (value % 256 ** width).to_bytes(width, 'big')

    def seal(self, part, partial):
        """Sums from the inside out; a bent packet's may also be wrong."""
        for each in part.sums:
            if not self.bent or not self.one_in(16):
                each.write(part.data, each is partial)

    def offload(self, part):
        """A sum left to the device, segments for it to cut; None if it cannot be."""
        v6 = part.data[0] >> 4 == 6
        # Not what is quoted or in a tunnel.
        last = part.sums[0] if len(part.sums) == (1 if v6 else 2) else None
        if not last or not last.ends or last.end != len(part) or \
                last.ends[2] not in (TCP, UDP) or last.start > 1024 or not self.one_in(3):
            return None, bytes(10)
        udp = last.ends[2] == UDP
        start, gso, size = ETHER + last.start, 0, 0
        if len(part) - last.start > 100 and (self.one_in(2) or len(part) > MTU):
            gso = GSO_UDP_L4 if udp else GSO_TCPV6 if v6 else GSO_TCPV4
            size = self.some((536, 1000, 1200, 1400))
            if self.bent:
                gso = self.some((gso, GSO_UDP, GSO_UDP_L4, GSO_TCPV4))
                size = self.some((1, 8, size, 1452, 65535))
        return last, VNET.pack(1, gso, start + (8 if udp else 20), size, start,
                               last.field - last.start)

    def fragments4(self, data):
        ihl = (data[0] & 15) * 4
        if ihl < 20 or ihl >= len(data):
            return [data]
        pieces = []
        for at, end, more in self.pieces(len(data) - ihl):
            head = bytearray(data[:ihl])
            struct.pack_into('!H', head, 2, (ihl + end - at) & 0xffff)
            struct.pack_into('!H', head, 6, (0x2000 if more else 0) | (at // 8) & 0x1fff)
            Sum(0, ihl, 10).write(head)
            pieces.append(bytes(head) + data[ihl + at:ihl + end])
        return pieces

    def fragments6(self, data):
        start, field = 40, 6
        if data[6] == HOP and len(data) > 42:
            start, field = 40 + 8 * (data[41] + 1), 40
        if start >= len(data):
            return [data]
        following, ident, pieces = data[field], self.rng.getrandbits(32), []
        for at, end, more in self.pieces(len(data) - start):
            head = bytearray(data[:start])
            head[field] = FRAGMENT
            struct.pack_into('!H', head, 4, (start - 40 + 8 + end - at) & 0xffff)
            pieces.append(bytes(head) + struct.pack('!BBHI', following, 0, at | more, ident) +
                          data[start + at:start + end])
        return pieces

    def pieces(self, size):
        """Where fragments begin and end, and whether more follow."""
        if size > MTU and self.one_in(2):
            cuts = list(range(1392, size, 1392))
        else:
            cuts = sorted({8 * self.rng.randrange(1, max(2, size // 8))
                           for _ in range(self.rng.randint(1, 5))})
        ends = [0] + [at for at in cuts if at < size] + [size]
        out = [(a, b, b < size) for a, b in zip(ends, ends[1:])]
        if self.bent:
            out = self.bent_pieces(out)
        if self.one_in(2):
            self.rng.shuffle(out)
        return out

    def bent_pieces(self, out):
        at = self.rng.randrange(len(out))
        start, end, more = out[at]
        out[at] = self.some((
            (start, end, more), (start, end, not more), (max(0, start - 8), end, more),
            (start, max(start, end - 8), more), (start, start, more), (start, end - 1, more)))
        if self.one_in(2):
            out.append((start, end, more))
        if self.one_in(3) and len(out) > 1:
            out.pop(self.rng.randrange(len(out)))
        if self.one_in(8):
            out.append((self.some((65528, 65520, 65512)), 65535, False))
        return out

    def placed(self, side, data, vnet):
        """On which device, and how it lies in memory there."""
        where = side if side == 'local' else \
            'tap' if self.one_in(3) or (len(data) > MTU and not vnet[1]) else side
        if where != 'tap' or self.one_in(4):
            return Frame(where, data, vnet)
        least = ETHER + 1
        if vnet[0]:
            least = VNET.unpack(vnet)[4] + 18
        size = ETHER + len(data)
        near = min(size, least + 120)
        cuts = {self.rng.randint(least, near) for _ in range(self.rng.randint(1, 5))
                if least < near}
        # A page each, at most.
        last = max(cuts, default=least)
        cuts |= set(range(last, size, 4096)) - {last}
        return Frame('tap', data, vnet, tuple(sorted(cuts | {size})))

    def whole(self):
        """On which side, and a packet that is not longer than one can be."""
        makes, weights = zip(*self.KINDS)
        while True:
            side, part = self.rng.choices(makes, weights)[0](self, self.some(self.flows))
            if len(part) <= (LONGEST6 if part.data[0] >> 4 == 6 else LONGEST4):
                return side, part

    def frames(self):
        """The packet's pieces, in the order in which they are sent."""
        side, part = self.whole()
        if side == 'clients' and self.one_in(10):
            side = 'local'
        if self.bent:
            self.bend(part)
        partial, vnet = self.offload(part) if side != 'local' else (None, bytes(10))
        self.seal(part, partial)
        data = bytes(part.data)
        if vnet[0] or not (self.one_in(4) or (len(data) > MTU and self.one_in(2))):
            return [self.placed(side, data, vnet)]
        cut = self.fragments6 if data[0] >> 4 == 6 else self.fragments4
        return [self.placed(side, piece, vnet) for piece in cut(data)]
