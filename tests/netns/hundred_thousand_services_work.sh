#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: load
# timeout: 1500
#
# Of 100,000 services each is listed once and each that is asked answers, and all go at
# one word. TEST_SERVICES: another number.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
services=${TEST_SERVICES:-100000}

load_module "$module"
topo_nat 1
serve udp rs1=10.2.0.11:80
rules() {
	awk -v n="$services" 'BEGIN {
		for (i = 0; i < n; i++) {
			at = "10.1.0." 100 + int(i / 50000) ":" 1024 + i % 50000
			print "-A -u " at " -s rr"
			print "-a -u " at " -r 10.2.0.11:80 -m"
		}
	}'
}
for ((i = 1; i * 50000 < services; i++)); do
	must ip -n director addr add 10.1.0.$((100 + i))/32 dev d0
done
milliseconds() { # COMMAND...
	local began
	began=$(date +%s%N)
	must "$@"
	ms=$((($(date +%s%N) - began) / 1000000))
}
used() {
	awk '/^Slab:/ { n += $2 } /^VmallocUsed:/ { n += $2 } /^Percpu:/ { n += $2 }
		END { print n * 1024 }' /proc/meminfo
}
rules >"$scratch/rules"
before=$(used)
milliseconds on director "$our_ipvsadm" -R <"$scratch/rules"
bytes=$((($(used) - before) / services))
made=$ms
listed() {
	on director "$our_ipvsadm" -Ln >"$scratch/listed"
}
milliseconds listed
listing=$ms
expect "services listed" "$services" "$(grep '^UDP' "$scratch/listed" | sort -u | wc -l)"
expect "servers listed" "$services" "$(grep -c '^  -> 10' "$scratch/listed")"
# The first, the last, and some between.
for ((i = 0; i < 50; i++)); do
	n=$((i * (services - 1) / 49))
	expect "service $n" rs1 \
		"$(on client "$traffic" ask udp 10.1.0.$((100 + n / 50000)):$((1024 + n % 50000)) 1)"
done
milliseconds on director "$our_ipvsadm" -C
expect "after -C" 0 "$(on director "$our_ipvsadm" -Ln | grep -c '^UDP')"
say "$services services with a server each: made in $made ms, listed in $listing ms, cleared" \
	"in $ms ms; $bytes bytes each, the server included"
