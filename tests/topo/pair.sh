# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Two directors with the same virtual addresses; client and servers choose by their
# routes which of them works.
#
#                 ┌───────┐ 10.1.0.1  10.2.0.1 ┌──────┐
#   ┌────────┐    │       ├──────── d1 ────────┤      │    ┌─────┐
#   │ client ├────┤ front │     10.7.0.1 │     │ back ├────┤ rs1 │ 10.2.0.11
#   └────────┘    │       │     10.7.0.2 │     │      │    └─────┘
#   10.1.0.9      │       ├──────── d2 ────────┤      │    ┌─────┐
#   fd01::9       └───────┘ 10.1.0.2  10.2.0.2 │      ├────┤ rs2 │ 10.2.0.12
#                                              └──────┘    └─────┘
# IPv6 likewise: fd01::1, fd01::2; fd02::1, fd02::2, fd02::11, fd02::12; virtual
# addresses are 10.9.1.1 and fd09::1. The servers are on the front as well, at
# 10.1.0.11 and 10.1.0.12, where answers of direct routing go.

pair_vip=10.9.1.1
pair_vip6=fd09::1

# plug NS DEV BRIDGE ADDR4 ADDR6
plug() {
	ip link add "$2" netns "$1" type veth peer name "$1-$2" netns switch ||
		fail "cable of $1"
	ip -n switch link set "$1-$2" master "$3" up
	on "$1" sysctl -qw "net.ipv6.conf.$2.accept_dad=0"
	ip -n "$1" -batch - <<-END || fail "$1"
		addr add $4 dev $2
		addr add $5 dev $2 nodad
		link set $2 up
	END
}

topo_pair() {
	local i d
	ns_add switch client d1 d2 rs1 rs2
	for i in client d1 d2 rs1 rs2; do
		on "$i" sysctl -qw net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.default.rp_filter=0 \
			net.ipv6.conf.default.accept_dad=0
	done
	ip -n switch -batch - <<-END || fail "switch"
		link add front type bridge mcast_snooping 0
		link add back type bridge mcast_snooping 0
		link set front up
		link set back up
	END
	plug client c0 front 10.1.0.9/24 fd01::9/64
	link d1 s0 d2 s0
	for i in 1 2; do
		d=d$i
		plug $d f0 front 10.1.0.$i/24 fd01::$i/64
		plug $d b0 back 10.2.0.$i/24 fd02::$i/64
		ip -n $d -batch - <<-END || fail "$d"
			addr add $pair_vip/32 dev lo
			addr add $pair_vip6/128 dev lo nodad
			addr add 10.7.0.$i/24 dev s0
			link set s0 up
		END
		on $d sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.send_redirects=0 \
			net.ipv4.conf.f0.send_redirects=0
		plug rs$i e0 back 10.2.0.1$i/24 fd02::1$i/64
		plug rs$i e1 front 10.1.0.1$i/32 fd01::1$i/128
		# For direct routing: the virtual address, silently, and the way
		# back past the directors.
		on rs$i sysctl -qw net.ipv4.conf.all.arp_ignore=1 \
			net.ipv4.conf.all.arp_announce=2
		ip -n rs$i -batch - <<-END || fail "rs$i"
			addr add $pair_vip/32 dev lo
			rule add from $pair_vip lookup 100
			route add 10.1.0.0/24 dev e1 table 100
		END
	done
	works_on 1
	for i in 1 2; do
		wait_for 30 on client ping -qc1 -W1 10.2.0.1$i ||
			fail "no way to rs$i"
		wait_for 30 on client ping -qc1 -W1 fd02::1$i ||
			fail "no way to rs$i, IPv6"
	done
	wait_for 30 on d1 ping -qc1 -W1 10.7.0.2 || fail "d1 does not see d2"
}

# works_on 1|2: everything goes through that director from now on
works_on() {
	local i
	ip -n client -batch - <<-END || fail "routes of the client"
		route replace default via 10.1.0.$1
		route replace ::/0 via fd01::$1
	END
	for i in 1 2; do
		ip -n rs$i -batch - <<-END || fail "routes of rs$i"
			route replace default via 10.2.0.$1
			route replace ::/0 via fd02::$1
		END
	done
}
