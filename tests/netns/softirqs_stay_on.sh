#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# machine: icount
# timeout: 3000
#
# Nothing that users, workers or the end of a namespace do with large tables keeps
# softirqs off for long: no packet waits for it. What is measured are instructions
# (tests/tools/softirqs), to some 20,000.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/flood.sh
. "$here/topo/flood.sh"
[ "$module" = ours ] || [ "$module" = intree ] || exit 1
probe=$tools/softirqs/softirqs.ko
[ -f "$probe" ] || skip "no $probe: tests/run load builds it"
bound=${TEST_BOUND:-200000}
connections=${TEST_CONNECTIONS:-50000}
servers=${TEST_SERVERS:-5000}

load_module "$module"
topo_flood 1
must insmod "$probe"
trap 'rmmod softirqs; cleanup' EXIT
most=0

# step WHAT COMMAND...
step() {
	local what=$1 length who where
	shift
	echo >/proc/softirqs_off
	must "$@" >/dev/null
	read -r length who where </proc/softirqs_off
	say "$what: $length ($who, $where)"
	[ "$length" -le "$most" ] || most=$length worst=$what
}
rules() { # PORT
	local i
	echo "-A -u 10.9.1.1:$1 -s ${2:-wlc}"
	for ((i = 1; i <= servers; i++)); do
		echo "-a -u 10.9.1.1:$1 -r 10.2.0.11:$i -m"
	done
}
edits() {
	local i
	for ((i = 1; i <= servers; i += 10)); do
		echo "-e -u 10.9.1.1:53 -r 10.2.0.11:$i -m -w 7"
	done
}
many_services() {
	local i
	for ((i = 1; i <= servers; i++)); do
		echo "-A -t 10.9.1.2:$i -s rr"
		echo "-a -t 10.9.1.2:$i -r 10.2.0.11:80 -m"
	done
}
restore() {
	on director "$our_ipvsadm" -R <"$scratch/rules"
}
ended() {
	[ "$(entries)" = 0 ]
}
all_end() {
	wait_for 200 ended
}
step "nothing" sleep 3
rules 53 >"$scratch/rules"
step "a service with $servers servers" restore
for sched in rr wrr mh sh lblcr wlc; do
	step "its scheduler becomes $sched" on director "$our_ipvsadm" -E -u 10.9.1.1:53 -s $sched
done
edits >"$scratch/rules"
step "$((servers / 10)) edits" restore
many_services >"$scratch/rules"
step "$servers services" restore
step "estimation, five seconds" sleep 5
step "the list" on director "$our_ipvsadm" -Ln
step "/proc/net/ip_vs" on director cat /proc/net/ip_vs
must on director "$our_ipvsadm" --set 0 0 30
step "$connections connections are made" spoof udp 10.9.1.1:53 "$connections"
step "they are listed" on director "$our_ipvsadm" -Lnc
step "/proc/net/ip_vs_conn" on director cat /proc/net/ip_vs_conn
if [ "$module" = ours ]; then
	step "they end" all_end
	spoof udp 10.9.1.1:53 "$connections" >/dev/null
	# shellcheck disable=SC2016 # Python's
	step "they are ended, all in one request" on director env PYTHONPATH="$here/netlink" \
		PYTHONDONTWRITEBYTECODE=1 python3 -c '
import ipvs_ext as ext
print(ext.Socket().kill())'
fi
spoof udp 10.9.1.1:53 "$connections" >/dev/null
step "all services go" on director "$our_ipvsadm" -C
rules 53 >"$scratch/rules"
restore
spoof udp 10.9.1.1:53 "$connections" "$connections" >/dev/null
step "the namespace goes" ip netns del director
step "and the module" unload_module
say "longest stretch with softirqs off: $most instructions, $worst"
[ "$most" -le "$bound" ] || fail "$worst: $most instructions, more than $bound"
