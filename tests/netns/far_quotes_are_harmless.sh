#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# ICMPv6 errors that quote ports at the byte 65536, where an offset of 16 bits is 0
# again: each goes to the server rewritten there and nowhere else.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

load_module "$module"
topo_legs
export PYTHONDONTWRITEBYTECODE=1
times=${TEST_PACKETS:-30}

must on director "$our_ipvsadm" -A -u "[$vip6]:53" -s rr
must on director "$our_ipvsadm" -a -u "[$vip6]:53" -r "[fd02::11]:5353" -m
must on client python3 -c '
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("fd01::2", 4000))
s.sendto(b"question", ("'$vip6'", 53))'

# counted N: so many packets have come in for the service
counted() {
	on director "$our_ipvsadm" -Ln --stats --exact |
		awk -v want="$1" '/^UDP/ { exit $4 != want }'
}
wait_for 10 counted 1 || fail "the request is not counted"
must python3 "$tools/icmp_errors.py" --far "$times" client fd01::2 $vip6 \
	$vip6,53 fd01::2,4000
wait_for 60 counted $((times + 1)) || {
	on director "$our_ipvsadm" -Ln --stats --exact
	fail "not all errors were followed"
}
