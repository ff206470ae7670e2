# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# One real server that answers by any method: through the director (NAT) or
# straight to the client's second leg (direct routing, tunnels). Both families.
#
#   ┌────────┐ c0 10.1.0.2    10.1.0.1 d0 ┌──────────┐
#   │        ├────────────────────────────┤ director │  VIP 10.1.0.100, fd01::100
#   │ client │    fd01::2     fd01::1     └────┬─────┘
#   │        │ c1                          lan │ 10.2.0.1, fd02::1 (bridge)
#   └────────┴─────────────────────────────────┼───── e0 ┌─────┐
#     10.2.0.100, fd02::100                    └─────────┤ rs1 │ 10.2.0.11, fd02::11
#                                                        └─────┘
# topo_legs makes it; topo_answer director|client says which way rs1 answers.

# shellcheck disable=SC2034 # read by the tests
vip=10.1.0.100
vip6=fd01::100

topo_legs() {
	ns_add client director rs1
	link client c0 director d0
	link client c1 director l0
	link rs1 e0 director l1
	ip -n client -batch - <<-END || fail "client"
		addr add 10.1.0.2/24 dev c0
		addr add fd01::2/64 dev c0 nodad
		addr add 10.2.0.100/24 dev c1
		addr add fd02::100/64 dev c1 nodad
		link set c0 up
		link set c1 up
	END
	ip -n director -batch - <<-END || fail "director"
		link add lan type bridge
		addr add 10.1.0.1/24 dev d0
		addr add fd01::1/64 dev d0 nodad
		addr add $vip/32 dev d0
		addr add $vip6/128 dev d0 nodad
		addr add 10.2.0.1/24 dev lan
		addr add fd02::1/64 dev lan nodad
		link set l0 master lan
		link set l1 master lan
		link set d0 up
		link set lan up
		link set l0 up
		link set l1 up
	END
	ip -n rs1 -batch - <<-END || fail "rs1"
		addr add 10.2.0.11/24 dev e0
		addr add fd02::11/64 dev e0 nodad
		link set e0 up
	END
	on director sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 \
		net.ipv6.conf.all.forwarding=1
	# Answers come in by the other leg.
	on client sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.c1.rp_filter=0 \
		net.ipv4.conf.c0.rp_filter=0
	on rs1 sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.e0.rp_filter=0
	topo_answer director
	wait_for 30 on rs1 ping -qc1 -W1 10.2.0.1 || fail "rs1 does not reach the director"
	wait_for 30 on rs1 ping -qc1 -W1 fd02::100 || fail "rs1 does not reach the client"
	wait_for 30 on client ping -qc1 -W1 $vip6 || fail "the client does not reach the VIP"
}

topo_answer() {
	local n=100
	[ "$1" = director ] && n=1
	ip -n rs1 route replace default via 10.2.0.$n
	ip -n rs1 -6 route replace default via fd02::$n
}
