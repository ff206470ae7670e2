#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: uml
# timeout: 3000
#
# Rules, transactions, settings, sync daemons, listings, namespaces, devices, processors
# and the module itself come and go beside each other and beside traffic by every method.
# What each of them says does not count: the kernel must be content, nothing may be left,
# and the module works afterwards. For TEST_SECONDS (20).
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"
# shellcheck disable=SC2034 # lib.sh's
module=ours
seconds=${TEST_SECONDS:-20}

for m in ipip ip6_tunnel dummy; do
	modprobe -q $m
done
load_module "$module"
topo_legs
# A command that finds no module would have modprobe load in-tree's.
request_no_modules
ip -n rs1 addr add $vip/32 dev lo
ip -n rs1 addr add $vip6/128 dev lo nodad
on rs1 sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
for dev in tunl0 ip6tnl0; do
	ip -n rs1 link set $dev up 2>/dev/null
done
on rs1 sysctl -qw net.ipv4.conf.tunl0.rp_filter=0 2>/dev/null
for proto in tcp udp; do
	serve $proto rs1=10.2.0.11:80 "rs1=[fd02::11]:80" rs1=$vip:81 "rs1=[$vip6]:81" \
		rs1=$vip:82 "rs1=[$vip6]:82" director=10.2.0.1:83 "director=[fd02::1]:83"
done

# The rules that traffic meets: NAT, direct routing, tunnel, here.
{
	for flag in -t -u; do
		for at in $vip "[$vip6]"; do
			rs=10.2.0.11 here_too=10.2.0.1
			[ "$at" = $vip ] || rs='[fd02::11]' here_too='[fd02::1]'
			echo "-A $flag $at:80 -s rr"
			echo "-a $flag $at:80 -r $rs:80 -m"
			echo "-A $flag $at:81 -s wlc -p 5"
			echo "-a $flag $at:81 -r $rs:81 -g"
			echo "-A $flag $at:82 -s mh"
			echo "-a $flag $at:82 -r $rs:82 -i"
			echo "-A $flag $at:83 -s sh"
			echo "-a $flag $at:83 -r $here_too:83 -m"
		done
	done
} >"$scratch/rules"

until=$((SECONDS + seconds))
# actor NAME FUNCTION: again and again until the end; its rounds are counted
actor() {
	(
		trap - EXIT
		exec >/dev/null 2>&1
		n=0
		while [ $SECONDS -lt $until ]; do
			"$2"
			n=$((n + 1))
			echo $n >"$scratch/rounds.$1"
		done
	) &
	pids+=("$!")
	actors+=("$1")
	waited+=("$!")
}
actors=() waited=()
d() {
	on director timeout 60 "$our_ipvsadm" "$@"
}
pick() {
	local all=("$@")
	echo "${all[RANDOM % $#]}"
}

