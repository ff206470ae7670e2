#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Daemons with threads that talk, under load: their interface goes away, they stop,
# their namespace goes; while they run the module stays, and then it goes.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/pair.sh
. "$here/topo/pair.sh"

threads() { # how many
	[ "$(cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^ipvs-[mb]:')" = "$1" ]
}
busy() { # ns
	[ "$(on "$1" cat /proc/net/ip_vs_conn | wc -l)" -ge 40 ]
}
start() { # ns
	must on "$1" "$ipvsadm" --start-daemon master --mcast-interface s0
	must on "$1" "$ipvsadm" --start-daemon backup --mcast-interface s0
}
stop() { # ns
	must on "$1" "$ipvsadm" --stop-daemon master
	must on "$1" "$ipvsadm" --stop-daemon backup
}

load_module "$module"
for round in namespace interface stop; do
	topo_pair
	serve tcp rs1=10.2.0.11:8080 rs2=10.2.0.12:8080
	for d in d1 d2; do
		must on $d "$ipvsadm" -R <<-END
			-A -t $pair_vip:80 -s rr -p 60
			-a -t $pair_vip:80 -r 10.2.0.11:8080 -m
			-a -t $pair_vip:80 -r 10.2.0.12:8080 -m
		END
		on $d sysctl -qw net.ipv4.vs.sync_threshold="0 1" \
			net.ipv4.vs.sync_ports=4
		start $d
	done
	wait_for 10 threads 16 || fail "threads: $(cat /proc/[0-9]*/comm | grep ipvs)"
	background on client "$traffic" storm tcp $pair_vip:80 20
	wait_for 60 busy d1 || fail "$round: no connections"
	wait_for 60 busy d2 || fail "$round: the second hears nothing"
	case $round in
	namespace)
		must ip netns del d1
		wait_for 60 threads 8 || fail "threads live on without their namespace"
		must ip netns del d2
		;;
	interface)
		must ip -n d1 link del s0
		threads 16 || fail "an interface that goes ends threads"
		stop d1
		start_says=$(on d1 "$ipvsadm" --start-daemon master \
			--mcast-interface s0 2>&1)
		expect "without the interface" "No such device" \
			"${start_says##*: }"
		;;
	stop)
		for d in d1 d2; do
			stop $d
			start $d
			stop $d
		done
		threads 0 || fail "threads after the stop"
		start d1
		must on d1 "$ipvsadm" -C
		must on d2 "$ipvsadm" -C
		! rmmod ip_vs 2>/dev/null || fail "the module went with daemons running"
		stop d1
		;;
	esac
	for p in "${pids[@]}"; do
		kill -9 "$p" 2>/dev/null
	done
	wait 2>/dev/null
	pids=()
	for n in "${spaces[@]}"; do
		ip netns del "$n" 2>/dev/null
	done
	spaces=()
	wait_for 60 threads 0 || fail "$round: threads are left"
done
unload_module
