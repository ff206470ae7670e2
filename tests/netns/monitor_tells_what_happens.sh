#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "ipvsadm --monitor" prints each change as the command that makes it: its
# output, carried out elsewhere, makes the same table. As JSON there is an object
# a line. It ends with status 0 when interrupted or when its reader has gone.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "the in-tree module tells nothing"

load_module "$module"
ns_add director other
on director ip link add eth0 type dummy
on director ip link set eth0 up
director() {
	on director "$our_ipvsadm" "$@"
}
monitor() { # OUTPUT OPTION...
	local out=$1
	shift
	ip netns exec director "$our_ipvsadm" --monitor "$@" >"$out" 2>"$out.err" &
	pids+=($!)
	wait_for 30 hears_events $! || fail "the monitor does not listen: $(cat "$out.err")"
}

# Without events it says so at once.
timeout 5 ip netns exec director "$our_ipvsadm" --monitor 2>"$scratch/err"
! grep -q 'does not tell' "$scratch/err" || skip "this module tells nothing"

monitor "$scratch/text" -n -c
text=${pids[-1]}
monitor "$scratch/json" -j
json=${pids[-1]}
cat >"$scratch/rules" <<-'END'
	-A -t 192.0.2.1:80 -s rr
	-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3 -x 9 -y 2
	-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 1
	-A -f 7 -6 -s sh -p 60 -M 64 -b sh-port
	-a -f 7 -6 -r [2001:db8::1]:0 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum
	-E -t 192.0.2.1:80 -s wrr
	-e -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 0 -x 9 -y 2
	-d -t 192.0.2.1:80 -r 10.0.0.2:8080
	-A -u 192.0.2.1:53 -s rr -o
	-D -u 192.0.2.1:53
	--set 901 121 301
END
director -R <"$scratch/rules"
lines() { # FILE N
	[ "$(wc -l <"$1")" -ge "$2" ]
}
wait_for 30 lines "$scratch/text" 11 || fail "too little is told: $(cat "$scratch/text")"
expect "each change as the command that makes it" "$(cat "$scratch/rules")" \
	"$(cat "$scratch/text")"
wait_for 30 lines "$scratch/json" 11 || fail "too little as JSON"
expect "as JSON" "service_add server_add server_add service_add server_add service_edit server_edit server_delete service_add service_delete timeouts" \
	"$(/usr/bin/python3 -c '
import json, sys
events = [json.loads(line) for line in sys.stdin]
assert all(e["time"] > 1e9 for e in events)
assert events[1]["server"]["weight"] == 3 and events[6]["server"]["weight"] == 0
assert events[3]["service"]["persistence"]["prefix_length"] == 64
assert events[10]["timeouts"] == {"tcp": 901, "tcp_fin": 121, "udp": 301}
print(*[e["event"] for e in events])' <"$scratch/json")"

# A transaction tells each of its changes, as well.
director -S -n | sed 's/wrr/lc/' >"$scratch/next"
echo "-A -f 9 -s rr" >>"$scratch/next"
must director -R --replace <"$scratch/next"
wait_for 30 lines "$scratch/text" 13 || fail "a replacement is not told: $(cat "$scratch/text")"
grep -v '^--set' "$scratch/text" | on other "$our_ipvsadm" -R || fail "the output is not restored"
expect "the same table elsewhere" "$(director -Sn)" "$(on other "$our_ipvsadm" -Sn)"
director -C
wait_for 30 grep -qx -- -C "$scratch/text" || fail "a flush is not told"

kill -INT "$text"
wait "$text"
expect "interrupted" 0 $?
expect "nothing to complain of" "" "$(cat "$scratch/text.err")"
kill -TERM "$json"
wait "$json"
expect "terminated" 0 $?

# Its reader goes: it does not wait for an event to notice.
mkfifo "$scratch/pipe"
ip netns exec director "$our_ipvsadm" --monitor >"$scratch/pipe" &
pids+=($!)
piped=$!
exec 9<"$scratch/pipe"
wait_for 30 hears_events "$piped" || fail "the monitor does not listen"
exec 9<&-
gone() {
	! kill -0 "$piped" 2>/dev/null || [ "$(awk '{ print $3 }' "/proc/$piped/stat")" = Z ]
}
wait_for 20 gone || fail "nobody reads it and it goes on"
wait "$piped"
expect "without a reader" 0 $?

# More than it can take: it says so and goes on.
monitor "$scratch/many" -n
many=${pids[-1]}
kill -STOP "$many"
awk 'BEGIN { print "-A -f 1\n-a -f 1 -r 10.0.0.1 -g"
	for (i = 1; i <= 24000; i++) print "-e -f 1 -r 10.0.0.1 -g -w " i }' |
	director -R
kill -CONT "$many"
wait_for 60 grep -q 'some are lost' "$scratch/many.err" || fail "an overrun is not told"
# Until it has caught up its queue is full, and more may be lost.
heard() {
	director -A -f 4242
	director -D -f 4242
	grep -q -- '-A -f 4242' "$scratch/many"
}
wait_for 60 heard || fail "after an overrun it is deaf"
kill -INT "$many"
wait "$many"
expect "interrupted after an overrun" 0 $?
