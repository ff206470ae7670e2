#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who listens is told of each change of the configuration and of each connection, once and
# in order, of its own namespace only, and of what was lost.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add lb
cd "$here/netlink" || fail "no tests/netlink"
must on lb env PYTHONDONTWRITEBYTECODE=1 python3 ext_events.py config conns many spaces rights

# The module goes, and comes back, while somebody listens.
ip netns exec lb "$our_ipvsadm" --monitor -n -c >/dev/null 2>&1 &
pids+=($!)
wait_for 30 hears_events $! || fail "the monitor does not listen"
on lb "$our_ipvsadm" -A -f 1 -s rr
on lb "$our_ipvsadm" -C
load_module "$module"
must on lb "$our_ipvsadm" -A -f 1 -s rr
