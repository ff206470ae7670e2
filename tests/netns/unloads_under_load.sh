#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# The module goes while packets are arriving: services are cleared, rmmod succeeds,
# and it comes back and works, again and again.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
# shellcheck disable=SC2046
serve udp $(server_list 80 2)
background on client "$traffic" storm tcp $vip:80 20
background on client "$traffic" storm udp $vip:80 20

busy() {
	[ "$(on director cat /proc/net/ip_vs_conn | wc -l)" -ge "$1" ]
}
for round in 1 2 3; do
	[ "$round" = 1 ] || load_module "$module"
	for flag in -t -u; do
		must on director "$ipvsadm" -A $flag $vip:80 -s rr
		must on director "$ipvsadm" -a $flag $vip:80 -r 10.2.0.11:80 -m
		must on director "$ipvsadm" -a $flag $vip:80 -r 10.2.0.12:80 -m
	done
	wait_for 60 busy 40 || fail "round $round: no connections"
	must on director "$ipvsadm" -C
	unload_module
done
