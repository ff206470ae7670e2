#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_dr.sh - make this host a director in direct routing (gatewaying) mode.
#
# The real servers are on the same segment, run lvs_dr_rs.sh, and answer the
# clients directly. Set the addresses below, or in the environment.

VIP=${VIP:-10.3.0.100}
PORT=${PORT:-80}
DEV=${DEV:-eth0}
# one "address weight" a line
REAL_SERVERS=${REAL_SERVERS:-"10.3.0.11 2
10.3.0.12 1"}
IPVSADM=${IPVSADM:-/sbin/ipvsadm}

echo 1 >/proc/sys/net/ipv4/ip_forward

# The VIP is the director's own, for itself alone: /32, no route to a network.
ip address replace "$VIP/32" broadcast "$VIP" dev "$DEV" label "$DEV:0"

# The virtual service and its real servers. Direct routing cannot change ports.
$IPVSADM -C
$IPVSADM -A -t "$VIP:$PORT" -s wrr
while read -r rip weight; do
	$IPVSADM -a -t "$VIP:$PORT" -r "$rip:$PORT" -g -w "$weight"
done <<<"$REAL_SERVERS"
