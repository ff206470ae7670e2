# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# tests/topo/bare.sh with IPv6, and a link to a peer, on which messages between
# directors go.
#
#   ┌────────┐ c0           d0 ┌──────────┐ d1       e0 ┌─────────┐
#   │ client ├─────────────────┤ director ├─────────────┤ servers │ 10.2.0.11 ...
#   └────────┘                 └────┬─────┘             └─────────┘ fd02::11 ...
#                                s0 │ 10.7.0.1
#                                s1 │ 10.7.0.2
#                               ┌───┴──┐
#                               │ peer │   fd01::/16 clients, fd09::/64 virtual
#                               └──────┘
# shellcheck source=tests/topo/bare.sh disable=SC2154
. "$here/topo/bare.sh"

topo_link() { # servers
	local servers=$1 i
	topo_bare "$servers"
	ns_add peer
	link director s0 peer s1
	on director sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.d0.disable_ipv6=0 net.ipv6.conf.d1.disable_ipv6=0 \
		net.ipv6.conf.s0.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0 \
		net.ipv6.conf.all.forwarding=1
	ip -n peer -batch - <<-END || fail "peer"
		addr add 10.7.0.2/24 dev s1
		link set s1 up
	END
	{
		cat <<-END
			addr add 10.7.0.1/24 dev s0
			link set s0 up
			addr add fd00::1/64 dev d0 nodad
			addr add fd02::1/64 dev d1 nodad
			neigh replace fd00::2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
			route add fd01::/16 via fd00::2
			route add local fd09::/64 dev lo
		END
		for ((i = 1; i <= servers; i++)); do
			echo "neigh replace fd02::$((10 + i)) lladdr 02:00:00:00:02:02 dev d1 nud permanent"
		done
	} | ip -n director -batch - || fail "director"
	wait_for 30 carrier director s0 || fail "no carrier on s0"
}
