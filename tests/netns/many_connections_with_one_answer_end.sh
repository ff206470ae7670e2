#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 20,000 connections whose answers cannot be told apart (one client's port, one
# server's port, as many virtual ports) come and go as fast as any others.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "in-tree hashes differently"
modprobe -q pktgen 2>/dev/null || [ -d /proc/net/pktgen ] || skip "no pktgen"

load_module "$module"
topo_nat 1
n=20000
[ -z "${UML:-}" ] || n=4000
# The server keeps silent.
must on rs1 tc qdisc add dev e0 clsact
must on rs1 tc filter add dev e0 ingress matchall action drop
must ip -n director neigh replace 10.2.0.11 dev lan nud permanent \
	lladdr "$(on rs1 cat /sys/class/net/e0/address)"
must on director iptables -t mangle -A PREROUTING -d $vip -p udp \
	-j MARK --set-mark 1
must on director "$our_ipvsadm" -A -f 1 -s rr
must on director "$our_ipvsadm" -a -f 1 -r 10.2.0.11:80 -m
must on director "$our_ipvsadm" --set 0 0 6
gateway=$(on director cat /sys/class/net/d0/address)

conns() {
	# shellcheck disable=SC2016 # for awk to expand
	on director awk '/^Conns:/ { print $2 }' /proc/net/ip_vs_status
}
no_conns() {
	[ "$(conns)" = 0 ]
}

send() { # SOURCE-PORTS: of one datagram to each of many virtual ports
	# shellcheck disable=SC2016 # for the inner shell
	on client bash -c '
		pg() { echo "$2" >"/proc/net/pktgen/$1" || exit 1; }
		pg kpktgend_0 rem_device_all
		pg kpktgend_0 "add_device c0"
		for c in "count $3" "clone_skb 0" "pkt_size 60" "delay 0" \
			"dst $1" "src_min 10.1.0.2" "src_max 10.1.0.2" \
			"dst_mac $4" "udp_dst_min 10000" \
			"udp_dst_max $((10000 + $3))" \
			"udp_src_min 4000" "udp_src_max $((4000 + $2))"; do
			pg c0 "$c"
		done
		pg pgctrl start' \
		send $vip "$1" $n "$gateway" || fail "pktgen"
	# "start" returns at once if the thread does not get the CPU in time.
	wait_for 60 on client grep -q "^Result: OK" /proc/net/pktgen/c0 ||
		fail "pktgen does not end"
}

# Milliseconds from the last datagram, after which the youngest has 6 seconds left,
# until all are gone: in "took".
lasts() { # SOURCE-PORTS
	local start
	send "$1"
	start=$(date +%s%3N)
	[ "$(conns)" -gt $((n / 8)) ] || fail "$(conns) of $n connections"
	wait_for 120 no_conns || fail "$(conns) connections do not end"
	took=$(($(date +%s%3N) - start))
}

lasts $n
distinct=$took
lasts 1
echo "distinct answers: $distinct ms, equal answers: $took ms"
[ "$took" -lt $((2 * distinct + 1000)) ] ||
	fail "with equal answers $took ms, with distinct ones $distinct ms"
