#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# ipvsadm's list of connections: what the kernel streams is what procfs says,
# filters select, -K ends what they select and nothing else, and a drain that
# may use force leaves nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
[ "$module" = ours ] || skip "procfs is all the in-tree module has"

load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
# shellcheck disable=SC2046
serve udp $(server_list 53 2)
director() {
	on director "$our_ipvsadm" "$@"
}
director -R <<END
-A -t $vip:80 -s rr
-a -t $vip:80 -r 10.2.0.11:80 -m
-a -t $vip:80 -r 10.2.0.12:80 -m
-A -u $vip:53 -s rr -p 60
-a -u $vip:53 -r 10.2.0.11:53 -m
END
must on client "$traffic" ask tcp $vip:80 8 >/dev/null
must on client "$traffic" ask udp $vip:53 3 >/dev/null

# The last servers' FINs may be on their way.
all_closed() {
	[ "$(on director grep -c ' TIME_WAIT ' /proc/net/ip_vs_conn)" = 8 ]
}
wait_for 30 all_closed || fail "not closed: $(on director cat /proc/net/ip_vs_conn)"
# Times may tick between the two.
untimed() {
	sed 's/[0-9]*:[0-9][0-9] /T /' | sort
}
expect "streamed and from procfs" "$(on director "$stock_ipvsadm" -Lcn | untimed)" \
	"$(director -Lcn | untimed)"
count() { # FILTER
	director -Lcn --filter "$1" | tail -n +3 | wc -l
}
expect "by protocol" 8 "$(count protocol=tcp)"
expect "UDP, its template included" 4 "$(count protocol=udp)"
expect "templates" 1 "$(count template=yes)"
expect "by server" 4 "$(count server=10.2.0.12)"
expect "by server and port" 4 "$(count server=10.2.0.11:53)"
expect "by service" 8 "$(count service=$vip:80)"
expect "by client" 12 "$(count client=10.1.0.0/24)"
expect "by another client" 0 "$(count client=10.1.1.0/24)"
expect "by state, in lower case" "$(count protocol=tcp,state=TIME_WAIT)" \
	"$(count state=time_wait)"
director -Lcn --sort=client | tail -n +3 | awk '{ print $4 }' >"$scratch/sorted"
expect "sorted by client" "$(sort -t: -k2n "$scratch/sorted")" "$(cat "$scratch/sorted")"
expect "counted" "all                      12" "$(director -Lc --count | tail -1)"
expect "as JSON" 12 "$(director -Lcj | /usr/bin/python3 -c '
import json, sys
conns = json.load(sys.stdin)
assert all(c["client"]["address"] == "10.1.0.2" for c in conns)
print(len(conns))')"

director -K >/dev/null 2>&1
expect "no filter, no end" 2 $?
expect "nothing was ended" 12 "$(count protocol=tcp,client=0.0.0.0/0 | awk '{ print $1 + 4 }')"
expect "ended by server" "connections ended: 4" "$(director -K --filter server=10.2.0.12)"
expect "the others are there" 4 "$(count protocol=tcp)"
expect "ended, as JSON" '{"connections":4}' "$(director -K -j --filter protocol=tcp)"
expect "UDP is still there" 4 "$(count client=10.1.0.2)"
expect "all" "connections ended: 4" "$(director -K --all)"
expect "none is left" 0 "$(count client=0.0.0.0/0)"

# A connection that stays open, and a server that must go.
must director -d -t $vip:80 -r 10.2.0.12:80
mkfifo "$scratch/in"
exec 8<>"$scratch/in"
on client "$traffic" steady $vip:80 <"$scratch/in" >"$scratch/out" 2>&1 &
pids+=($!)
wait_for 20 grep -q rs1 "$scratch/out" || fail "no connection"
director -e -t $vip:80 -r 10.2.0.11:80 --drain 1 2>"$scratch/err"
expect "without force" 3 $?
expect "it is left" "ipvsadm: 10.2.0.11:80: time is up, connections left: 1" "$(cat "$scratch/err")"
director -e -t $vip:80 -r 10.2.0.11:80 --drain 1 --force 2>"$scratch/err"
expect "with force" 4 $?
expect "it is ended" "ipvsadm: 10.2.0.11:80: time is up, connections ended: 1" "$(cat "$scratch/err")"
director -e -t $vip:80 -r 10.2.0.11:80 --drain 5 --force
expect "an idle server" 0 $?
exec 8>&-

# Another service has the same address and the same server: its own stay.
serve udp rs1=10.2.0.11:54
director -R <<END
-A -u $vip:0 -s rr -p 60
-a -u $vip:0 -r 10.2.0.11:0 -m
END
must on client "$traffic" ask udp $vip:53 1 >/dev/null
must on client "$traffic" ask udp $vip:54 1 >/dev/null
expect "a connection and a template each" 4 "$(count protocol=udp)"
director -e -u $vip:0 -r 10.2.0.11:0 --drain 1 --force 2>"$scratch/err"
expect "with force, beside a neighbour" 4 $?
expect "its own are ended" "ipvsadm: 10.2.0.11:0: time is up, connections ended: 2" \
	"$(cat "$scratch/err")"
expect "the neighbour's are left" 2 "$(count service=$vip:53)"
