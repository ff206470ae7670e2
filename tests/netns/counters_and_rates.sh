#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Counters of servers, services and the namespace; what zeroing, deleting and
# reviving do to them; rates, step by step; and standing still.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module ours
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve udp $(server_list 53 2)

vs() {
	must on director "$stock_ipvsadm" "$@"
}

# burst PORT PACKETS: 72 bytes each, 100 with headers; answers carry 4 more
burst() {
	must on client python3 - "$@" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("10.1.0.2", int(sys.argv[1])))
		s.settimeout(20)
		for _ in range(int(sys.argv[2])):
		    s.sendto(b"x" * 72, ("10.1.0.100", 53))
		for _ in range(int(sys.argv[2])):
		    s.recv(2000)
	END
}

# Lines of "--stats --exact" but the header, spaces squeezed.
stats() {
	on director "$stock_ipvsadm" -ln --stats --exact | tail -n +4 |
		tr -s ' ' | sed 's/^ -> //; s/^UDP //; s/ $//'
}

# Totals, decimal: conns inpkts outpkts inbytes outbytes
total() {
	on director sed -n 3p /proc/net/ip_vs_stats | python3 -c \
		'print(*(int(w, 16) for w in input().split()))'
}

percpu() {
	on director sed -ne 3,\$p /proc/net/ip_vs_stats_percpu | sed -n '/~/q;p' |
		python3 -c 'import sys
print(*map(sum, zip(*([int(w, 16) for w in l.split()[1:]] for l in sys.stdin))))'
}

vs -A -u $vip:53 -s rr
vs -a -u $vip:53 -r 10.2.0.11:53 -m

# --- counting -----------------------------------------------------------------
burst 5001 10
expect "after 10 datagrams" "$vip:53 1 10 10 1000 1040
10.2.0.11:53 1 10 10 1000 1040" "$(stats)"
expect "total after 10 datagrams" "1 10 10 1000 1040" "$(total)"
expect "sum of the CPUs" "1 10 10 1000 1040" "$(percpu)"

# --- zeroing ------------------------------------------------------------------
vs -Z -u $vip:53
expect "the service and its server zeroed" "$vip:53 0 0 0 0 0
10.2.0.11:53 0 0 0 0 0" "$(stats)"
expect "zeroing a service leaves the total" "1 10 10 1000 1040" "$(total)"
burst 5001 2
expect "counting goes on" "$vip:53 0 2 2 200 208
10.2.0.11:53 0 2 2 200 208" "$(stats)"
vs -Z
expect "the total zeroed" "0 0 0 0 0" "$(total)"
expect "CPUs are never zeroed" "1 12 12 1200 1248" "$(percpu)"

# --- deleting and reviving a server -------------------------------------------
burst 5001 3
vs -d -u $vip:53 -r 10.2.0.11:53
expect "the service keeps what a deleted server had counted" \
	"$vip:53 0 3 3 300 312" "$(stats)"
expect "and so does the total" "0 3 3 300 312" "$(total)"
vs -a -u $vip:53 -r 10.2.0.11:53 -m
expect "a revived server goes on, nothing counts twice" "$vip:53 0 3 3 300 312
10.2.0.11:53 0 3 3 300 312" "$(stats)"
expect "its connection is still there" "1" \
	"$(on director grep -c ' 1389 ' /proc/net/ip_vs_conn)"
burst 5001 1
expect "and forwards" "$vip:53 0 4 4 400 416
10.2.0.11:53 0 4 4 400 416" "$(stats)"
vs -C
expect "the total outlives all services" "0 4 4 400 416" "$(total)"
vs -A -u $vip:53 -s rr
vs -a -u $vip:53 -r 10.2.0.11:53 -m
expect "a new service starts at 0, and so does its revived server" \
	"$vip:53 0 0 0 0 0
10.2.0.11:53 0 0 0 0 0" "$(stats)"
expect "InActConn goes on" "1" \
	"$(on director "$stock_ipvsadm" -ln | awk '/10.2.0.11/ {print $6}')"
burst 5001 1
expect "total after reviving" "0 5 5 500 520" "$(total)"

