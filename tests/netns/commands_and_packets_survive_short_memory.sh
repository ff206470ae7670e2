#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: uml
#
# Every command, setting, listing and first packet of a connection while each allocation
# that it needs fails once: the table is as before or as asked, a listing is whole or an
# error, and nothing is left. And namespaces that are not born in the end.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
[ -e /proc/thread-self/fail-nth ] || fail "this kernel injects no faults: run make uml"
load_module "$module"
ns_add lb
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait || fail "no failslab"
# It would print a trace for each failure.
echo 0 >/sys/kernel/debug/failslab/verbose
# A new namespace has the loopback device, and no others that need memory.
sysctl -qw net.core.fb_tunnels_only_for_init_net=2
cd "$here/netlink" || fail "no tests/netlink"
# shellcheck disable=SC2086 # TEST_ROWS: words
on lb env PYTHONDONTWRITEBYTECODE=1 python3 faults.py ${TEST_ROWS:-}
status=$?
sysctl -qw net.core.fb_tunnels_only_for_init_net=0
[ "$status" = 0 ] || fail "status $status"
