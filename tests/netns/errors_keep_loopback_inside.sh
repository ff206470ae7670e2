#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# 127/8 and ::1 are for packets of the host alone, and ICMP errors are no way around
# that: not one from outside for a server there, nor one that quotes such an address,
# nor one that would open a connection for a client that cannot be one.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

[ "$module" = ours ] || skip "only our module counts drops"
load_module "$module"
topo_legs
export PYTHONDONTWRITEBYTECODE=1

# error NS SENDER RECEIVER FROM TO
error() {
	must python3 "$tools/icmp_errors.py" "$@"
}

# dropped REASON: how many packets so far
dropped() {
	on director "$our_ipvsadm" -L --drops -n |
		awk -v want="$1" '$1 == "all" && $3 == want { n = $2 }
			END { print n + 0 }'
}

# errors: how many the director's own stack has taken
errors() {
	# shellcheck disable=SC2016 # awk's own
	on director awk '/^Icmp: [0-9]/ { sum += $5 }
		/^Icmp6InDestUnreachs/ { sum += $2 } END { print sum + 0 }' \
		/proc/net/snmp /proc/net/snmp6
}

# datagram NS FROM PORT TO: one, to port 53
datagram() {
	must on "$1" python3 -c '
import socket, sys
source, port, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
s = socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((source, port))
s.sendto(b"question", (target, 53))' "$2" "$3" "$4"
}

# stopped WHAT NS SENDER RECEIVER FROM TO: such an error is dropped at the border
stopped() {
	local what=$1 drops seen
	shift
	drops=$(dropped boundary) seen=$(errors)
	error "$@"
	wait_for 10 test_more "$drops" || fail "$what: it is not dropped at the border"
	expect "$what: errors that the stack has seen" "$seen" "$(errors)"
}

test_more() {
	[ "$(dropped boundary)" -gt "$1" ]
}

must on director "$our_ipvsadm" -R <<-END
	-A -u $vip:53 -s rr
	-a -u $vip:53 -r 127.0.0.1:5353 -m
	-A -u [$vip6]:53 -s rr
	-a -u [$vip6]:53 -r [::1]:5353 -m
	-A -u 10.1.0.1:53 -s rr
	-a -u 10.1.0.1:53 -r 10.2.0.11:5353 -m
END

datagram client 10.1.0.2 4000 $vip
datagram client fd01::2 4000 $vip6
wait_for 10 test_more 1 || fail "requests for a server on loopback come in"
stopped "a client's error for the server at 127.0.0.1" \
	client 10.1.0.2 $vip $vip,53 10.1.0.2,4000
stopped "a client's error for the server at ::1" \
	client fd01::2 $vip6 $vip6,53 fd01::2,4000
stopped "an error that quotes a request to 127.0.0.1" \
	client 10.1.0.2 $vip 10.1.0.2,4000 127.0.0.1,5353
stopped "an error that quotes a request to ::1" \
	client fd01::2 $vip6 fd01::2,4000 ::1,5353
# A client here, a server elsewhere: nothing may leave, and no error come back.
datagram director 127.0.0.1 4001 10.1.0.1
stopped "an error that quotes a request from 127.0.0.1" \
	rs1 10.2.0.11 10.2.0.1 127.0.0.1,4001 10.2.0.11,5353
stopped "an error that quotes an answer to 127.0.0.1" \
	client 10.1.0.2 10.1.0.1 10.1.0.1,53 127.0.0.1,4001

# opened: connections since the beginning; those that errors open last 3 s only
opened() {
	on director "$our_ipvsadm" -Ln --stats --exact |
		awk '/^UDP/ { sum += $3 } END { print sum + 0 }'
}
opened_more() {
	[ "$(opened)" -gt "$1" ]
}
before=$(opened)
on director sysctl -qw net.ipv4.vs.schedule_icmp=1
for i in 127.0.0.1 0.0.0.0 224.0.0.5 255.255.255.255; do
	error client 10.1.0.2 10.1.0.1 10.1.0.1,53 $i,5001
done
for i in ::1 :: ff02::1 ::ffff:10.1.0.2; do
	error client fd01::2 $vip6 $vip6,53 $i,5001
done
error client 10.1.0.2 10.1.0.1 10.1.0.1,53 10.1.0.77,5002
wait_for 10 opened_more "$before" || fail "an error of a client opens nothing"
expect "connections that errors have opened" $((before + 1)) "$(opened)"
