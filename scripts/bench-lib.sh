# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # much here is for the benches
#
# bench-lib.sh - what the benches share: the machine, a network that pktgen sends
# packets through, and the judging of figures. Modules, namespaces and waiting are
# those of tests/lib.sh.
#
# Counting: with scripts/vm --icount the machine has one CPU, and one instruction
# takes one virtual nanosecond. So the guest's own clock counts instructions, and
# figures repeat to a few parts in a thousand whatever else this host does.
# Instructions are not cycles: a cache miss costs nothing here.
#
# Mitigations: scripts/vm puts "mitigations=off" on the kernel's command line, for
# benches and tests alike. With retpolines an indirect call costs more, so a figure
# of a machine that has them must not be put beside one of ours.
#
# Exit status of a bench: 0, 1 if a figure is beyond its gate, 2 if it could not
# be measured.
set -u

bench=$(basename "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
ko=${IPVS_KO:-$PWD/kernel/ip_vs.ko}

if [ -n "${VM:-}" ]; then
	# shellcheck source=tests/lib.sh
	. tests/lib.sh
fi

fail() {
	echo "$bench: $*" >&2
	exit 2
}

# in_machine OPTIONS ARGUMENT...: what follows runs in a virtual machine; OPTIONS
# are scripts/vm's, in one word
in_machine() {
	local options=$1
	shift
	[ -z "${VM:-}" ] || return 0
	[ -f "$ko" ] || fail "no $ko: run make"
	# shellcheck disable=SC2086 # words
	exec scripts/vm $options -- bash "scripts/$bench" "$@"
}

# --- the network --------------------------------------------------------------

#  client ──c0 r0── router ──r1 d0── director ──d1 e0── server ──s0 b0── backend
#  10.1.0.2                   10.1.0.1      10.2.0.1                   10.2.0.11 ... 14
#  fd01::2                     fd01::1       fd02::1                   fd02::11
#                      10.1.0.100, fd01::100: virtual
#
# What comes in at the server's e0 and at the router's r1 is dropped: requests end at the
# one, answers at the other.
#
# pktgen keeps a reference to the packet that it sends. ip_rcv() clones such a shared
# packet, and who writes first copies its head, which no packet of a network card
# costs. So the client's requests pass the router, the backend's answers the server,
# and neither is shared any more in the director. What the router sends itself, as if it
# were the client, is shared there. "sender" says who sends.
#
# pktgen leaves sums to a device that can fill them in, and such a packet is not what a
# card delivers: client and backend have devices that cannot.
#
# network_start: makes it, once. Namespaces that go keep the only CPU at work for a
# moment, which would be counted in what comes next. What takes up the packets goes
# before what sends them, or they would wait for the next tick: some find the backlog
# full then, and some are not counted.
network_start() {
	local n dev
	must modprobe pktgen
	must chrt -f -p 1 "$(pgrep -x ksoftirqd/0)"
	modprobe -a sch_ingress cls_matchall act_gact act_pedit act_csum 2>/dev/null
	ns_add client router director server backend
	link client c0 router r0
	link router r1 director d0
	link server e0 director d1
	link backend b0 server s0
	for n in client router director server backend; do
		must on $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	done
	must on client ethtool -K c0 tx off >/dev/null
	must on backend ethtool -K b0 tx off >/dev/null
	must ip -n client link set c0 address 02:00:00:00:00:02 up
	must ip -n router link set r0 address 02:00:00:00:00:01 addrgenmode none up
	must ip -n router link set r1 address 02:00:00:00:01:02 addrgenmode none up
	must ip -n director link set d0 address 02:00:00:00:01:01 up
	must ip -n director link set d1 address 02:00:00:00:02:01 up
	must ip -n server link set e0 address 02:00:00:00:02:02 addrgenmode none up
	must ip -n server link set s0 address 02:00:00:00:03:01 addrgenmode none up
	must ip -n backend link set b0 address 02:00:00:00:03:02 up
	for dev in server:e0 router:r1; do
		must on ${dev%:*} tc qdisc add dev ${dev#*:} clsact
		drop_all ${dev%:*} ${dev#*:}
	done
}

# onward4 NS DEV-IN NEXT DEV-OUT NEXTS-ADDRESS: hands on all that comes in; no address
# of its own
onward4() {
	must on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 "net.ipv4.conf.$2.rp_filter=0"
	ip -n "$1" -batch - <<-END || fail "$1"
		route replace default via $3 dev $4 onlink
		neigh replace $3 lladdr $5 dev $4 nud permanent
	END
}

onward6() { # NS NEXT DEV-OUT NEXTS-ADDRESS
	must on "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.all.forwarding=1
	ip -n "$1" -batch - <<-END || fail "$1"
		route replace default via $2 dev $3 onlink
		neigh replace $2 lladdr $4 dev $3 nud permanent
	END
}

# network4, network6: what comes next is of this family. Addresses and neighbours are
# fixed: nothing but the packets may run.
network4() {
	onward4 router r0 10.1.0.1 r1 02:00:00:00:01:01
	onward4 server s0 10.2.0.1 e0 02:00:00:00:02:01
	must on director sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.d0.rp_filter=0 \
		net.ipv4.conf.d1.rp_filter=0
	ip -n director -batch - <<-END || fail "director"
		addr replace 10.1.0.1/24 dev d0
		addr replace 10.1.0.100/32 dev d0
		addr replace 10.2.0.1/16 dev d1
		neigh replace 10.1.0.2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
		$(printf 'neigh replace %s lladdr 02:00:00:00:02:02 dev d1 nud permanent\n' \
			10.2.0.{11..14})
	END
}

network6() {
	onward6 router fd01::1 r1 02:00:00:00:01:01
	onward6 server fd02::1 e0 02:00:00:00:02:01
	must on director sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.all.forwarding=1
	ip -n director -batch - <<-'END' || fail "director"
		addr replace fd01::1/64 dev d0 nodad
		addr replace fd01::100/128 dev d0 nodad
		addr replace fd02::1/64 dev d1 nodad
		neigh replace fd01::2 lladdr 02:00:00:00:01:02 dev d0 nud permanent
		neigh replace fd02::11 lladdr 02:00:00:00:02:02 dev d1 nud permanent
	END
}

# start_module ours|intree: with the services that the standard input names
start_module() {
	load_module "$1"
	must director -R
}

# end_module: away with services and module, if there are any
end_module() {
	# Not without a module: the question alone would load one.
	! loaded ip_vs || { must director -C && unload_module; }
}

director() { # IPVSADM'S ARGUMENTS
	on director "$stock_ipvsadm" "$@"
}

# drop_at NS DEV: all that comes in there
drop_at() {
	must on "$1" tc qdisc add dev "$2" clsact
	drop_all "$1" "$2"
}

drop_all() { # NS DEV
	must on "$1" tc filter add dev "$2" ingress matchall action drop
}

pass_at() { # NS DEV
	must on "$1" tc qdisc del dev "$2" clsact
}

# arrived NS DEV: packets dropped there so far
arrived() {
	on "$1" tc -s filter show dev "$2" ingress |
		sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p' | head -1
}

# Packets that did not get as far as the director: its CPU's backlog was full.
backlog_drops() {
	local dropped n=0
	while read -r _ dropped _; do
		n=$((n + 16#$dropped))
	done </proc/net/softnet_stat
	echo $n
}

# --- packets ------------------------------------------------------------------

# send COUNT ADDRESS SETTING...: packets of 60 bytes (80 for IPv6) from "sender";
# pktgen's settings say the ports and what else is wanted, or other sources. "packet" is
#	udp	UDP without a sum; IPv6 has to have one
#	sum	UDP with a sum
#	tcp	a TCP segment of 6 bytes, its sum right (segments)
# In "figure": instructions a packet.
sender=client
packet=udp
send() {
	local microseconds dev to from=10.1.0.2 kind
	case $sender in
	client) dev=c0 to=02:00:00:00:00:01 ;;
	router) dev=r1 to=02:00:00:00:01:01 ;;
	backend) dev=b0 to=02:00:00:00:03:01 from=10.2.0.11 ;;
	esac
	kind=("pkt_size 60" "dst $2" "src_min $from" "src_max $from")
	if [ "${2/:/}" != "$2" ]; then
		[ $sender = backend ] && from=fd02::11 || from=fd01::2
		kind=("pkt_size 80" "dst6 $2" "src6 $from" "flag UDPCSUM")
	elif [ $packet = sum ]; then
		kind+=("flag UDPCSUM")
	fi
	# shellcheck disable=SC2016 # for the inner shell to expand
	microseconds=$(on $sender bash -c '
		pg() { echo "$2" >"/proc/net/pktgen/$1" || exit 1; }
		pg kpktgend_0 rem_device_all
		pg kpktgend_0 "add_device $1"
		for setting in "clone_skb 0" "delay 0" "${@:2}"; do
			pg $1 "$setting"
		done
		pg pgctrl start
		sed -n "s/^Result: OK: \([0-9]*\)(.*/\1/p" /proc/net/pktgen/$1
	' send $dev "count $1" "${kind[@]}" "dst_mac $to" \
		"udp_dst_min 80" "udp_dst_max 80" "${@:3}")
	[ -n "$microseconds" ] || fail "pktgen sends nothing"
	figure=$((microseconds * 1000 / $1))
}

# segments FLAGS: from now on what router and server hand on leaves as TCP, with that
# byte of flags; "udp" ends it. pktgen knows UDP only: tc puts the protocol, the second
# half of a TCP header (no options, a full window) and the sums right. All contestants
# and the wire pay for it alike, and none of it is in a figure net of wire.
segments() {
	local dev where munge sums=(csum tcp)
	for dev in router:r1 server:e0; do
		where=("${dev%:*}" tc filter)
		on "${where[@]}" del dev "${dev#*:}" egress 2>/dev/null
		[ "$1" != udp ] || continue
		if [ "$family" = 4 ]; then
			munge=(munge offset 9 u8 set 6 munge offset 32 u32 set "0x50$1ffff")
			sums=(csum ip and tcp)
		else
			munge=(munge offset 6 u8 set 6 munge offset 52 u32 set "0x50$1ffff")
		fi
		must on "${where[@]}" add dev "${dev#*:}" egress matchall \
			action pedit "${munge[@]}" pipe action "${sums[@]}"
	done
}

# send_counted NS DEV COUNT ADDRESS SETTING...: the same. Fails, and tells, unless
# all of them arrive there; hosts with IPv6 say something themselves now and then.
send_counted() {
	local before drops extra stray=0
	[ "${4/:/}" = "$4" ] || stray=10
	before=$(arrived "$1" "$2")
	drops=$(backlog_drops)
	send "${@:3}"
	extra=$(($(arrived "$1" "$2") - before - $3))
	[ $extra -ge 0 ] && [ $extra -le $stray ] && return
	echo "$bench: $(($3 + extra)) of $3 packets arrived at $1," \
		"$(($(backlog_drops) - drops)) were dropped before the director" >&2
	return 1
}

# --- judging ------------------------------------------------------------------

# quotient A B FORMAT
quotient() {
	awk -v a="$1" -v b="$2" -v format="$3" 'BEGIN { printf format, a / b }'
}

# within VALUE LIMIT: if not, or if there is no value, "over" becomes 1, the
# bench's exit status
over=0
within() {
	[[ $1 =~ ^[0-9]+(\.[0-9]+)?$ ]] &&
		awk -v v="$1" -v l="$2" 'BEGIN { exit !(v <= l) }' && return
	over=1
	return 1
}
