#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
nat_capture: hand-made packets through a masquerading director, captured behind it.

Works on the topology "bare wires" (see nat_rewrites_both_ways.sh): client and
server are interfaces without addresses, so that nothing but this program speaks
there. Every packet that leaves the director must have the right addresses and
ports, a TTL one lower, checksums that are right over the whole packet, and
everything else (TOS, identification, options, sequence numbers, payload) as it
came. The director's devices have checksum offload off, so what is captured is
what a wire would carry.
"""
import os
import select
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "netlink"))
from ipvs_nl import in_namespace  # noqa: E402

CLIENT, VIP, RIP = "10.1.0.2", "10.1.0.100", "10.2.0.11"
DIRECTOR_MAC = {"client": "020000000101", "rs1": "020000000201"}
OWN_MAC = {"client": "020000000102", "rs1": "020000000202"}
TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
failures = []


def fold(data):
    """The Internet checksum of data, before the complement."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def pseudo(source, target, protocol, length):
    return (socket.inet_aton(source) + socket.inet_aton(target) +
            struct.pack(">BBH", 0, protocol, length))


def l4(source, target, protocol, sport, dport, payload, flags=0, seq=0, ack=0,
       options=b"", checksum=True):
    """A TCP segment or UDP datagram with its checksum."""
    if protocol == TCP:
        head = struct.pack(">HHIIBBHHH", sport, dport, seq, ack,
                           (20 + len(options)) // 4 << 4, flags, 8192, 0, 0)
        data, at = head + options + payload, 16
    else:
        data = struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload
        at = 6
    if checksum:
        value = ~fold(pseudo(source, target, protocol, len(data)) + data) & 0xffff
        if protocol == UDP and value == 0:
            value = 0xffff
        data = data[:at] + struct.pack(">H", value) + data[at + 2:]
    return data


def ip(source, target, protocol, data, ttl=64, tos=0, ident=0x1234, df=True,
       options=b""):
    """An IPv4 packet."""
    head = struct.pack(">BBHHHBBH", 0x40 | (20 + len(options)) // 4, tos,
                       20 + len(options) + len(data), ident,
                       0x4000 if df else 0, ttl, protocol, 0)
    head += socket.inet_aton(source) + socket.inet_aton(target) + options
    return head[:10] + struct.pack(">H", ~fold(head) & 0xffff) + head[12:] + data


class Wire:
    """One end of a cable, as frames."""

    def __init__(self, space, device):
        in_namespace(space)
        self.space = space
        self.s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                               socket.htons(3))
        self.s.bind((device, 3))

    def send(self, packet):
        self.s.send(bytes.fromhex(DIRECTOR_MAC[self.space] +
                                  OWN_MAC[self.space] + "0800") + packet)

    def receive(self, patience=5):
        """The next IPv4 packet that came to us, or None."""
        end = time.monotonic() + patience
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.s], [], [], left)[0]:
                return None
            frame, where = self.s.recvfrom(65535)
            if where[2] != 4 and frame[12:14] == b"\x08\0":
                size = struct.unpack(">H", frame[16:18])[0]
                return frame[14:14 + size]


def passes(name, sender, receiver, sent, wanted):
    """sent goes in; wanted, and nothing else, comes out at the receiver."""
    sender.send(sent)
    got = receiver.receive()
    if got == wanted:
        return
    failures.append(name)
    print(f"{name}:\n  wanted {wanted.hex(' ', 4)}\n"
          f"  got    {got.hex(' ', 4) if got else 'nothing'}")


