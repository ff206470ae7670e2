#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One story of packets and changes with net.ipv4.vs.fastpath 0, then 1: the same
# frames on each wire, the same counters, states and SNMP figures. And with 1 each
# packet takes the way it should, so one that stays on the full path fails.
#
#   client c0 ──── d0 director d1 ──── e0 rs1     c0 and e0 have no addresses:
#   02:..:01:02       VIP 10.1.0.100   02:..:02:02  nobody answers but the test
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

wires() {
	ns_add client director rs1
	must ip -batch - <<-'END'
		link add c0 address 02:00:00:00:01:02 netns client type veth peer name d0 address 02:00:00:00:01:01 netns director
		link add e0 address 02:00:00:00:02:02 netns rs1 type veth peer name d1 address 02:00:00:00:02:01 netns director
	END
	for n in client director rs1; do
		on $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	done
	must ip -n client link set c0 up
	must ip -n rs1 link set e0 up
	must ip -n director -batch - <<-'END'
		addr add 10.1.0.1/24 dev d0
		addr add 10.1.0.100/32 dev d0
		addr add 10.2.0.1/24 dev d1
		link set d0 up
		link set d1 up
		neigh replace 10.1.0.2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
		neigh replace 10.2.0.11 lladdr 02:00:00:00:02:02 dev d1 nud permanent
	END
	on director sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.d0.rp_filter=0 \
		net.ipv4.conf.d1.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
		net.ipv4.conf.d1.send_redirects=0 net.ipv4.icmp_msgs_per_sec=100000 \
		net.ipv4.icmp_msgs_burst=100000 2>/dev/null
	for d in d0 d1; do
		must on director ethtool -K $d tx off tso off gso off gro off >/dev/null
	done
}

story() { # 0|1 short|full
	load_module "$module"
	wires
	on director "$ipvsadm" -R <<-'END' || fail "services"
		-A -u 10.1.0.100:53 -s rr
		-a -u 10.1.0.100:53 -r 10.2.0.11:5353 -m
		-A -u 10.1.0.100:54 -s rr
		-a -u 10.1.0.100:54 -r 10.2.0.11:54 -g
		-A -u 10.1.0.100:55 -s rr -p 600
		-a -u 10.1.0.100:55 -r 10.2.0.11:5555 -m
		-A -u 10.1.0.100:56 -s rr -o
		-a -u 10.1.0.100:56 -r 10.2.0.11:5656 -m
		-A -t 10.1.0.100:80 -s rr
		-a -t 10.1.0.100:80 -r 10.2.0.11:8080 -m
		-A -t 10.1.0.100:81 -s rr
		-a -t 10.1.0.100:81 -r 10.2.0.11:81 -g
	END
	expect "the default" 0 "$(on director sysctl -n net.ipv4.vs.fastpath)"
	must on director sysctl -qw net.ipv4.vs.fastpath="$1"
	IPVSADM=$ipvsadm /usr/bin/python3 "$tools/fastpath.py" "$2" \
		>"$scratch/$2" 2>"$scratch/$2.why" ||
		{ cat "$scratch/$2.why"; tail -5 "$scratch/$2"; fail "the story, $2"; }
	cat "$scratch/$2.why"
	topo_end
}

story 0 full
story 1 short
expect "what is seen" "$(cat "$scratch/full")" "$(cat "$scratch/short")"
ns_add plain
! on plain sysctl -qw net.ipv4.vs.fastpath=2 2>/dev/null || fail "2 is not refused"
