# SPDX-License-Identifier: GPL-2.0-only
"""
The family IPVS_EXT on top of ipvs_nl: its numbers, and what comes back as
values that can be compared.
"""
import socket
import struct

import ipvs_nl as nl

(GET_INFO, GET_TABLE, GET_CONN, KILL_CONN, GET_DROPS, BEGIN, STAGE, COMMIT,
 ABORT, EVENT, LISTEN) = range(1, 12)

# top level
(SERVICE, DEST, DAEMON, GENERATION, CONNS, CONN_MAX, FILTER, CONN, COUNT, DROPS,
 OPS, OP, OP_INDEX, EVENT_TYPE, _, EVENTS) = range(1, 17)
# in OP
OP_COMMAND, OP_SERVICE, OP_DEST = range(1, 4)
# in CONN
(C_AF, C_DEST_AF, C_PROTOCOL, C_CADDR, C_VADDR, C_DADDR, C_CPORT, C_VPORT,
 C_DPORT, C_STATE, C_FLAGS, C_EXPIRES, C_FWMARK) = range(1, 14)
# in FILTER
(F_AF, F_PROTOCOL, F_VADDR, F_VPORT, F_FWMARK, F_DEST_AF, F_DADDR, F_DPORT,
 F_CADDR, F_CPREFIX, F_CPORT, F_STATE, F_TEMPLATES, F_SERVICE) = range(1, 15)

NEST = 0x8000


def nest(kind, *parts):
    """A nest, flagged as such."""
    return nl.attr(kind | NEST, b"".join(parts))


def service_id(vip, port, proto=6):
    """Attributes that name a service."""
    return nl.attrs({nl.AF: nl.u16(socket.AF_INET), nl.PROTOCOL: nl.u16(proto),
                     nl.ADDR: nl.ip4(vip), nl.PORT: nl.be16(port)})


def service_full(vip, port, sched="rr", timeout=0, proto=6, flags=0):
    """Attributes of a whole service."""
    return service_id(vip, port, proto) + nl.attrs({
        nl.SCHED_NAME: sched.encode() + b"\0",
        nl.FLAGS: nl.u32(flags) + nl.u32(0xffffffff),
        nl.TIMEOUT: nl.u32(timeout), nl.NETMASK: nl.u32(0xffffffff)})


def dest_id(rip, port):
    """Attributes that name a server."""
    return nl.attrs({nl.D_ADDR: nl.ip4(rip), nl.D_PORT: nl.be16(port)})


def dest_full(rip, port, weight=1, method=0, upper=0, lower=0):
    """Attributes of a whole server."""
    return dest_id(rip, port) + nl.attrs({
        nl.D_METHOD: nl.u32(method), nl.D_WEIGHT: nl.u32(weight),
        nl.D_UPPER: nl.u32(upper), nl.D_LOWER: nl.u32(lower)})


def number(data):
    """An integer of whatever width, in host order."""
    return int.from_bytes(data, "little")


def port(data):
    return struct.unpack(">H", data)[0]


def show_service(data):
    """A service as one word, as users write it."""
    got = dict(nl.parse(data))
    if nl.FWMARK in got:
        return f"fwm:{number(got[nl.FWMARK])}"
    return (f"{number(got[nl.PROTOCOL])}:{socket.inet_ntoa(got[nl.ADDR][:4])}:"
            f"{port(got[nl.PORT])}")


def show_dest(data):
    """A server as one word."""
    got = dict(nl.parse(data))
    return f"{socket.inet_ntoa(got[nl.D_ADDR][:4])}:{port(got[nl.D_PORT])}"


class Socket(nl.Socket):
    """A socket of the second family."""

    def __init__(self):
        super().__init__("IPVS_EXT")

    def listen(self, *kinds):
        """Asks for events; returns the errno."""
        mask = sum({"config": 1, "conns": 2}[kind] for kind in kinds)
        return self.ask(LISTEN, nl.attr(EVENTS, nl.u32(mask)))[0]

    def info(self):
        """GET_INFO as a dict of numbers."""
        code, replies = self.ask(GET_INFO)
        if code:
            raise OSError(code, self.text)
        return {k: number(v) for k, v in nl.parse(replies[0][4:])}

    def rows(self, only=b""):
        """
        GET_TABLE: a list of (service, server or None), as words, in order; and
        every row's configuration as bytes.
        """
        code, replies = self.dump(GET_TABLE,
                                  nest(SERVICE, only) if only else b"")
        if code:
            raise OSError(code, self.text)
        out = []
        for reply in replies:
            got = dict(nl.parse(reply[4:]))
            name = show_service(got[SERVICE])
            if DEST in got:
                config = tuple((k, v) for k, v in nl.parse(got[DEST])
                               if k not in (7, 8, 9, 10, 12))
                out.append((name, show_dest(got[DEST]), config))
            else:
                config = tuple((k, v) for k, v in nl.parse(got[SERVICE])
                               if k not in (10, 12))
                out.append((name, None, config))
        return out

    def conns(self, *filters):
        """GET_CONN: a list of dicts, and how many messages brought them."""
        code, replies = self.dump(GET_CONN,
                                  nest(FILTER, *filters) if filters else b"")
        if code:
            raise OSError(code, self.text)
        out = []
        for reply in replies:
            out += [dict(nl.parse(v)) for k, v in nl.parse(reply[4:])
                    if k == CONN]
        return out, len(replies)

    def kill(self, *filters):
        """KILL_CONN: how many were ended."""
        code, replies = self.ask(KILL_CONN, nest(FILTER, *filters))
        if code:
            raise OSError(code, self.text)
        return number(dict(nl.parse(replies[0][4:]))[COUNT])
