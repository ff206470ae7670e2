#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# timeout: 3000
#
# A million connections are there at once, none of them is made twice, and one costs no
# more memory than in-tree; the module takes all of it with it when it goes.
# TEST_CONNECTIONS: another number.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/flood.sh
. "$here/topo/flood.sh"
[ "$module" = ours ] || skip "compares both"
wanted=${TEST_CONNECTIONS:-1000000}

# hold ours|intree: in "total", bytes a connection
hold() {
	local before slab mapped slab0 mapped0 each table sent=0 made=0 ms=0 n t
	unload_module
	if [ "$1" = ours ]; then
		load_module ours
	else
		# In-tree 6.1 has a table of fixed size: its largest.
		must modprobe --ignore-install ip_vs conn_tab_bits=20
		must modprobe --ignore-install ip_vs_rr
	fi
	topo_flood 4
	must on director "$ipvsadm" --set 0 0 7200
	must on director "$ipvsadm" -A -u 10.9.1.1:53 -s rr
	for n in 1 2 3 4; do
		must on director "$ipvsadm" -a -u 10.9.1.1:53 -r 10.2.0.1$n:53 -m
	done
	# Routes, the table's first size: all that is there once.
	spoof udp 10.9.1.1:53 1000 >/dev/null
	read -r slab0 mapped0 <<<"$(kernel_memory)"
	sent=1000
	before=$(births)
	while [ "$made" -lt "$wanted" ]; do
		n=$((wanted - made))
		[ $n -lt 100000 ] || n=100000
		read -r _ t <<<"$(spoof udp 10.9.1.1:53 $n $sent)"
		sent=$((sent + n)) ms=$((ms + t))
		wait_for 60 quiet
		made=$(($(births) - before))
		# Some are lost on a busy host; not a tenth of them.
		[ $sent -lt $((wanted * 11 / 10 + 2000)) ] ||
			fail "$1: of $sent datagrams $made made connections"
	done
	wait_for 60 quiet
	made=$(($(births) - before))
	read -r slab mapped <<<"$(kernel_memory)"
	each=$((slab - slab0 + mapped - mapped0)) table=$((8 << 20))
	if [ "$1" = ours ]; then
		table=$(table_bytes)
		each=$((each - table))
		expect "entries there" $((made + 1000)) "$(entries)"
	fi
	total=$(((each + table) / made))
	say "$1: $made connections held, made in $ms ms: $((each / made)) slab bytes each," \
		"and a table of $((table >> 10)) KiB: $total in all"
	topo_end
	t=$(date +%s%N)
	unload_module
	say "$1: unloaded, with all of them, after $((($(date +%s%N) - t) / 1000000)) ms"
}

table_bytes() { # ours, of pointers
	# shellcheck disable=SC2016 # awk's
	on director awk '/buckets:/ && !/empty/ { n += $3 } END { print n * 8 }' \
		/proc/net/ip_vs_status
}

last=
quiet() { # nothing was made since the last look; in-tree counts every two seconds
	local now
	sleep $(($(loaded ip_vs_rr && echo 3 || echo 1)))
	now=$(births)
	[ "$now" = "$last" ] && return
	last=$now
	return 1
}

hold intree
theirs=$total
hold ours
[ $total -le $theirs ] || fail "ours needs $total bytes a connection, in-tree $theirs"
