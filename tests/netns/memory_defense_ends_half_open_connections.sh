#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While memory is short, as amemthresh has it, the automatic modes read 2, and
# drop_entry ends half-open connections, a 32nd a second; established ones live.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 1
serve tcp rs1=10.2.0.11:80
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
# A server that hears and says nothing.
must ip -n director neigh replace 10.2.0.99 lladdr 02:00:00:00:00:99 dev lan nud permanent
must on director "$ipvsadm" -A -t $vip:81 -s rr
must on director "$ipvsadm" -a -t $vip:81 -r 10.2.0.99:81 -m

count() { # STATE
	on director grep -c " $1 " /proc/net/ip_vs_conn
}
knob() { # NAME [VALUE]
	on director sysctl -n${2:+qw} "net.ipv4.vs.$1${2:+=$2}"
}
reads() { # NAME VALUE
	[ "$(knob "$1")" = "$2" ]
}

background on client python3 -c '
import socket, sys, time
alive = socket.create_connection((sys.argv[1], 80))
for port in range(2000, 2128):
    s = socket.socket()
    s.setblocking(False)
    s.bind(("", port))
    s.connect_ex((sys.argv[1], 81))
    s.close()
time.sleep(1000)' $vip
half_open() {
	[ "$(count SYN_RECV)" = 128 ] && [ "$(count ESTABLISHED)" = 1 ]
}
wait_for 30 half_open || fail "$(count SYN_RECV) half open, $(count ESTABLISHED) established"
begun=$SECONDS

for name in drop_entry drop_packet secure_tcp; do
	knob $name 1
	expect "$name with enough memory" 1 "$(knob $name)"
done
# One look of the defence that ends nothing.
knob drop_entry 2
expect "drop_entry=2 with enough memory" 1 "$(knob drop_entry)"
expect "half open with enough memory" 128 "$(count SYN_RECV)"

knob amemthresh 2147483647
for name in drop_entry drop_packet secure_tcp; do
	wait_for 20 reads $name 2 || fail "$name reads $(knob $name) with too little memory"
done
fewer() {
	[ "$(count SYN_RECV)" -le 116 ]
}
wait_for 30 fewer || fail "$(count SYN_RECV) are still half open"
expect "established" 1 "$(count ESTABLISHED)"
# By themselves they last a minute.
[ $((SECONDS - begun)) -lt 50 ] || skip "too slow a machine to tell: $((SECONDS - begun)) s"

knob amemthresh -1
for name in drop_entry drop_packet secure_tcp; do
	wait_for 20 reads $name 1 || fail "$name reads $(knob $name) with enough memory again"
	knob $name 0
done
