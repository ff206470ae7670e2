#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the command line prints and returns, beside the stock tool, on a real
# kernel. CLI_SUITES chooses; "matrix random" takes minutes more.
cd "$(dirname "$0")/../.." || exit 1
suites=${CLI_SUITES:-}
if [ -z "$suites" ]; then
	for file in tests/cli/*.cases; do
		suites+=" $(basename "$file" .cases)"
	done
	suites+=" lists conns order json save filter terminal advice torn drain"
fi
# shellcheck disable=SC2086
exec scripts/vm --timeout 1500 -- tests/cli/run $suites
