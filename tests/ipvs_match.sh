# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # lib.sh has the rest
#
# ipvs_match.sh - which packets "iptables -m ipvs" matches, for the tests
# netns/iptables_match_*.sh
#
#   match_world KIND...     topo_legs with servers, and rules of iptables KIND (legacy, nft)
#                           in each chain of the table mangle: for requests, answers,
#                           tunnels and ICMP errors one rule without the match, and one
#                           for each line of match_options
#   match_phase WHAT ASKER PROTOCOL ADDRESS:PORT RULE...
#                           ipvsadm's rules; one question by the namespace ASKER; then
#                           what each option has matched, added to the file $matched.
#                           Each KIND has to count the same
#   vip_at_rs1 add|del      direct routing and tunnels need it there, while a client on
#                           the director has that address itself
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

tunnel_modules='ipip ip6_tunnel'
matched=$scratch/matched
# Each question is asked from a port of its own, of these.
match_port=4000
chains='PREROUTING INPUT FORWARD OUTPUT POSTROUTING'
# By iptables' name: what the rules of IPv4 and IPv6 differ in.
# (Neighbour discovery is ICMP as well.)
declare -A error=([iptables]='icmp --icmp-type destination-unreachable'
	[ip6tables]='ipv6-icmp --icmpv6-type destination-unreachable')
declare -A outer=([iptables]=4 [ip6tables]=41)
declare -A match_vip=([iptables]=$vip [ip6tables]=$vip6)
declare -A match_other=([iptables]=10.1.0.99 [ip6tables]=fd01::99)
declare -A match_net=([iptables]=10.1.0.0/24 [ip6tables]=fd01::/64)

# Every option, right and wrong about what the phases ask for, and inverted.
match_options() { # iptables|ip6tables
	cat <<-END
		--ipvs
		! --ipvs
		--ipvs --vport 8080
		--vproto 17
		! --vproto 17
		--vproto 6
		! --vproto 6
		--vproto ${outer[$1]}
		--vaddr ${match_vip[$1]}
		! --vaddr ${match_vip[$1]}
		--vaddr ${match_net[$1]}
		! --vaddr ${match_net[$1]}
		! --vaddr ${match_other[$1]}
		--vport 80
		! --vport 80
		--vdir ORIGINAL
		--vdir REPLY
		--vmethod MASQ
		! --vmethod MASQ
		--vmethod GATE
		! --vmethod GATE
		--vmethod IPIP
		! --vmethod IPIP
		--vportctl 80
		! --vportctl 80
		--vportctl 0
		! --vportctl 21
		! --vproto 6 --vaddr ${match_vip[$1]} --vport 80 ! --vmethod IPIP
	END
}

# Requests and answers, by name; what a tunnel makes of requests; ICMP errors.
match_classes() { # iptables|ip6tables
	cat <<-END
		request -p udp --sport 4000:4999
		answer -p udp --dport 4000:4999
		TCP-request -p tcp --sport 4000:4999
		tunnel -p ${outer[$1]}
		error -p ${error[$1]}
	END
}

match_rules() { # iptables|ip6tables
	local chain name class option
	echo '*mangle'
	for chain in $chains; do
		while read -r name class; do
			echo "-A $chain $class"
			while read -r option; do
				echo "-A $chain $class -m ipvs $option"
			done < <(match_options "$1")
		done < <(match_classes "$1")
	done
	echo COMMIT
}

vip_at_rs1() { # add|del
	ip -n rs1 addr "$1" $vip/32 dev lo
	ip -n rs1 addr "$1" $vip6/128 dev lo
}

match_world() {
	local tool kind m
	kinds=("$@")
	for m in $tunnel_modules; do
		modprobe -q "$m"
	done
	topo_legs
	vip_at_rs1 add
	ip -n rs1 link set tunl0 up
	ip -n rs1 link set ip6tnl0 up
	must ip -n rs1 -6 tunnel change ip6tnl0 mode any
	on rs1 sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 \
		net.ipv4.conf.tunl0.rp_filter=0 net.ipv6.ip_nonlocal_bind=1
	for m in udp tcp; do
		serve $m rs1=10.2.0.11:8080 "rs1=[fd02::11]:8080" rs1=$vip:80 "rs1=[$vip6]:80" \
			rs1=10.2.0.11:88 "rs1=[fd02::11]:88" \
			director=10.2.0.1:8080 "director=[fd02::1]:8080" \
			director=$vip:80 "director=[$vip6]:80"
	done
	vip_at_rs1 del
	for tool in iptables ip6tables; do
		must on director $tool-legacy -t raw -A PREROUTING -p udp --dport 88 \
			-j MARK --set-mark 1
		match_rules $tool >"$scratch/rules.$tool"
		for kind in "${kinds[@]}"; do
			must on director "$tool-$kind-restore" --noflush <"$scratch/rules.$tool"
			on director "$tool-$kind-save" -c -t mangle >"$scratch/$tool.$kind"
		done
	done
}

# match_read TOOL KIND PROTOCOL: the counters, once they rest: a TCP connection ends after
# its client has
match_read() {
	local now=$scratch/$1.$2.now
	on director "$1-$2-save" -c -t mangle >"$now"
	until [ "$3" = udp ] || { on director "$1-$2-save" -c -t mangle >"$now.again" &&
		cmp -s <(grep '^\[' "$now") <(grep '^\[' "$now.again"); }; do
		mv "$now.again" "$now"
	done
}

# match_show TOOL KIND: what each option has matched since it was read before
match_show() {
	awk -v names="$(match_classes "$1" | cut -d' ' -f1 | tr '\n' ' ')" '
	BEGIN {
		split(names, class, " ")
	}
	/^\[/ {
		split($1, count, /[^0-9]+/)
		if (NR == FNR) {
			before[++old] = count[2]
			next
		}
		n = count[2] - before[++new]
		if ($3 != chain) {
			chain = $3
			c = 0
		}
		at = index($0, "-m ipvs ")
		if (!at) {
			c++
			all = n
			next
		}
		option = substr($0, at + 8)
		sub(/^ +| +$/, "", option)
		if (!(option in hits))
			order[++options] = option
		hits[option] = hits[option] (n == 0 ? "" : " " chain "-" class[c] \
			(n == all ? "" : "(" n " of " all ")"))
	}
	END {
		if (old != new)
			print "rules: " old ", then " new
		for (i = 1; i <= options; i++)
			print order[i] ":" hits[order[i]]
	}' "$scratch/$1.$2" "$scratch/$1.$2.now"
	mv "$scratch/$1.$2.now" "$scratch/$1.$2"
}

match_phase() {
	local what=$1 asker=$2 proto=$3 service=$4 tool=iptables kind
	shift 4
	case $service in \[*) tool=ip6tables ;; esac
	printf '%s\n' "$@" >"$scratch/ipvs"
	must on director "$ipvsadm" -C
	must on director "$ipvsadm" -R <"$scratch/ipvs"
	match_port=$((match_port + 1))
	echo "## $what, $tool" >>"$matched"
	on "$asker" "$traffic" ask "$proto" "$service" 1 "$match_port" >>"$matched"
	for kind in "${kinds[@]}"; do
		match_read $tool "$kind" "$proto"
		match_show $tool "$kind" >"$scratch/shown.$kind"
	done
	[ ${#kinds[@]} = 1 ] || expect "$what: $tool-nft counts as $tool-legacy" \
		"$(cat "$scratch/shown.legacy")" "$(cat "$scratch/shown.nft")"
	cat "$scratch/shown.${kinds[0]}" >>"$matched"
}
