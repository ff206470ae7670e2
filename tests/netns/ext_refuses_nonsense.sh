#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Malformed requests to the second netlink family get their errno and a message,
# and change nothing; nobody without rights gets an answer.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext.py refusals rights
