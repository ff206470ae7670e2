#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Reading /proc/net/ip_vs_stats_percpu, which anybody may do all the time, delays who
# configures by one portion of the sum at most, however many servers and readers there
# are; and the sum is right while servers come and go.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree keeps a sum"

load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 proc_readers.py
