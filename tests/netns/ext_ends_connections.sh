#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# KILL_CONN ends what its filter selects and nothing else.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext.py kill made_by spoilt_template
