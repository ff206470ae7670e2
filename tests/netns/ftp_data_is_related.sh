#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A firewall that gives control connections a tracking helper knows a passive data
# connection as RELATED.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

# passed: packets of RELATED connections
passed() {
	on director iptables -vnxL INPUT | awk '/RELATED/ { print $1 }'
}

modprobe -q nf_conntrack_ftp
load_module "$module"
must load_ftp "$module"
topo_nat 1
must on director "$ipvsadm" -A -t $vip:21 -s rr
must on director "$ipvsadm" -a -t $vip:21 -r 10.2.0.11 -m
on director iptables -t raw -A PREROUTING -p tcp -d $vip --dport 21 -j CT --helper ftp ||
	skip "no target CT"
must on director iptables -A INPUT -i d0 -p tcp -m conntrack --ctstate RELATED -j ACCEPT
must on director iptables -A INPUT -i d0 -p tcp ! --dport 21 \
	-m conntrack --ctstate NEW -j DROP
must python3 -B "$tools/ftp_related.py"
[ "$(passed)" -ge 1 ] || fail "no connection was RELATED"
