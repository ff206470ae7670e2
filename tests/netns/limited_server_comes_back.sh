#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# A server at its upper threshold is given connections again when they have ended,
# in whatever order several CPUs began and ended them: one-packet connections
# of three senders, two at most at a time.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"

load_module "$module"
topo_sink director
must on director "$stock_ipvsadm" -A -u 10.0.0.100:53 -s rr -o
must on director "$stock_ipvsadm" -a -u 10.0.0.100:53 -r 10.0.0.2:53 -m -x 2

cat >"$scratch/senders.py" <<'END'
import multiprocessing, socket, time

def send(seconds):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sent, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(100):
            try:
                s.sendto(b"x", ("10.0.0.100", 53))
                sent += 1
            except OSError:
                pass
    return sent

def counted():
    with open("/proc/net/ip_vs_stats", encoding="ascii") as f:
        return int(f.readlines()[2].split()[1], 16)

with multiprocessing.Pool(3) as pool:
    print("sent:", pool.map(send, [6] * 3))
before = counted()
sent = send(0.1)
# In-tree counts every two seconds.
end = time.monotonic() + 60
while counted() == before and time.monotonic() < end:
    time.sleep(0.1)
print("then:", sent, "more,", "counted" if counted() != before else "none came through")
END
for round in 1 2 3; do
	said=$(on director python3 -B "$scratch/senders.py") || fail "$said"
	grep -q 'counted$' <<<"$said" || fail "round $round: $said"
done
