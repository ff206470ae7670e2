#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# conn_max holds to the last connection whatever comes, and a new one holds at once.
# (That refusing is cheap: tests/unit/conns.)
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "in-tree 6.1 has no conn_max"
modprobe -q pktgen 2>/dev/null || [ -d /proc/net/pktgen ] || skip "no pktgen"

load_module ours
topo_nat 1
# The server keeps silent.
must on rs1 tc qdisc add dev e0 clsact
must on rs1 tc filter add dev e0 ingress matchall action drop
must ip -n director neigh replace 10.2.0.11 dev lan nud permanent \
	lladdr "$(on rs1 cat /sys/class/net/e0/address)"
must on director "$our_ipvsadm" -A -u $vip:80 -s rr
must on director "$our_ipvsadm" -a -u $vip:80 -r 10.2.0.11:80 -m
gateway=$(on director cat /sys/class/net/d0/address)

# What reaches the director, counted just before our hooks.
must on director iptables -t mangle -A PREROUTING -d $vip -p udp --dport 80
sent=0

flood() { # FIRST-PORT COUNT: a datagram from each port
	# shellcheck disable=SC2016 # for the inner shell
	on client bash -c '
		pg() { echo "$2" >"/proc/net/pktgen/$1" || exit 1; }
		pg kpktgend_0 rem_device_all
		pg kpktgend_0 "add_device c0"
		for c in "count $3" "clone_skb 0" "pkt_size 60" "delay 0" \
			"dst $1" "src_min 10.1.0.2" "src_max 10.1.0.2" \
			"dst_mac $4" "udp_dst_min 80" "udp_dst_max 80" \
			"udp_src_min $2" "udp_src_max $(($2 + $3))"; do
			pg c0 "$c"
		done
		pg pgctrl start' \
		flood $vip "$1" "$2" "$gateway" || fail "flood"
	# "start" returns at once if the thread does not get the CPU in time.
	wait_for 60 on client grep -q "^Result: OK" /proc/net/pktgen/c0 ||
		fail "pktgen does not end"
	sent=$((sent + $2))
	wait_for 60 all_arrived || {
		losses client director
		fail "of $sent datagrams $(arrived) reached the director"
	}
	wait_for 60 all_handled || {
		losses client director
		fail "of $sent datagrams $(entries) have entries, $(refused) were refused"
	}
}
arrived() {
	on director iptables -t mangle -L PREROUTING -vnx | awk '/dpt:80/ { print $1 }'
}
all_arrived() {
	[ "$(arrived)" = "$sent" ]
}
entries() {
	on director grep -c '^UDP' /proc/net/ip_vs_conn
}
refused() {
	on director "$our_ipvsadm" -L --drops -n |
		awk '$1 == "all" && $3 == "conn_limit" { n = $2 } END { print n + 0 }'
}
all_handled() {
	[ $(($(entries) + $(refused))) = "$sent" ]
}
must on director sysctl -qw net.ipv4.vs.conn_max=500
flood 2000 300
expect "below the limit" "300 0" "$(entries) $(refused)"
flood 3000 4000
expect "at the limit" "500 3800" "$(entries) $(refused)"
flood 10000 10000
expect "after a flood of 10,000" "500 13800" "$(entries) $(refused)"

must on director sysctl -qw net.ipv4.vs.conn_max=600
flood 20000 200
expect "a higher limit holds at once" "600 13900" "$(entries) $(refused)"
must on director sysctl -qw net.ipv4.vs.conn_max=10
flood 30000 100
expect "a lower one ends nothing" "600 14000" "$(entries) $(refused)"
must on director sysctl -qw net.ipv4.vs.conn_max=0
flood 31000 100
expect "0 lets nothing in" "600 14100" "$(entries) $(refused)"
