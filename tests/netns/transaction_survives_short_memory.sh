#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: uml
#
# Each allocation of a commit fails once, or it and all that follow: nothing has happened
# then, or all of it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
[ -e /proc/thread-self/fail-nth ] || fail "this kernel injects no faults: run make uml"
load_module "$module"
ns_add lb
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait || fail "no failslab"
# It would print a trace for each failure.
echo 0 >/sys/kernel/debug/failslab/verbose
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py short_memory \
	no_memory
