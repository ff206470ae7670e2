#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A control connection that is idle beyond its timeout stays while one of its data
# connections does, and goes on.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
must load_ftp "$module"
topo_nat 1
must on director "$ipvsadm" -A -t $vip:21 -s rr -p 300
must on director "$ipvsadm" -a -t $vip:21 -r 10.2.0.11 -m
must python3 -B "$tools/ftp_kept.py" "$ipvsadm"
