#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# While packets and real-time tasks leave no CPU to anybody else, connections whose
# time is up do not pile up: those who make new ones end them.  And they end while
# the CPU that made them is offline.
# machine: parallel
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no real-time tasks to speak of"
[ "$module" = ours ] || skip "asks for what our listings say"

load_module ours
ns_add director
must ip -n director link add dev sink type dummy
must ip -n director link set sink up
must ip -n director addr add 10.2.0.1/16 dev sink
must on director "$ipvsadm" --set 0 0 1
must on director "$ipvsadm" -A -u 10.2.0.1:53 -s rr
must on director "$ipvsadm" -a -u 10.2.0.1:53 -r 10.2.0.11:53 -g

# Requests from this host: they meet us in the sender's own time, on its CPU. The
# others send only; the first says how many all have sent and how many of their
# connections are there, while workers have no chance.
cat >"$scratch/flood.py" <<'END_OF_PYTHON'
import mmap, os, socket, struct, sys, time
seconds, cpus = float(sys.argv[1]), [int(c) for c in sys.argv[2:]]
# How many each has sent.
counts = memoryview(mmap.mmap(-1, 4096)).cast("Q")
me = 0
for n, cpu in enumerate(cpus[1:], 1):
    if not os.fork():
        cpus, me = [cpu], n
        break
os.sched_setaffinity(0, {cpus[0]})
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
head = struct.pack("!BBHHHBBH", 0x45, 0, 29, 0, 0, 64, 17, 0)
target = socket.inet_aton("10.2.0.1")
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
def there():
    with open("/proc/self/net/ip_vs_status") as f:
        return int(f.readline().split()[1])

sent, until = 0, time.monotonic() + seconds
# When the share of what is there was smallest: a busy host stops one CPU and lets
# another one go on, and what is sent in the last second is there rightly.
least, look = None, time.monotonic() + 3
while time.monotonic() < until:
    source = struct.pack("!I", 0x0a020000 + 256 * (cpus[0] + 1) + sent // 60000)
    udp = struct.pack("!HHHHB", 1024 + sent % 60000, 53, 9, 0, 0)
    try:
        raw.sendto(head + source + target + udp, ("10.2.0.1", 0))
    except OSError:
        pass
    sent += 1
    counts[me] = sent
    if me == 0 and time.monotonic() > look:
        now = sum(counts), there()
        if not least or now[1] * least[0] < least[1] * now[0]:
            least = now
        look += 1
if not least:
    least = sent, there()
os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
if len(cpus) > 1 or len(sys.argv) == 3:
    print(*least)
END_OF_PYTHON
entries() {
	awk '/^Conns:/ { print $2 }' <(on director cat /proc/net/ip_vs_status)
}
empty() {
	[ "$(entries)" = 0 ]
}
runtime=$(cat /proc/sys/kernel/sched_rt_runtime_us)
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
# shellcheck disable=SC2046 # one word a CPU
result=$(on director timeout 120 python3 "$scratch/flood.py" 8 $(seq 0 $(($(nproc) - 1))))
echo "$runtime" >/proc/sys/kernel/sched_rt_runtime_us
read -r sent there <<<"$result"
echo "$(nproc) CPUs made $sent connections of a second each, of which $there are there"
[ "$sent" -gt 1000 ] || fail "only $sent packets were sent"
# A second's are alive; a second passes before the wheel counts as late.
[ "$there" -lt $((sent * 6 / 10)) ] ||
	fail "at least $there of $sent connections are still there"
wait_for 60 empty || fail "$(entries) connections are left"

cpu=/sys/devices/system/cpu/cpu1/online
[ -w $cpu ] || exit 0
read -r sent there <<<"$(on director python3 "$scratch/flood.py" 0.2 1)"
[ "$there" -gt 0 ] || fail "no connections on the second CPU: $sent sent"
must sh -c "echo 0 >$cpu"
wait_for 60 empty
left=$?
must sh -c "echo 1 >$cpu"
[ $left = 0 ] || fail "$(entries) connections stay while their CPU is offline"
