#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
fastpath: one story of packets and changes, and all that can be seen of it.

usage: fastpath.py short|full

Works on the topology "bare wires" (see fastpath_changes_nothing.sh), on one CPU: what
a packet causes has arrived before the answer to the ARP request that is sent behind it.
Prints, for each packet, the frames that came out of the director; at the end what the
director counted and the states of its connections. All of that has to be the same
whether net.ipv4.vs.fastpath is 0 (full) or 1 (short).

Each packet also says which counter of /proc/net/ip_vs_fast it moves, by one and alone,
when the short way is on: a packet that stays on the full path by mistake fails.
"""
import os
import select
import socket
import struct
import subprocess
import sys

from nat_capture import (ACK, CLIENT, DIRECTOR_MAC, FIN, OWN_MAC, PSH, RIP, RST, SYN, TCP,
                         UDP, VIP, Wire, ip, l4)

SHORT = sys.argv[1] == "short"
GATE = {"client": "10.1.0.1", "rs1": "10.2.0.1"}
HOST = {"client": CLIENT, "rs1": RIP}
problems = []


def run(*words, check=True):
    return subprocess.run(["ip", "netns", "exec", "director", *words], check=check,
                          text=True, capture_output=True).stdout


def do(text):
    print("#", text)
    subprocess.run(["ip", "netns", "exec", "director", "sh", "-c", text], check=True,
                   stdout=subprocess.DEVNULL)


class Side(Wire):
    """A wire on which a request for an address marks the end of a packet's effects."""

    def frames(self):
        """What came out since the last call, without our own."""
        got = []
        while True:
            try:
                frame, where = self.s.recvfrom(65535, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return got
            if where[2] != 4:
                got.append(frame)

    def settle(self):
        """Everything that was sent has been handled."""
        ask = bytes.fromhex("ffffffffffff" + OWN_MAC[self.space] + "0806" +
                            "0001080006040001" + OWN_MAC[self.space])
        ask += (socket.inet_aton(HOST[self.space]) + bytes(6) +
                socket.inet_aton(GATE[self.space]))
        self.s.send(ask)
        got = []
        for _ in range(1000):
            new = self.frames()
            got += [f for f in new if f[12:14] == b"\x08\0"]
            if any(f[12:14] == b"\x08\x06" and f[20:22] == b"\0\2" for f in new):
                return got
            if not select.select([self.s], [], [], 30)[0]:
                break
        raise SystemExit(f"no answer to ARP on the wire of {self.space}")


def counts():
    return {w[0]: int(w[1]) for w in
            (line.split() for line in run("cat", "/proc/net/ip_vs_fast").splitlines())}


def timer(side, packet):
    """What the connection of a packet that has just come is in, and the minutes that it
    has left, rounded up: the packet has started its timer anew.
    """
    at = (packet[0] & 15) * 4 + (0 if side is client else 2)
    port = "%04X" % struct.unpack_from(">H", packet, at)
    return [f"{words[-2]} {-(-int(words[-1]) // 60)}"
            for words in map(str.split, run("cat", "/proc/net/ip_vs_conn").splitlines())
            if words[2] == port]


def shown(frame):
    """A frame as text; errors are numbered at random, and so are outer headers."""
    head = bytearray(frame)
    if head[23] in (1, 4, 47) or (head[23] == UDP and frame[36:38] == b"\x17\xc0"):
        head[18:20] = head[24:26] = b"\0\0"
    return bytes(head).hex()


def send(name, side, packet, reason, raw=False, deaf=False):
    """A packet; what comes out; and which counter it moves on the short way. The
    director does not answer on the packet's own wire if that is deaf.
    """
    before = counts()
    if raw:
        side.s.send(packet)
    else:
        side.send(packet)
    other = server if side is client else client
    asked, silent = (other, side) if deaf else (side, other)
    got = {asked: asked.settle(),
           silent: [f for f in silent.frames() if f[12:14] == b"\x08\0"]}
    print(name)
    for label, frames in (("back", got[side]), ("on", got[other])):
        for f in frames:
            print(" ", label, shown(f))
    if reason in ("requests", "answers") and not raw:
        print("  timer", *timer(side, packet))
    after = counts()
    moved = {k: after[k] - before[k] for k in after if after[k] != before[k]}
    wanted = {reason: 1} if reason else {}
    if SHORT and reason is not None and moved != wanted:
        problems.append(f"{name}: moved {moved}, wanted {wanted}")
    if not SHORT and moved:
        problems.append(f"{name}: moved {moved} on the full path")


def request(port, sport, proto=UDP, **more):
    header = {k: more.pop(k) for k in ("ttl", "tos", "df", "options", "ident")
              if k in more}
    more.setdefault("payload", b"request")
    return ip(CLIENT, VIP, proto, l4(CLIENT, VIP, proto, sport, port, **more), **header)


def answer(port, sport, proto=UDP, **more):
    header = {k: more.pop(k) for k in ("ttl", "tos", "df", "options", "ident")
              if k in more}
    more.setdefault("payload", b"an answer")
    return ip(RIP, CLIENT, proto, l4(RIP, CLIENT, proto, port, sport, **more), **header)


def warm(sport, port=53, rport=5353):
    """A UDP flow, on the short way in both directions at its end."""
    send(f"udp {port} {sport}: opens", client, request(port, sport), "slow_no_connection")
    send(f"udp {port} {sport}: is learnt", client, request(port, sport), "slow_unknown")
    send(f"udp {port} {sport}: short", client, request(port, sport), "requests")
    if rport:
        send(f"udp {port} {sport}: answer learnt", server, answer(rport, sport),
             "slow_unknown")
        send(f"udp {port} {sport}: answer short", server, answer(rport, sport), "answers")


def tcp_session(sport, port, rport):
    """From SYN to the last ACK, then a reset on another."""
    def to(name, flags, reason, seq=1, **more):
        send(f"tcp {port} {sport}: {name}", client,
             request(port, sport, TCP, flags=flags, seq=seq, ack=2, **more), reason)

    def back(name, flags, reason, seq=1, **more):
        send(f"tcp {port} {sport}: {name}", server,
             answer(rport, sport, TCP, flags=flags, seq=seq, ack=2, **more), reason)

    both = rport is not None
    to("SYN", SYN, "slow_protocol", payload=b"")
    if both:
        back("SYN-ACK", SYN | ACK, "slow_protocol", payload=b"")
    to("ACK", ACK, "slow_unknown", payload=b"")
    for size in (0, 1, 2, 3, 536, 1399, 1460):
        to(f"{size} bytes", ACK | PSH, "requests", payload=os.urandom(0) + b"x" * size)
        if both:
            back(f"{size} bytes back", ACK | PSH, "answers" if size else "slow_unknown",
                 payload=b"y" * size)
    to("timestamps", ACK, "requests", options=b"") if not both else to(
        "urgent", ACK | PSH | 0x20, "requests")
    to("FIN", FIN | ACK, "requests", payload=b"")
    if both:
        back("FIN back", FIN | ACK, "answers", payload=b"")
    to("last ACK", ACK, "requests", payload=b"")
    states(f"after tcp {port} {sport}")
    to("reset", RST, "requests", payload=b"")


def fragmented(packet):
    """The two halves of an IPv4 packet."""
    head, data = packet[:20], packet[20:]
    cut = len(data) // 16 * 8

    def part(offset, more, body):
        h = head[:2] + struct.pack(">HHH", 20 + len(body), 0x1234,
                                   offset // 8 | (0x2000 if more else 0)) + head[8:10]
        total = sum(struct.unpack(">9H", h + head[12:20]))
        while total >> 16:
            total = (total & 0xffff) + (total >> 16)
        return h + struct.pack(">H", ~total & 0xffff) + head[12:20] + body
    return part(0, True, data[:cut]), part(cut, False, data[cut:])


def states(when):
    """Connections; how long they have left depends on how fast the story is told."""
    print("connections", when)
    for line in sorted(run("cat", "/proc/net/ip_vs_conn").splitlines()[1:]):
        print(" ", *line.split()[:-1])


def kinds():
    """Packets that the stack has something to do with, on a flow that is short."""
    send("options", client, request(53, 41000, options=b"\1\1\1\1"), "slow_packet")
    send("ttl 1", client, request(53, 41000, ttl=1), "slow_packet")
    send("ttl 2", client, request(53, 41000, ttl=2), "requests")
    send("answer, ttl 1", server, answer(5353, 41000, ttl=1), "slow_packet")
    send("answer, ttl 2", server, answer(5353, 41000, ttl=2), "answers")
    send("no DF", client, request(53, 41000, df=False), "requests")
    send("answer, no DF", server, answer(5353, 41000, df=False), "answers")
    for ecn in (1, 2, 3):
        send(f"ecn {ecn}", client, request(53, 41000, tos=ecn), "requests")
        send(f"answer, ecn {ecn}", server, answer(5353, 41000, tos=ecn), "answers")
    send("other service", client, request(53, 41000, tos=0xb8), "slow_unknown")
    send("the same again", client, request(53, 41000, tos=0xb8), "requests")
    send("back to none", client, request(53, 41000), "slow_unknown")
    send("no sum", client, request(53, 41000, checksum=False), "requests")
    send("answer, no sum", server, answer(5353, 41000, checksum=False), "answers")
    for size in (0, 1, 511, 1472):
        send(f"{size} bytes", client, request(53, 41000, payload=b"z" * size), "requests")
        send(f"answer, {size} bytes", server, answer(5353, 41000, payload=b"z" * size),
             "answers")
    wrong = bytearray(request(53, 41000))
    wrong[10] ^= 1
    send("wrong header sum", client, bytes(wrong), "")
    wrong = bytearray(request(53, 41000))
    wrong[27] ^= 1
    send("wrong sum", client, bytes(wrong), "requests")
    send("padded", client, request(53, 41000) + b"padding of the link", "requests")
    send("answer, padded", server, answer(5353, 41000) + b"padding of the link",
         "answers")
    send("short of a header", client,
         ip(CLIENT, VIP, UDP, struct.pack(">HH", 41000, 53)), "slow_protocol")
    for part in fragmented(request(53, 41000, payload=b"f" * 64)):
        send("fragment", client, part, None)
    for part in fragmented(answer(5353, 41000, payload=b"f" * 64)):
        send("answer's fragment", server, part, None)
    frame = bytes.fromhex(DIRECTOR_MAC["client"] + OWN_MAC["client"] + "8100000a0800")
    send("tagged", client, frame + request(53, 41000), None, raw=True)
    frame = bytes.fromhex("020000000999" + OWN_MAC["client"] + "0800")
    send("another host's", client, frame + request(53, 41000), "", raw=True)
    frame = bytes.fromhex("ffffffffffff" + OWN_MAC["client"] + "0800")
    send("to all", client, frame + request(53, 41000), "slow_packet", raw=True)
    send("icmp", client, ip(CLIENT, VIP, 1, b"\3\3\0\0\0\0\0\0"), "slow_protocol")
    send("unknown flow", server, answer(5353, 41999), "slow_no_connection")
    send("not ours", client, ip(CLIENT, "10.2.0.11", UDP, l4(CLIENT, "10.2.0.11", UDP, 1,
                                                            2, b"through")),
         "slow_no_connection")


def services():
    """Methods, and what services say."""
    warm(42000, 54, None)
    send("dr, no DF", client, request(54, 42000, df=False), "requests")
    send("dr, full size", client, request(54, 42000, payload=b"d" * 1472), "requests")
    tcp_session(40000, 80, 8080)
    tcp_session(40001, 81, None)
    # A persistent service: the first answer makes the template ASSURED.
    warm(43000, 55, 5555)
    states("of a persistent service")
    for _ in range(4):
        send("one-packet", client, request(56, 44000), "slow_no_connection")


def changes():
    """Each change is followed by what the next packets do."""
    def both(name, to="requests", back="answers", **more):
        send(f"{name}: request", client, request(53, 41000, **more), to)
        send(f"{name}: answer", server, answer(5353, 41000, **more), back)

    def again(name):
        both(f"{name}, is learnt", "slow_unknown", "slow_unknown")
        both(f"{name}, is short")

    def undo(name):
        # Where both directions are known again before what follows.
        both(f"{name}", None, None)
        both(f"{name}", None, None)
        both(f"{name}, is short")

    both("before")
    do("ip link set d1 mtu 600")
    again("mtu of the servers' link")
    long = {"payload": b"l" * 700}
    send("too long", client, request(53, 41000, **long), "slow_size")
    do("ip link set d1 mtu 1500; ip link set d0 mtu 600")
    again("mtu of the clients' link")
    send("too long back", server, answer(5353, 41000, **long), "slow_size")
    send("too long back, may be cut", server, answer(5353, 41000, df=False, **long),
         "slow_size")
    do("ip link set d0 mtu 1500")
    again("mtu restored")
    do("ip neigh replace 10.2.0.11 lladdr 02:00:00:00:02:77 dev d1 nud permanent")
    do("ip neigh replace 10.1.0.2 lladdr 02:00:00:00:01:77 dev d0 nud permanent")
    both("neighbours changed")
    do("ip neigh replace 10.2.0.11 lladdr 02:00:00:00:02:02 dev d1 nud permanent")
    do("ip neigh replace 10.1.0.2 lladdr 02:00:00:00:01:02 dev d0 nud permanent")
    both("neighbours restored")
    do("ip route add 10.1.0.2/32 via 10.2.0.11 dev d1")
    both("a route to the client over the servers' link", "slow_unknown", "slow_unknown")
    both("the same, the next", None, None)
    both("the same, once more")
    do("ip route del 10.1.0.2/32 via 10.2.0.11 dev d1")
    undo("route removed")
    do("sysctl -qw net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.d1.send_redirects=1")
    both("redirects are not sent to another link")
    do("ip route add blackhole 10.1.0.2/32")
    both("the client is unreachable", None, "slow_unknown")
    do("ip route del blackhole 10.1.0.2/32")
    undo("reachable again")
    do("sysctl -qw net.ipv4.ip_forward=0")
    both("no forwarding", "slow_unknown", "slow_unknown")
    both("no forwarding, the next", None, "slow_unknown")
    do("sysctl -qw net.ipv4.ip_forward=1")
    undo("forwarding again")
    # With a route, as the error for a neighbour that is not there would come late.
    do("ip addr del 10.1.0.100/32 dev d0; ip route add unreachable 10.1.0.100/32")
    both("no virtual address", "slow_unknown", None)
    do("ip route del unreachable 10.1.0.100/32; ip addr add 10.1.0.100/32 dev d0")
    undo("virtual address again")
    do("sysctl -qw net.ipv4.conf.d0.rp_filter=1 net.ipv4.conf.d1.rp_filter=1")
    again("sources are checked")
    do("ip route add 10.1.0.2/32 via 10.2.0.11 dev d1")
    send("the source is wrong", client, request(53, 41000), "slow_unknown", deaf=True)
    do("ip route del 10.1.0.2/32 via 10.2.0.11 dev d1")
    do("sysctl -qw net.ipv4.conf.d0.rp_filter=0 net.ipv4.conf.d1.rp_filter=0")
    undo("sources are not checked")
    do("sysctl -qw net.ipv4.vs.conntrack=1")
    both("a connection keeps what it was born with")
    do("sysctl -qw net.ipv4.vs.conntrack=0")
    do("sysctl -qw net.ipv4.vs.reschedule_unavailable=1")
    both("rescheduling", "slow_connection")
    do("sysctl -qw net.ipv4.vs.reschedule_unavailable=0")
    both("no rescheduling")
    if os.path.exists("/proc/net/xfrm_stat"):
        do("ip xfrm policy add dir fwd src 10.9.0.0/16 dst 10.8.0.0/16")
        both("a policy", None, None)
        both("a policy, the next", "requests", "slow_route")
        do("ip xfrm policy flush")
    undo("no policy")
    # Nothing is sent before the neighbour is known: an error for it would come late.
    do("ip link set d1 down; ip link set d1 up; ip neigh replace 10.2.0.11 "
       "lladdr 02:00:00:00:02:02 dev d1 nud permanent")
    undo("link up again")
    rules()
    do(f"{IPVSADM} -d -u {VIP}:53 -r {RIP}:5353")
    both("server removed", "slow_connection", "slow_connection")
    do(f"{IPVSADM} -a -u {VIP}:53 -r {RIP}:5353 -m")
    both("server back", None, None)
    both("server back, the next", None, None)
    both("server back, is short")
    do(f"{IPVSADM} -e -u {VIP}:53 -r {RIP}:5353 -m -w 0")
    both("server edited", "slow_route")
    both("server quiet")
    # The kernel does not forget that there was a rule.
    do("ip rule add fwmark 7 lookup main")
    both("a rule", "slow_route", "slow_route")
    do("ip rule del fwmark 7 lookup main")
    do(f"{IPVSADM} -D -u {VIP}:53")
    both("service removed", "slow_connection", "slow_connection")


def rules():
    """Somebody else looks: the next packet is seen, and after the last it is not."""
    def both(name, to="requests", back="answers"):
        send(f"{name}: request", client, request(53, 41000), to)
        send(f"{name}: answer", server, answer(5353, 41000), back)

    def seen(table, names):
        for name in names:
            text = run("nft", "list", "chain", *table.split(), name)
            print(" ", name, [w for w in text.replace("}", "").splitlines()
                              if "packets" in w])

    chains = {
        "input": ("input", "slow_watched", "answers"),
        "forward": ("forward", "requests", "slow_watched"),
        "output": ("output", "requests", "answers"),
        "postrouting": ("postrouting", "requests", "answers"),
        "prerouting": ("prerouting", "requests", "answers"),
    }
    for family in ("ip", "inet"):
        for name, (hook, to, back) in chains.items():
            do(f"nft add table {family} t")
            do(f"nft 'add chain {family} t c {{ type filter hook {hook} priority 0; }}'")
            do(f"nft add rule {family} t c udp length '> 0' counter")
            both(f"nft {family} {name}", to, back)
            seen(f"{family} t", ["c"])
            do(f"nft delete table {family} t")
            both(f"nft {family} {name} gone")
    do("nft 'add table ip t; add chain ip t c { type filter hook prerouting priority "
       "2147483647; }; add rule ip t c counter'")
    both("nft last at prerouting", None, None)
    seen("ip t", ["c"])
    do("nft delete table ip t")
    both("nft last gone")


IPVSADM = os.environ["IPVSADM"]
os.sched_setaffinity(0, {0})
snmp = run("cat", "/proc/net/snmp")
client, server = Side("client", "c0"), Side("rs1", "e0")
for s in (client, server):
    s.settle()
warm(41000)
kinds()
services()
changes()
states("at the end")
print(run(IPVSADM, "-Ln", "--stats"))
# Without the rates, which depend on the moment.
print(*run("cat", "/proc/net/ip_vs_stats").splitlines()[:3], sep="\n")


def numbers(text):
    return [(w.split()[0], i, int(n)) for w in text.splitlines()
            if w.split()[0] in ("Ip:", "Icmp:", "Udp:", "Tcp:") and w.split()[1].isdigit()
            for i, n in enumerate(w.split()[1:])]


for (group, i, old), (_, _, new) in zip(numbers(snmp),
                                        numbers(run("cat", "/proc/net/snmp"))):
    print(group, i, new - old)
print(counts(), file=sys.stderr)
for p in problems:
    print(p, file=sys.stderr)
sys.exit(bool(problems))
