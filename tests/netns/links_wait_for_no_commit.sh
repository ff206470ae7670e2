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

# round NS: a device there comes and goes
round() {
	ip -n "$1" link add d0 type dummy
	ip -n "$1" link set d0 up
	must ip -n "$1" link del d0
}
round tenant
round other

mkdir "$scratch/commits"
on tenant env PYTHONPATH="$here/netlink" PYTHONDONTWRITEBYTECODE=1 \
	python3 "$here/netlink/long_commit.py" "$scratch/commits" \
	2>"$scratch/errors" &
commits=$!
pids+=("$commits")

# current: the commit that runs, if one does
current() {
	local newest
	newest=$(find "$scratch/commits" -name '*[0-9]' | sort -V | tail -1)
	[ -n "$newest" ] && [ ! -s "$newest" ] && echo "$newest"
}

# Commits grow until one is longer than a round takes; a round that has to wait for
# the commit ends after it, however long that is.
declare -A within=()
while [ ${#within[@]} -lt 2 ] && kill -0 $commits 2>/dev/null; do
	commit=$(current) || continue
	for n in tenant other; do
		round $n
		[ -s "$commit" ] || within[$n]=$commit
	done
done
kill $commits 2>/dev/null || wait $commits ||
	fail "commits: $(tail -3 "$scratch/errors")"
for n in tenant other; do
	[ -n "${within[$n]:-}" ] ||
		fail "no device came and went in $n within one commit: $(tail -n 1 "$scratch"/commits/*)"
done
