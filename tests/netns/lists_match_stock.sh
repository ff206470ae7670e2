#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# On our module, whose table comes in one answer, ipvsadm prints what the stock
# tool prints, which asks for each service: every set of columns, every order.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "$stock_ipvsadm" ] || skip "no stock ipvsadm here"

load_module ours
must /usr/bin/python3 "$here/cli/run" --texts lists order
