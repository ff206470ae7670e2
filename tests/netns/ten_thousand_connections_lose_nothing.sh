#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 10,000 connections, TCP and then UDP, 100 at a time: every one is greeted and
# echoed, the counters know of each, and the servers got equal shares.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 4
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 4)
# shellcheck disable=SC2046
serve udp $(server_list 80 4)
conns() { # flag
	on director "$ipvsadm" -ln --stats --exact "$1" $vip:80 |
		awk '$2 ~ /:/ && $3 ~ /^[0-9]+$/ { print $3 }'
}
# A sanitizer kernel looks at each memory access, so it gets a fifth.
count=10000
[ -z "${UML:-}" ] || count=2000
share=$((count / 4))
wanted="$count
$share
$share
$share
$share"
counted() {
	[ "$(conns "$1")" = "$wanted" ]
}
must on director "$ipvsadm" --set 0 0 1800
for proto in tcp udp; do
	flag=-${proto:0:1}
	must on director "$ipvsadm" -A "$flag" $vip:80 -s rr
	for i in 1 2 3 4; do
		must on director "$ipvsadm" -a "$flag" $vip:80 -r 10.2.0.1$i:80 -m
	done
	got=$(on client "$traffic" flood $proto $vip:80 $count 100)
	expect "$proto connections" "$count done, 0 failed" "$got"
	# The in-tree module's counters lag two seconds behind.
	wait_for 30 counted "$flag"
	expect "$proto: connections counted by service and servers" "$wanted" \
		"$(conns "$flag")"
	# A closed TCP connection is listed for two minutes only, and a slow
	# machine may need longer to get here; a UDP one stays for half an hour.
	[ $proto = udp ] || continue
	listed=$(on director grep -c "^${proto^^}" /proc/net/ip_vs_conn)
	expect "$proto: entries in the connection table" $count "$listed"
done
