#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# machine: parallel
# timeout: 1500
#
# While all CPUs do nothing but make connections, those whose time is up end: of 300,000
# with a timeout of two seconds fewer than one in a hundred of those that are there should
# have ended more than a second ago.
# TEST_CONNECTIONS: another number.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/flood.sh
. "$here/topo/flood.sh"
[ "$module" = ours ] || skip "asks for what our listings say"
wanted=${TEST_CONNECTIONS:-300000}

load_module ours
topo_flood 1
must on director "$ipvsadm" --set 0 0 2
must on director "$ipvsadm" -A -u 10.9.1.1:53 -s rr
must on director "$ipvsadm" -a -u 10.9.1.1:53 -r 10.2.0.11:53 -m

# Each has one packet, so its time began when it was counted. Of what is there, all but
# the births of the last three seconds, and of what the clock's ticks and one look hide,
# are late. Looks before everybody else does.
cat >"$scratch/look.py" <<'END_OF_PYTHON'
import bisect, os, select, sys, time
TIMEOUT, LATE, TICKS = 2, 1, 0.25
stats, status = open("/proc/self/net/ip_vs_stats"), open("/proc/self/net/ip_vs_status")

def births():
    stats.seek(0)
    return int(stats.read().split("\n")[2].split()[0], 16)

def entries():
    status.seek(0)
    for line in status:
        if line.startswith("Conns:"):
            return int(line.split()[1])

os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
times, made, shares = [], [], []
print("ready", flush=True)
while True:
    now = time.monotonic()
    # What is there first: births between the two reads are not held against it.
    there = entries()
    times.append(now)
    made.append(births())
    then = bisect.bisect_right(times, now - TIMEOUT - LATE - TICKS) - 1
    if then >= 0 and there > 1000 and made[-1] > made[then]:
        shares.append(max(0, there - (made[-1] - made[then])) / there)
    if select.select([sys.stdin], [], [], 0.1)[0]:
        break
shares.sort()
if not shares:
    sys.exit("nobody was there long enough")
print(len(shares), *("%.2f" % (shares[int(q * (len(shares) - 1))] * 100)
                     for q in (0.5, 0.9, 1)))
END_OF_PYTHON
mkfifo "$scratch/stop"
exec 8<>"$scratch/stop"
on director python3 "$scratch/look.py" <"$scratch/stop" >"$scratch/looks" 2>&1 &
looker=$!
pids+=("$looker")
looks() {
	grep -q ready "$scratch/looks"
}
wait_for 60 looks || fail "$(cat "$scratch/looks")"
read -r _ ms <<<"$(spoof udp 10.9.1.1:53 "$wanted")"
most=$(entries)
echo >&8
wait $looker || fail "looks: $(cat "$scratch/looks")"
read -r looks half nine all <<<"$(tail -1 "$scratch/looks")"
made=$(births)
say "$made births on $(nproc) CPUs in $ms ms; late by a second, in % of those there: half" \
	"of $looks looks at most $half, nine in ten $nine, all $all"
[ "$made" -ge $((wanted * 9 / 10)) ] || fail "of $wanted datagrams $made made connections"
[ "$most" -lt "$made" ] || fail "none of them ended"
# A busy host stops a CPU for longer than that.
awk -v n="$nine" 'BEGIN { exit !(n < 1) }' || fail "those whose time is up pile up"
empty() {
	[ "$(entries)" = 0 ]
}
wait_for 60 empty || fail "$(entries) connections are left"
