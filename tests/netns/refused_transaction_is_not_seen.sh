#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While transactions that would add a server are refused, one after the other, no
# connection goes there: each is served by a server that is configured.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 1)
must on director "$ipvsadm" -A -t $vip:80 -s wlc
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m

cd "$here/netlink" || fail "no tests/netlink"
# Nobody is at the address it would add.
EXT_STOP=$scratch/stop PYTHONDONTWRITEBYTECODE=1 on director \
	python3 ext_transaction.py refused_stream $vip 10.2.0.99 >"$scratch/stream" 2>&1 &
stream=$!
pids+=("$stream")
many_servers() {
	[ "$(on director "$ipvsadm" -Ln | wc -l)" -gt 4000 ]
}
wait_for 60 many_servers || fail "no stream: $(cat "$scratch/stream")"
for _ in 1 2 3 4 5 6; do
	expect "connections meanwhile" "100 done, 0 failed" \
		"$(on client "$traffic" flood tcp $vip:80 100 5)"
done
touch "$scratch/stop"
wait "$stream" || fail "$(cat "$scratch/stream")"
grep -q '^[1-9][0-9]* refused$' "$scratch/stream" || fail "none was refused"
