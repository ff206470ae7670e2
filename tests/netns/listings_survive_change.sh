#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# While services and servers come and go, every listing has each entry that
# stayed exactly once: both netlink dumps and /proc/net/ip_vs, read slowly.
# (In-tree misses and repeats entries here.)
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

load_module ours
ns_add churn
got=$(cd "$here/netlink" && on churn env PYTHONDONTWRITEBYTECODE=1 \
	timeout 300 python3 churn.py 4 2>&1) || fail "churn.py: $got"
expect "entries missed or repeated" "" "$got"
