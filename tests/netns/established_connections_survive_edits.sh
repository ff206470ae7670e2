#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# machine: parallel
#
# What happens to established connections when their server is drained (weight 0) or
# removed and added again: they go on.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m

# Opened for both directions: neither end then waits for the other.
mkfifo "$scratch/in"
exec 8<>"$scratch/in"
on client "$traffic" steady $vip:80 <"$scratch/in" >"$scratch/out" 2>&1 &
pids+=($!)
says() { # LINES
	[ "$(wc -l <"$scratch/out")" -ge "$1" ]
}
say() { # WORD LINES
	echo "$1" >&8
	wait_for 20 says "$2" || fail "no echo of '$1': $(cat "$scratch/out")"
	expect "the echo" "$1" "$(sed -n "$2p" "$scratch/out")"
}
wait_for 20 says 1 || fail "no greeting"
expect "the server" rs1 "$(head -1 "$scratch/out")"
say one 2
must on director "$ipvsadm" -e -t $vip:80 -r 10.2.0.11:80 -m -w 0
say drained 3
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.12:80 -m
expect "new ones go elsewhere" "rs2
rs2" "$(on client "$traffic" ask tcp $vip:80 2)"
say still-here 4
must on director "$ipvsadm" -d -t $vip:80 -r 10.2.0.11:80
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m -w 5
say back-again 5
must on director "$ipvsadm" -E -t $vip:80 -s wrr
say other-scheduler 6
exec 8>&-
