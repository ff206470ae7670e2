#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Threads are charged to nobody: a synchronisation daemon in a namespace of an
# unprivileged user has one, unless who rules the machine says more, and all such
# namespaces together have no more than he says. Starting and stopping daemons all
# the time there does not fill the log; of the host's own threads every line is in it.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree has no such bound"

load_module ours
ns_add host
allow_user_namespaces
parameters=/sys/module/ip_vs/parameters

cat >"$scratch/rootless.py" <<'END'
import glob, os, subprocess, sys, time
sys.path.insert(0, sys.argv[1])
import foreign
from ipvs_nl import *

foreign.enter_foreign_namespaces()
subprocess.run("ip link add d0 type dummy && ip addr add 10.2.0.1/24 dev d0 && "
               "ip link set d0 up multicast on", shell=True, check=True)

def ports(n):
    try:
        with open("/proc/sys/net/ipv4/vs/sync_ports", "w") as f:
            f.write("%d\n" % n)
        return "0"
    except OSError as e:
        return errno_name(e.errno)

own = Socket()

def start(state):
    return errno_name(own.ask(NEW_DAEMON, attr(DAEMON, attrs({
        1: u32(state), 2: b"d0\0", 3: u32(7)})))[0])

def stop(state):
    return errno_name(own.ask(DEL_DAEMON, attr(DAEMON, attrs({
        1: u32(state)})))[0])

def count():
    n = 0
    for name in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(name) as f:
                n += f.read().startswith("ipvs-")
        except OSError:
            pass
    return n

# As many, or how many else after half a minute: a thread that has ended is in /proc
# until it has been released.
def threads(wanted):
    end = time.monotonic() + 30
    while (n := count()) != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return n

for line in sys.stdin:
    what, *words = line.split()
    words = [int(word) for word in words]
    if what == "threads":
        print(threads(words[0]), flush=True)
    elif what == "loop":
        for _ in range(words[0]):
            start(1)
            stop(1)
        print("0", flush=True)
    else:
        print({"ports": ports, "start": start, "stop": stop}[what](*words),
              flush=True)
END
coproc on host python3 -B "$scratch/rootless.py" "$here/netlink"
pids+=("$COPROC_PID")
# ask WANTED COMMAND...
ask() {
	local wanted=$1 got
	shift
	echo "$*" >&"${COPROC[1]}"
	read -r got <&"${COPROC[0]}" || fail "$*: no answer"
	expect "$*" "$wanted" "$got"
}
ask EPERM ports 64
ask 0 ports 1
ask 0 start 1
ask 0 start 2
ask 2 threads 2
ask 0 stop 1
ask 0 stop 2
echo 4 >$parameters/foreign_sync_threads
ask EPERM ports 8
ask 0 ports 4
ask 0 start 1
ask 4 threads 4
ask 0 stop 1
# What was allowed is looked at again when a daemon starts.
echo 1 >$parameters/foreign_sync_threads
ask 0 start 1
ask 1 threads 1
for total in 1 0; do # as many as there are, fewer
	echo $total >$parameters/foreign_sync_total
	ask EAGAIN start 2
	ask 1 threads 1
done
ask 0 stop 1
ask EAGAIN start 1
echo 1 >$parameters/foreign_sync_total
ask 0 threads 0
ask 0 start 2
ask 0 stop 2

# lines SINCE: of threads in the log
lines() {
	dmesg | sed "1,/$1/d" | grep -c 'IPVS: .*sync thread'
}
echo "foreign daemons come and go" >/dev/kmsg
begun=$SECONDS
ask 0 loop 200
# Ten in five seconds, of two kinds.
most=$((2 * (20 + 2 * (SECONDS - begun))))
[ "$(lines 'foreign daemons')" -le $most ] ||
	fail "$(lines 'foreign daemons') lines in the log, of $most in $((SECONDS - begun)) s"

on host sysctl -qw net.ipv4.vs.sync_ports=64
on host ip link add d0 type dummy
on host ip addr add 10.2.0.1/24 dev d0
on host ip link set d0 up multicast on
echo "the host's daemons come" >/dev/kmsg
must on host "$ipvsadm" --start-daemon master --mcast-interface d0
expect "lines about the host's threads" 64 "$(lines "the host's daemons")"
ask 64 threads 64
