# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Packets without hosts: what the client sends is made by tests/tools/picks.c, and
# the servers are addresses on one cable, where all is watched and dropped.
#
#   ┌────────┐ c0           d0 ┌──────────┐ d1       e0 ┌─────────┐
#   │ client ├─────────────────┤ director ├─────────────┤ servers │ 10.2.0.11 ...
#   └────────┘                 └──────────┘             └─────────┘
#   10.100.0.2     10.100.0.1    10.2.0.1
#   clients are 10.1.0.0/16      10.9.1.0/24 are virtual addresses;
#                                packets to them bear mark 17
# topo_bare N makes it with N servers; all neighbours are known beforehand.

topo_bare() {
	local servers=$1 i
	ns_add client director servers
	link client c0 director d0
	link servers e0 director d1
	for i in client director servers; do
		on "$i" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv4.conf.all.rp_filter=0
	done
	ip -n client -batch - <<-END || fail "client"
		addr add 10.100.0.2/24 dev c0
		link set c0 address 02:00:00:00:01:02
		link set c0 up
		route add default via 10.100.0.1
		neigh replace 10.100.0.1 lladdr 02:00:00:00:01:01 dev c0 nud permanent
	END
	ip -n servers -batch - <<-END || fail "servers"
		addr add 10.2.0.9/24 dev e0
		link set e0 address 02:00:00:00:02:02
		link set e0 up
		route add default via 10.2.0.1
		neigh replace 10.2.0.1 lladdr 02:00:00:00:02:01 dev e0 nud permanent
	END
	{
		cat <<-END
			addr add 10.100.0.1/24 dev d0
			addr add 10.2.0.1/24 dev d1
			link set d0 address 02:00:00:00:01:01
			link set d1 address 02:00:00:00:02:01
			link set d0 up
			link set d1 up
			neigh replace 10.100.0.2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
			neigh replace 10.2.0.99 lladdr 02:00:00:00:02:02 dev d1 nud permanent
			route add 10.1.0.0/16 via 10.100.0.2
			route add local 10.9.1.0/24 dev lo
		END
		for ((i = 1; i <= servers; i++)); do
			echo "neigh replace 10.2.0.$((10 + i)) lladdr 02:00:00:00:02:02 dev d1 nud permanent"
		done
	} | ip -n director -batch - || fail "director"
	on director sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.d0.rp_filter=0 \
		net.ipv4.conf.d1.rp_filter=0 net.ipv4.conf.all.send_redirects=0
	must on director iptables -t mangle -A PREROUTING -d 10.9.1.0/24 \
		-j MARK --set-mark 17
	for i in client:c0 servers:e0; do
		must on "${i%:*}" tc qdisc add dev "${i#*:}" clsact
		must on "${i%:*}" tc filter add dev "${i#*:}" ingress matchall action drop
	done
	# The kernel tells a device of its cable a moment later.
	for i in client:c0 director:d0 director:d1 servers:e0; do
		wait_for 30 carrier "${i%:*}" "${i#*:}" || fail "no carrier on $i"
	done
}

carrier() { # NS DEV
	ip -n "$1" link show "$2" | grep -q 'state UP'
}
