#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: race
# machine: parallel
#
# What the silence of "make race" is worth: two threads that count in one variable are
# told of when their accesses are plain, and not when they are marked.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

watch=/sys/module/race_watch/parameters
[ -d $watch ] || skip "no watcher: run make race"
self=${our_ko%/kernel/*}/tests/race/race_self.ko
before=$(cat $watch/watched)
more_reports() {
	[ "$(cat $watch/reports)" -gt "$reports" ]
}
reports=$(cat $watch/reports)
echo 1 >$watch/quiet
must insmod "$self" plain=1
wait_for 120 more_reports
found=$?
rmmod race_self
echo 0 >$watch/quiet
[ $found = 0 ] || fail "nothing was found in $(($(cat $watch/watched) - before)) accesses"

# Marked accesses are never watched themselves, so time has to do.
reports=$(cat $watch/reports)
must insmod "$self"
wait_for 3 more_reports
found=$?
rmmod race_self
[ $found != 0 ] || fail "marked accesses were told of"
