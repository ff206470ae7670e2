#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
Services and servers whose identities were chosen to collide: all are added, and
none waits long in a bucket.

usage: chosen_keys.py N         (N of each kind)

Families of identities:
    halves   IPv6 addresses 2001:db8:0:i:0:i::1, whose words xor to one number
    words    the same for other pairs of words
    protos   protocols and ports whose bits overlap (netlink takes any of 16 bits)
    marks    firewall marks i << 16, and i << 16 with the other family
"""
import errno
import struct
import sys

from ipvs_nl import (ADDR, AF, D_ADDR, D_FAMILY, D_LOWER, D_METHOD, D_PORT,
                     D_UPPER, D_WEIGHT, DEST, FLAGS, FLUSH, FWMARK, NETMASK,
                     NEW_DEST, NEW_SERVICE, PORT, PROTOCOL, SCHED_NAME, SERVICE,
                     TIMEOUT, Socket, attr, attrs, be16, ip4, u16, u32)

TUNNEL = 2


def words(*numbers):
    return struct.pack(">4I", *numbers)


def settings(v6=True):
    return {SCHED_NAME: b"rr\0", FLAGS: u32(0) + u32(0xffffffff), TIMEOUT: u32(0),
            NETMASK: u32(128 if v6 else 0xffffffff)}


def by_address(addr, proto=6, port=80):
    v6 = len(addr) == 16 and addr[4:] != bytes(12)
    return {AF: u16(10 if v6 else 2), PROTOCOL: u16(proto), ADDR: addr,
            PORT: be16(port)}


def halves(n):
    for i in range(1, n + 1):
        yield by_address(words(0x20010db8, i, i, 0x10000))


def other_words(n):
    for i in range(1, n + 1):
        yield by_address(words(0x20010db8 ^ i, 1, 2, i))


def protos(n):
    """Ports' low byte and protocols' high byte: one of the two, or both."""
    some = 0
    for port in range(256):
        for high in range(1, 256):
            if some < n and port | high == 0xff and some < 6000:
                some += 1
                yield by_address(ip4("10.9.0.1"), high << 8 | 6, 0x5000 | port)


def marks(n):
    for i in range(1, n // 2 + 1):
        for af in (2, 10):
            yield {AF: u16(af), FWMARK: u32(i << 16)}


def add_services(nl, name, identities, n):
    for i, identity in enumerate(identities(n)):
        v6 = identity[AF] == u16(10)
        err, _ = nl.ask(NEW_SERVICE,
                        attr(SERVICE, attrs({**identity, **settings(v6)})))
        if err:
            sys.exit(f"{name}: service {i} of {n}: {errno.errorcode[err]}")
    look_at_chains(name)


def longest_chain():
    """Of the services, from /proc/net/ip_vs_status; 7 stands for 7 and more."""
    longest = 0
    with open("/proc/net/ip_vs_status", encoding="ascii") as status:
        for line in status:
            if line.startswith("Service buckets len-"):
                longest = int(line.split("len-")[1].split(":")[0])
                many = int(line.split(":")[1].split("(")[0])
                if longest == 7 and many > 8:
                    sys.exit(f"{many} chains of 7 services and more")
    return longest


def look_at_chains(name):
    print(f"{name}: longest chain {longest_chain()}")


def server(addr, method, port):
    v6 = len(addr) == 16
    return attr(DEST, attrs({
        D_FAMILY: u16(10 if v6 else 2), D_ADDR: addr, D_PORT: be16(port),
        D_METHOD: u32(method), D_WEIGHT: u32(1), D_UPPER: u32(0),
        D_LOWER: u32(0)}))


def add_servers(nl, n):
    """By address, and by the address's peer entry (tunnels are known by it)."""
    svc = by_address(words(0x20010db8, 0, 0, 1))
    err, _ = nl.ask(NEW_SERVICE, attr(SERVICE, attrs({**svc, **settings()})))
    if err:
        sys.exit(f"servers' service: {errno.errorcode[err]}")
    for i in range(1, n + 1):
        addr = words(0x20010db8, i, i, 0x10000)
        err, _ = nl.ask(NEW_DEST, attr(SERVICE, attrs(svc)) +
                        server(addr, TUNNEL, 80))
        if err:
            sys.exit(f"server {i} of {n}: {errno.errorcode[err]}")
    print(f"servers: {n}")


class Asker(Socket):
    """Acknowledged requests, nothing else."""

    def ask(self, command, payload=b""):
        return self.raw(self.family, command, payload)


def main():
    n = int(sys.argv[1])
    nl = Asker()
    for name, identities in (("halves", halves), ("words", other_words),
                             ("protos", protos), ("marks", marks)):
        add_services(nl, name, identities, n)
        nl.ask(FLUSH)
    add_servers(nl, n)
    nl.ask(FLUSH)


if __name__ == "__main__":
    main()
