#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The longest datagrams there are do not fit into any tunnel: nothing of one leaves,
# and it is counted. The longest one that fits arrives whole.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "only our module counts drops"
load_module ours
topo_nat 1
must on director "$our_ipvsadm" -A -u $vip:53 -s rr

drops() {
	on director "$our_ipvsadm" -L --drops -n |
		awk -v want="$vip:53" '$2 == want { print $4, $3 }'
}

# Bytes of payload from a port of its own.
send() {
	on client /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# May be cut.
s.setsockopt(socket.IPPROTO_IP, 10, 0)
s.sendto(bytes(int(sys.argv[1])), (sys.argv[2], 53))
' "$1" $vip
}

left() {
	on director cat /sys/class/net/lan/statistics/tx_packets
}

dropped() {
	[ -n "$(drops)" ]
}

more_left() {
	[ "$(left)" -gt "$1" ]
}

# What it is wrapped in, and its length: IP, UDP and GUE, GRE.
while read -r overhead words; do
	# shellcheck disable=SC2086 # options
	must on director "$our_ipvsadm" -a -u $vip:53 -r 10.2.0.11 -i $words
	must on director "$our_ipvsadm" -Z
	before=$(left)
	must send $((65507 - overhead + 1))
	wait_for 30 dropped
	expect "$words: one byte too many" "too_big 1" "$(drops)"
	expect "$words: sent of it" "" "$(left | awk -v n="$before" '$1 > n + 20')"
	must send $((65507 - overhead))
	wait_for 30 more_left $((before + 40)) ||
		fail "$words: what fits does not leave"
	expect "$words: no more dropped" "too_big 1" "$(drops)"
	must on director "$our_ipvsadm" -d -u $vip:53 -r 10.2.0.11
done <<-END
	20 --tun-type ipip
	32 --tun-type gue --tun-port 6080 --tun-nocsum
	24 --tun-type gre --tun-nocsum
END
