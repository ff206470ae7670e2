# SPDX-License-Identifier: GPL-2.0-only
"""Packets as bytes, right or deliberately wrong.

An end is a pair (address, port); the address' form chooses the family.  Words
for the IP header (ttl, tos, df, ...) are passed through by every builder.
"""
import itertools
import socket
import struct

TCP, UDP, ICMP, ICMP6, SCTP, ESP, AH, IPIP, GRE = 6, 17, 1, 58, 132, 50, 51, 4, 47
HOP, ROUTING, FRAGMENT, NONE, DSTOPT = 0, 43, 44, 59, 60
FLAGS = {'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16, 'U': 32, 'E': 64, 'C': 128}

# Every packet of a case has an id of its own; Case sets the counter back.
_ids = itertools.count(0x1000)


def restart_ids():
    global _ids
    _ids = itertools.count(0x1000)


def pack_addr(addr):
    return socket.inet_pton(family(addr), addr)


def family(addr):
    return socket.AF_INET6 if ':' in addr else socket.AF_INET


def fold(total):
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def csum(data):
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b'\0'
    return 0xffff - fold(sum(struct.unpack('!%dH' % (len(data) // 2), data)))


def pseudo(src, dst, proto, length):
    head = pack_addr(src) + pack_addr(dst)
    if family(src) == socket.AF_INET6:
        return head + struct.pack('!IHBB', length, 0, 0, proto)
    return head + struct.pack('!BBH', 0, proto, length)


def put_check(segment, offset, value):
    return segment[:offset] + struct.pack('!H', value) + segment[offset + 2:]


def fill_in(frame, start, offset):
    """What a device does that computes checksums: the field holds the rest."""
    value = csum(frame[start:]) or 0xffff
    return put_check(frame, start + offset, value)


def seal(src, dst, proto, segment, offset, check):
    """Fill in a transport checksum: None right, a number: that one, 'bad'."""
    right = csum(pseudo(src, dst, proto, len(segment)) + segment)
    if proto == UDP and not right:
        right = 0xffff
    if check is None:
        check = right
    elif check == 'bad':
        check = (right + 0x1111) & 0xffff or 1
    elif check == 'pseudo':
        # As a sender leaves it that lets its device do the rest.
        check = fold(0xffff - csum(pseudo(src, dst, proto, len(segment))))
    return put_check(segment, offset, check)


# --- the network layer ------------------------------------------------------------

def ip4(src, dst, proto, body, ttl=64, tos=0, ident=None, df=False, mf=False,
        offset=0, options=b'', check=None, length=None):
    options += b'\0' * (-len(options) % 4)
    ihl = 5 + len(options) // 4
    ident = next(_ids) if ident is None else ident
    frag = (0x4000 if df else 0) | (0x2000 if mf else 0) | offset // 8
    head = struct.pack('!BBHHHBBH', 0x40 | ihl, tos,
                       length or ihl * 4 + len(body), ident, frag, ttl, proto,
                       0) + pack_addr(src) + pack_addr(dst) + options
    return put_check(head, 10, csum(head) if check is None else check) + body


def ip6(src, dst, proto, body, ttl=64, tos=0, label=0, ext=(), length=None,
        df=True):  # pylint: disable=unused-argument
    """ext: extension headers, (number, bytes after its first byte); df: always so."""
    chain = b''
    following = [number for number, _ in ext[1:]] + [proto]
    for (_, content), after in zip(ext, following):
        chain += bytes([after]) + content
    first = ext[0][0] if ext else proto
    return struct.pack('!IHBB', 6 << 28 | tos << 20 | label,
                       length or len(chain) + len(body), first, ttl) + \
        pack_addr(src) + pack_addr(dst) + chain + body


def ip(src, dst, proto, body, **words):
    make = ip6 if family(src) == socket.AF_INET6 else ip4
    return make(src, dst, proto, body, **words)


def opt_header(units=0, size_byte=None):
    """What follows the first byte of an options header: PadN."""
    size = units * 8 + 6
    length = units if size_byte is None else size_byte
    return bytes([length, 1, size - 2]) + b'\0' * (size - 2)


def long_options(total):
    """Destination options headers, as few as hold so many bytes (a multiple of 8).
    Every receiver passes over such options."""
    chain = []
    while total:
        size = min(total, 2048)
        total -= size
        body = b''
        while len(body) < size - 2:
            length = min(size - 2 - len(body), 257)
            body += b'\0' if length == 1 else bytes([0x1e, length - 2]) + bytes(length - 2)
        chain.append((DSTOPT, bytes([size // 8 - 1]) + body))
    return chain


def frag_header(offset=0, more=False, ident=0x77):
    return struct.pack('!BHI', 0, offset | more, ident)


def auth_header():
    return bytes([4]) + b'\0\0' + struct.pack('!II', 0x100, 1) + b'\xaa' * 12


# --- transport ---------------------------------------------------------------------

def tcp_segment(sport, dport, flags='S', seq=1000, ack=None, data=b'', window=8192,
                options=b''):
    options += b'\0' * (-len(options) % 4)
    bits = sum(FLAGS[f] for f in flags)
    if ack is None:
        ack = 5000 if 'A' in flags else 0
    return struct.pack('!HHIIBBHHH', sport, dport, seq, ack,
                       (5 + len(options) // 4) << 4, bits, window, 0, 0) + \
        options + data


def tcp(src, dst, flags='S', check=None, cut=None, seq=1000, ack=None, data=b'',
        window=8192, options=b'', **words):
    """A segment; cut: only so many bytes of it."""
    segment = tcp_segment(src[1], dst[1], flags, seq, ack, data, window, options)
    segment = seal(src[0], dst[0], TCP, segment, 16, check)
    return ip(src[0], dst[0], TCP, segment[:cut], **words)


def udp(src, dst, data=b'hello', check=None, cut=None, length=None, **words):
    segment = struct.pack('!HHHH', src[1], dst[1], length or 8 + len(data), 0) + data
    if check != 0:
        segment = seal(src[0], dst[0], UDP, segment, 6, check)
    return ip(src[0], dst[0], UDP, segment[:cut], **words)


def _crc32c_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0x82f63b78 if n & 1 else n >> 1
        table.append(n)
    return table


_CRC = _crc32c_table()


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xff]
    return crc ^ 0xffffffff


def chunk(kind, body=b'', flags=0):
    data = struct.pack('!BBH', kind, flags, 4 + len(body)) + body
    return data + b'\0' * (-len(data) % 4)


def sctp(src, dst, *chunks, tag=0x1234, check=None, cut=None, **words):
    packet = struct.pack('!HHII', src[1], dst[1], tag, 0) + b''.join(chunks)
    crc = crc32c(packet) if check is None else check
    packet = packet[:8] + struct.pack('<I', crc) + packet[12:]
    return ip(src[0], dst[0], SCTP, packet[:cut], **words)


# --- ICMP --------------------------------------------------------------------------

def icmp(src, dst, kind, code, rest, body, check=None, cut=None, **words):
    """Either family's; rest: the second half of the header, a number."""
    v6 = family(src) == socket.AF_INET6
    message = struct.pack('!BBHI', kind, code, 0, rest) + body
    proto = ICMP6 if v6 else ICMP
    over = pseudo(src, dst, proto, len(message)) if v6 else b''
    right = csum(over + message)
    if check == 'bad':
        right = right ^ 0x0101
    message = put_check(message, 2, right)
    return ip(src, dst, proto, message[:cut], **words)


# --- fragments -----------------------------------------------------------------------

def fragments(packet, *sizes, **words):
    """Either family's; sizes: of all pieces but the last, multiples of 8."""
    cut = fragments6 if packet[0] >> 4 == 6 else fragments4
    return cut(packet, *sizes, **words)


def fragments4(packet, *sizes):
    """Cut an IPv4 packet's payload; sizes: multiples of 8, the rest is last."""
    ihl = (packet[0] & 15) * 4
    head, body = packet[:ihl], packet[ihl:]
    pieces, at = [], 0
    flags = struct.unpack('!H', head[6:8])[0] & 0x4000
    for size in list(sizes) + [len(body)]:
        piece = body[at:at + size]
        more = at + len(piece) < len(body)
        new = head[:2] + struct.pack('!H', ihl + len(piece)) + head[4:6] + \
            struct.pack('!H', flags | (0x2000 if more else 0) | at // 8) + head[8:10] + \
            b'\0\0' + head[12:]
        pieces.append(put_check(new, 10, csum(new)) + piece)
        at += len(piece)
        if not more:
            break
    return pieces


def fragments6(packet, *sizes, ident=0x4242):
    """Cut an IPv6 packet without extension headers."""
    body, proto = packet[40:], packet[6]
    pieces, at = [], 0
    for size in list(sizes) + [len(body)]:
        piece = body[at:at + size]
        more = at + len(piece) < len(body)
        head = packet[:4] + struct.pack('!HB', 8 + len(piece), FRAGMENT) + \
            packet[7:40]
        pieces.append(head + struct.pack('!BBHI', proto, 0, at | more, ident) + piece)
        at += len(piece)
        if not more:
            break
    return pieces
