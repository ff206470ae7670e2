#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# One script of administration commands, run on both modules with both tools: what
# is printed, every exit status and what procfs shows are the same.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

# A line of the file is a shell command, run on the director.
session() { # name, tool
	mkdir -p "$scratch/$1.bin"
	ln -sf "$2" "$scratch/$1.bin/ipvsadm"
	# shellcheck disable=SC2016 # for the inner shell to expand
	PATH=$scratch/$1.bin:$PATH RULES=$scratch/$1.rules on "$1" bash -c '
		while IFS= read -r line <&3; do
			case $line in "" | "#"*) continue ;; esac
			echo "\$ $line"
			eval "$line" 2>&1 </dev/null
			echo "-> $?"
		done' 3<"$here/sidebyside/commands"
}

[ -x "$our_ipvsadm" ] || fail "there is no $our_ipvsadm: run make"
request_no_modules
for which in intree ours; do
	load_module $which
	# Not every kernel has every scheduler (Debian's lacks twos).
	# shellcheck disable=SC2086 # a list
	[ $which = ours ] || modprobe -qa --ignore-install $intree_parts
	ns_add stock ours
	ip -n stock addr add 10.2.0.1/24 dev lo
	ip -n ours addr add 10.2.0.1/24 dev lo
	session stock "$stock_ipvsadm" >"$scratch/$which-stock" &
	first=$!
	# The in-tree module's listings can repeat a service when another
	# namespace changes meanwhile: one tool at a time there.
	[ $which = ours ] || wait "$first"
	session ours "$our_ipvsadm" >"$scratch/$which-ours"
	wait "$first"
	ns_del stock ours
done
expect "commands of the session" "$(grep -c '^[^#]' "$here/sidebyside/commands")" \
	"$(grep -c '^\$ ' "$scratch/intree-stock")"
# Our tool on our module adds the kernel's reason below a refusal ("ipvsadm: the
# service exists already"); that line is what the others lack on purpose.
sed -i '/^ipvsadm: /d' "$scratch"/{intree,ours}-*
# Ours saves thresholds, stock forgets them (tests/cli: the suite "save").
sed -i '/^-a /s/ -[xy] [0-9]*//g' "$scratch"/{intree,ours}-ours
reference=$(cat "$scratch/intree-stock")
for other in "$scratch"/{intree,ours}-{stock,ours}; do
	expect "in-tree module and stock tool against ${other##*/} (module-tool)" \
		"$reference" "$(cat "$other")"
done
