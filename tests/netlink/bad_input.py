#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
bad_input [--record]: malformed netlink messages and the errno of each.

Every message is sent to a table with one service and one server; the errno must
be the one written beside it and the table must be the same afterwards. The
numbers are those of the in-tree module of Linux 6.1; --record prints what the
loaded module answers instead of judging. Of our module every refusal must also
say why, and of which attribute; what never gets to it is the kernel's to refuse.
"""
import os
import struct
import sys

import ipvs_nl as nl

VIP, RIP, OTHER = "10.1.0.100", "10.2.0.11", "10.2.0.12"

# A complete service and server; cases change or drop parts of them.
KEY = {nl.AF: nl.u16(2), nl.PROTOCOL: nl.u16(6), nl.ADDR: nl.ip4(VIP),
       nl.PORT: nl.be16(80)}
FULL = {**KEY, nl.SCHED_NAME: b"rr\0", nl.FLAGS: nl.u32(0) + nl.u32(0),
        nl.TIMEOUT: nl.u32(0), nl.NETMASK: nl.u32(0xffffffff)}
SERVER_KEY = {nl.D_ADDR: nl.ip4(RIP), nl.D_PORT: nl.be16(80)}
SERVER = {**SERVER_KEY, nl.D_METHOD: nl.u32(0), nl.D_WEIGHT: nl.u32(1),
          nl.D_UPPER: nl.u32(0), nl.D_LOWER: nl.u32(0)}


def service(base, change=None, drop=()):
    """A SERVICE nest: base with some attributes changed and some missing."""
    both = {**base, **(change or {})}
    return nl.attr(nl.SERVICE, nl.attrs({k: v for k, v in both.items()
                                         if k not in drop}))


def fresh(change=None, drop=()):
    """A service that does not exist yet."""
    return service(FULL, {nl.PORT: nl.be16(8080), **(change or {})}, drop)


def server(base=None, change=None, drop=()):
    """A DEST nest."""
    both = {**(base or SERVER), **(change or {})}
    return nl.attr(nl.DEST, nl.attrs({k: v for k, v in both.items()
                                      if k not in drop}))


def other(change=None, drop=()):
    """A server that is not in the table yet."""
    return server(SERVER, {nl.D_ADDR: nl.ip4(OTHER), **(change or {})}, drop)


def cases():
    """Yields (name, errno, command, payload, further arguments of ask)."""
    plain = {}
    key = service(KEY)

    # the frame
    yield "no generic header", "EINVAL", 0, b"", {"cut": 0}
    yield "half a generic header", "EINVAL", 1, b"", {"cut": 2}
    yield "command 0", "EOPNOTSUPP", 0, b"", plain
    yield "command SET_INFO, a reply only", "EOPNOTSUPP", nl.SET_INFO, b"", plain
    yield "command 18", "EOPNOTSUPP", 18, b"", plain
    yield "command 255", "EOPNOTSUPP", 255, b"", plain
    yield ("command 18, reserved bits", "EINVAL", 18, b"",
           {"header": struct.pack("=BBH", 18, 1, 7)})
    yield ("dump of NEW_SERVICE", "EOPNOTSUPP", nl.NEW_SERVICE, fresh(),
           {"flags": 0x305})
    yield ("dump of GET_INFO", "EOPNOTSUPP", nl.GET_INFO, b"",
           {"flags": 0x305})
    yield ("GET_DEST without dump", "EOPNOTSUPP", nl.GET_DEST, key, plain)
    yield ("GET_DAEMON without dump", "EOPNOTSUPP", nl.GET_DAEMON, b"", plain)

    # the SERVICE nest
    for name, command in (("NEW_SERVICE", nl.NEW_SERVICE),
                          ("SET_SERVICE", nl.SET_SERVICE),
                          ("DEL_SERVICE", nl.DEL_SERVICE),
                          ("GET_SERVICE", nl.GET_SERVICE),
                          ("NEW_DEST", nl.NEW_DEST)):
        yield f"{name} without attributes", "EINVAL", command, b"", plain
        yield (f"{name}, empty SERVICE", "EINVAL", command,
               nl.attr(nl.SERVICE, b""), plain)
    for size in (1, 2, 3):
        yield (f"SERVICE of {size} bytes", "ERANGE", nl.NEW_SERVICE,
               nl.attr(nl.SERVICE, bytes(size)), plain)
    yield ("SERVICE of 4 zero bytes", "EINVAL", nl.NEW_SERVICE,
           nl.attr(nl.SERVICE, bytes(4)), plain)
    yield ("SERVICE with an attribute longer than itself", "EINVAL",
           nl.NEW_SERVICE,
           nl.attr(nl.SERVICE, struct.pack("=HH", 400, nl.AF) + nl.u32(2)),
           plain)
    for kind, name in nl.NAMES_SERVICE.items():
        if kind == nl.FWMARK:
            continue
        yield (f"new service without {name}", "EINVAL", nl.NEW_SERVICE,
               fresh(drop=(kind,)), plain)
    for kind in (nl.SCHED_NAME, nl.FLAGS, nl.TIMEOUT, nl.NETMASK):
        yield (f"set service without {nl.NAMES_SERVICE[kind]}", "EINVAL",
               nl.SET_SERVICE, service(FULL, drop=(kind,)), plain)
    for kind in (nl.AF, nl.PROTOCOL, nl.PORT, nl.TIMEOUT, nl.NETMASK):
        yield (f"{nl.NAMES_SERVICE[kind]} of 1 byte", "EINVAL",
               nl.NEW_SERVICE, fresh({kind: b"\1"}), plain)
    yield ("address of 17 bytes", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.ADDR: bytes(17)}), plain)
    yield ("flags of 9 bytes", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.FLAGS: bytes(9)}), plain)
    yield ("fwmark of 2 bytes", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.FWMARK: nl.u16(1)}), plain)
    for family in (0, 1, 3, 16, 255, 65535):
        yield (f"address family {family}", "EAFNOSUPPORT", nl.NEW_SERVICE,
               fresh({nl.AF: nl.u16(family)}), plain)
    yield ("scheduler name without an end", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.SCHED_NAME: b"r" * 16}), plain)
    yield ("scheduler name of 20 bytes", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.SCHED_NAME: b"rr" + bytes(18)}), plain)
    yield ("unknown scheduler", "ENOENT", nl.NEW_SERVICE,
           fresh({nl.SCHED_NAME: b"nosuch\0"}), plain)
    yield ("empty scheduler name", "ENOENT", nl.NEW_SERVICE,
           fresh({nl.SCHED_NAME: b"\0"}), plain)
    yield ("scheduler name with a slash", "ENOENT", nl.NEW_SERVICE,
           fresh({nl.SCHED_NAME: b"../rr\0"}), plain)
    yield ("unknown scheduler for an existing service", "EEXIST",
           nl.NEW_SERVICE, service(FULL, {nl.SCHED_NAME: b"nosuch\0"}), plain)
    yield ("set: unknown scheduler", "ENOENT", nl.SET_SERVICE,
           service(FULL, {nl.SCHED_NAME: b"nosuch\0"}), plain)
    yield ("unknown persistence engine", "ENOENT", nl.NEW_SERVICE,
           fresh({nl.PE_NAME: b"nosuch\0"}), plain)
    yield ("persistence engine by half its name", "ENOENT", nl.NEW_SERVICE,
           fresh({nl.PE_NAME: b"si\0"}), plain)
    yield ("persistence engine name too long", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.PE_NAME: b"p" * 17 + b"\0"}), plain)
    yield "service twice", "EEXIST", nl.NEW_SERVICE, service(FULL), plain
    for name, command in (("SET_SERVICE", nl.SET_SERVICE),
                          ("DEL_SERVICE", nl.DEL_SERVICE),
                          ("GET_SERVICE", nl.GET_SERVICE),
                          ("ZERO", nl.ZERO)):
        yield (f"{name} of an unknown service", "ESRCH", command, fresh(),
               plain)
        yield (f"{name}, unknown fwmark", "ESRCH", command,
               service({**FULL, nl.FWMARK: nl.u32(99)}, drop=KEY.keys() -
                       {nl.AF}), plain)
    yield ("IPv6 service, prefix 0", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.AF: nl.u16(10), nl.NETMASK: nl.u32(0)}), plain)
    yield ("IPv6 service, prefix 129", "EINVAL", nl.NEW_SERVICE,
           fresh({nl.AF: nl.u16(10), nl.NETMASK: nl.u32(129)}), plain)

    # the DEST nest
    yield ("server for an unknown service", "ESRCH", nl.NEW_DEST,
           fresh() + other(), plain)
    yield "unknown service, no DEST", "ESRCH", nl.NEW_DEST, fresh(), plain
    for name, command in (("NEW_DEST", nl.NEW_DEST),
                          ("SET_DEST", nl.SET_DEST),
                          ("DEL_DEST", nl.DEL_DEST)):
        yield f"{name} without DEST", "EINVAL", command, key, plain
        yield (f"{name}, empty DEST", "EINVAL", command,
               key + nl.attr(nl.DEST, b""), plain)
        yield (f"{name}, DEST of 3 bytes", "ERANGE", command,
               key + nl.attr(nl.DEST, bytes(3)), plain)
        yield (f"{name} without address", "EINVAL", command,
               key + server(drop=(nl.D_ADDR,)), plain)
        yield (f"{name} without port", "EINVAL", command,
               key + server(drop=(nl.D_PORT,)), plain)
    for kind, name in ((nl.D_METHOD, "method"), (nl.D_WEIGHT, "weight"),
                       (nl.D_UPPER, "upper threshold"),
                       (nl.D_LOWER, "lower threshold")):
        yield (f"new server without {name}", "EINVAL", nl.NEW_DEST,
               key + other(drop=(kind,)), plain)
        yield (f"set server without {name}", "EINVAL", nl.SET_DEST,
               key + server(drop=(kind,)), plain)
        yield (f"server's {name} of 2 bytes", "EINVAL", nl.NEW_DEST,
               key + other({kind: nl.u16(0)}), plain)
    yield ("server address of 17 bytes", "EINVAL", nl.NEW_DEST,
           key + other({nl.D_ADDR: bytes(17)}), plain)
    yield ("weight -1", "ERANGE", nl.NEW_DEST,
           key + other({nl.D_WEIGHT: nl.u32(-1)}), plain)
    yield ("set: weight -1", "ERANGE", nl.SET_DEST,
           key + server(change={nl.D_WEIGHT: nl.u32(-1)}), plain)
    yield ("lower above upper threshold", "ERANGE", nl.NEW_DEST,
           key + other({nl.D_UPPER: nl.u32(5), nl.D_LOWER: nl.u32(6)}), plain)
    yield ("upper threshold above 2^31", "EINVAL", nl.NEW_DEST,
           key + other({nl.D_UPPER: nl.u32(0x80000000)}), plain)
    yield ("server family 7", "EAFNOSUPPORT", nl.NEW_DEST,
           key + other({nl.D_FAMILY: nl.u16(7)}), plain)
    yield ("IPv6 server by masquerading", "EINVAL", nl.NEW_DEST,
           key + other({nl.D_FAMILY: nl.u16(10)}), plain)
    yield ("gue tunnel without a port", "EINVAL", nl.NEW_DEST,
           key + other({nl.D_METHOD: nl.u32(2), nl.D_TUN_TYPE: nl.u8(1)}),
           plain)
    yield "server twice", "EEXIST", nl.NEW_DEST, key + server(), plain
    yield ("set: unknown server", "ENOENT", nl.SET_DEST, key + other(), plain)
    yield ("delete: unknown server", "ENOENT", nl.DEL_DEST, key + other(),
           plain)
    for address in ("0.0.0.0", "255.255.255.255", "224.0.0.1", "239.1.2.3",
                    "10.2.0.255"):
        yield (f"server {address}", "EINVAL", nl.NEW_DEST,
               key + other({nl.D_ADDR: nl.ip4(address)}), plain)

    # timeouts
    for kind, name in ((nl.TIMEOUT_TCP, "tcp"), (nl.TIMEOUT_TCP_FIN, "tcpfin"),
                       (nl.TIMEOUT_UDP, "udp")):
        yield (f"{name} timeout of 2 bytes", "ERANGE", nl.SET_CONFIG,
               nl.attr(kind, nl.u16(5)), plain)
        yield (f"{name} timeout -1", "EINVAL", nl.SET_CONFIG,
               nl.attr(kind, nl.u32(-1)), plain)

    # the sync daemon
    yield "NEW_DAEMON without attributes", "EINVAL", nl.NEW_DAEMON, b"", plain
    yield "DEL_DAEMON without attributes", "EINVAL", nl.DEL_DAEMON, b"", plain


def main():
    nl.in_namespace("director")
    link = nl.Socket()
    assert link.ask(nl.FLUSH)[0] == 0
    assert link.ask(nl.NEW_SERVICE, service(FULL))[0] == 0
    assert link.ask(nl.NEW_DEST, service(KEY) + server())[0] == 0
    before = link.table()
    wrong = count = 0
    ours = os.environ.get("TEST_MODULE", "ours") == "ours"
    for name, wanted, command, payload, more in cases():
        count += 1
        got = nl.errno_name(link.ask(command, payload, **more)[0])
        if "--record" in sys.argv:
            print(f"{got:12} {name}")
        elif got != wanted:
            wrong += 1
            print(f"{name}: wanted {wanted}, got {got} {link.text}")
        elif (ours and got not in ("0", "EOPNOTSUPP") and "cut" not in more and
              command <= nl.FLUSH and not (link.text and link.named)):
            wrong += 1
            print(f"{name}: {got} says {link.text!r} about {link.named}")
        after = link.table()
        if after != before:
            wrong += 1
            print(f"{name}: the table changed:\n  {before}\n  {after}")
            before = after
    print(f"{count} messages, {wrong} wrong")
    return wrong != 0


sys.exit(main())
