#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 100,000 connections are listed each once, in a time that grows with their number
# and no faster, and ended in one request. With TEST_CONNECTIONS=1000000, a million.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
# A sanitizer kernel looks at each memory access, so it gets a fifth.
[ -z "${UML:-}" ] || TEST_CONNECTIONS=20000
export EXT_CONNS=${TEST_CONNECTIONS:-100000}
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext.py many
