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

#   ┌────────┐ c0  r0 ┌────────┐ r1      d0 ┌──────────┐ d1      e0 ┌────────┐
#   │ client ├────────┤ router ├────────────┤ director ├────────────┤ server │
#   └────────┘        └────────┘            └──────────┘            └────────┘
#   10.1.0.2                        10.1.0.1            10.2.0.1    10.2.0.11 ... 14
#   fd01::2                          fd01::1            fd02::1     fd02::11
#                           10.1.0.100, fd01::100: virtual           drops all
#
# pktgen keeps a reference to the packet that it sends. ip_rcv() clones such a shared
# packet, and who writes first copies its head, which no packet of a network card
# costs. What the client sends is no longer shared when the router has handed it on;
# what the router sends itself, as if it were the client, is shared in the director.
# "sender" says who sends.
#
# network_start: makes it, once. Namespaces that go keep the only CPU at work for a
# moment, which would be counted in what comes next. What takes up the packets goes
# before what sends them, or they would wait for the next tick: some find the backlog
# full then, and some are not counted.
network_start() {
	local n
	must modprobe pktgen
	must chrt -f -p 1 "$(pgrep -x ksoftirqd/0)"
	modprobe -a sch_ingress cls_matchall act_gact 2>/dev/null
	ns_add client router director server
	link client c0 router r0
	link router r1 director d0
	link server e0 director d1
	for n in client router director server; do
		must on $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	done
	must ip -n client link set c0 address 02:00:00:00:00:02 up
	must ip -n router link set r0 address 02:00:00:00:00:01 addrgenmode none up
	must ip -n router link set r1 address 02:00:00:00:01:02 addrgenmode none up
	must ip -n director link set d0 address 02:00:00:00:01:01 up
	must ip -n director link set d1 address 02:00:00:00:02:01 up
	must ip -n server link set e0 address 02:00:00:00:02:02 up
	drop_at server e0
}

# network4, network6: what comes next is of this family. Addresses and neighbours are
# fixed: nothing but the packets may run.
network4() {
	must on router sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.r0.rp_filter=0
	ip -n router -batch - <<-'END' || fail "router"
		route replace default via 10.1.0.1 dev r1 onlink
		neigh replace 10.1.0.1 lladdr 02:00:00:00:01:01 dev r1 nud permanent
	END
	must on director sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.d0.rp_filter=0
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
	must on router sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.all.forwarding=1
	ip -n router -batch - <<-'END' || fail "router"
		route replace default via fd01::1 dev r1 onlink
		neigh replace fd01::1 lladdr 02:00:00:00:01:01 dev r1 nud permanent
	END
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

# send COUNT ADDRESS SETTING...: UDP packets of 60 bytes (80 for IPv6) from "sender" to
# port 80; pktgen's settings say what else is wanted, or other sources. In "figure":
# instructions a packet.
sender=router
send() {
	local microseconds dev=r1 to=02:00:00:00:01:01
	local kind=("pkt_size 60" "dst $2" "src_min 10.1.0.2" "src_max 10.1.0.2")
	# IPv6 wants a sum, which the device would have to fill in.
	[ "${2/:/}" = "$2" ] || kind=("pkt_size 80" "dst6 $2" "src6 fd01::2" "flag UDPCSUM")
	[ $sender = router ] || dev=c0 to=02:00:00:00:00:01
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
