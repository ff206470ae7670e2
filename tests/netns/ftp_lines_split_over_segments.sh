#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# FTP's lines may be split anywhere: the client is never told the server's address, with
# connection tracking and without; what a stranger asks for is bounded; a helper in use
# cannot be unloaded.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "in-tree reads single packets"

load_module ours
must load_ftp ours ports=0,21,2121
expect "ports" "0,21,2121" "$(cat /sys/module/ip_vs_ftp/parameters/ports)"
ns_add other
expect "helpers of a namespace" "prot port    usecnt name
TCP  2121    0      ftp              
TCP  21      0      ftp              " "$(on other cat /proc/net/ip_vs_app)"
topo_nat 1
# A service by mark does not have connection tracking enabled.
must on director iptables -t mangle -A PREROUTING -d $vip -p tcp --dport 21 -j MARK --set-mark 7
must on director "$ipvsadm" -A -f 7 -s rr
must on director "$ipvsadm" -a -f 7 -r 10.2.0.11 -m
must on director "$ipvsadm" -A -t $vip:80 -s rr
must python3 -B "$tools/ftp_split.py"
[ "$(on director cat /proc/sys/net/netfilter/nf_conntrack_count)" = 0 ] ||
	fail "connections are tracked"
rmmod ip_vs_ftp 2>/dev/null && fail "a helper with connections was unloaded"
must on director "$ipvsadm" -C
topo_end

topo_nat 1
must on director "$ipvsadm" -A -t $vip:21 -s rr
must on director "$ipvsadm" -a -t $vip:21 -r 10.2.0.11 -m
must on director "$ipvsadm" -A -t $vip:80 -s rr
must python3 -B "$tools/ftp_split.py"
[ "$(on director cat /proc/sys/net/netfilter/nf_conntrack_count)" -gt 0 ] ||
	fail "no connection is tracked"
topo_end
wait_for 60 rmmod ip_vs_ftp || fail "a helper without connections is not unloaded"
must load_ftp ours
rmmod ip_vs_ftp
load_ftp ours ports=21,21 2>/dev/null && fail "a port that is given twice is accepted"
exit 0
