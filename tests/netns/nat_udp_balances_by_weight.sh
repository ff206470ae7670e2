#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# rr and wrr over masquerading give UDP clients the same exact shares as TCP ones,
# and a datagram of a known client stays with its server.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 3
# shellcheck disable=SC2046 # one word a server
serve udp $(server_list 53 3)
must on director "$ipvsadm" -A -u $vip:53 -s wrr
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m -w 3
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.12:53 -m -w 2
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.13:53 -m -w 1

# From ports of their own: the kernel may give one to two, and the second finds the
# connection of the first.
got=$(on client "$traffic" ask udp $vip:53 60 5000) || fail "requests failed: $got"
expect "each server's share of 60 datagrams" "     30 rs1
     20 rs2
     10 rs3" "$(sort <<<"$got" | uniq -c)"

got=$(on client "$traffic" flood udp $vip:53 2000 40)
expect "2000 datagrams" "2000 done, 0 failed" "$got"
