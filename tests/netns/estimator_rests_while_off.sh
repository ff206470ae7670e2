#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# While run_estimation is 0 no work is done for rates, though packets have been
# counted; switched on again, it goes on.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"

[ "$module" = ours ] || skip "in-tree has threads for this"
load_module "$module"
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
cd /sys/kernel/tracing || fail "no tracefs"
[ -d events/workqueue/workqueue_execute_start ] ||
	skip "this kernel does not trace its work queues"

topo_sink off on
for n in off on; do
	must on $n "$stock_ipvsadm" -A -u 10.0.0.100:53 -s rr
	must on $n "$stock_ipvsadm" -a -u 10.0.0.100:53 -r 10.0.0.2:53 -m
done
must on off sysctl -qw net.ipv4.vs.run_estimation=0
send() { # namespace
	must on "$1" bash -c 'for i in 1 2 3 4; do echo >/dev/udp/10.0.0.100/53; done'
}

# How many namespaces' passes have run at least N times?
often() { # N
	sed -n 's/.*workqueue_execute_start: work struct \([^:]*\): function estimator_work.*/\1/p' \
		trace | sort | uniq -c | awk -v n="$1" '$1 >= n { m++ } END { print m + 0 }'
}
are_often() { # N namespaces
	[ "$(often "$1")" -ge "$2" ]
}

echo >trace
echo 1 >events/workqueue/workqueue_execute_start/enable
echo 1 >tracing_on
send off
send on
# The one that is on is the other's clock.
wait_for 120 are_often 4 1 || fail "no pass where rates are sampled"
expect "namespaces with more than one pass" 1 "$(often 2)"
must on off sysctl -qw net.ipv4.vs.run_estimation=1
send off
wait_for 120 are_often 3 2 || fail "no passes after estimation was switched on"
echo 0 >events/workqueue/workqueue_execute_start/enable
