#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What Docker's Swarm makes of IPVS: a mark of the table mangle chooses the service, and
# "-m ipvs --ipvs -j SNAT" makes the ingress the client of containers, which have no way
# back through it. A container that asks its service's virtual address, balanced in its
# own namespace, keeps the address that it has in their network.
#
#   ┌────────┐ 10.1.0.2            ┌─────────┐ lan 10.2.0.1          e0 ┌────┐
#   │ client ├─────────────────────┤ ingress ├─────────┬────────────────┤ c1 │ 10.2.0.11
#   └────────┘   10.1.0.1, :8080   └─────────┘ (bridge)│                └────┘
#                                                      │             e0 ┌────┐
#                 each container: 10.2.0.100 on lo     └────────────────┤ c2 │ 10.2.0.12
#                                                                       └────┘
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/ask_who.sh
. "$here/ask_who.sh"

load_module "$module"
load_match "$module"
ns_add client ingress c1 c2
link client c0 ingress i0
link c1 e0 ingress l1
link c2 e0 ingress l2
ip -n client -batch - <<-END || fail "client"
	addr add 10.1.0.2/24 dev c0
	link set c0 up
END
ip -n ingress -batch - <<-END || fail "ingress"
	link add lan type bridge
	link set l1 master lan
	link set l2 master lan
	addr add 10.1.0.1/24 dev i0
	addr add 10.2.0.1/24 dev lan
	link set i0 up
	link set lan up
	link set l1 up
	link set l2 up
END
for i in 1 2; do
	ip -n c$i -batch - <<-END || fail "c$i"
		addr add 10.2.0.1$i/24 dev e0
		addr add 10.2.0.100/32 dev lo
		link set e0 up
	END
	# The address is everywhere: nobody may answer for it on the cable.
	on c$i sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	wait_for 30 on c$i ping -qc1 -W1 10.2.0.1 || fail "c$i does not reach the ingress"
	serve_who c$i 0.0.0.0 8080
done
on ingress sysctl -qw net.ipv4.ip_forward=1

# balance NS MARK CHAIN WHAT SOURCE: packets of CHAIN that are for WHAT are balanced in NS,
# and leave as those of SOURCE
balance() {
	local ns=$1 mark=$2 chain=$3 what=$4 from=$5
	on "$ns" sysctl -qw net.ipv4.vs.conntrack=1
	# shellcheck disable=SC2086 # words of a rule
	must on "$ns" iptables-legacy -t mangle -A "$chain" $what -j MARK --set-mark "$mark"
	must on "$ns" iptables-legacy -t nat -A POSTROUTING -d 10.2.0.0/24 \
		-m ipvs --ipvs -j SNAT --to-source "$from"
	on "$ns" "$ipvsadm" -R <<-END || fail "services of $ns"
		-A -f $mark -s rr
		-a -f $mark -r 10.2.0.11:0 -m
		-a -f $mark -r 10.2.0.12:0 -m
	END
}

balance ingress 256 PREROUTING "-p tcp --dport 8080" 10.2.0.1
expect "through the ingress" "c2 hears 10.2.0.1
c1 hears 10.2.0.1
c2 hears 10.2.0.1
c1 hears 10.2.0.1" "$(ask_who client 10.1.0.1 8080 4)"

balance c1 258 OUTPUT "-d 10.2.0.100/32" 10.2.0.11
expect "a container's own service" "c2 hears 10.2.0.11
c1 hears 10.2.0.11
c2 hears 10.2.0.11
c1 hears 10.2.0.11" "$(ask_who c1 10.2.0.100 8080 4)"