def both_ways(client, server, name, protocol, sport, forth, back, ipkw=None):
    """
    One packet to the VIP and one back, each with more for l4 in a dict. What
    comes out always has a checksum: a UDP datagram without one gets it.
    """
    ipkw = ipkw or {}
    forth_out, back_out = ({**more, "checksum": True} for more in (forth, back))
    port, rport = (80, 8080) if protocol == TCP else (53, 5353)
    passes(f"{name}, to the server", client, server,
           ip(CLIENT, VIP, protocol,
              l4(CLIENT, VIP, protocol, sport, port, **forth), ttl=64, **ipkw),
           ip(CLIENT, RIP, protocol,
              l4(CLIENT, RIP, protocol, sport, rport, **forth_out),
              ttl=63, **ipkw))
    passes(f"{name}, to the client", server, client,
           ip(RIP, CLIENT, protocol,
              l4(RIP, CLIENT, protocol, rport, sport, **back), ttl=64, **ipkw),
           ip(VIP, CLIENT, protocol,
              l4(VIP, CLIENT, protocol, port, sport, **back_out),
              ttl=63, **ipkw))


def zero_sum_payload(source, target, sport, dport):
    """Two bytes that make a UDP checksum come out as 0, sent as 0xffff."""
    rest = struct.pack(">HHHH", sport, dport, 10, 0)
    need = ~fold(pseudo(source, target, UDP, 10) + rest) & 0xffff
    return struct.pack(">H", need)


def main():
    client, server = Wire("client", "c0"), Wire("rs1", "e0")
    nothing = {"payload": b""}
    mss = b"\2\4\5\xb4\4\2\1\1"
    both_ways(client, server, "tcp handshake", TCP, 40000,
              {**nothing, "flags": SYN, "seq": 100, "options": mss},
              {**nothing, "flags": SYN | ACK, "seq": 900, "ack": 101,
               "options": mss})
    for size in (0, 1, 2, 3, 536, 1399, 1460):
        data = os.urandom(size)
        both_ways(client, server, f"tcp, {size} bytes", TCP, 40000,
                  {"payload": data, "flags": ACK | PSH, "seq": 101, "ack": 901},
                  {"payload": data, "flags": ACK | PSH, "seq": 901, "ack": 101})
    both_ways(client, server, "tcp, tos and identification", TCP, 40000,
              {**nothing, "flags": ACK, "seq": 5, "ack": 6},
              {**nothing, "flags": ACK, "seq": 6, "ack": 5},
              {"tos": 0xb8, "ident": 0xbeef, "df": False})
    both_ways(client, server, "tcp, ip options", TCP, 40000,
              {"payload": b"odd", "flags": ACK}, {"payload": b"odd", "flags": ACK},
              {"options": b"\1\1\1\1"})
    both_ways(client, server, "tcp close", TCP, 40000,
              {**nothing, "flags": FIN | ACK, "seq": 7, "ack": 8},
              {**nothing, "flags": FIN | ACK, "seq": 8, "ack": 8})
    both_ways(client, server, "tcp reset", TCP, 40001,
              {**nothing, "flags": SYN, "seq": 1},
              {**nothing, "flags": RST | ACK, "seq": 0, "ack": 2})
    for size in (0, 1, 2, 511, 1472):
        data = os.urandom(size)
        both_ways(client, server, f"udp, {size} bytes", UDP, 41000,
                  {"payload": data}, {"payload": data})
    both_ways(client, server, "udp without checksum", UDP, 41000,
              {"payload": b"none", "checksum": False},
              {"payload": b"none", "checksum": False})
    # The checksum that came in, and the one that goes out, may be the special
    # value either way round.
    for name, pair in (("arriving", ((CLIENT, VIP, 41001, 53),
                                     (RIP, CLIENT, 5353, 41001))),
                       ("leaving", ((CLIENT, RIP, 41001, 5353),
                                    (VIP, CLIENT, 53, 41001)))):
        forth, back = (zero_sum_payload(*p) for p in pair)
        both_ways(client, server, f"udp, checksum ffff {name}", UDP, 41001,
                  {"payload": forth}, {"payload": back})
    for i in range(30):
        data = os.urandom(i * 7)
        both_ways(client, server, f"udp, random {i}", UDP, 42000 + i,
                  {"payload": data}, {"payload": data})
    print(f"{len(failures)} wrong")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
