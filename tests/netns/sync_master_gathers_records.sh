#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# When a master sends: full messages at once, a message that does not get full when
# its first record is two seconds old, nothing when it is told to stop before, and no
# more than sync_qlen_max lets wait.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

load_module "$module"
topo_link 1
must on director "$ipvsadm" -A -u 10.9.1.1:53 -s rr
must on director "$ipvsadm" -a -u 10.9.1.1:53 -r 10.2.0.11:53 -m
on director sysctl -qw net.ipv4.vs.sync_threshold="0 1"

# Each datagram is a record.
records() { # how many
	on client python3 "$here/tools/sync.py" packets c0 10.1.0.5:1000 \
		10.9.1.1:53 "U*$1" || fail "no packets"
}
start() { # options
	must on director "$ipvsadm" --start-daemon master --mcast-interface s0 "$@"
	: >"$scratch/heard"
	(exec ip netns exec peer python3 "$here/tools/sync.py" listen s1 \
		224.0.0.81 8848 when) >"$scratch/heard" &
	listener=$!
	pids+=("$listener")
	wait_for 30 heard 0 || fail "nobody listens"
}
stop() {
	must on director "$ipvsadm" --stop-daemon master
	kill "$listener"
	wait "$listener" 2>/dev/null
}
heard() { # at least so many messages
	[ "$(wc -l <"$scratch/heard")" -gt "$1" ]
}
# late N TIME: how long after TIME the Nth message came, in tenths of a second
late() {
	sed 1d "$scratch/heard" | awk -v n="$1" -v t="$2" \
		'NR == n { print int(($1 - t) * 10) }'
}
count() {
	sed 1d "$scratch/heard" | wc -l
}

start
sent=$(records 1)
wait_for 30 heard 1 || fail "a lone record is not sent"
age=$(late 1 "$sent")
[ "$age" -ge 15 ] || fail "a lone record is sent after $age tenths of a second"
stop

# Twelve messages of one record: the last is the one that is still open.
start --sync-maxlen 1
sent=$(records 12)
wait_for 30 heard 12 || fail "only $(count) of twelve messages"
age=$(late 12 "$sent")
[ "$age" -ge 15 ] || fail "the open message is sent after $age tenths"
# Those that are closed do not wait for it.
age=$((age - $(late 11 "$sent")))
[ "$age" -ge 10 ] || fail "closed messages come $age tenths of a second before it"
expect "messages" 12 "$(count)"
stop

on director sysctl -qw net.ipv4.vs.sync_qlen_max=0
start --sync-maxlen 1
records 5 >/dev/null
wait_for 30 heard 1 || fail "the open message is not sent"
stop
expect "messages with sync_qlen_max=0" 1 "$(count)"

on director sysctl -qw net.ipv4.vs.sync_qlen_max=1000
start
sent=$(records 3)
stop
# On a slow machine the command itself may have come after two seconds.
age=$(late 1 "$sent")
[ "$(count)" = 0 ] || [ "$age" -ge 15 ] ||
	fail "a master sends what it has when it is stopped"
