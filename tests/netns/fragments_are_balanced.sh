#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A UDP datagram in fragments, any order, reaches one server whole, and its answer
# in fragments reaches the client from the virtual address.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve udp $(server_list 53 2)
must on director "$ipvsadm" -A -u $vip:53 -s rr
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.12:53 -m
must /usr/bin/python3 "$tools/fragments.py" client $vip 53
