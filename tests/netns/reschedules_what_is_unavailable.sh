#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# sysctl reschedule_unavailable: 0 is in-tree's behaviour; with 1 a datagram or SYN
# that meets an entry whose server is gone or drained goes to another, that very
# packet, templates and connection tracking included.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "in-tree has no such setting"
load_module ours
topo_nat 2
for proto in tcp udp; do
	# shellcheck disable=SC2046 # one word a server
	serve $proto $(server_list 80 2)
done

setting() {
	on director sysctl -qw "net.ipv4.vs.$1"
}

# ask PROTOCOL PORT: which server answers from that source port
ask() {
	on client "$traffic" ask "$1" $vip:80 1 "$2" 2>/dev/null
}
# none PROTOCOL PORT: nothing answers
none() {
	on client timeout 5 "$traffic" ask "$1" $vip:80 1 "$2" 2>/dev/null
}

# begin LETTER OPTION...: a service whose first connection goes to rs2
begin() {
	local letter=$1
	shift
	on director "$ipvsadm" -C
	must on director "$ipvsadm" -A "$letter" $vip:80 -s rr "$@"
	must on director "$ipvsadm" -a "$letter" $vip:80 -r 10.2.0.12:80 -m
}

drain() {
	must on director "$ipvsadm" -a "$1" $vip:80 -r 10.2.0.11:80 -m
	must on director "$ipvsadm" -e "$1" $vip:80 -r 10.2.0.12:80 -m -w 0
}

port=5000
for on in 0 1; do
	setting reschedule_unavailable=$on
	other=$([ $on = 1 ] && echo rs1 || echo rs2)

	# A UDP flow on a server of weight 0.
	begin -u
	port=$((port + 1))
	expect "UDP begins" rs2 "$(ask udp $port)"
	drain -u
	expect "UDP, drained, setting $on" "$other" "$(ask udp $port)"

	# The same, its server removed.
	begin -u
	port=$((port + 1))
	expect "UDP begins" rs2 "$(ask udp $port)"
	drain -u
	must on director "$ipvsadm" -d -u $vip:80 -r 10.2.0.12:80
	if [ $on = 1 ]; then
		expect "UDP, removed, setting 1" rs1 "$(ask udp $port)"
	else
		expect "UDP, removed, setting 0" "" "$(none udp $port)"
	fi

	# A client that persists to a drained server.
	begin -t -p 300
	port=$((port + 1))
	expect "a template begins" rs2 "$(ask tcp $port)"
	drain -t
	port=$((port + 1))
	expect "a template, drained, setting $on" "$other" "$(ask tcp $port)"
done

# With connection tracking the tuple's old entry must not hold the packet back.
setting conntrack=1
on director iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP
setting reschedule_unavailable=1
begin -u
port=$((port + 1))
expect "tracked UDP begins" rs2 "$(ask udp $port)"
drain -u
expect "tracked UDP, drained" rs1 "$(ask udp $port)"
expect "its flow is tracked to the new server" 1 "$(on director \
	conntrack -L -p udp --orig-port-src $port 2>/dev/null | grep -c 'src=10.2.0.11')"
