#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Services and servers with addresses, ports, protocols and marks chosen to share
# a bucket are all added, and none shares its bucket with many.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "in-tree's table is what it is"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
n=2000
[ -z "${UML:-}" ] || n=1000
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 chosen_keys.py "${TEST_KEYS:-$n}"
