#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# machine: parallel
# timeout: 3000
#
# SYNs of spoofed clients fill the table up to conn_max and go on; connections that were
# established before lose nothing, and there are never more than conn_max.
# TEST_SYNS: another number of them.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/flood.sh
. "$here/topo/flood.sh"
[ "$module" = ours ] || skip "in-tree 6.1 has no conn_max"
syns=${TEST_SYNS:-1000000}
max=100000

load_module ours
topo_flood 1
# A server and a client behind those that drop all, for what is established.
ns_add guest rs
link guest g0 director dg
link rs r0 director dr
ip -n guest -batch - <<-END || fail "guest"
	addr add 10.3.0.2/24 dev g0
	link set g0 up
	route add default via 10.3.0.1
END
ip -n rs -batch - <<-END || fail "rs"
	addr add 10.4.0.2/24 dev r0
	link set r0 up
	route add default via 10.4.0.1
END
ip -n director -batch - <<-END || fail "director"
	addr add 10.3.0.1/24 dev dg
	addr add 10.4.0.1/24 dev dr
	link set dg up
	link set dr up
END
wait_for 30 on guest ping -qc1 -W1 10.3.0.1 || fail "the guest does not reach the director"
wait_for 30 on rs ping -qc1 -W1 10.4.0.1 || fail "rs does not reach the director"
must on director "$ipvsadm" -A -t 10.9.1.1:80 -s rr
must on director "$ipvsadm" -a -t 10.9.1.1:80 -r 10.2.0.11:80 -m
must on director "$ipvsadm" -A -t 10.9.1.2:80 -s rr
must on director "$ipvsadm" -a -t 10.9.1.2:80 -r 10.4.0.2:80 -m
must on director sysctl -qw net.ipv4.vs.conn_max=$max
serve tcp rs=10.4.0.2:80

# All ask, all answer, again and again. Retransmissions are counted: a packet that is
# lost is not a connection that is lost.
cat >"$scratch/established.py" <<'END_OF_PYTHON'
import select, socket, sys, time
CONNECTIONS = 500

def heard(sock, wanted):
    got = b""
    while len(got) < wanted:
        part = sock.recv(wanted - len(got))
        if not part:
            raise ConnectionError("closed")
        got += part
    return got

socks = []
for _ in range(CONNECTIONS):
    socks.append(socket.create_connection(("10.9.1.2", 80), timeout=120))
    assert heard(socks[-1], 3) == b"rs\n"
print("established", flush=True)
rounds, longest = 0, 0
while not select.select([sys.stdin], [], [], 0)[0]:
    began = time.monotonic()
    text = b"%015d\n" % rounds
    for s in socks:
        s.sendall(text)
    for s in socks:
        assert heard(s, 16) == text
    rounds += 1
    longest = max(longest, time.monotonic() - began)
print(rounds, "%d" % (longest * 1000))
END_OF_PYTHON
mkfifo "$scratch/stop"
exec 8<>"$scratch/stop"
on guest python3 "$scratch/established.py" <"$scratch/stop" >"$scratch/said" 2>&1 &
asks=$!
pids+=("$asks")
established() {
	grep -q established "$scratch/said"
}
wait_for 120 established || fail "$(tail -3 "$scratch/said")"
before=$(births)

sent=0 ms=0 most=0
while [ "$sent" -lt "$syns" ]; do
	n=$((syns - sent))
	[ $n -lt 200000 ] || n=200000
	read -r _ t <<<"$(spoof syn 10.9.1.1:80 $n $sent)"
	sent=$((sent + n)) ms=$((ms + t))
	there=$(entries)
	[ "$there" -le "$most" ] || most=$there
	kill -0 $asks 2>/dev/null || break
done
echo >&8
wait $asks || fail "established connections: $(tail -3 "$scratch/said")"
read -r rounds longest <<<"$(tail -1 "$scratch/said")"
refused=$(on director "$our_ipvsadm" -L --drops -n |
	awk '$1 == "all" && $3 == "conn_limit" { n = $2 } END { print n + 0 }')
say "$sent SYNs in $ms ms: $(($(births) - before)) made connections, $refused were refused;" \
	"at most $most there. 500 established ones: $rounds rounds, at most $longest ms"
[ $((refused + $(births) - before)) -ge $((sent * 9 / 10)) ] ||
	fail "of $sent SYNs only $refused were refused"
[ "$most" -ge $max ] || fail "only $most entries: the flood did not reach conn_max"
# What CPUs may have counted for themselves: see kernel/conn/limit.c.
[ "$most" -le $((max + 64 * $(nproc))) ] || fail "$most entries, conn_max is $max"
[ "$rounds" -gt 1 ] || fail "the established ones had no turn"
