#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# The command line, byte for byte against the stock tool, and every case that is
# written down: see tests/cli/run.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "$our_ipvsadm" ] || fail "there is no $our_ipvsadm: run make"
[ -z "${UML:-}" ] || skip "nothing for a sanitizer in here"
load_module intree
# Every suite but two: "matrix" has a test of its own, and "random" takes as many
# lines as one has time for (CLI_SUITES=random tests/run cli).
suites=$(cd "$here/cli" && printf '%s\n' *.cases | sed 's/\.cases$//')
# shellcheck disable=SC2086 # one suite a word
must /usr/bin/python3 "$here/cli/run" --stock "$stock_ipvsadm" --ours "$our_ipvsadm" \
	$suites lists conns order json save filter terminal advice torn drain
