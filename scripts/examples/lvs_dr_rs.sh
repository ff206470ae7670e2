#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_dr_rs.sh - make this host a real server of a director in direct routing
# mode (lvs_dr.sh): it takes packets for the VIP and never claims it by ARP.

VIP=${VIP:-10.3.0.100}

# Answer ARP only for addresses of the device that was asked on, and speak ARP
# only with the best local address: the VIP on lo stays our secret. Before the
# address is there, or the first question gets a wrong answer.
echo 1 >/proc/sys/net/ipv4/conf/lo/arp_ignore
echo 2 >/proc/sys/net/ipv4/conf/lo/arp_announce
echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce

ip address replace "$VIP/32" broadcast "$VIP" dev lo label lo:0
ip route replace "$VIP" dev lo
