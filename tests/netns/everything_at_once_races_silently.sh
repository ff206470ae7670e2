#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: race
# machine: parallel
# timeout: 2400
#
# Connections that begin and end, edits, transactions, listings, settings, sync peers,
# and namespaces that come and go, all at once: none of it races with another (see
# scripts/race, which fails a run by the kernel's log). TEST_SECONDS: how long.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/pair.sh
. "$here/topo/pair.sh"

watch=/sys/module/race_watch/parameters
[ "$module" = ours ] || skip "in-tree is not compiled for it"
[ -d $watch ] || skip "no watcher: run make race"
load_module "$module"
topo_pair
serve tcp rs1=10.2.0.11:80 rs2=10.2.0.12:80
serve udp rs1=10.2.0.11:80 rs2=10.2.0.12:80
for table in one two; do
	cat <<-END >"$scratch/$table"
		-A -t $pair_vip:80 -s rr -p 2
		-a -t $pair_vip:80 -r 10.2.0.11:80 -m -w 1
		-a -t $pair_vip:80 -r 10.2.0.12:80 -m -w 2
		-A -u $pair_vip:80 -s wlc
		-a -u $pair_vip:80 -r 10.2.0.11:80 -m -x 20 -y 10
		-a -u $pair_vip:80 -r 10.2.0.12:80 -m
		-A -u $pair_vip:81 -s rr -o
		-a -u $pair_vip:81 -r 10.2.0.11:80 -m
	END
done
sed -i 's/-s rr/-s wrr/; s/-w 2/-w 5/; s/-x 20 -y 10/-x 30 -y 5/' "$scratch/two"
for d in d1 d2; do
	must on $d "$our_ipvsadm" -R <"$scratch/one"
	must on $d "$our_ipvsadm" --set 1 1 1
	on $d sysctl -qw net.ipv4.vs.sync_threshold="0 1" net.ipv4.vs.conntrack=1
	must on $d "$our_ipvsadm" --start-daemon master --mcast-interface s0
	must on $d "$our_ipvsadm" --start-daemon backup --mcast-interface s0
done

# Each of these is one kind of work; commands may fail, since others change what they
# are about.
edits() {
	on d1 "$our_ipvsadm" -e -u $pair_vip:80 -r 10.2.0.11:80 -m -w $((RANDOM % 3))
	on d1 "$our_ipvsadm" -d -t $pair_vip:80 -r 10.2.0.12:80
	on d1 "$our_ipvsadm" -a -t $pair_vip:80 -r 10.2.0.12:80 -m -w $((RANDOM % 3 + 1))
	on d2 "$our_ipvsadm" -d -u $pair_vip:80 -r 10.2.0.11:80
	on d2 "$our_ipvsadm" -a -u $pair_vip:80 -r 10.2.0.11:80 -m
}
schedulers() {
	local s
	for s in wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos rr; do
		on d1 "$our_ipvsadm" -E -t $pair_vip:80 -s $s
		on d1 "$our_ipvsadm" -E -u $pair_vip:80 -s $s
	done
}
transactions() {
	on d1 "$our_ipvsadm" -R --replace <"$scratch/two"
	on d1 "$our_ipvsadm" -R --replace <"$scratch/one"
}
listings() {
	on d1 "$our_ipvsadm" -Ln --stats --rate
	on d1 "$our_ipvsadm" -Lnc
	on d1 "$our_ipvsadm" -Ln --drops
	on d2 cat /proc/net/ip_vs /proc/net/ip_vs_conn /proc/net/ip_vs_conn_sync
	on d1 cat /proc/net/ip_vs_stats /proc/net/ip_vs_stats_percpu \
		/proc/net/ip_vs_status /proc/net/ip_vs_conn
}
settings() {
	local n=$((RANDOM % 2))
	on d1 sysctl -qw net.ipv4.vs.drop_entry=$((n * 3)) net.ipv4.vs.drop_packet=$n \
		net.ipv4.vs.secure_tcp=$((n * 3)) net.ipv4.vs.conn_max=$((n * 5000)) \
		net.ipv4.vs.run_estimation=$n net.ipv4.vs.expire_nodest_conn=$n \
		net.ipv4.vs.sync_threshold="$n 3"
	on d1 "$our_ipvsadm" -Z
	on d1 "$our_ipvsadm" --set $((n + 1)) 1 $((n + 1))
}
daemons() {
	on d2 "$our_ipvsadm" --stop-daemon backup
	on d2 "$our_ipvsadm" --start-daemon backup --mcast-interface s0
	on d1 "$our_ipvsadm" --stop-daemon master
	on d1 "$our_ipvsadm" --start-daemon master --mcast-interface s0
}
spaces_come_and_go() {
	ip netns add brief
	ip -n brief link set lo up
	on brief "$our_ipvsadm" -R <"$scratch/one"
	ip netns del brief
}
again_and_again() { # SECONDS WORK
	local until=$((SECONDS + $1)) rounds=0
	while [ $SECONDS -lt $until ] || [ $rounds = 0 ]; do
		"$2" >/dev/null 2>&1
		rounds=$((rounds + 1))
	done
	echo "$2: $rounds rounds" >>"$scratch/rounds"
}

before=$(cat $watch/watched) reports=$(cat $watch/reports)
background on client "$traffic" storm tcp $pair_vip:80 10
background on client "$traffic" storm udp $pair_vip:80 10
background on client "$traffic" storm udp $pair_vip:81 5
workers=()
for work in edits schedulers transactions listings settings daemons spaces_come_and_go; do
	again_and_again "${TEST_SECONDS:-60}" $work &
	workers+=($!)
done
wait "${workers[@]}"
cat "$scratch/rounds"
after=$(cat $watch/watched)
echo "$((after - before)) accesses watched, $(($(cat $watch/reports) - reports)) reports"
# Without them silence says nothing.
[ $((after - before)) -gt 2000 ] || fail "too few accesses were watched"
on d2 grep -q : /proc/net/ip_vs_conn || [ "$(on d1 grep -c . /proc/net/ip_vs_conn)" -gt 1 ] ||
	fail "no connections"
