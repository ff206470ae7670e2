#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Several megabytes through one connection, with segmentation offload and without,
# arrive byte for byte in both directions.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

offload() { # on|off
	local where
	for where in client:c0 director:d0 director:l1 director:lan rs1:e0; do
		on "${where%:*}" ethtool -K "${where#*:}" tso "$1" gso "$1" gro "$1" \
			tx "$1" >/dev/null 2>&1
	done
}

load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 1)
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
size=4194304
for state in on off; do
	offload $state
	got=$(on client "$traffic" bulk tcp $vip:80 $size 2>&1)
	expect "bulk transfer, offload $state" "rs1 $size bytes" "$got"
done
# Offload on one side only: the director has to finish what the other began.
offload on
on director ethtool -K l1 tso off gso off tx off >/dev/null 2>&1
on director ethtool -K d0 tso off gso off tx off >/dev/null 2>&1
got=$(on client "$traffic" bulk tcp $vip:80 $size 2>&1)
expect "bulk transfer, director without offload" "rs1 $size bytes" "$got"
# Servers on a narrower path: segments are cut anew on the director.
offload on
ip -n director link set d0 mtu 1400
ip -n client link set c0 mtu 1400
got=$(on client "$traffic" bulk tcp $vip:80 $size 2>&1)
expect "bulk transfer, client at mtu 1400" "rs1 $size bytes" "$got"
