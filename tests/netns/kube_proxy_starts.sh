#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kube-proxy's start-up and its daily work, call by call as the library moby/ipvs
# makes them and with its strictness (netlink/kube_proxy.py): our answers are those
# of the in-tree module; and the settings that kube-proxy writes take its values.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

replay() { # module
	load_module "$1"
	ns_add node
	for setting in conntrack=1 conn_reuse_mode=0 expire_nodest_conn=1 \
		expire_quiescent_template=1; do
		[ -e "/proc/sys/net/ipv4/vs/${setting%=*}" ] || continue
		on node sysctl -w "net.ipv4.vs.$setting"
	done >"$scratch/$1" 2>&1
	on node python3 -B "$here/netlink/kube_proxy.py" >>"$scratch/$1" 2>&1 ||
		fail "$1: $(tail -3 "$scratch/$1")"
	ns_del node
}

replay intree
replay ours
expect "answers" "$(cat "$scratch/intree")" "$(cat "$scratch/ours")"
expect "services listed" 4 "$(sed -n '/^all:/,/^drain/s/^  .*/x/p' "$scratch/ours" | wc -l)"
