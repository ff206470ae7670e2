#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of the README's first service, as they stand there, balance requests
# over the two servers of its picture by their weights.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

#   client c0 ──── d0 director lan ──── e0 rs1 10.0.0.11
#   198.51.100.2     .1     10.0.0.1 └── e0 rs2 10.0.0.12
load_module "$module"
ns_add client director rs1 rs2
link client c0 director d0
ip -n client addr add 198.51.100.2/24 dev c0
ip -n client link set c0 up
ip -n client route add default via 198.51.100.1
ip -n director -batch - <<-END || fail "director"
	addr add 198.51.100.1/24 dev d0
	link set d0 up
	link add lan type bridge
	addr add 10.0.0.1/24 dev lan
	link set lan up
END
for i in 1 2; do
	link rs$i e0 director l$i
	ip -n director link set l$i master lan up
	ip -n rs$i addr add 10.0.0.1$i/24 dev e0
	ip -n rs$i link set e0 up
	ip -n rs$i route add default via 10.0.0.1
done
serve tcp rs1=10.0.0.11:80 rs2=10.0.0.12:80
for i in 1 2; do
	wait_for 30 on client ping -qc1 -W1 198.51.100.1 || fail "no way to the director"
	wait_for 30 on rs$i ping -qc1 -W1 10.0.0.1 || fail "rs$i does not reach the director"
done

mkdir "$scratch/bin"
ln -s "$ipvsadm" "$scratch/bin/ipvsadm"
awk '/^and then, on the director/ { on = 1 } on && /^    / { print; n++ }
	on && n && !/^    / { exit }' "$checkout/README.md" >"$scratch/commands"
[ "$(grep -c ipvsadm "$scratch/commands")" = 4 ] ||
	fail "these are no commands of a first service: $(cat "$scratch/commands")"
listed=$(PATH=$scratch/bin:$PATH on director bash -e "$scratch/commands") ||
	fail "exit status $? of: $(cat "$scratch/commands")"
expect "servers in the last command's list" 2 "$(grep -c '^  -> 10\.0\.0\.' <<<"$listed")"

got=$(on client "$traffic" ask tcp 192.0.2.1:80 60) || fail "requests failed: $got"
expect "each server's share of 60 requests" "     40 rs1
     20 rs2" "$(sort <<<"$got" | uniq -c)"
