#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While a namespace's COMMIT runs, network devices come and go, there and elsewhere:
# the whole host waits for whoever removes one.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "the family IPVS_EXT is ours alone"
load_module "$module"
ns_add tenant other

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# round NS: a device there comes and goes; how long that took
round() {
	local began
	began=$(milliseconds)
	ip -n "$1" link add d0 type dummy
	ip -n "$1" link set d0 up
	must ip -n "$1" link del d0
	echo $(($(milliseconds) - began))
}

round tenant >/dev/null
quiet=0
for n in tenant other tenant other; do
	took=$(round $n)
	[ "$took" -le "$quiet" ] || quiet=$took
done

# One that takes so long that a wait for it cannot be missed.
least=$((quiet * 12 / 1000 + 2))
mkdir "$scratch/commits"
on tenant env PYTHONPATH="$here/netlink" PYTHONDONTWRITEBYTECODE=1 \
	python3 "$here/netlink/long_commit.py" "$scratch/commits" $least \
	>"$scratch/last" 2>"$scratch/errors" &
commits=$!
pids+=($commits)

running() {
	kill -0 $commits 2>/dev/null
}
# worst FILE MS: the longest round while that commit ran
declare -A worst rounds
while running; do
	current=$(ls -t "$scratch/commits" | grep -v new | head -1)
	[ -n "$current" ] && [ ! -s "$scratch/commits/$current" ] || {
		sleep 0.02
		continue
	}
	for n in tenant other; do
		took=$(round $n)
		rounds[$current]=$((${rounds[$current]:-0} + 1))
		[ "$took" -le "${worst[$current]:-0}" ] || worst[$current]=$took
	done
done
wait $commits || fail "commits: $(tail -3 "$scratch/errors")"
last=$(cat "$scratch/last")
took=$(cat "$scratch/commits/$last")
echo "# a round takes $quiet ms; beside a commit of $took ms up to ${worst[$last]:-?} ms, ${rounds[$last]:-0} rounds"
[ "$took" -ge $((quiet * 8)) ] || fail "no commit takes long enough: $took ms"
[ "${rounds[$last]:-0}" -ge 2 ] || fail "no device came and went meanwhile"
[ "${worst[$last]}" -le $((took / 2)) ] ||
	fail "a device waits ${worst[$last]} ms for a commit of $took ms"
