#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules with "-m ipvs" come from containers, and not always from iptables: what is no
# such rule is refused, in each family of tables, and random options on packets of every
# kind do no harm, while their namespace is deleted neither.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

load_module "$module"
load_match "$module"
modprobe -q nft_compat

# wanted: the families that iptables has, the size and revision of the header
wanted() {
	local family bytes bits
	for family in inet ip arp netdev bridge ip6; do
		case $family in
		ip*) echo "family $family: accepted" ;;
		*) echo "family $family: EINVAL" ;;
		esac
	done
	for family in ip ip6; do
		for bytes in 0 1 16 39 41 48 255 256; do
			echo "$family, $bytes bytes: EINVAL"
		done
		echo "$family, revision 1: ENOENT"
		for bits in 0x0 0x80 0xff; do
			echo "$family, options $bits: accepted"
		done
	done
}
refusals=$(/usr/bin/python3 "$here/netlink/xt_match.py" refusals)
expect "rules that are refused" "$(wanted)" "$refusals"
foreign_space
expect "rules that are refused in a container" "$refusals" \
	"$(nsenter -t "$foreign" -U -n --preserve-credentials \
		/usr/bin/python3 "$here/netlink/xt_match.py" refusals)"

busy() {
	[ "$(on director cat /proc/net/ip_vs_conn | wc -l)" -ge 12 ]
}
for round in 1 2; do
	topo_legs
	must on director /usr/bin/python3 "$here/netlink/xt_match.py" random $round 8
	for proto in tcp udp; do
		serve $proto rs1=10.2.0.11:8080 "rs1=[fd02::11]:8080"
		for service in $vip:80 "[$vip6]:80"; do
			must on director "$ipvsadm" -A "-${proto:0:1}" "$service" -s rr
		done
		must on director "$ipvsadm" -a "-${proto:0:1}" $vip:80 -r 10.2.0.11:8080 -m
		must on director "$ipvsadm" -a "-${proto:0:1}" "[$vip6]:80" -r "[fd02::11]:8080" -m
		background on client "$traffic" storm $proto $vip:80 2
		background on client "$traffic" storm $proto "[$vip6]:80" 2
	done
	wait_for 60 busy || fail "round $round: no connections"
	must ip netns del director
	topo_end
done
wait_for 60 rmmod xt_ipvs || fail "rules are left"
