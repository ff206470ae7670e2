#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a backup does with records, one after the other: entries are bound to servers
# that come later, templates follow their server, nothing of a stranger's id is heard,
# and stopping the daemon leaves what it has made.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

# The in-tree backup keeps a template's first server, whatever its master says.
[ "$module" = ours ] || skip "in-tree, templates do not follow their server"

load_module "$module"
topo_link 2
must on director "$ipvsadm" --start-daemon backup --mcast-interface s0 --syncid 7

# hear CPORT WORDS...: one record
hear() {
	python3 "$here/tools/sync.py" record "$@" |
		must on peer python3 "$here/tools/sync.py" say s1 224.0.0.81 8848
}
listed() { # pattern
	on director cat /proc/net/ip_vs_conn_sync | grep -q "$1"
}
alone() { # pattern: one line, and no other of that client port and virtual port
	listed "$1" && [ "$(on director cat /proc/net/ip_vs_conn_sync | grep -c "${1%% 0A02*}")" = 1 ]
}
servers() { # address:port active inactive persistent
	on director "$ipvsadm" -Ln | awk '$1 == "->" && $5 ~ /[0-9]/ { print $2, $5, $6 }'
	on director "$ipvsadm" -Ln --persistent-conn |
		awk '$1 == "->" && $4 ~ /[0-9]/ { print $2, $4 }'
}

hear 1001
wait_for 30 listed '03E9 0A090101 0050 0A02000B 0050 ESTABLISHED SYNC' ||
	fail "not heard: $(on director cat /proc/net/ip_vs_conn_sync)"
must on director "$ipvsadm" -A -t 10.9.1.1:80 -s rr
must on director "$ipvsadm" -a -t 10.9.1.1:80 -r 10.2.0.11:80 -m
must on director "$ipvsadm" -a -t 10.9.1.1:80 -r 10.2.0.12:80 -g
expect "servers that came later" "10.2.0.11:80 0 0
10.2.0.12:80 0 0" "$(servers | head -2)"

counted() { # line of servers()
	servers | grep -qxF "$1"
}
hear 1001
wait_for 30 counted "10.2.0.11:80 1 0" || fail "not bound: $(servers)"
alone '03E9 0A090101 0050 0A02000B 0050 ESTABLISHED SYNC' || fail "two of one"
hear 1001 flags=0x100 state=7
wait_for 30 counted "10.2.0.11:80 0 1" || fail "not inactive: $(servers)"
hear 1001 server=10.2.0.12
wait_for 30 counted "10.2.0.12:80 1 0" || fail "not moved: $(servers)"
expect "the server it left" "10.2.0.11:80 0 0" \
	"$(servers | grep '^10.2.0.11:80 . .')"

hear 0 vport=443 flags=0x1100 state=0 timeout=60
wait_for 30 listed '0000 0A090101 01BB 0A02000B 0050 NONE *SYNC' ||
	fail "no template"
hear 0 vport=443 flags=0x1100 state=1 timeout=60 server=10.2.0.12
wait_for 30 alone '0000 0A090101 01BB 0A02000C 0050 ASSURED *SYNC' ||
	fail "the template stays behind: $(on director cat /proc/net/ip_vs_conn_sync)"

must on director "$ipvsadm" --stop-daemon backup
must on director "$ipvsadm" --start-daemon backup --mcast-interface s0 --syncid 8
hear 1002
must on director "$ipvsadm" --stop-daemon backup
must on director "$ipvsadm" --start-daemon backup --mcast-interface s0
hear 1003
wait_for 30 listed ' 03EB ' || fail "0 does not hear all"
! listed ' 03EA ' || fail "another's id is heard"
must on director "$ipvsadm" --stop-daemon backup
listed '03E9 0A090101' || fail "entries went with the daemon"
