#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_nat6.sh - make this host a director in NAT (masquerading) mode, for IPv6.
#
# The real servers' default route must lead to this host. Set the addresses
# below, or in the environment.

VIP=${VIP:-fd01::100}
PORT=${PORT:-80}
LAN=${LAN:-fd02::/64}
# one "address weight" a line
REAL_SERVERS=${REAL_SERVERS:-"fd02::11 2
fd02::12 1"}
IPVSADM=${IPVSADM:-/sbin/ipvsadm}

# The director routes between the clients' network and the servers'.
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding

# The real servers reach the world through the director as well.
ip6tables -t nat -F
ip6tables -t nat -X
ip6tables -t nat -A POSTROUTING -s "$LAN" -j MASQUERADE

# The virtual service and its real servers.
$IPVSADM -C
$IPVSADM -A -t "[$VIP]:$PORT" -s wrr
while read -r rip weight; do
	$IPVSADM -a -t "[$VIP]:$PORT" -r "[$rip]:$PORT" -m -w "$weight"
done <<<"$REAL_SERVERS"
