#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Hundreds of texts, written down and random, are sent as datagrams: what the SIP
# engine takes for a Call-ID is what the in-tree module's does, byte for byte. Only far
# into a long datagram ours does not look.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

tool="python3 $here/tools/sip_texts.py"
# A director for each module: in-tree's engine stays as long as its templates.
for which in intree ours; do
	load_module $which
	topo_sink director
	# Datagrams of the director's own are in several pieces then.
	must ip -n director link set lo mtu 1500
	must ip -n director addr add 10.9.0.1/32 dev lo
	must ip -n director route add local 10.8.0.0/16 dev lo
	[ $which = ours ] || must modprobe --ignore-install ip_vs_pe_sip
	must on director "$stock_ipvsadm" -R <<-END
		-A -u 10.9.0.1:5060 -s rr -p 60 --pe sip
		-a -u 10.9.0.1:5060 -r 10.0.0.2:5060 -m
	END
	# shellcheck disable=SC2086 # a command
	must on director $tool 10.9.0.1 5060 >"$scratch/$which"
	expect "the listing with $which" "UDP  10.9.0.1:5060 rr persistent 60 pe sip" \
		"$(on director "$stock_ipvsadm" -Ln | grep UDP)"
	ns_del director
done
for from in intree ours; do
	[ "$(grep -c -- '-> .*[^-]$' "$scratch/$from")" -gt 60 ] ||
		fail "$from: few Call-IDs: $(tail -5 "$scratch/$from")"
done
far='^far [0-9]*: '
expect "what is found in texts" "$(grep -v "$far" "$scratch/intree")" \
	"$(grep -v "$far" "$scratch/ours")"
expect "how far in-tree looks" "far 16384: -> v
far 16500: -> v
far 60000: -> v" "$(grep "$far" "$scratch/intree")"
expect "how far ours looks" "far 16384: -> v
far 16500: -> -
far 60000: -> -" "$(grep "$far" "$scratch/ours")"
