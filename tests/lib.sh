# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # much here is for the tests
#
# lib.sh - what every network test needs: namespaces, modules, waiting, expecting.
#
# A test is a bash script in tests/netns/ that sources this file and then a
# topology. Exit status 0 passes, 77 skips (with the reason in the last line),
# all else fails. Whatever it starts or makes is cleaned up when it ends, also
# when it fails half-way. Tests run in the virtual machine only: they load
# modules and own every network namespace there is.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(dirname "$here")
tools=$here/tools
traffic=$here/out/traffic

[ -n "${VM:-}${UML:-}" ] || {
	echo "this must run in the virtual machine: tests/run netns" >&2
	exit 1
}

# Which of the two modules and tools a test is about, unless it asks for both.
# TEST_MODULE=intree checks a test itself against the original.
module=${TEST_MODULE:-ours}
our_ko=${IPVS_KO:-$checkout/kernel/ip_vs.ko}
our_ipvsadm=$checkout/ipvsadm/ipvsadm
stock_ipvsadm=/sbin/ipvsadm
case ${TEST_IPVSADM:-} in
ours) ipvsadm=$our_ipvsadm ;;
*) ipvsadm=$stock_ipvsadm ;;
esac

scratch=$(mktemp -d)
spaces=()
pids=()

# On a busy machine ksoftirqd gets its turn late. Until then what crosses a cable waits in
# the CPU's backlog, where by default the packet after the thousandth is dropped.
sysctl -qw net.core.netdev_max_backlog=100000

# --- saying what is wrong -----------------------------------------------------

# say TEXT: a figure, which the tier's output shows when the test has passed, too
say() {
	echo "figure: $*"
}

fail() {
	echo "FAIL: $*"
	exit 1
}

skip() {
	echo "SKIP: $*"
	exit 77
}

# The expressions of known-differences that are about the running kernel.
known_differences() {
	local first expression running
	running=$(uname -r | cut -d. -f1,2)
	while read -r first expression; do
		[ "$(printf '%s\n' "$first" "$running" | sort -V | head -1)" != "$first" ] ||
			printf '%s\n' "$expression"
	done < <(grep -E '^[0-9]' "$here/known-differences")
}

# expect WHAT WANTED GOT
expect() {
	local known
	[ "$2" = "$3" ] && return
	known=$(known_differences)
	[ -z "$known" ] || [ "$(sed -E "$known" <<<"$2")" != "$(sed -E "$known" <<<"$3")" ] ||
		return 0
	echo "FAIL: $1"
	if [ "$(wc -l <<<"$2$3")" -gt 1 ]; then
		diff -u --label wanted --label got <(echo "$2") <(echo "$3") |
			head -60
	else
		echo "  wanted: $2"
		echo "  got:    $3"
	fi
	exit 1
}

# losses NS...: where packets were dropped, for a test that misses some
losses() {
	local ns
	echo "dropped by CPUs' backlogs:" $((0x$(awk '{ print $2 }' /proc/net/softnet_stat |
		paste -sd '+' | sed 's/+/ + 0x/g')))
	for ns in "$@"; do
		echo "devices of $ns (name, received, dropped; sent, dropped):"
		# shellcheck disable=SC2016 # for awk to expand
		on "$ns" awk 'NR > 2 { sub(":", " "); print " ", $1, $3, $5, $11, $13 }' \
			/proc/net/dev
		on "$ns" awk '/^(Ip|Udp):/' /proc/net/snmp
		[ ! -e "/proc/net/ip_vs" ] || on "$ns" "$our_ipvsadm" -L --drops -n 2>&1
	done
}

# must COMMAND...: it succeeds, or the test ends here
must() {
	"$@" || fail "exit status $? of: $*"
}

# wait_for SECONDS COMMAND...: until it succeeds. The guest is up to thirty times
# slower than the machine, so bounds are generous; nobody pays them in full.
wait_for() {
	local seconds=$1 until
	shift
	until=$((SECONDS + seconds))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.1
	done
}

# --- namespaces ---------------------------------------------------------------

# ns_add NAME...
ns_add() {
	local n
	for n in "$@"; do
		must ip netns add "$n"
		spaces+=("$n")
		ip -n "$n" link set lo up
	done
}

ns_del() {
	local n
	for n in "$@"; do
		ip netns del "$n"
	done
}

# on NAME COMMAND...: run it inside
on() {
	local n=$1
	shift
	ip netns exec "$n" "$@"
}

# topo_end: away with all namespaces, so that a test can build its topology again
topo_end() {
	local p n
	for p in "${pids[@]}"; do
		kill -9 "$p" 2>/dev/null
	done
	wait 2>/dev/null
	pids=()
	for n in "${spaces[@]}"; do
		ip netns del "$n" 2>/dev/null
	done
	spaces=()
}

# link NS DEV NS DEV: a cable
link() {
	must ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
}

# allow_user_namespaces: to everybody; Debian's kernels have a switch for that
allow_user_namespaces() {
	sysctl -qw kernel.unprivileged_userns_clone=1 2>/dev/null
}

