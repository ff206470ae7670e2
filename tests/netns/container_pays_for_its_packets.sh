#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What packets make in a namespace of another user is charged to the control group of
# who made its first service.  At the group's limit new connections are dropped, there
# and nowhere else; page cache that could go does not count, and the group may be
# removed.  All such namespaces together have no more than foreign_conn_total.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree charges nobody"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no memory controller"

groups=/sys/fs/cgroup
group=$groups/packets
mountpoint -q $groups || must mount -t cgroup2 none $groups
echo +memory >$groups/cgroup.subtree_control || fail "no memory controller"
must mkdir $group
load_module ours
ns_add client host
parameters=/sys/module/ip_vs/parameters
total=$(cat $parameters/foreign_conn_total)
expect "foreign_conn_total by default, in MiB" \
	"$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))" \
	$((total * 8 / 1024))

foreign_space
must ip netns attach director $foreign
spaces+=(director)
link client c0 director d0
link client c1 host d0
for n in 0 1; do
	must ip -n client addr add 10.1.$n.2/24 dev c$n
	must ip -n client link set c$n up
done
n=0
for ns in director host; do
	ip -n $ns -batch - <<-END || fail "$ns"
		addr add 10.1.$n.1/24 dev d0
		link set d0 up
		link add lan type dummy
		addr add 10.2.0.1/24 dev lan
		link set lan up
	END
	on $ns sysctl -qw net.ipv4.ip_forward=1
	n=$((n + 1))
done

paying() { # COMMAND...: in the group, in the foreign namespace
	# shellcheck disable=SC2016 # not for this shell to expand
	sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec ip netns exec director "$@"' \
		sh $group "$@"
}
service() { # ADDRESS
	echo "-A -u $1:53 -s rr"
	echo "-a -u $1:53 -r 10.2.0.11:53 -m"
}
paying "$our_ipvsadm" -R <<<"$(service 10.1.0.1)" || fail "the container's service"
on host "$our_ipvsadm" -R <<<"$(service 10.1.1.1)" || fail "the host's service"

cat >"$scratch/flood.py" <<'END_OF_PYTHON'
import socket, struct, sys
target, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
head = struct.pack("!BBHHHBBH", 0x45, 0, 29, 0, 0, 64, 17, 0)
to = socket.inet_aton(target)
for n in range(first, first + count):
    source = struct.pack("!I", 0x0a010002 + 256 * int(target.split(".")[2]))
    udp = struct.pack("!HHHHB", n, 53, 9, 0, 0)
    raw.sendto(head + source + to + udp, (target, 0))
END_OF_PYTHON
next=1024
sent=0
flood() { # COUNT: as many new clients of the container
	must on client python3 "$scratch/flood.py" 10.1.0.1 $next "$1"
	next=$((next + $1))
	sent=$((sent + $1))
	wait_for 60 handled ||
		fail "of $sent packets $(entries) have a connection, $(dropped) were dropped"
}
entries() { # [NAMESPACE]
	awk '/^Conns:/ { print $2 }' <(on "${1:-director}" cat /proc/net/ip_vs_status)
}
dropped() { # [REASON]
	on director "$our_ipvsadm" -L --drops -n |
		awk -v reason="${1:-}" '$1 == "all" && (reason == "" || $3 == reason) { n += $2 }
			END { print n + 0 }'
}
handled() {
	[ $(($(entries) + $(dropped))) -ge "$sent" ]
}
of_kernel() {
	sed -n 's/^kernel //p' $group/memory.stat
}
limit() { # BYTES: what is free up to the group's limit, if it gives up what it can
	echo 64M 2>/dev/null >$group/memory.reclaim
	echo $(($(cat $group/memory.current) + $1)) >$group/memory.max
}
wait_for 30 on client ping -qc1 -W1 10.1.0.1 || fail "no director"
wait_for 30 on client ping -qc1 -W1 10.1.1.1 || fail "no host"

before=$(of_kernel)
flood 5000
expect "without a limit" 5000 "$(entries)"
[ $(($(of_kernel) - before)) -gt $((5000 * 192)) ] ||
	fail "5000 connections cost the group $(($(of_kernel) - before)) bytes"

limit $((256 * 1024))
flood 12000
[ "$(dropped no_memory)" -gt 4000 ] ||
	fail "256 KiB were enough for $(($(entries) - 5000)) connections"
must on client python3 "$scratch/flood.py" 10.1.1.1 1024 500
hosts() {
	[ "$(entries host)" = 500 ]
}
wait_for 30 hosts || fail "of the host's 500 connections there are $(entries host)"
! grep '^oom_kill [1-9]' $group/memory.events || fail "packets have had somebody killed"

echo max >$group/memory.max
full=$(dropped no_memory)
flood 100
expect "with more memory" "$full" "$(dropped no_memory)"
entries >$parameters/foreign_conn_total
flood 100
expect "as many as all may have" 100 "$(dropped conn_limit)"
echo 0 >$parameters/foreign_conn_total
expect "0 is the default" "$total" "$(cat $parameters/foreign_conn_total)"
echo 1000000 >$parameters/foreign_conn_total
flood 100
expect "more" 100 "$(dropped conn_limit)"

# Page cache of the group's own makes room.
truncate -s 64M "$scratch/disk"
modprobe -q loop
disk=$(losetup --show -f "$scratch/disk") || fail "no loop device"
exec 3<"$disk" # the last who closes it ends its cache
limit $((8 * 1024 * 1024))
must paying dd if="$disk" of=/dev/null bs=64K status=none
[ "$(cat $group/memory.current)" -gt $(($(cat $group/memory.max) - 1024 * 1024)) ] ||
	fail "the group is not full"
# More than what is free, and what each CPU keeps for the group.
wanted=$(($(entries) + 12000))
until=$((SECONDS + 60))
while [ "$(entries)" -le $wanted ]; do
	[ $SECONDS -lt $until ] || fail "page cache keeps connections out"
	[ $next -gt 60000 ] || flood 1000
done
exec 3<&-
must losetup -d "$disk"

must rmdir $group
full=$(dropped)
flood 500
expect "without a group" "$full" "$(dropped)"
