# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A director whose clients are on it as well, and whose one server is an address on
# a device that throws away what it gets.
#
#   ┌──────────┐ d0 (dummy)
#   │ director ├───────────  10.0.0.2, its neighbour known beforehand
#   └──────────┘ 10.0.0.1
#
# topo_sink NAME... makes such directors.

topo_sink() {
	local name
	ns_add "$@"
	for name in "$@"; do
		ip -n "$name" -batch - <<-END || fail "$name"
			link add d0 type dummy
			addr add 10.0.0.1/24 dev d0
			link set d0 up
			neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev d0
		END
	done
}
