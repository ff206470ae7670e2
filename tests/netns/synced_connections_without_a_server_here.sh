#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A connection that a peer told of, to a server that is not configured here, is
# forwarded by its own method, also through a queue to user space. To a NAT server
# on this host it is delivered, unless connection tracking knows the packet.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

load_module "$module"
topo_link 1
# The hooks of both families come with a service.
must on director "$ipvsadm" -A -t 10.9.1.1:9 -s rr
must on director "$ipvsadm" -A -t '[fd09::1]:9' -s rr
must on director "$ipvsadm" --start-daemon backup --mcast-interface s0 --syncid 7

hear() { # CPORT WORDS...
	python3 "$here/tools/sync.py" record "$@" |
		must on peer python3 "$here/tools/sync.py" say s1 224.0.0.81 8848
	wait_for 30 on director grep -q "$(printf ' %04X ' "$1")" /proc/net/ip_vs_conn_sync ||
		fail "not heard: $*"
}
send() { # CPORT WORD
	must on client python3 "$here/tools/sync.py" packets c0 10.1.0.5:"$1" 10.9.1.1:80 "$2" \
		>/dev/null
}

# --- by the connection's method, whoever holds the packet on its way -------------------
on servers tc filter del dev e0 ingress
must on servers tc filter add dev e0 ingress pref 1 protocol ip flower \
	ip_proto udp src_ip 10.1.0.5 action drop
must on servers tc filter add dev e0 ingress pref 2 matchall action drop
arrived() { # COUNT
	[ "$(on servers tc -s filter show dev e0 ingress |
		awk '/pref 2/ { exit } { print }' | awk '/Sent/ { n += $4 } END { print n + 0 }')" = "$1" ]
}
# NAT, tunnels need a server, direct routing.
hear 1001 proto=17 state=0 flags=0
hear 1002 proto=17 state=0 flags=3
send 1001 U
send 1002 U
wait_for 30 arrived 2 || fail "without a queue: $(on servers tc -s filter show dev e0 ingress)"

on director python3 "$here/tools/nfqueue.py" 5 >"$scratch/queue" 2>&1 &
pids+=($!)
wait_for 30 grep -q ready "$scratch/queue" || fail "no queue: $(cat "$scratch/queue")"
wanted=2
for hook in OUTPUT POSTROUTING; do
	must on director iptables -t mangle -A $hook -s 10.1.0.5 -j NFQUEUE --queue-num 5
	send 1001 U
	send 1002 U
	wanted=$((wanted + 2))
	wait_for 30 arrived $wanted || fail "a packet does not come out of the queue at $hook"
	must on director iptables -t mangle -D $hook -s 10.1.0.5 -j NFQUEUE --queue-num 5
done

# --- to this host ------------------------------------------------------------------------
ip -n director addr add 10.2.0.77/32 dev lo
hear 1003 proto=17 state=0 flags=0 server=10.2.0.77
on director python3 -uc '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.2.0.77", 80))
print("ready")
while True:
    print(s.recvfrom(100)[1][1])' >"$scratch/server" 2>&1 &
pids+=($!)
wait_for 30 grep -q ready "$scratch/server" || fail "$(cat "$scratch/server")"
received() { # COUNT
	[ "$(grep -cx 1003 "$scratch/server")" = "$1" ]
}
send 1003 U
wait_for 30 received 1 || fail "not delivered"
must on director iptables -A INPUT -m conntrack --ctstate INVALID -j DROP
send 1003 U
# One that is not tracked, behind it: by then the other is there or will not be.
must on director iptables -t raw -A PREROUTING -p udp --sport 1003 -j CT --notrack
send 1003 U
wait_for 30 received 2 || fail "not delivered: $(cat "$scratch/server")"
expect "delivered: all but the tracked one" 2 "$(grep -cx 1003 "$scratch/server")"
