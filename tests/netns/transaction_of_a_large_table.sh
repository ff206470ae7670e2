#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Committing 10,000 services with 10 servers each takes four times as long as 2,500.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
# A sanitizer kernel looks at each memory access, so it gets a tenth.
[ -z "${UML:-}" ] || export EXT_SERVICES=1000
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py large