# --- rates --------------------------------------------------------------------
# One pass every 2 s. The first that sees a burst may come in its middle.
rates() {
	on director sed -n 6p /proc/net/ip_vs_stats | python3 -c \
		'print(*(int(w, 16) for w in input().split()))'
}
at_rest() {
	[ "$(rates)" = "0 0 0 0 0" ]
}
wait_for 120 at_rest || fail "rates do not come down: $(rates)"
vs -Z # what is left of them below one half
vs -a -u $vip:53 -r 10.2.0.12:53 -m
vs -d -u $vip:53 -r 10.2.0.11:53
# Nine different lines, as they come; every 0.2 s, in one process.
watch_rates() {
	on director python3 - "$scratch/watching" <<-'END'
		import sys, time
		last, n = [0] * 5, 0
		open(sys.argv[1], "w").close()
		end = time.monotonic() + 120
		while n < 9 and time.monotonic() < end:
		    with open("/proc/net/ip_vs_stats", encoding="ascii") as f:
		        now = [int(w, 16) for w in f.readlines()[5].split()]
		    if now != last:
		        print(*now, flush=True)
		        last, n = now, n + 1
		    time.sleep(0.2)
	END
}
watch_rates >"$scratch/rates" &
watcher=$!
wait_for 60 test -e "$scratch/watching" || fail "nobody watches the rates"
burst 5002 100
wait "$watcher"
# The first @a of the requests and @b of the answers fell into one pass, the rest
# into the next: for some split every line must be what the averages give. A busy machine
# may not see some of them.
verdict=$(python3 - "$scratch/rates" <<-'END'
	import sys
	def run(deltas, bits):
	    avg = 0
	    for step in range(40):
	        delta = deltas[step] if step < len(deltas) else 0
	        avg += ((delta << (bits - 1)) - avg) >> 2
	        yield (avg + (1 << (bits - 1)) - 1) >> bits
	def changes(a, b):
	    last = (0,) * 5
	    for row in zip(run([1], 10),
	                   run([a, 100 - a], 10), run([b, 100 - b], 10),
	                   run([100 * a, 10000 - 100 * a], 5),
	                   run([104 * b, 10400 - 104 * b], 5)):
	        if row != last:
	            yield row
	        last = row
	def in_order(some, of_all):
	    return all(row in of_all for row in some) # takes them from a generator
	with open(sys.argv[1], encoding="ascii") as f:
	    got = [tuple(map(int, line.split())) for line in f]
	if len(got) < 9:
	    print("only", len(got), "lines")
	elif not any(in_order(got, changes(a, b))
	             for a in range(1, 101) for b in range(a + 1)):
	    print("not 100 datagrams in one pass or two:", *got, sep="\n")
END
)
expect "rates of the namespace after 100 datagrams, every 2 s" "" "$verdict"
# In the middle of the decay server and service must agree; the tool asks for one after
# the other, and a pass may come between.
rows() {
	on director "$stock_ipvsadm" -ln --rate --exact | tail -n +4 |
		awk '{print $(NF-2), $(NF-1), $NF}' | sort -u
}
same() {
	[ "$(rows | wc -l)" = 1 ]
}
wait_for 10 same || fail "server and service show different rates: $(rows)"

# --- standing still -----------------------------------------------------------
# From where they are, though no pass has seen the last ones.
stands_still() { # WHAT SETTING OFF
	burst 5002 5
	before=$(stats; total)
	on director sh -c "echo '$3' >/proc/sys/net/ipv4/vs/$2"
	expect "$1: nothing moves back" "$before" "$(stats; total)"
	burst 5002 5
	expect "$1: nothing moves" "$before" "$(stats; total)"
}
stands_still "run_estimation=0" run_estimation 0
on director sysctl -qw net.ipv4.vs.run_estimation=1
expect "run_estimation=1: everything is there" "$vip:53 1 110 110 11000 11440
10.2.0.12:53 1 110 110 11000 11440" "$(stats)"
# No CPU may sample: the same.
stands_still "est_cpulist empty" est_cpulist ""
on director sh -c "echo 0 >/proc/sys/net/ipv4/vs/est_cpulist"
expect "est_cpulist=0: everything is there" "$vip:53 1 120 120 12000 12480
10.2.0.12:53 1 120 120 12000 12480" "$(stats)"
