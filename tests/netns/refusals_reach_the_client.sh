#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A port unreachable from the server is an answer too: the client sees it come from
# the virtual address, as "connection refused".
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 1
must on director "$ipvsadm" -A -u $vip:53 -s rr
must on director "$ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
# ECONNREFUSED is 111; nobody listens on rs1
expect "a datagram to a closed port" "error 111" \
	"$(on client "$traffic" ask udp $vip:53 1)"
expect "a connection to a closed port" "error 111" \
	"$(on client "$traffic" ask tcp $vip:80 1)"
