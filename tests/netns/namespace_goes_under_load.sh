#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# A director's namespace is deleted while packets are arriving, with services,
# servers and connections in it. Nothing is left behind: the module unloads.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
busy() {
	[ "$(on director cat /proc/net/ip_vs_conn | wc -l)" -ge 40 ]
}
for round in 1 2 3; do
	topo_nat 2
	# shellcheck disable=SC2046 # one word a server
	serve tcp $(server_list 80 2)
	# shellcheck disable=SC2046
	serve udp $(server_list 80 2)
	for flag in -t -u; do
		must on director "$ipvsadm" -A $flag $vip:80 -s wrr
		must on director "$ipvsadm" -a $flag $vip:80 -r 10.2.0.11:80 -m
		must on director "$ipvsadm" -a $flag $vip:80 -r 10.2.0.12:80 -m -w 2
	done
	background on client "$traffic" storm tcp $vip:80 20
	background on client "$traffic" storm udp $vip:80 20
	wait_for 60 busy || fail "round $round: no connections"
	must ip netns del director
	topo_end
done
unload_module
