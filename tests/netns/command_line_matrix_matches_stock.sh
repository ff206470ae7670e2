#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Every command with every option: exit status, output, errors and the table
# afterwards, against the stock tool on the in-tree module.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "$our_ipvsadm" ] || fail "there is no $our_ipvsadm: run make"
[ -z "${UML:-}" ] || skip "nothing for a sanitizer in here"
load_module intree
must /usr/bin/python3 "$here/cli/run" --stock "$stock_ipvsadm" --ours "$our_ipvsadm" matrix
