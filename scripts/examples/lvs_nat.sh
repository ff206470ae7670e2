#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_nat.sh - make this host a director in NAT (masquerading) mode.
#
# The real servers' default route must lead to this host. Set the addresses
# below, or in the environment.

VIP=${VIP:-10.1.0.100}
PORT=${PORT:-80}
LAN=${LAN:-10.2.0.0/24}
# one "address weight" a line
REAL_SERVERS=${REAL_SERVERS:-"10.2.0.11 2
10.2.0.12 1"}
IPVSADM=${IPVSADM:-/sbin/ipvsadm}

# The director routes between the clients' network and the servers'.
echo 1 >/proc/sys/net/ipv4/ip_forward

# It must not tell anybody of a shorter way: answers have to come back here.
for conf in /proc/sys/net/ipv4/conf/*/send_redirects; do
	echo 0 >"$conf"
done

# The real servers reach the world through the director as well.
iptables -t nat -F
iptables -t nat -X
iptables -t nat -A POSTROUTING -s "$LAN" -j MASQUERADE

# The virtual service and its real servers.
$IPVSADM -C
$IPVSADM -A -t "$VIP:$PORT" -s wrr
while read -r rip weight; do
	$IPVSADM -a -t "$VIP:$PORT" -r "$rip:$PORT" -m -w "$weight"
done <<<"$REAL_SERVERS"
