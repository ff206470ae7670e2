#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every socket option x lengths x contents: the same errno, answer and table as
# the in-tree module.  Differences that are meant: netlink/sockopt.expected.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

run_on() { # module
	local ns=sockopt_$1
	load_module "$1"
	ns_add "$ns"
	on "$ns" python3 -u "$here/netlink/sockopt.py" >"$scratch/$1" 2>"$scratch/err" ||
		fail "$1: $(cat "$scratch/err")"
	ns_del "$ns"
}

run_on intree
run_on ours

lines=$(wc -l <"$scratch/ours")
[ "$lines" -gt 400 ] || fail "only $lines cases ran"
[ -z "${VM_OUT:-}" ] || cp "$scratch/intree" "$scratch/ours" "$VM_OUT/"
unmet=$(python3 "$here/netlink/compare.py" "$here/netlink/sockopt.expected" \
	"$scratch/intree" "$scratch/ours")
expect "differences from in-tree ($lines cases)" "" "$unmet"
