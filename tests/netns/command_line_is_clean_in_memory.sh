#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Every golden case of the command line, and what is new in ours, under valgrind:
# nothing is read or written that is not there, nothing is lost. One process does
# them all, or starting valgrind a thousand times would be what takes the time.
# In the uml tier it is quick.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
command -v valgrind >/dev/null || fail "no valgrind: run scripts/setup --test"

load_module "$module"
ns_add director
[ -x "$here/out/every" ] || fail "there is no tests/out/every"
cases=$(/usr/bin/python3 "$here/cli/every.py" "$scratch/cases") || fail "no cases"
on director valgrind --quiet --leak-check=full --error-exitcode=9 --log-file="$scratch/log" \
	"$here/out/every" "$scratch/cases" "$scratch/results" >/dev/null 2>&1
status=$?
expect "what valgrind says" "" "$(head -60 "$scratch/log")"
expect "its exit status" 0 "$status"
[ "$(wc -l <"$scratch/results")" -ge "$cases" ] ||
	fail "only $(wc -l <"$scratch/results") of $cases cases were run"
