#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A thousand random requests, one upon the other, through netlink and the socket
# options: the same errno each, and every dump, listing and answer in between the
# same as the in-tree module's.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"
[ -z "${UML:-}" ] || skip "compares with the distribution's module"
requests=${TEST_REQUESTS:-1000}
seed=${TEST_SEED:-26}
schedulers=(ip_vs_{rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh})

run_on() { # module
	local ns=requests_$1
	load_module "$1"
	[ "$1" = ours ] || must modprobe --ignore-install -a "${schedulers[@]}"
	ns_add "$ns"
	must on "$ns" ip addr add 192.168.60.1/24 dev lo brd 192.168.60.255
	on "$ns" python3 -B "$here/netlink/random_requests.py" "$seed" "$requests" \
		>"$scratch/$1" 2>"$scratch/err" || fail "$1: $(cat "$scratch/err")"
	ns_del "$ns"
}

request_no_modules
run_on intree
run_on ours
[ -z "${VM_OUT:-}" ] || cp "$scratch"/{intree,ours} "$VM_OUT/"
expect "requests" "$requests" "$(grep -c '^[0-9]' "$scratch/ours")"
expect "answers of seed $seed" "$(cat "$scratch/intree")" "$(cat "$scratch/ours")"
