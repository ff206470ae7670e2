#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# With backup_only, requests are as if there were no services while a backup daemon
# runs, and are balanced again when it has stopped.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 1)
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
must on director sysctl -qw net.ipv4.vs.backup_only=1

ask() {
	on client "$traffic" ask tcp $vip:80 1 2>&1
}
expect "no daemon" rs1 "$(ask)"
must on director "$ipvsadm" --start-daemon master --mcast-interface d0
expect "a master" rs1 "$(ask)"
must on director "$ipvsadm" --start-daemon backup --mcast-interface d0
expect "a backup" "error 111" "$(ask)" # connection refused
must on director sysctl -qw net.ipv4.vs.backup_only=0
expect "backup_only=0" rs1 "$(ask)"
must on director sysctl -qw net.ipv4.vs.backup_only=1
must on director "$ipvsadm" --stop-daemon backup
expect "no backup any more" rs1 "$(ask)"
must on director "$ipvsadm" --stop-daemon master
