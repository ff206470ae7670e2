#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a socket has staged is its own, is checked, bounded, and forgotten with it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
# A million operations are too much for a kernel that looks at each access.
limit=limit
[ -z "${UML:-}" ] || limit=
cd "$here/netlink" || fail "no tests/netlink"
# shellcheck disable=SC2086 # none or one
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py sockets refusals $limit
