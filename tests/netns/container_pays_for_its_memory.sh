#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whoever may configure a director of his own may not take memory from others:
# services, servers and schedulers' tables are charged to the control group of who
# makes them.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree charges nobody"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no memory controller"

groups=/sys/fs/cgroup
mountpoint -q $groups || must mount -t cgroup2 none $groups
echo +memory >$groups/cgroup.subtree_control || fail "no memory controller"
load_module ours
ns_add director

# charged RULES: bytes of kernel memory that restoring them costs their group
charged() {
	must mkdir $groups/container
	# shellcheck disable=SC2016 # not for this shell to expand
	must sh -c 'echo $$ >"$1/cgroup.procs" && exec ip netns exec director "$2" -R' \
		sh $groups/container "$ipvsadm" <<<"$1"
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
rr=$(charged "$(services rr)")
[ "$rr" -gt $((100 * 512)) ] || fail "100 services cost $rr bytes"
mh=$(charged "$(services mh)")
# 4093 pointers each, by Debian's configuration
[ "$mh" -gt $((rr + 100 * 4093 * 8)) ] || fail "tables of mh: $mh bytes, of rr: $rr"
last=0
for sched in rr wlc mh; do
	last=$((last + 1))
	n=$(charged "$(servers $sched 10.9.1.$last)")
	[ "$n" -gt $((1000 * 768)) ] || fail "1000 servers of $sched cost $n bytes"
done
