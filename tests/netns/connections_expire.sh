#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An idle connection leaves the table when its time is up: UDP by --set, TCP by the
# timeout of its state.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

entries() {
	on director tail -n +2 /proc/net/ip_vs_conn | wc -l
}
empty() {
	[ "$(entries)" = 0 ]
}
load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve udp $(server_list 53 1)
# shellcheck disable=SC2046
serve tcp $(server_list 80 1)
must on director "$ipvsadm" --set 0 0 3
must on director "$ipvsadm" -A -u $vip:53 -s rr
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m

expect "datagrams" "50 done, 0 failed" "$(on client "$traffic" flood udp $vip:53 50 10)"
# Entries may have gone by now; what they were counted as has not.
counted() {
	[ "$(on director "$ipvsadm" -ln --stats --exact -u $vip:53 |
		awk '/10.1.0.100/ { print $3 }')" -gt 0 ]
}
wait_for 30 counted || fail "no entries for the datagrams"
wait_for 60 empty || fail "$(entries) UDP entries are still there after 60 s"

# A closed TCP connection is kept for the FIN timeout... and no longer.
must on director "$ipvsadm" --set 0 4 0
expect "connections" "50 done, 0 failed" "$(on client "$traffic" flood tcp $vip:80 50 10)"
states() {
	on director tail -n +2 /proc/net/ip_vs_conn | awk '{ print $8 }' | sort | uniq -c
}
# A client that is done has sent its FIN; the server's may be on its way.
all_closed() {
	[ "$(states)" = "     50 TIME_WAIT" ]
}
wait_for 30 all_closed || fail "states after closing: $(states)"
counts=$(on director "$ipvsadm" -ln -t $vip:80 | awk '/10.2.0.11/ { print $5, $6 }')
expect "active and inactive connections" "0 50" "$counts"
