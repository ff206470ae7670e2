#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A megabyte goes through each forwarding method, in both families, by TCP, UDP and
# SCTP, and its echo comes back byte for byte; tunnels also over a way of 1400 bytes.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

size=1048576
# Sanitizers look at ways, not at how much goes there.
[ -z "${UML:-}" ] || size=131072

for m in ipip sit ip6_tunnel ip_gre ip6_gre fou fou6 sctp; do
	modprobe -q $m
done
load_module "$module"
topo_legs

# What takes each kind of tunnel apart, and the VIP where nobody hears of it.
ip -n rs1 -batch - <<-END || fail "tunnels"
	link set tunl0 up
	link set sit0 up
	link set ip6tnl0 up
	link add g4 type gre local 10.2.0.11 remote 0.0.0.0 icsum
	link add g6 type ip6gre local fd02::11 remote :: icsum
	link set g4 up
	link set g6 up
	fou add port 6080 gue
	fou add port 6080 gue -6
END
# It takes IPv6 alone if not told.
must ip -n rs1 -6 tunnel change ip6tnl0 mode any
for dev in tunl0 sit0 g4; do
	on rs1 sysctl -qw net.ipv4.conf.$dev.rp_filter=0
done
on rs1 sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
ip -n rs1 addr add $vip/32 dev lo
ip -n rs1 addr add $vip6/128 dev lo nodad

for proto in tcp udp sctp; do
	serve $proto rs1=10.2.0.11:8080 "rs1=[fd02::11]:8080" rs1=$vip:80 "rs1=[$vip6]:80"
done

# try NAME SERVICE SERVER OPTION...: every protocol by one method, at the same time
try() {
	local name=$1 service=$2 server=$3 letter proto carriers=()
	shift 3
	for letter in -t -u --sctp-service; do
		echo "-A $letter $service -s rr"
		echo "-a $letter $service -r $server $*"
	done >"$scratch/rules"
	must on director "$ipvsadm" -R <"$scratch/rules"
	for proto in tcp udp sctp; do
		on client timeout 120 "$traffic" bulk $proto "$service" $size \
			>"$scratch/$proto" 2>&1 &
		carriers+=("$!")
	done
	wait "${carriers[@]}"
	for proto in tcp udp sctp; do
		expect "$name, $proto" "rs1 $size bytes" "$(cat "$scratch/$proto")"
	done
	echo "# $SECONDS s: $name"
	on director "$ipvsadm" -C
}

four=$vip:80 six="[$vip6]:80"
topo_answer director
try "NAT IPv4" $four 10.2.0.11:8080 -m
try "NAT IPv6" "$six" "[fd02::11]:8080" -m

topo_answer client
try "direct routing IPv4" $four 10.2.0.11:80 -g
try "direct routing IPv6" "$six" "[fd02::11]:80" -g

tunnels() {
	try "ipip 4 in 4$1" $four 10.2.0.11:80 -i
	try "ipip 6 in 6$1" "$six" "[fd02::11]:80" -i
	try "ipip 4 in 6$1" $four "[fd02::11]:80" -i
	try "ipip 6 in 4$1" "$six" 10.2.0.11:80 -i
	try "gue 4$1" $four 10.2.0.11:80 -i --tun-type gue --tun-port 6080 --tun-csum
	try "gue 6$1" "$six" "[fd02::11]:80" -i --tun-type gue --tun-port 6080 --tun-csum
	try "gre 4$1" $four 10.2.0.11:80 -i --tun-type gre --tun-csum
	try "gre 6$1" "$six" "[fd02::11]:80" -i --tun-type gre --tun-csum
}
tunnels ""
# The way to the server narrows: clients have to be told, and told right.
ip -n director link set l1 mtu 1400
ip -n director link set lan mtu 1400
ip -n rs1 link set e0 mtu 1400
tunnels " over 1400 bytes"
