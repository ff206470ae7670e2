#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A bad operation at each position of a transaction: its index and reason are told, and
# table, counters and connections are as before, also when only the attempt failed.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py all_or_nothing order late
