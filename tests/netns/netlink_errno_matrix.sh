#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every netlink command x every attribute x what can be wrong with it: the same
# errno, the same number of answers and the same table as the in-tree module.
#
# Differences that are meant are listed by name in netlink/matrix.expected: a
# pattern of case names, what ours answers, and the reason.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

# On the sanitizer kernel a grace period is long: one group of cases there.
prefix='' least=4000
[ -z "${UML:-}" ] || prefix=order/ least=50

run_on() { # module
	local ns=matrix_$1
	load_module "$1"
	ns_add "$ns"
	must on "$ns" ip addr add 192.168.60.1/24 dev lo brd 192.168.60.255
	on "$ns" python3 "$here/netlink/matrix.py" $prefix >"$scratch/$1" 2>"$scratch/err" ||
		fail "$1: $(cat "$scratch/err")"
	ns_del "$ns"
}

request_no_modules
run_on intree
run_on ours

lines=$(wc -l <"$scratch/ours")
[ "$lines" -gt "$least" ] || fail "only $lines cases ran"
[ -z "${VM_OUT:-}" ] || cp "$scratch/intree" "$scratch/ours" "$VM_OUT/"
unmet=$(python3 "$here/netlink/compare.py" "$here/netlink/matrix.expected" \
	"$scratch/intree" "$scratch/ours")
expect "differences from in-tree ($lines cases)" "" "$unmet"