# foreign_space: user and network namespaces of another user, where a process sleeps;
# its pid in $foreign. (A program enters such by tests/netlink/foreign.py.)
foreign_space() {
	allow_user_namespaces
	background unshare --user --map-root-user --net sleep 1000
	foreign=$!
	wait_for 30 in_another_space "$foreign" || fail "no namespace of another user"
}

in_another_space() { # PID
	test "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)"
}

# --- processes ----------------------------------------------------------------

# background COMMAND...: gone when the test ends; its pid in $!
background() {
	"$@" &
	pids+=("$!")
}

# hears_events PID: "ipvsadm --monitor" sleeps, which it does for events alone: the kernel
# answers a request before the call that sends it returns.
hears_events() {
	awk '/^Name:/ { name = $2 } /^State:/ { state = $2 }
		END { exit !(name == "ipvsadm" && state == "S") }' "/proc/$1/status"
}

# serve tcp|udp NS=ADDR:PORT...: named servers, listening when this returns.
# Not in a subshell: the pid must reach our cleanup.
serve() {
	must "$traffic" serve "$@" >"$scratch/served"
	pids+=("$(cat "$scratch/served")")
}

# --- modules ------------------------------------------------------------------

intree_parts='ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_dh ip_vs_mh
	ip_vs_sed ip_vs_nq ip_vs_fo ip_vs_ovf ip_vs_lblc ip_vs_lblcr ip_vs_twos
	ip_vs_ftp'

loaded() {
	grep -q "^$1 " /proc/modules
}

# load_module ours|intree
load_module() {
	local part
	unload_module
	case $1 in
	ours)
		[ -f "$our_ko" ] || fail "there is no $our_ko: run make"
		# Libraries that the module links to are modules themselves.
		for part in $(modinfo -F depends "$our_ko" | tr ',' ' '); do
			modprobe -q "$part"
		done
		must insmod "$our_ko"
		;;
	intree)
		if [ -n "${UML:-}" ]; then
			for part in ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc; do
				must insmod "$IPVS_UML_BUILD/net/netfilter/ipvs/$part.ko"
			done
		else
			must modprobe --ignore-install ip_vs
			for part in rr wrr; do
				must modprobe --ignore-install "ip_vs_$part"
			done
		fi
		;;
	*) fail "load_module: ours or intree, not $1" ;;
	esac
}

# load_match ours|intree: and its iptables match; load_module comes first
load_match() {
	if [ "$1" = ours ]; then
		modprobe -q x_tables
		must insmod "${our_ko%/*}/xt_ipvs.ko"
	elif [ -n "${UML:-}" ]; then
		must insmod "$IPVS_UML_BUILD/net/netfilter/xt_ipvs.ko"
	else
		must modprobe --ignore-install xt_ipvs
	fi
}

# load_ftp ours|intree [PARAMETER...]: the module ip_vs_ftp, of the module loaded
load_ftp() {
	local whose=$1
	shift
	modprobe -q nf_nat
	if [ "$whose" = ours ]; then
		insmod "${our_ko%/*}/ip_vs_ftp.ko" "$@"
	elif [ -n "${UML:-}" ]; then
		insmod "$IPVS_UML_BUILD/net/netfilter/ipvs/ip_vs_ftp.ko" "$@"
	else
		modprobe --ignore-install ip_vs_ftp "$@"
	fi
}

# unload_module: waits for namespaces that are being torn down
unload_module() {
	local part
	for part in xt_ipvs $intree_parts ip_vs_pe_sip; do
		loaded "$part" && wait_for 60 rmmod "$part"
	done
	! loaded ip_vs || wait_for 60 rmmod ip_vs ||
		fail "the module does not unload: $(grep '^ip_vs ' /proc/modules)"
}

# all_ended NAMESPACE: has each connection been ended whose time is up? Ours hides
# it first; the in-tree module does both at once.
all_ended() {
	loaded ip_vs_rr || on "$1" python3 "$here/netlink/all_ended.py"
}

# request_no_modules: from here on the kernel starts no modprobe for names it does
# not know; hundreds of them cost more than all else a test does.
modprobe_path=
request_no_modules() {
	modprobe_path=$(cat /proc/sys/kernel/modprobe)
	echo "" >/proc/sys/kernel/modprobe
}

# --- the end ------------------------------------------------------------------

cleanup() {
	local status=$? p n
	trap - EXIT
	for p in "${pids[@]}"; do
		kill -9 "$p" 2>/dev/null
	done
	wait 2>/dev/null
	# All programs before the first cable: some die badly of what they see then.
	for n in "${spaces[@]}"; do
		ip netns pids "$n" 2>/dev/null | xargs -r kill -9 2>/dev/null
	done
	for n in "${spaces[@]}"; do
		ip netns del "$n" 2>/dev/null
	done
	rm -rf "$scratch"
	[ -z "$modprobe_path" ] || echo "$modprobe_path" >/proc/sys/kernel/modprobe
	[ -n "${KEEP_MODULE:-}" ] || (unload_module) || status=1
	exit "$status"
}
trap cleanup EXIT
