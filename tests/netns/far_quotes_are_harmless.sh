#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# ICMPv6 errors that quote ports at the byte 65552, where an offset of 16 bits is 16,
# and have the same ports there, in their own source address: each is rewritten where
# it quotes and nowhere else, and arrives so, in both directions.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

load_module "$module"
topo_legs
export PYTHONDONTWRITEBYTECODE=1
times=${TEST_PACKETS:-30}
# For fragments with long headers.
for at in "client c0" "client c1" "director d0" "director l0" "director l1" "rs1 e0"; do
	ip -n "${at% *}" link set "${at#* }" mtu 9000
done
ip -n director link set lan mtu 9000

must on director "$our_ipvsadm" -A -u "[$vip6]:53" -s rr
must on director "$our_ipvsadm" -a -u "[$vip6]:53" -r "[fd02::11]:5353" -m
must on client python3 -c '
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(("fd01::2", 4000))
s.sendto(b"question", ("'$vip6'", 53))'

# arrive NS SENDER RECEIVER FROM TO HEARER FROM TO: NS sends errors that quote the
# former two, and HEARER gets as many that quote the latter two, and no others.
arrive() {
	local log=$scratch/$6
	background python3 "$tools/icmp_quotes.py" "$6" >"$log"
	wait_for 10 grep -qx ready "$log" || fail "nobody listens at $6"
	must python3 "$tools/icmp_errors.py" --far "$times" "${@:1:5}"
	wait_for 60 heard "$log" "$7 $8" || fail "$6 has not got all errors:" \
		"$(sort "$log" | uniq -c)"
	expect "what $6 gets" "$(printf '%s\n' ready "$7 $8")" "$(sort -ru "$log")"
}
heard() { # FILE LINE
	[ "$(grep -cxF "$2" "$1")" = "$times" ]
}
arrive client fd01::2 $vip6 $vip6,53 fd01::2,4000 \
	rs1 fd02::11,5353 fd01::2,4000
arrive rs1 fd02::11 fd01::2 fd01::2,4000 fd02::11,5353 \
	client fd01::2,4000 $vip6,53
