#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What leaves a masquerading director, byte for byte: addresses, ports and TTL
# changed, checksums right, all else as it came. TCP and UDP, both directions.
#
#   client c0 ──── d0 director d1 ──── e0 rs1     c0 and e0 have no addresses:
#   02:..:01:02       VIP 10.1.0.100   02:..:02:02  nobody answers but the test
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

load_module "$module"
ns_add client director rs1
must ip -batch - <<-'END'
	link add c0 address 02:00:00:00:01:02 netns client type veth peer name d0 address 02:00:00:00:01:01 netns director
	link add e0 address 02:00:00:00:02:02 netns rs1 type veth peer name d1 address 02:00:00:00:02:01 netns director
END
for n in client director rs1; do
	on $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
done
must ip -n client link set c0 up
must ip -n rs1 link set e0 up
must ip -n director -batch - <<-'END'
	addr add 10.1.0.1/24 dev d0
	addr add 10.1.0.100/32 dev d0
	addr add 10.2.0.1/24 dev d1
	link set d0 up
	link set d1 up
	neigh replace 10.1.0.2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
	neigh replace 10.2.0.11 lladdr 02:00:00:00:02:02 dev d1 nud permanent
END
on director sysctl -qw net.ipv4.ip_forward=1
for d in d0 d1; do
	must on director ethtool -K $d tx off tso off gso off gro off >/dev/null
done
must on director "$ipvsadm" -A -t 10.1.0.100:80 -s rr
must on director "$ipvsadm" -a -t 10.1.0.100:80 -r 10.2.0.11:8080 -m
must on director "$ipvsadm" -A -u 10.1.0.100:53 -s rr
must on director "$ipvsadm" -a -u 10.1.0.100:53 -r 10.2.0.11:5353 -m
must /usr/bin/python3 "$tools/nat_capture.py"
