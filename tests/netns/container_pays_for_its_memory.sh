#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whoever may configure a director of his own may not take memory from others:
# services, servers, schedulers' tables and what daemons receive into are charged to the
# control group of who makes them.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree charges nobody"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no memory controller"

groups=/sys/fs/cgroup
mountpoint -q $groups || must mount -t cgroup2 none $groups
echo +memory >$groups/cgroup.subtree_control || fail "no memory controller"
load_module ours
ns_add director

# charged RULES [OPTION...]: bytes of kernel memory that restoring them, or what the
# options do, costs their group
charged() {
	local rules=$1
	shift
	must mkdir $groups/container
	# shellcheck disable=SC2016 # not for this shell to expand
	must sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec ip netns exec director "$@"' \
		sh $groups/container "$ipvsadm" "${@:--R}" <<<"$rules"
	sed -n 's/^kernel //p' $groups/container/memory.stat
	must on director "$ipvsadm" -C
	wait_for 60 rmdir $groups/container || fail "the group does not go"
}

services() { # SCHEDULER
	printf -- "-A -t 10.9.0.1:%d -s $1\n" {1..100}
}
# Each time others: whoever is added again is in the trash, and costs nothing.
servers() { # SCHEDULER ADDRESS
	services "$1" | head -1
	printf -- "-a -t 10.9.0.1:1 -r $2:%d -m\n" {1..1000}
}
# A table comes with the first server.
tables() { # SCHEDULER ADDRESS
	local port
	for port in {1..100}; do
		echo "-A -t 10.9.0.1:$port -s $1"
		echo "-a -t 10.9.0.1:$port -r $2 -m"
	done
}
rr=$(charged "$(services rr)")
[ "$rr" -gt $((100 * 512)) ] || fail "100 services cost $rr bytes"
rr=$(charged "$(tables rr 10.9.2.1)")
mh=$(charged "$(tables mh 10.9.2.2)")
# 4093 pointers each, by Debian's configuration
[ "$mh" -gt $((rr + 100 * 4093 * 8)) ] || fail "tables of mh: $mh bytes, of rr: $rr"
last=0
for sched in rr wlc mh; do
	last=$((last + 1))
	n=$(charged "$(servers $sched 10.9.1.$last)")
	[ "$n" -gt $((1000 * 768)) ] || fail "1000 servers of $sched cost $n bytes"
done
must on director ip link add d0 type dummy
must on director ip link set d0 up multicast on
# Sixteen threads that may receive 60,000 bytes each.
on director sysctl -qw net.ipv4.vs.sync_ports=16
backup() { # MAXLEN
	charged "" --start-daemon backup --mcast-interface d0 --sync-maxlen "$1"
}
small=$(backup 1500)
must on director "$ipvsadm" --stop-daemon backup
large=$(backup 60000)
must on director "$ipvsadm" --stop-daemon backup
[ "$large" -gt $((small + 16 * 40000)) ] ||
	fail "a backup with large buffers costs $large bytes, with small ones $small"
