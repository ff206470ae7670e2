#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
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

configure() {
	local d
	for d in d1 d2; do
		must on $d "$ipvsadm" -R <<-END
			-A -t $pair_vip:80 -s rr -p 60
			-a -t $pair_vip:80 -r 10.2.0.11:8080 -m
			-a -t $pair_vip:80 -r 10.2.0.12:8080 -m
		END
	done
}

load_module "$module"
topo_pair
serve tcp rs1=10.2.0.11:8080 rs2=10.2.0.12:8080
configure
for d in d1 d2; do
	on $d sysctl -qw net.ipv4.vs.sync_threshold="0 1" \
		net.ipv4.vs.sync_ports=4
	start $d
done
wait_for 10 threads 16 || fail "threads: $(cat /proc/[0-9]*/comm | grep ipvs)"
background on client "$traffic" storm tcp $pair_vip:80 10
wait_for 60 busy d1 || fail "no connections"
wait_for 60 busy d2 || fail "the second hears nothing"

# Stopped and started again under load; then nothing but a daemon holds the module.
for d in d1 d2 d1; do
	stop $d
	start $d
done
stop d2
must on d1 "$ipvsadm" -C
must on d2 "$ipvsadm" -C
! rmmod ip_vs 2>/dev/null || fail "the module went with daemons running"
configure
start d2

# The interface goes: the threads stay, and can be stopped.
must ip -n d1 link del s0
threads 16 || fail "an interface that goes ends threads"
stop d1
stop d2
# A thread that has ended is in /proc until it has been released.
wait_for 30 threads 0 || fail "threads after the stop"
answer=$(on d1 "$ipvsadm" --start-daemon master --mcast-interface s0 2>&1)
expect "without the interface" "No such device" "${answer##*: }"

# The namespace goes, with all that runs there.
link d1 s0 d2 s0
for d in d1 d2; do
	ip -n $d addr add 10.7.0.${d#d}/24 dev s0
	ip -n $d link set s0 up
done
for d in d1 d2; do
	start $d
done
must ip netns del d1
wait_for 60 threads 8 || fail "threads live on without their namespace"
must ip netns del d2
wait_for 60 threads 0 || fail "threads are left"
spaces=(switch client rs1 rs2)
unload_module
