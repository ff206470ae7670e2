#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# "ipvsadm -R --replace" brings the table to the state of a file, as a whole or
# not at all; a connection through a service that is the same before and after
# goes on. A hundred random tables; TEST_ROUNDS=1000 for a long run.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "the in-tree module cannot do it"

load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 1)
cat >"$scratch/fixed" <<END
-A -t $vip:80 -s rr
-a -t $vip:80 -r 10.2.0.11:80 -m -w 1
END
on director "$our_ipvsadm" -R --replace <"$scratch/fixed" 2>"$scratch/err" ||
	! grep -q 'cannot replace' "$scratch/err" || skip "this module cannot do it"
must on director /usr/bin/python3 "$tools/rulesets.py" "$our_ipvsadm" "${TEST_ROUNDS:-100}" \
	"$scratch/fixed" ip netns exec client "$traffic" steady $vip:80

# Somebody else changes the table all the time: each replacement still wins.
(while :; do
	on director "$stock_ipvsadm" -A -f 77
	on director "$stock_ipvsadm" -D -f 77
done >/dev/null 2>&1) &
pids+=($!)
for i in 1 2 3 4 5; do
	on director "$our_ipvsadm" -R --replace <"$scratch/fixed" 2>"$scratch/err" ||
		grep -q 'others keep changing' "$scratch/err" ||
		fail "beside another: $(cat "$scratch/err")"
done
kill "${pids[-1]}"
wait "${pids[-1]}" 2>/dev/null
must on director "$our_ipvsadm" -R --replace <"$scratch/fixed"
expect "the table at the end" "$(cat "$scratch/fixed")" "$(on director "$our_ipvsadm" -Sn)"
