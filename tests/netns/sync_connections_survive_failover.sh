#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Established connections go on through a second director that has heard of them,
# with address translation, direct routing and IPv6, and clients persist to their
# servers; what the second director sees of their end comes back to the first.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/pair.sh
. "$here/topo/pair.sh"

load_module "$module"
topo_pair
for d in d1 d2; do
	must on $d "$ipvsadm" -R <<-END
		-A -t $pair_vip:80 -s rr
		-a -t $pair_vip:80 -r 10.2.0.11:8080 -m
		-A -t $pair_vip:81 -s rr
		-a -t $pair_vip:81 -r 10.2.0.12:81 -g
		-A -t [$pair_vip6]:80 -s rr
		-a -t [$pair_vip6]:80 -r [fd02::12]:8080 -m
		-A -t $pair_vip:90 -s rr -p 300
		-a -t $pair_vip:90 -r 10.2.0.11:8080 -m
		-a -t $pair_vip:90 -r 10.2.0.12:8080 -m
	END
	on $d sysctl -qw net.ipv4.vs.sync_threshold="0 1"
done
serve tcp rs1=10.2.0.11:8080 rs2=10.2.0.12:8080 rs2=10.9.1.1:81 \
	"rs2=[fd02::12]:8080"
# Both at once, in both directions: nothing goes round in circles.
for d in d1 d2; do
	must on $d "$ipvsadm" --start-daemon master --mcast-interface s0 --syncid 3
	must on $d "$ipvsadm" --start-daemon backup --mcast-interface s0 --syncid 3
done

declare -A said to holder
# hold NAME VIP:PORT: a connection that stays; its server greets
hold() {
	local line
	mkfifo "$scratch/$1.in"
	(exec ip netns exec client "$traffic" steady "$2") <"$scratch/$1.in" \
		>"$scratch/$1.out" 2>&1 &
	pids+=("$!")
	holder[$1]=$!
	exec {line}>"$scratch/$1.in"
	to[$1]=$line
	said[$1]=1
	wait_for 60 heard "$1" || fail "$1: nobody answers: $(cat "$scratch/$1.out")"
}
heard() {
	[ "$(wc -l <"$scratch/$1.out")" -ge "${said[$1]}" ]
}
# talk NAME LINE: it comes back through the same connection
talk() {
	echo "$2" >&"${to[$1]}"
	said[$1]=$((said[$1] + 1))
	wait_for 60 heard "$1" || fail "$1: no echo of \"$2\""
	expect "$1" "$2" "$(tail -1 "$scratch/$1.out")"
}

hold nat $pair_vip:80
hold direct $pair_vip:81
hold v6 "[$pair_vip6]:80"
for name in nat direct v6; do
	talk $name "through the first"
done
persisted=$(on client "$traffic" ask tcp $pair_vip:90 1)
[ -n "$persisted" ] || fail "no answer from the persistent service"

lines() { # ns pattern
	on "$1" cat /proc/net/ip_vs_conn_sync | grep -c "$2"
}
all_there() {
	[ "$(lines d2 'ESTABLISHED SYNC')" = 3 ] &&
		[ "$(lines d2 '0000 0A090101 005A .* ASSURED *SYNC')" = 1 ]
}
wait_for 60 all_there || fail "the second director has not heard: $(on d2 cat /proc/net/ip_vs_conn_sync)"
expect "connections at the second director's servers" "1 1 1" \
	"$(on d2 "$ipvsadm" -Ln | awk '$1 == "->" && $5 == 1 { printf "%s%s", s, $5; s = " " }')"

works_on 2
for name in nat direct v6; do
	talk $name "through the second"
	talk $name "and again"
done
for _ in 1 2 3; do
	expect "the persistent client's server" "$persisted" \
		"$(on client "$traffic" ask tcp $pair_vip:90 1)"
done
[ "$(lines d1 'ESTABLISHED LOCAL')" = 3 ] ||
	fail "the first director's own: $(on d1 cat /proc/net/ip_vs_conn_sync)"

# The end is seen by the second alone, and told.
for name in nat direct v6; do
	kill "${holder[$name]}"
done
over() {
	[ "$(lines "$1" 'ESTABLISHED')" = 0 ]
}
wait_for 60 over d2 || fail "the second director still has them"
wait_for 60 over d1 || fail "the first director was not told: $(on d1 cat /proc/net/ip_vs_conn_sync)"
expect "active connections of the first" "" \
	"$(on d1 "$ipvsadm" -Ln | awk '$1 == "->" && $5 + 0 > 0')"

for d in d1 d2; do
	must on $d "$ipvsadm" --stop-daemon master
	must on $d "$ipvsadm" --stop-daemon backup
done
