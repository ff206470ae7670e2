# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Masquerading: the servers' default route leads back through the director.
#
#   ┌────────┐ c0      d0 ┌──────────┐ lan (bridge)      e0 ┌─────┐
#   │ client ├────────────┤ director ├─────────┬────────────┤ rs1 │ 10.2.0.11
#   └────────┘            └──────────┘         │            └─────┘
#   10.1.0.2     10.1.0.1     10.2.0.1         │         e0 ┌─────┐
#                10.1.0.100 = VIP              └────────────┤ rs2 │ 10.2.0.12
#                                                           └─────┘ ...
# topo_nat N makes it with N servers; names are client, director, rs1 ... rsN.

# shellcheck disable=SC2034 # read by the tests
vip=10.1.0.100

topo_nat() {
	local servers=$1 i
	ns_add client director
	link client c0 director d0
	ip -n client -batch - <<-END || fail "client"
		addr add 10.1.0.2/24 dev c0
		link set c0 up
		route add default via 10.1.0.1
	END
	ip -n director -batch - <<-END || fail "director"
		link add lan type bridge
		addr add 10.1.0.1/24 dev d0
		addr add $vip/32 dev d0
		addr add 10.2.0.1/24 dev lan
		link set d0 up
		link set lan up
	END
	for ((i = 1; i <= servers; i++)); do
		ns_add "rs$i"
		link "rs$i" e0 director "l$i"
		ip -n "rs$i" -batch - <<-END || fail "rs$i"
			addr add 10.2.0.$((10 + i))/24 dev e0
			link set e0 up
			route add default via 10.2.0.1
		END
		ip -n director -batch - <<-END || fail "rs$i"
			link set l$i master lan
			link set l$i up
		END
	done
	on director sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.send_redirects=0
	on client sysctl -qw net.ipv4.ip_local_port_range="1024 65535"
	# A bridge port learns for a moment before it forwards.
	for ((i = 1; i <= servers; i++)); do
		wait_for 30 on "rs$i" ping -qc1 -W1 10.2.0.1 ||
			fail "rs$i does not reach the director"
	done
	wait_for 30 on client ping -qc1 -W1 $vip ||
		fail "the client does not reach the director"
}

# server_list PORT N: arguments for "serve", all servers of the topology
server_list() {
	local i
	for ((i = 1; i <= $2; i++)); do
		printf 'rs%d=10.2.0.%d:%d\n' "$i" $((10 + i)) "$1"
	done
}
