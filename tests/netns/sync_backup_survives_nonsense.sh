#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Thousands of damaged messages change nothing but entries: the backup still hears,
# the director still balances, counts at servers come back to zero, all goes.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

load_module "$module"
topo_link 2
must on director "$ipvsadm" -R <<-END
	-A -t 10.9.1.1:80 -s rr
	-a -t 10.9.1.1:80 -r 10.2.0.11:80 -m
	-A -u 10.9.1.1:53 -s rr
	-a -u 10.9.1.1:53 -r 10.2.0.11:53 -g
	-A -t [fd09::1]:80 -s rr
	-a -t [fd09::1]:80 -r [fd02::11]:80 -m
END
must on director "$ipvsadm" --start-daemon backup --mcast-interface s0

peer_says() {
	must on peer python3 "$here/tools/sync.py" say s1 224.0.0.81 8848
}
heard() { # client port
	on director grep -qi " $(printf %04X "$1") 0A090101" /proc/net/ip_vs_conn_sync
}
for seed in 1 2 3 4; do
	python3 "$here/tools/sync.py" mutants 1000 $seed | peer_says
	python3 "$here/tools/sync.py" record $((100 + seed)) | peer_says
	wait_for 60 heard $((100 + seed)) || fail "not heard after seed $seed"
	# What such entries do to packets.
	on client python3 "$here/tools/sync.py" packets c0 10.1.0.5:$((40000 + seed)) \
		10.9.1.1:80 S A PA F >/dev/null || fail "no packets"
done
[ "$(on director cat /proc/net/ip_vs_conn_sync | wc -l)" -gt 100 ] ||
	fail "hardly an entry"
negative=$(on director "$ipvsadm" -Ln | awk '$1 == "->" && /-[0-9]/')
expect "counts below zero" "" "$negative"
must on director "$ipvsadm" --stop-daemon backup
must on director "$ipvsadm" -C
unload_module
