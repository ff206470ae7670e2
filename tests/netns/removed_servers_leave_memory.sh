#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Removed servers that packets had come to leave memory when the trash lets them
# go, after two to three minutes, also while estimation is switched off.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"

load_module "$module"
topo_sink director
must on director sysctl -qw net.ipv4.vs.run_estimation=0

# Objects of the kernel's general caches, a line a size.
objects() {
	awk '/^kmalloc-/ {print $1, $2}' /proc/slabinfo | sort
}
# The size of which there are 1000 more than in the file given.
grown() {
	join "$1" <(objects) | awk '$3 - $2 >= 1000 {print $1; exit}'
}

objects >"$scratch/before"
{
	echo "-A -u 10.0.0.100:53 -s rr -o"
	for ((port = 1; port <= 1200; port++)); do
		echo "-a -u 10.0.0.100:53 -r 10.0.0.2:$port -m"
	done
} | must on director "$stock_ipvsadm" -R
must on director python3 - <<'END'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(1200):
    s.sendto(b"x", ("10.0.0.100", 53))
END
[ -n "$(grown "$scratch/before")" ] || fail "1200 servers are nowhere in memory"
must on director "$stock_ipvsadm" -C
gone() {
	[ -z "$(grown "$scratch/before")" ]
}
wait_for 400 gone || fail "still there: $(join "$scratch/before" <(objects) |
	awk '$3 - $2 >= 1000')"
