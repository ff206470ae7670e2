#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# timeout: 1500
#
# 10,000 servers of one service: in turns each gets as many connections as the others, the
# one with the fewest is found among all of them, and the other schedulers find one for
# each connection. TEST_SERVERS: another number.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/flood.sh
. "$here/topo/flood.sh"
[ "$module" = ours ] || skip "in-tree counts late"
servers=${TEST_SERVERS:-10000}

load_module ours
topo_flood 1
must on director "$ipvsadm" --set 0 0 3600
must on director "$ipvsadm" -A -u 10.9.1.1:53 -s rr
for ((i = 1; i <= servers; i++)); do
	echo "-a -u 10.9.1.1:53 -r 10.2.0.11:$i -m"
done | must on director "$our_ipvsadm" -R
first=0
# ask COUNT [CPUS]: in "ms", how long that took
ask() {
	local before wanted
	before=$(births)
	# shellcheck disable=SC2086 # a word or none
	read -r _ ms <<<"$(spoof udp 10.9.1.1:53 "$1" $first ${2:-})"
	first=$((first + $1))
	wanted=$((before + $1))
	wait_for 60 all_made ||
		fail "$scheduler: of $1 datagrams $(($(births) - before)) made connections"
}
all_made() {
	[ "$(births)" = "$wanted" ]
}
# How many servers have how many connections
shares() {
	on director "$our_ipvsadm" -Ln | awk '/^  -> 10/ { n[$6]++ }
		END { for (i in n) print i, n[i] }' | sort -n | paste -sd ' '
}
scheduler=rr
ask $((servers * 2))
say "rr: $((servers * 2)) connections over $servers servers in $ms ms"
expect "in turns" "2 $servers" "$(shares)"
# From one CPU: when two choose at the same time, one may go by what was before.
for scheduler in lc wlc; do
	must on director "$ipvsadm" -E -u 10.9.1.1:53 -s $scheduler
	ask $((servers / 2)) 1
	say "$scheduler: $((servers / 2)) in $ms ms"
done
expect "those with the fewest" "3 $servers" "$(shares)"
# Not mh, whose table (Debian's) has 4093 places.
for scheduler in wrr sed nq dh sh lblc lblcr fo ovf twos; do
	must on director "$ipvsadm" -E -u 10.9.1.1:53 -s $scheduler
	ask 2000
	say "$scheduler: 2000 in $ms ms"
done
