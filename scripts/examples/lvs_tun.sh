#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_tun.sh - make this host a director in tunnelling mode.
#
# The real servers may be anywhere; they run lvs_tun_rs.sh, and answer the clients
# directly. Set the addresses below, or in the environment.

VIP=${VIP:-10.3.0.100}
PORT=${PORT:-80}
DEV=${DEV:-eth0}
# one "address weight" a line
REAL_SERVERS=${REAL_SERVERS:-"10.4.0.11 2
10.4.0.12 1"}
IPVSADM=${IPVSADM:-/sbin/ipvsadm}

echo 1 >/proc/sys/net/ipv4/ip_forward

# The VIP is the director's own, for itself alone: /32, no route to a network.
ip address replace "$VIP/32" broadcast "$VIP" dev "$DEV" label "$DEV:0"

# The virtual service and its real servers. A tunnel cannot change ports. The
# packet grows by an IP header: clients are told what fits (path MTU discovery).
$IPVSADM -C
$IPVSADM -A -t "$VIP:$PORT" -s wrr
while read -r rip weight; do
	$IPVSADM -a -t "$VIP:$PORT" -r "$rip:$PORT" -i -w "$weight"
done <<<"$REAL_SERVERS"