rules() {
	local flag=-t
	[ $((RANDOM % 2)) = 0 ] || flag=-u
	local at=$vip:$((80 + RANDOM % 4))
	case $((RANDOM % 9)) in
	0) d -R <"$scratch/rules" ;;
	1) d -E $flag $at -s "$(pick rr wrr lc wlc sh dh mh sed nq fo ovf lblc lblcr twos)" ;;
	2) d -a $flag $at -r 10.2.0.$((11 + RANDOM % 40)):80 "$(pick -m -g -i)" ;;
	3) d -e $flag $at -r 10.2.0.11:80 "$(pick -m -g -i)" -w $((RANDOM % 3)) \
		-x $((RANDOM % 100)) ;;
	4) d -d $flag $at -r 10.2.0.11:80 ;;
	5) d -D $flag $at ;;
	6) d --set $((1 + RANDOM % 9)) 1 $((1 + RANDOM % 5)) ;;
	7) d -Z ;;
	8) d -C && d -R <"$scratch/rules" ;;
	esac
}
transactions() {
	# One is broken off, anywhere.
	d -R --replace <"$scratch/rules"
	on director timeout 0.$((RANDOM % 9))1 "$our_ipvsadm" -R --replace <"$scratch/rules"
}
settings() {
	on director sysctl -qw "net.ipv4.vs.$(pick conntrack=0 conntrack=1 \
		expire_nodest_conn=0 expire_nodest_conn=1 expire_quiescent_template=1 \
		sloppy_tcp=1 sloppy_tcp=0 conn_reuse_mode=0 conn_reuse_mode=1 \
		drop_entry=3 drop_entry=0 drop_packet=3 drop_packet=0 secure_tcp=3 \
		secure_tcp=0 snat_reroute=0 snat_reroute=1 cache_bypass=1 cache_bypass=0 \
		run_estimation=0 run_estimation=1 conn_max=20 conn_max=100000 \
		nat_icmp_send=1 schedule_icmp=1 schedule_icmp=0)"
}
daemons() {
	d --start-daemon master --mcast-interface d0 --syncid 1
	d --start-daemon backup --mcast-interface d0 --syncid 2
	d -L --daemon
	d --stop-daemon master
	d --stop-daemon backup
}
listings() {
	local file
	for file in ip_vs ip_vs_conn ip_vs_conn_sync ip_vs_stats ip_vs_stats_percpu \
		ip_vs_status ip_vs_app; do
		on director cat /proc/net/$file
	done
	d -Ln
	d -Lnc
	d -L --drops -n
	/sbin/ipvsadm -Ln
	on director /sbin/ipvsadm -Ln --stats
	on director timeout 1 "$our_ipvsadm" --monitor
}
# Born with rules and a connection, ended at once.
namespaces() {
	local name=n$1
	ip netns add "$name" || return
	ip -n "$name" link set lo up
	ip -n "$name" link add d0 type dummy
	ip -n "$name" link set d0 up multicast on
	ip -n "$name" addr add 10.5.0.1/24 dev d0
	on "$name" "$our_ipvsadm" -A -u 10.5.0.1:53 -s "$(pick rr mh wlc)"
	on "$name" "$our_ipvsadm" -a -u 10.5.0.1:53 -r 10.5.0.9:53 -g
	on "$name" "$our_ipvsadm" --start-daemon master --mcast-interface d0
	on "$name" bash -c 'for i in 1 2 3 4; do echo >/dev/udp/10.5.0.1/53; done'
	ip netns del "$name"
}
namespaces_1() {
	namespaces 1
}
namespaces_2() {
	namespaces 2
}
# A server's way goes, while packets and cached routes use it.
devices() {
	ip -n director link add x0 type dummy
	ip -n director link set x0 up
	ip -n director addr add 10.6.0.1/24 dev x0
	d -a -u $vip:80 -r 10.6.0.2:80 -m
	d -a -t $vip:81 -r 10.6.0.3:81 -g
	d -a -u $vip:82 -r 10.6.0.4:82 -i
	on client "$traffic" ask udp $vip:80 1 &
	sleep 0.5
	ip -n director link del x0
	kill $!
}
processors() {
	local cpu=/sys/devices/system/cpu/cpu1/online
	[ -w $cpu ] || { sleep 1; return; }
	echo 0 >$cpu
	sleep 0.7
	echo 1 >$cpu
	sleep 0.7
}
# As soon as nobody has it open, which others try to prevent.
module_goes() {
	sleep 2
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		d -C
		rmmod ip_vs && break
	done
	loaded ip_vs || echo >>"$scratch/unloads"
	loaded ip_vs || insmod "$our_ko"
	d -R <"$scratch/rules"
}

d -R <"$scratch/rules" || fail "rules"
for to in "tcp $vip:80" "tcp [$vip6]:81" "tcp $vip:82" "tcp [$vip6]:83" \
	"udp [$vip6]:80" "udp $vip:81" "udp [$vip6]:82" "udp $vip:83"; do
	# shellcheck disable=SC2086 # two words
	background on client "$traffic" storm $to 2 >/dev/null
done
actor rules rules
actor transactions transactions
actor settings settings
actor daemons daemons
actor listings listings
actor namespaces namespaces_1
actor more-namespaces namespaces_2
actor devices devices
actor processors processors
actor module module_goes
# Each ends its last round, which may wait for much.
for pid in "${waited[@]}"; do
	wait "$pid"
done
unloads=0
[ ! -e "$scratch/unloads" ] || unloads=$(wc -l <"$scratch/unloads")
figures=
for name in "${actors[@]}"; do
	n=$(cat "$scratch/rounds.$name" 2>/dev/null || echo 0)
	[ "$n" -gt 0 ] || fail "$name had no turn"
	figures+=" $name $n,"
done
say "$seconds s:$figures the module went $unloads times"

# All has ended: what is left goes, and what comes works.
topo_end
load_module ours
topo_legs
serve tcp rs1=10.2.0.11:80
must on director "$our_ipvsadm" -A -t $vip:80 -s rr
must on director "$our_ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
expect "afterwards" "rs1" "$(on client "$traffic" ask tcp $vip:80 1)"
