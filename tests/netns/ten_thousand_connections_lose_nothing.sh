#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
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
entries() { # protocol
	on director grep -c "^${1^^}" /proc/net/ip_vs_conn
}
# What the service counted and its servers' equal shares of it. The client's
# kernel may give one port to two UDP sockets, one after the other: the second
# finds the connection of the first, so there are as many as entries.
shares() { # connections
	local i
	echo "$1"
	for i in 0 1 2 3; do echo $((($1 + i) / 4)); done
}
counted() { # flag connections
	[ "$(conns "$1" | sort -n)" = "$(shares "$2" | sort -n)" ]
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
	# A closed TCP connection is listed for two minutes only, and a slow
	# machine may need longer to get here; a UDP one stays for half an hour.
	made=$count
	[ $proto = tcp ] || made=$(entries udp)
	# The in-tree module's counters lag two seconds behind.
	wait_for 30 counted "$flag" "$made"
	expect "$proto: connections counted by service and servers" \
		"$(shares "$made" | sort -n)" "$(conns "$flag" | sort -n)"
done
