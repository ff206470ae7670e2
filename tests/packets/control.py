# SPDX-License-Identifier: GPL-2.0-only
"""Configures either module through generic netlink, with exact errnos.

Numbers are those of <linux/ip_vs.h>.
"""
import os
import socket
import struct

import wire

NEW_SERVICE, SET_SERVICE, DEL_SERVICE = 1, 2, 3
NEW_DEST, SET_DEST, DEL_DEST = 5, 6, 7
SET_CONFIG, ZERO, FLUSH = 12, 16, 17
A_SERVICE, A_DEST = 1, 2
METHODS = {'nat': 0, 'local': 1, 'tunnel': 2, 'direct': 3, 'bypass': 4}
TUNNELS = {'ipip': 0, 'gue': 1, 'gre': 2}
F_PERSISTENT, F_OPS = 1, 4

NLM_F_REQUEST, NLM_F_ACK = 1, 4
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_FAMILY_ID, CTRL_FAMILY_NAME = 16, 3, 1, 2


class Refused(Exception):
    """The module said no."""

    def __init__(self, errno, what):
        super().__init__('%s: %s' % (what, os.strerror(errno)))
        self.errno = errno


def attr(kind, data):
    return struct.pack('=HH', len(data) + 4, kind) + data + b'\0' * (-len(data) % 4)


def u32(kind, value):
    return attr(kind, struct.pack('=I', value))


def u16(kind, value):
    return attr(kind, struct.pack('=H', value))


def be16(kind, value):
    return attr(kind, struct.pack('!H', value))


class Control:
    """One netlink socket; opened in the namespace it configures."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.sock.bind((0, 0))
        self.seq = 0
        reply = self.ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
                         attr(CTRL_FAMILY_NAME, b'IPVS\0'), 'family')
        self.family = self.find_id(reply)

    @staticmethod
    def find_id(reply):
        at = 20
        while at < len(reply):
            size, kind = struct.unpack_from('=HH', reply, at)
            if kind == CTRL_FAMILY_ID:
                return struct.unpack_from('=H', reply, at + 4)[0]
            at += (size + 3) & ~3
        raise RuntimeError('the family IPVS has no number')

    def ask(self, family, command, attrs, what):
        self.seq += 1
        head = struct.pack('=IHHII', 20 + len(attrs), family, NLM_F_REQUEST | NLM_F_ACK,
                           self.seq, 0)
        self.sock.send(head + struct.pack('=BBH', command, 1, 0) + attrs)
        answer = b''
        while True:
            data = self.sock.recv(65536)
            while data:
                size, kind, _, seq, _ = struct.unpack_from('=IHHII', data)
                if kind == 2 and seq == self.seq:
                    errno = -struct.unpack_from('=i', data, 16)[0]
                    if errno:
                        raise Refused(errno, what)
                    return answer
                if seq == self.seq:
                    answer = data[:size]
                data = data[(size + 3) & ~3:]

    def service(self, command, svc, what):
        self.ask(self.family, command, attr(A_SERVICE | 0x8000, svc.attrs(command)), what)

    def dest(self, command, svc, dest, what):
        self.ask(self.family, command, attr(A_SERVICE | 0x8000, svc.identity()) +
                 attr(A_DEST | 0x8000, dest.attrs(command)), what)

    def timeouts(self, tcp=0, tcpfin=0, udp=0):
        self.ask(self.family, SET_CONFIG, u32(4, tcp) + u32(5, tcpfin) + u32(6, udp),
                 'timeouts')

    def flush(self):
        self.ask(self.family, FLUSH, b'', 'flush')


class Service:
    """A virtual service by address, protocol and port, or by mark."""

    def __init__(self, addr, proto, port, mark=0, sched='rr', persist=0, ops=False,
                 netmask=None, pe=None, v6=False):
        self.addr, self.proto, self.port, self.mark = addr, proto, port, mark
        self.sched, self.pe = sched, pe
        self.persist, self.ops, self.netmask = persist, ops, netmask
        self.af = socket.AF_INET6 if v6 or (addr and ':' in addr) else socket.AF_INET

    def identity(self):
        if self.mark:
            return u16(1, self.af) + u32(5, self.mark)
        return u16(1, self.af) + u16(2, self.proto) + \
            attr(3, wire.pack_addr(self.addr).ljust(16, b'\0')) + be16(4, self.port)

    def mask(self):
        if self.af == socket.AF_INET6:
            return struct.pack('=I', self.netmask or 128)
        return socket.inet_aton(self.netmask or '255.255.255.255')

    def attrs(self, command):
        if command == DEL_SERVICE:
            return self.identity()
        flags = (F_PERSISTENT if self.persist else 0) | (F_OPS if self.ops else 0)
        sched = attr(6, self.sched.encode() + b'\0') if self.sched else b''
        pe = attr(11, self.pe.encode() + b'\0') if self.pe else b''
        return self.identity() + sched + \
            attr(7, struct.pack('=II', flags, 0xffffffff)) + u32(8, self.persist) + \
            attr(9, self.mask()) + pe

    def __str__(self):
        return 'mark %d' % self.mark if self.mark else \
            '%s %s:%d' % (self.proto, self.addr, self.port)


class Dest:
    """A real server."""

    def __init__(self, addr, port, method='nat', weight=1, upper=0, lower=0, tun='ipip',
                 tun_port=0, tun_flags=0):
        self.addr, self.port, self.method, self.weight = addr, port, method, weight
        self.upper, self.lower = upper, lower
        self.tun, self.tun_port, self.tun_flags = tun, tun_port, tun_flags

    def attrs(self, command):
        ident = attr(1, wire.pack_addr(self.addr).ljust(16, b'\0')) + be16(2, self.port) + \
            u16(11, wire.family(self.addr))
        if command == DEL_DEST:
            return ident
        tunnel = b''
        if self.method == 'tunnel' and self.tun != 'ipip':
            tunnel = attr(13, bytes([TUNNELS[self.tun]])) + be16(14, self.tun_port) + \
                u16(15, self.tun_flags)
        return ident + u32(3, METHODS[self.method]) + u32(4, self.weight) + \
            u32(5, self.upper) + u32(6, self.lower) + tunnel

    def __str__(self):
        return '%s:%d' % (self.addr, self.port)
