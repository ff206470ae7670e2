#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a transaction says of one service or server is done once, in the end; what a
# scheduler cannot take is refused whichever way it comes; and who commits can be
# killed, with nothing done or all.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
# A sanitizer kernel looks at each memory access, so it gets a quarter.
[ -z "${UML:-}" ] || export EXT_OPS=10000
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py too_many merged killed
