#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A packet that is dropped moves a number: by reason, for the namespace and for the
# service it was meant for; zeroing starts them anew.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "only our module counts drops"
load_module ours
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve udp $(server_list 53 1)
on director sysctl -qw net.ipv4.vs.expire_nodest_conn=0

# drops SERVICE: "reason count" lines of a service, or of the namespace ("all")
drops() {
	on director "$our_ipvsadm" -L --drops -n | awk -v want="$1" '
		$1 == want { print $3, $2 }
		$2 == want { print $4, $3 }'
}

ask() {
	on client timeout 5 "$traffic" ask udp "$1" 1 "$2" >/dev/null 2>&1
}

must on director "$our_ipvsadm" -A -u $vip:53 -s rr
must on director "$our_ipvsadm" -A -u $vip:54 -s rr
expect "nothing dropped yet" "" "$(drops all)"

# No server at all.
ask $vip:54 4000
expect "a service without servers" "no_dest 1" "$(drops $vip:54)"

# A server that was removed: the flow's datagrams wait for it in vain.
must on director "$our_ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m
must on client "$traffic" ask udp $vip:53 1 4001
must on director "$our_ipvsadm" -d -u $vip:53 -r 10.2.0.11:53
ask $vip:53 4001
expect "a server that was removed" "dest_gone 1" "$(drops $vip:53)"

# The defence: every packet that would open a connection.
must on director "$our_ipvsadm" -a -u $vip:53 -r 10.2.0.11:53 -m
on director sysctl -qw net.ipv4.vs.am_droprate=1 net.ipv4.vs.drop_packet=3
ask $vip:53 4002
on director sysctl -qw net.ipv4.vs.drop_packet=0
expect "drop_packet" "dest_gone 1
rate 1" "$(drops $vip:53)"

# No more connections than conn_max.
on director sysctl -qw net.ipv4.vs.conn_max=0
ask $vip:53 4003
on director sysctl -qw net.ipv4.vs.conn_max=1000
expect "conn_max" "dest_gone 1
rate 1
conn_limit 1" "$(drops $vip:53)"

expect "the namespace's sum" "no_dest 1
dest_gone 1
rate 1
conn_limit 1" "$(drops all)"
must on director "$our_ipvsadm" -Z
expect "zeroed" "" "$(drops all)$(drops $vip:53)"
