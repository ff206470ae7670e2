#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Starting and stopping synchronisation daemons: every errno, what is reported, the
# threads, their sockets and groups, and the kernel log are those of the in-tree
# module.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

# Addresses and options of the sockets that are not somebody's.
sockets() {
	on director ss -Hlunpm | sed 's/pid=[0-9]*//'
	on director ss -Hunpm | sed 's/pid=[0-9]*//
		s/\(10.7.0.1[^:]*\):[0-9]*/\1:PORT/
		s/\[fe80[^]]*\]\(%a0\):[0-9]*/LINKLOCAL\1:PORT/'
	on director cat /proc/net/igmp /proc/net/igmp6 |
		grep -i '510000E0\|000081'
}

# The pid of a thread varies, and in-tree threads report in any order.
log() { # module
	dmesg | sed "1,/sync daemons: begin $1/d" | grep -o 'IPVS: .*' |
		grep -i 'sync\|mcast\|multicast' |
		sed 's/thread [0-9]* \.\.\./thread N .../' | sort | uniq -c
}

run_on() { # module
	load_module "$1"
	ns_add director
	link director a0 director b0
	link director a1 director b1
	ip -n director -batch - <<-END || fail "director"
		link add down0 type dummy
		link set a1 mtu 9000
		addr add 10.7.0.1/24 dev a0
		addr add 10.7.1.1/24 dev a1
		link set a0 up
		link set b0 up
		link set a1 up
		link set b1 up
	END
	wait_for 30 ipv6_ready a0 || fail "no link-local address"
	wait_for 30 ipv6_ready a1 || fail "no link-local address"
	echo "sync daemons: begin $1" >/dev/kmsg
	on director python3 "$here/netlink/daemons.py" >"$scratch/$1.commands" \
		2>"$scratch/err" || fail "$1: $(cat "$scratch/err")"
	on director sysctl -qw net.ipv4.vs.sync_sock_size=100000
	must on director "$ipvsadm" --start-daemon master --mcast-interface a0
	must on director "$ipvsadm" --start-daemon backup --mcast-interface a0
	sockets >"$scratch/$1.sockets"
	must on director "$ipvsadm" --stop-daemon master
	must on director "$ipvsadm" --stop-daemon backup
	on director sysctl -qw net.ipv4.vs.sync_sock_size=1000
	must on director "$ipvsadm" --start-daemon master --mcast-interface a0 \
		--mcast-group ff02::81
	must on director "$ipvsadm" --start-daemon backup --mcast-interface a0 \
		--mcast-group ff02::81
	sockets >>"$scratch/$1.sockets"
	log "$1" >"$scratch/$1.log"
	[ "$(wc -l <"$scratch/$1.sockets")" -ge 6 ] || fail "no sockets seen"
	ns_del director
	spaces=()
	wait_for 60 rmmod_works
}

ipv6_ready() {
	ip -n director -6 addr show dev "$1" scope link | grep -q inet6 &&
		! ip -n director -6 addr show dev "$1" tentative | grep -q inet6
}

rmmod_works() {
	(unload_module)
}

run_on intree
run_on ours
[ -z "${VM_OUT:-}" ] || cp "$scratch"/*.commands "$scratch"/*.sockets \
	"$scratch"/*.log "$VM_OUT/"
for what in commands sockets log; do
	expect "$what" "$(cat "$scratch/intree.$what")" \
		"$(cat "$scratch/ours.$what")"
done
