#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "ipvsadm -L --drops": a packet to a service without servers is dropped, and
# that is told by reason, of all services and of this one, as text and as JSON.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "the in-tree module does not count them"

load_module "$module"
topo_nat 1
director() {
	on director "$our_ipvsadm" "$@"
}
director -L --drops >/dev/null 2>"$scratch/err" ||
	! grep -q 'does not tell' "$scratch/err" || skip "this module does not count them"
title="Prot LocalAddress:Port                Packets Reason"
director -A -u $vip:53
director -A -u $vip:54
expect "nothing yet" "$title" "$(director -L --drops -n)"
for _ in 1 2 3; do
	on client bash -c "echo x >/dev/udp/$vip/53" 2>/dev/null
done
counted() {
	director -L --drops -n | grep -q '^all .* 3 no_dest'
}
wait_for 20 counted || fail "not counted: $(director -L --drops -n)"
expect "as text" "$title
all                                         3 no_dest    no usable real server
UDP  $vip:53                          3 no_dest    no usable real server" \
	"$(director -L --drops -n)"
expect "as JSON" "3 0 1 53 3" "$(director -L --drops -j | /usr/bin/python3 -c '
import json, sys
drops = json.load(sys.stdin)
of = drops["services"]
print(drops["namespace"]["no_dest"], drops["namespace"]["ttl"], len(of),
      of[0]["port"], of[0]["drops"]["no_dest"])')"
