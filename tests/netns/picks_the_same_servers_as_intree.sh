#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The same history of requests and edits reaches the same servers in the same order
# with our module as with the in-tree one: rr and wrr, TCP and UDP.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

# ask COUNT: every request from a port of its own, or a UDP datagram could belong to
# an earlier one's connection and need no choice.
ask() {
	on client "$traffic" ask "$proto" $vip:80 "$1" $port
	port=$((port + $1))
}

# One history: 4 x 200 requests, with servers coming, going and changing weight.
# shellcheck disable=SC2086 # $vs is two words
history() {
	local proto flag scheduler vs port=20000
	for proto in tcp udp; do
		flag=-${proto:0:1}
		for scheduler in rr wrr; do
			vs="$flag $vip:80"
			echo "# $proto $scheduler"
			on director ipvsadm -A $vs -s $scheduler
			on director ipvsadm -a $vs -r 10.2.0.11:80 -m -w 5
			on director ipvsadm -a $vs -r 10.2.0.12:80 -m -w 3
			on director ipvsadm -a $vs -r 10.2.0.13:80 -m -w 2
			ask 60
			on director ipvsadm -e $vs -r 10.2.0.12:80 -m -w 0
			ask 40
			on director ipvsadm -e $vs -r 10.2.0.12:80 -m -w 4
			on director ipvsadm -e $vs -r 10.2.0.11:80 -m -w 6
			ask 40
			on director ipvsadm -d $vs -r 10.2.0.13:80
			ask 30
			on director ipvsadm -a $vs -r 10.2.0.13:80 -m -w 8
			ask 30
			on director ipvsadm -D $vs
		done
	done
}

for which in intree ours; do
	load_module $which
	topo_nat 3
	# shellcheck disable=SC2046 # one word a server
	serve tcp $(server_list 80 3)
	# shellcheck disable=SC2046
	serve udp $(server_list 80 3)
	history >"$scratch/$which" 2>&1
	grep -q 'error\|traffic:' "$scratch/$which" &&
		fail "$which: $(grep -m3 'error\|traffic:' "$scratch/$which")"
	topo_end
done
expect "answers counted" 804 "$(wc -l <"$scratch/ours")"
expect "the order of servers" "$(cat "$scratch/intree")" "$(cat "$scratch/ours")"
