# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# tests/topo/bare.sh for tests/tools/spoof.c: more clients than 10.1.0.0/16 holds
# ports, and what memory and counters say of their connections.
# shellcheck source=tests/topo/bare.sh disable=SC2154
. "$here/topo/bare.sh"

topo_flood() { # servers
	topo_bare "$1"
	# Packets of a full backlog go before those who fill it.
	for pid in $(pgrep -x 'ksoftirqd/[0-9]*'); do
		must chrt -f -p 1 "$pid"
	done
}

# spoof syn|udp ADDRESS:PORT COUNT [FIRST]: prints "COUNT MILLISECONDS"
spoof() {
	on client "$here/out/spoof" "$1" c0 02:00:00:00:01:01 "${@:2}" ||
		fail "spoof"
}

# births: connections that the director has made, of all services
births() {
	# shellcheck disable=SC2016 # awk's
	echo $((0x$(on director awk 'NR == 3 { print $1 }' /proc/net/ip_vs_stats)))
}

# entries: connections that are there. Ours only, in-tree lists each to tell.
entries() {
	# shellcheck disable=SC2016 # awk's
	on director awk '/^Conns:/ { print $2 }' /proc/net/ip_vs_status
}

# kernel_memory: bytes, of all caches and of what is mapped
kernel_memory() {
	awk '/^Slab:/ { slab = $2 } /^VmallocUsed:/ { mapped = $2 } /^Percpu:/ { cpus = $2 }
		END { print slab * 1024, (mapped + cpus) * 1024 }' /proc/meminfo
}
