#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lvs_tun_rs.sh - make this host a real server of a director in tunnelling mode
# (lvs_tun.sh): it unwraps what the director sends and answers the client itself.

VIP=${VIP:-10.3.0.100}

# The device that takes IP in IP from anybody; module ipip brings it.
modprobe -q ipip
ip link set tunl0 up

# What comes out of the tunnel came in elsewhere than its answer leaves.
echo 0 >/proc/sys/net/ipv4/conf/tunl0/rp_filter
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter

# The VIP is there and nobody hears of it: see lvs_dr_rs.sh.
echo 1 >/proc/sys/net/ipv4/conf/lo/arp_ignore
echo 2 >/proc/sys/net/ipv4/conf/lo/arp_announce
echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce

ip address replace "$VIP/32" broadcast "$VIP" dev tunl0
