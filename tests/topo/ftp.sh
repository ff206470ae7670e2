# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# topo/nat.sh with both families:
#
#	client		10.1.0.2		fd01::2
#	VIP		10.1.0.100		fd01::100
#	rs1 ...		10.2.0.11 ...		fd02::11 ...
#
# topo_ftp N makes it with N servers.
# shellcheck source=tests/topo/nat.sh disable=SC2154
. "$here/topo/nat.sh"

# shellcheck disable=SC2034 # read by the tests
vip6=fd01::100

topo_ftp() {
	local servers=$1 i
	topo_nat "$servers"
	ip -n client -batch - <<-END || fail client
		addr add fd01::2/64 dev c0 nodad
		route add default via fd01::1
	END
	ip -n director -batch - <<-END || fail director
		addr add fd01::1/64 dev d0 nodad
		addr add $vip6/128 dev d0 nodad
		addr add fd02::1/64 dev lan nodad
	END
	on director sysctl -qw net.ipv6.conf.all.forwarding=1
	for ((i = 1; i <= servers; i++)); do
		ip -n "rs$i" -batch - <<-END || fail "rs$i"
			addr add fd02::1$i/64 dev e0 nodad
			route add default via fd02::1
		END
		wait_for 30 on "rs$i" ping -qc1 -W1 fd02::1 ||
			fail "rs$i does not reach fd02::1"
	done
	wait_for 30 on client ping -qc1 -W1 $vip6 ||
		fail "the client does not reach $vip6"
}
