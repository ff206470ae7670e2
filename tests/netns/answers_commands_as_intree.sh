#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# One script of administration commands, run on both modules with both tools: what
# is printed, every exit status and what procfs shows are the same.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

# A line of the file is a shell command, run on the director.
session() { # tool
	mkdir -p "$scratch/bin"
	ln -sf "$1" "$scratch/bin/ipvsadm"
	# shellcheck disable=SC2016 # for the inner shell to expand
	PATH=$scratch/bin:$PATH on director bash -c '
		while IFS= read -r line <&3; do
			case $line in "" | "#"*) continue ;; esac
			echo "\$ $line"
			(eval "$line") 2>&1 </dev/null
			echo "-> $?"
		done' 3<"$here/sidebyside/commands"
}

tools_at_hand=("stock:$stock_ipvsadm")
[ -x "$our_ipvsadm" ] && tools_at_hand+=("ours:$our_ipvsadm")
for which in intree ours; do
	for tool in "${tools_at_hand[@]}"; do
		load_module $which
		ns_add director
		ip -n director addr add 10.2.0.1/24 dev lo
		session "${tool#*:}" >"$scratch/$which-${tool%%:*}"
		ns_del director
	done
done
# Our tool on our module adds the kernel's reason below a refusal ("ipvsadm: the
# service exists already"); that line is what the others lack on purpose.
sed -i '/^ipvsadm: /d' "$scratch"/{intree,ours}-*
reference=$(cat "$scratch/intree-stock")
for other in "$scratch"/{intree,ours}-{stock,ours}; do
	[ -f "$other" ] || continue
	expect "in-tree module and stock tool against ${other##*/} (module-tool)" \
		"$reference" "$(cat "$other")"
done
