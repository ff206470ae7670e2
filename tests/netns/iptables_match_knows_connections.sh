#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "iptables -m ipvs", of either iptables: what IPVS has sent has its mark, from there on;
# of the connection's properties a rule knows requests alone, and those after they were
# forwarded. The direction is known of what connection tracking has seen.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/ipvs_match.sh
. "$here/ipvs_match.sh"

load_module "$module"
load_match "$module"

match_options() { # iptables|ip6tables
	cat <<-END
		--ipvs
		! --ipvs
		--vproto 17
		! --vproto 17
		--vaddr ${match_vip[$1]}
		! --vaddr ${match_other[$1]}
		--vport 80
		! --vport 80
		--vdir ORIGINAL
		--vmethod MASQ
		! --vmethod MASQ
		--vportctl 21
		! --vportctl 21
	END
}

requests='OUTPUT-request POSTROUTING-request'
# wanted WHAT TOOL MASQ OTHER ANSWER BEFORE TRACKED: what each option matches
wanted() {
	cat <<-END
		## $1, $2
		rs1
		--ipvs: $requests$5
		! --ipvs: $6
		--vproto 17: $requests
		! --vproto 17:
		--vaddr ${match_vip[$2]}: $requests
		! --vaddr ${match_other[$2]}: $requests
		--vport 80: $requests
		! --vport 80:
		--vdir ORIGINAL:$7
		--vmethod MASQ:$3
		! --vmethod MASQ:$4
		--vportctl 21:
		! --vportctl 21: $requests
	END
}
before='PREROUTING-request PREROUTING-answer INPUT-request FORWARD-answer'

# ways SERVICE-ADDRESS SERVER IPTABLES: masquerading and direct routing
ways() {
	topo_answer director
	match_phase "NAT" client udp "$1:80" "-A -u $1:80 -s rr" "-a -u $1:80 -r $2:8080 -m"
	topo_answer client
	vip_at_rs1 add
	match_phase "direct routing" client udp "$1:80" \
		"-A -u $1:80 -s rr" "-a -u $1:80 -r $2:80 -g"
	vip_at_rs1 del
	topo_answer director
	on director sysctl -qw net.ipv4.vs.conntrack=1
	must on director "$3" -A OUTPUT -m conntrack --ctstate INVALID
	match_phase "tracked" client udp "$1:80" "-A -u $1:80 -s rr" "-a -u $1:80 -r $2:8080 -m"
	on director sysctl -qw net.ipv4.vs.conntrack=0
	must on director "$3" -D OUTPUT -m conntrack --ctstate INVALID
	{
		wanted "NAT" "$3" " $requests" "" " POSTROUTING-answer" "$before" ""
		wanted "direct routing" "$3" "" " $requests" "" \
			"PREROUTING-request INPUT-request" ""
		wanted "tracked" "$3" " $requests" "" " POSTROUTING-answer" "$before" \
			" $requests"
	} >>"$scratch/wanted"
}

match_world legacy nft
ways $vip 10.2.0.11 iptables
ways "[$vip6]" "[fd02::11]" ip6tables
expect "what the rules match" "$(cat "$scratch/wanted")" "$(cat "$matched")"

# Any table takes it, and prints it as it was given.
rule="-p udp -m ipvs ! --vproto 6 --vaddr 10.1.0.0/24 --vport 80 ! --vmethod IPIP"
for tool in iptables-legacy iptables-nft; do
	for table in raw mangle nat filter; do
		# shellcheck disable=SC2086 # words of a rule
		must on director $tool -t $table -A OUTPUT $rule
		on director $tool -t $table -S OUTPUT | tr -s ' ' |
			grep -qxF -- "-A OUTPUT $rule" || fail "$tool -t $table does not show it"
	done
done

# A protocol that is not balanced is marked as well, if asked for.
counted() {
	on director iptables-legacy -t filter -nvxL OUTPUT | awk '$NF == "ipvs" { print $1 }'
}
send_other() {
	must on director /usr/bin/python3 -c '
import socket
socket.socket(socket.AF_INET, socket.SOCK_RAW, 253).sendto(b"?", ("10.2.0.11", 0))'
}
must on director "$ipvsadm" -A -u $vip:80
must on director iptables-legacy -A OUTPUT -p 253 -m ipvs --ipvs
send_other
expect "packets of protocol 253 that are marked" 0 "$(counted)"
on director sysctl -qw net.ipv4.vs.ignore_tunneled=1
send_other
expect "packets of protocol 253 that are marked with ignore_tunneled" 1 "$(counted)"
