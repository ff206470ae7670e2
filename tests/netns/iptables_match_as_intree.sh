#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Every option of "iptables -m ipvs" matches, in each chain, the packets that it matches
# with the in-tree module: each forwarding method, with and without connection tracking,
# in both families.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/ipvs_match.sh
. "$here/ipvs_match.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

# ways SERVICE-ADDRESS SERVER DIRECTOR: each method
ways() {
	topo_answer director
	match_phase "NAT$how" client udp "$1:80" "-A -u $1:80 -s rr" "-a -u $1:80 -r $2:8080 -m"
	match_phase "client here$how" director udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $2:8080 -m"
	match_phase "server here, NAT$how" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $3:8080 -m"
	match_phase "server here$how" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $3:80 -g"
	topo_answer client
	vip_at_rs1 add
	match_phase "direct routing$how" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $2:80 -g"
	match_phase "tunnel$how" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $2:80 -i"
	vip_at_rs1 del
}

more() {
	topo_answer director
	match_phase "TCP" client tcp "$1:80" "-A -t $1:80 -s rr" "-a -t $1:80 -r $2:8080 -m"
	match_phase "persistent" client udp "$1:80" \
		"-A -u $1:80 -s rr -p 60" "-a -u $1:80 -r $2:8080 -m"
	match_phase "any port, persistent" client udp "$1:88" \
		"-A -u $1:0 -s rr -p 60" "-a -u $1:0 -r $2:0 -m"
	match_phase "marked, persistent" client udp "$1:88" \
		"-A -f 1 $3 -s rr -p 60" "-a -f 1 $3 -r $2:0 -m"
	match_phase "nobody listens" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $2:9 -m"
}

story() {
	local how='' tool
	match_world legacy
	ways $vip 10.2.0.11 10.2.0.1
	ways "[$vip6]" "[fd02::11]" "[fd02::1]"
	more $vip 10.2.0.11 ''
	more "[$vip6]" "[fd02::11]" -6
	how=', tracked'
	on director sysctl -qw net.ipv4.vs.conntrack=1
	for tool in iptables ip6tables; do
		must on director $tool -A OUTPUT -m conntrack --ctstate INVALID
	done
	ways $vip 10.2.0.11 10.2.0.1
	ways "[$vip6]" "[fd02::11]" "[fd02::1]"
}

for which in intree ours; do
	load_module $which
	load_match $which
	matched=$scratch/$which
	story
	[ -z "${VM_OUT:-}" ] || cp "$matched" "$VM_OUT"
	topo_end
	echo "# $SECONDS s: $which"
done
expect "phases" 34 "$(grep -c '^##' "$scratch/ours")"
expect "what the rules match" "$(cat "$scratch/intree")" "$(cat "$scratch/ours")"
