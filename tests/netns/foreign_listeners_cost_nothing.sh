#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Thousands of sockets that listen to events in a container cost a director outside
# nothing: none of its connections is written down for them, and a transaction takes
# as long as without.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no kprobe events"
load_module "$module"
ns_add lb
allow_user_namespaces
tracing=/sys/kernel/tracing
# "ip netns exec" mounts a /sys of its own.
cd "$here/netlink" || fail "no tests/netlink"
# shellcheck disable=SC2016 # not for this shell to expand
must on lb sh -c 'mountpoint -q "$1" || mount -t tracefs none "$1"
	PYTHONDONTWRITEBYTECODE=1 python3 ext_foreign.py' sh $tracing
