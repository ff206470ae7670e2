#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# FTP's commands and replies mean the same to both modules: what comes through, which
# data connections are expected, and that they work; active and passive, both families.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

# talk MODULE
talk() {
	load_module "$1"
	must load_ftp "$1"
	topo_nat 1
	ip -n client -batch - <<-END || fail client
		addr add fd01::2/64 dev c0 nodad
		route add default via fd01::1
	END
	ip -n director -batch - <<-END || fail director
		addr add fd01::1/64 dev d0 nodad
		addr add fd01::100/128 dev d0 nodad
		addr add fd02::1/64 dev lan nodad
	END
	ip -n rs1 -batch - <<-END || fail rs1
		addr add fd02::11/64 dev e0 nodad
		addr add fd02::17/64 dev e0 nodad
		addr add 10.2.0.17/24 dev e0
		route add default via fd02::1
	END
	on director sysctl -qw net.ipv6.conf.all.forwarding=1
	wait_for 30 on rs1 ping -qc1 -W1 fd02::1 || fail "rs1 does not reach fd02::1"
	wait_for 30 on client ping -qc1 -W1 fd01::100 || fail "the client does not reach fd01::100"
	must on director "$stock_ipvsadm" -A -t $vip:21 -s rr
	must on director "$stock_ipvsadm" -a -t $vip:21 -r 10.2.0.11 -m
	must on director "$stock_ipvsadm" -A -t "[fd01::100]:21" -s rr
	must on director "$stock_ipvsadm" -a -t "[fd01::100]:21" -r "[fd02::11]:21" -m
	python3 -B "$tools/ftp_dialogues.py" >"$scratch/$1" 2>&1 || {
		tail -30 "$scratch/$1"
		fail "$1: the dialogues broke off"
	}
	topo_end
	unload_module
}

talk ours
talk intree
grep -q "True True" "$scratch/intree" || fail "no data connection worked"
expect "the dialogues" "$(cat "$scratch/intree")" "$(cat "$scratch/ours")"
