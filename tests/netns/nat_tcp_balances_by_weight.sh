#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# wrr over masquerading: requests reach the servers in exactly their weights.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 3
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 3)
must on director "$ipvsadm" -A -t $vip:80 -s wrr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m -w 3
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.12:80 -m -w 2
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.13:80 -m -w 1

got=$(on client "$traffic" ask tcp $vip:80 60) || fail "requests failed: $got"
expect "each server's share of 60 requests" "     30 rs1
     20 rs2
     10 rs3" "$(sort <<<"$got" | uniq -c)"
