#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Malformed netlink messages get the errno that the in-tree module gives, and
# change nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
must /usr/bin/python3 "$here/netlink/bad_input.py"
