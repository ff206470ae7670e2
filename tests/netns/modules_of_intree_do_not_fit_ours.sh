#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# No module that belongs to the in-tree ip_vs loads beside ours, by whatever path it is
# asked for, nor ours beside the in-tree one: what one exports is called otherwise than
# what the other does.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "about our module"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no module folder"

# refused FILE SYMBOLS: insmod says that symbols are missing, and the log that they are
# of SYMBOLS alone: everything else it needs is there
asked=0
refused() {
	local name missing
	name=$(basename "${1%%.ko*}")
	asked=$((asked + 1))
	echo "asking for $name, $asked" >/dev/kmsg
	insmod "$1" 2>"$scratch/err" && fail "$name loads"
	grep -q 'Unknown symbol' "$scratch/err" || fail "insmod $name: $(cat "$scratch/err")"
	missing=$(dmesg | sed "1,/asking for $name, $asked\$/d" |
		sed -n "s/.* $name: Unknown symbol \([a-z_0-9]*\) .*/\1/p")
	[ -n "$missing" ] || fail "$name misses nothing"
	expect "other symbols that $name misses" "" "$(grep -vxF "$2" <<<"$missing")"
}

exports() { # FILE...
	modprobe --show-exports "$@" | awk '{ print $2 }' | sort -u
}

folder=/lib/modules/$(uname -r)/kernel/net/netfilter
theirs=$(modinfo -n ip_vs)
mapfile -t family < <(find "$folder" -name 'ip_vs_*.ko*' -o -name 'xt_ipvs.ko*')
[ ${#family[@]} -gt 10 ] || fail "modules of the in-tree family: ${family[*]}"
for m in nf_nat nf_conntrack nf_conntrack_sip x_tables; do
	modprobe -q $m
done

load_module ours
for file in "${family[@]}"; do
	refused "$file" "$(exports "$theirs")"
done
insmod "$theirs" 2>/dev/null && fail "both ip_vs are loaded"
loaded ip_vs || fail "ours has gone"
load_match ours

load_module intree
for file in "${our_ko%/*}"/*.ko; do
	[ "$file" = "$our_ko" ] || refused "$file" "$(exports "$our_ko")"
done

# What the test has provoked is no complaint. All else in the log is judged here.
dmesg | grep -v ': Unknown symbol ' >"$scratch/log"
"$checkout/scripts/judge" "$checkout/scripts/known.vm" "$scratch/log" || fail "see above"
dmesg --clear
