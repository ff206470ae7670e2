#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While 200 random transactions change other services, some of them refused, each
# connection through an unchanged service is served, and an open one never breaks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
must on director "$ipvsadm" -A -t $vip:80 -s wlc
for i in 1 2; do
	must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.1$i:80 -m
done

mkfifo "$scratch/in"
exec 8<>"$scratch/in"
on client "$traffic" steady $vip:80 <"$scratch/in" >"$scratch/out" 2>&1 &
pids+=($!)
says() { # LINES
	[ "$(wc -l <"$scratch/out")" -ge "$1" ]
}
wait_for 20 says 1 || fail "no greeting"

# A sanitizer kernel looks at each memory access, so it gets a quarter.
[ -z "${UML:-}" ] || export EXT_ROUNDS=50
cd "$here/netlink" || fail "no tests/netlink"
on director env PYTHONDONTWRITEBYTECODE=1 python3 ext_transaction.py random \
	>"$scratch/random" 2>&1 &
random=$!
pids+=("$random")
rounds=0 lines=1
while kill -0 "$random" 2>/dev/null; do
	expect "connections while tables change" "20 done, 0 failed" \
		"$(on client "$traffic" flood tcp $vip:80 20 5)"
	echo "word $rounds" >&8
	rounds=$((rounds + 1)) lines=$((lines + 1))
	wait_for 20 says "$lines" || fail "the open connection is silent"
	expect "its echo" "word $((rounds - 1))" "$(sed -n "${lines}p" "$scratch/out")"
done
wait "$random" || fail "$(cat "$scratch/random")"
[ "$rounds" -ge 3 ] || fail "only $rounds rounds of traffic"
exec 8>&-
