#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
# timeout: 4000
#
# HTTP and UDP through NAT, direct routing and tunnels, with a change of the rules every
# second as administrators make them: whoever takes a server away drains it first. So
# every request is answered, and in the end memory is what it was. For TEST_SECONDS (60).
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"
[ -z "${UML:-}" ] || skip "looks at caches that KASAN keeps otherwise"
seconds=${TEST_SECONDS:-60}
soak=$tools/soak.py

# objects: of the kernel's general caches, a line a size, with how many a slab has: a
# slab that a processor has counts as full
objects() {
	local cache
	sleep 3
	for cache in /sys/kernel/slab/kmalloc-*; do
		echo 1 >"$cache/shrink"
	done 2>/dev/null
	awk '/^kmalloc-/ { print $1, $2, $5 }' /proc/slabinfo | sort
}

# The world: three servers that know the virtual address. What they answer from it goes
# straight to the client; all else, which is what NAT asked for, through the director.
world() {
	local i
	modprobe -q ipip
	load_module "$module"
	topo_legs
	for i in 2 3; do
		ns_add rs$i
		link rs$i e0 director k$i
		must ip -n director link set k$i master lan up
		ip -n rs$i -batch - <<-END || fail "rs$i"
			addr add 10.2.0.1$i/24 dev e0
			link set e0 up
			route add default via 10.2.0.1
		END
	done
	for i in 1 2 3; do
		on rs$i sysctl -qw net.ipv4.conf.all.arp_ignore=1 \
			net.ipv4.conf.all.arp_announce=2 net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.e0.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0
		ip -n rs$i -batch - <<-END || fail "rs$i"
			addr add $vip/32 dev lo
			link set tunl0 up
			rule add from $vip lookup 100
			route add default via 10.2.0.100 table 100
		END
		wait_for 30 on rs$i ping -qc1 -W1 10.2.0.1 ||
			fail "rs$i does not reach the director"
	done
}

# The services: HTTP and UDP by each method. Ports tell them apart.
method=([80]=-m [81]=-g [82]=-i)
rules() {
	local flag port i
	for flag in -t -u; do
		for port in 80 81 82; do
			echo "-A $flag $vip:$port -s wrr"
			for i in 1 2 3; do
				echo "-a $flag $vip:$port -r 10.2.0.1$i:$port ${method[port]}"
			done
		done
	done
}
d() {
	must on director "$ipvsadm" "$@"
}
pick() {
	local all=("$@")
	echo "${all[RANDOM % $#]}"
}

# Of each service server 1 stays; others are "up", "drained" or "away".
declare -A state=()
idle() { # FLAG PORT SERVER: nobody has a connection to it
	on director "$ipvsadm" -Ln "$1" $vip:"$2" |
		awk -v s="10.2.0.1$3:$2" '$2 == s { n = $5 + $6 } END { exit n + 0 }'
}
change_server() {
	local flag port i at
	flag=$(pick -t -u) port=$(pick 80 81 82) i=$(pick 2 3)
	at="$flag $vip:$port -r 10.2.0.1$i:$port"
	# shellcheck disable=SC2086 # words
	case ${state[$flag$port$i]:-up} in
	up)
		d -e $at "${method[port]}" -w 0
		state[$flag$port$i]=drained
		;;
	drained)
		if [ $((RANDOM % 3)) = 0 ]; then
			d -e $at "${method[port]}" -w "$(pick 1 2 5)"
			state[$flag$port$i]=up
		elif idle $flag "$port" "$i"; then
			d -d $at
			state[$flag$port$i]=away
		fi
		;;
	away)
		d -a $at "${method[port]}" -w "$(pick 1 2 5)"
		state[$flag$port$i]=up
		;;
	esac
}
change() {
	local flag port
	flag=$(pick -t -u) port=$(pick 80 81 82)
	case $((RANDOM % 12)) in
	0) d -E "$flag" $vip:"$port" -s "$(pick rr wrr lc wlc sed nq twos)" ;;
	1) d -e "$flag" $vip:"$port" -r 10.2.0.11:"$port" "${method[port]}" -w "$(pick 1 3 9)" ;;
	2) d -A -t $vip:99 -s sh && d -a -t $vip:99 -r 10.2.0.11:99 -m && d -D -t $vip:99 ;;
	3) d -Z && d -Ln --stats >/dev/null && d -Lnc >/dev/null ;;
	4)
		[ "$module" = ours ] || return
		d -Sn >"$scratch/saved"
		must on director "$our_ipvsadm" -R --replace <"$scratch/saved"
		;;
	5) d --start-daemon master --mcast-interface lan && d --stop-daemon master ;;
	*) change_server ;;
	esac
	changes=$((changes + 1))
}

# life SECONDS: of a world, from its making to its end
life() {
	local i asks began places
	world
	rules | on director "$ipvsadm" -R || fail "rules"
	d --set 120 5 10
	state=()
	for i in 1 2 3; do
		places=("10.2.0.1$i:80" "$vip:81" "$vip:82")
		on rs$i python3 "$soak" serve rs$i "${places[@]}" >"$scratch/served.$i" 2>&1 &
		pids+=("$!")
		serve udp "${places[@]/#/rs$i=}"
	done
	wait_for 120 all_serve || fail "servers: $(cat "$scratch"/served.*)"
	on client python3 "$soak" ask {http,udp}=$vip:{80,81,82} <"$scratch/stop" \
		>"$scratch/asked" 2>&1 &
	asks=$!
	pids+=("$asks")
	wait_for 120 asking || fail "client: $(cat "$scratch/asked")"
	changes=0 began=$SECONDS
	while [ $((SECONDS - began)) -lt "$1" ]; do
		kill -0 "$asks" 2>/dev/null || break
		change
		sleep 1
	done
	spent=$((SECONDS - began))
	echo >&8
	if ! wait "$asks"; then
		cat "$scratch/asked"
		losses client director
		fail "a request was not answered"
	fi
	read -r -t 1 _ <&8
	d -C
	topo_end
	unload_module
}
all_serve() {
	[ "$(cat "$scratch"/served.* | grep -c ready)" = 3 ]
}
asking() {
	grep -q ready "$scratch/asked"
}
mkfifo "$scratch/stop"
exec 8<>"$scratch/stop"

# Once before: what the kernel makes with the first of its kind.
life 10
objects >"$scratch/before"
life "$seconds"
say "$spent s, $changes changes: $(sed -n 's/^asked //p' "$scratch/asked" | paste -sd ';')"
[ $changes -gt 0 ] || fail "nothing changed"
objects >"$scratch/after"
# Some are the kernel's own coming and going, which a leak with each change of a kind
# exceeds in half an hour. Our own caches the kernel looks at when the module goes.
grown=$(join "$scratch/before" "$scratch/after" |
	awk '$4 - $2 > 300 + 4 * $3 { print $1, $4 - $2 }' | paste -sd ' ')
say "more objects than before: ${grown:-none}"
[ $changes -lt 500 ] || [ -z "$grown" ] || fail "memory has not come back: $grown"
