#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two persistent services for all ports, each the other's client: a template stands
# for its own client and service, not for the same two the other way round.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
other=10.1.0.101
must ip -n director addr add $other/32 dev d0
for proto in tcp udp; do
	flag=-${proto:0:1}
	# shellcheck disable=SC2046 # one word a server
	serve $proto $(server_list 80 2)
	must on director "$ipvsadm" -A "$flag" $vip:0 -s rr -p 60
	must on director "$ipvsadm" -a "$flag" $vip:0 -r 10.2.0.11 -m
	must on director "$ipvsadm" -A "$flag" $other:0 -s rr -p 60
	must on director "$ipvsadm" -a "$flag" $other:0 -r 10.2.0.12 -m
	# Each is asked from the other's address.
	expect "$proto: the first" "$other rs1" \
		"$(echo $other | on director "$traffic" visit $proto $vip:80)"
	expect "$proto: the second" "$vip rs2" \
		"$(echo $vip | on director "$traffic" visit $proto $other:80)"
	expect "$proto: the first again" "$other rs1" \
		"$(echo $other | on director "$traffic" visit $proto $vip:80)"
	# shellcheck disable=SC2016 # for awk to expand
	expect "$proto: templates" "0A010064 0A010065 0A02000C
0A010065 0A010064 0A02000B" "$(on director awk -v proto=${proto^^} '
		$1 == proto && $3 == "0000" { print $2, $4, $6 }' \
		/proc/net/ip_vs_conn | sort)"
done
