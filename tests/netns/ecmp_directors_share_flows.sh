#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# scripts/examples/ecmp: two directors at the same time, behind a router that bird tells
# of them. One goes silent: flows of the other one stay where they are, at most 1/n + 2 %
# of all move, all of them, moved or not, stay at their server, and every download is
# complete; and the same when it comes back.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=scripts/demo-nets
. "$checkout/scripts/demo-nets"
# shellcheck source=scripts/demo-pairs
. "$checkout/scripts/demo-pairs"
[ -z "${UML:-}" ] || skip "that kernel has no routes with several next hops"

# In the place of that of scripts/demo-nets: these go when the test ends.
hosts() {
	ns_add "$@"
}

command -v bird nginx >/dev/null || fail "run scripts/setup --test"
load_module "$module"
cd "$checkout" || fail "no checkout"
must pair_ecmp >/dev/null
must films_serve 16
must serve udp rs1="$vip:80" rs2="$vip:80"
must on router scripts/examples/ecmp/router.sh
bird_start router router
for n in 1 2; do
	director_plug $n
	IPVSADM=$ipvsadm must on director$n scripts/examples/ecmp/director.sh
	bird_start director$n director
done
logs() {
	tail -n 20 /run/router/log /run/director*/log
	ip -n router route
}
wait_for 120 next_hops 2 || fail "the router does not know both directors: $(logs)"

# Times at which the router had other next hops than before.
on router ip -o monitor route >"$scratch/changes" &
pids+=($!)
changes() {
	grep -cF "$vip" "$scratch/changes"
}
# steady HOPS COMMAND...: while the router has so many. A machine that stands still for
# seconds makes it lose one, and then this begins anew.
steady() {
	local hops=$1 before status
	shift
	for _ in 1 2 3 4 5; do
		wait_for 300 next_hops "$hops" || fail "not $hops next hops: $(logs)"
		before=$(changes)
		"$@"
		status=$?
		[ "$before" != "$(changes)" ] || return $status
	done
	fail "the routes change all the time: $(cat "$scratch/changes")"
}

# Flows of UDP, each with a client's port of its own; and which server answered each.
total=1000
first_port=20000
ask() { # FILE
	on client "$traffic" ask udp "$vip:80" $total $first_port >"$scratch/$1"
}
ask_anew() { # FILE
	first_port=$((first_port + total))
	ask "$1"
}
# Those that director N has, by the client's port.
flows_at() {
	on "director$1" cat /proc/net/ip_vs_conn | while read -r protocol _ port _; do
		[ "$protocol" = UDP ] && echo $((16#$port))
	done | awk -v first=$first_port '$1 >= first' | sort
}
steady 2 ask_anew at_first
expect "flows answered" $total "$(grep -c rs "$scratch/at_first")"
expect "servers" "rs1 rs2" "$(sort -u "$scratch/at_first" | xargs)"
for n in 1 2; do
	flows_at $n >"$scratch/flows$n"
	[ "$(wc -l <"$scratch/flows$n")" -gt $((total * 4 / 10)) ] ||
		fail "director$n has $(wc -l <"$scratch/flows$n") flows of $total"
done
expect "flows that both directors have" "" "$(comm -12 "$scratch/flows1" "$scratch/flows2")"
expect "flows that either has" $total "$(cat "$scratch"/flows[12] | wc -l)"

# Downloads, until each director has two.
ports_at() { # N
	local protocol port vport state
	on "director$1" cat /proc/net/ip_vs_conn |
		while read -r protocol _ port _ vport _ _ state _; do
			[ "$protocol $vport $state" = "TCP 0050 ESTABLISHED" ] && echo $((16#$port))
		done
}
two_each() {
	[ "$(ports_at 1 | wc -l)" -ge 2 ] && [ "$(ports_at 2 | wc -l)" -ge 2 ]
}
begins() { # NAME
	watch "$1"
	wait_for 60 begun_or_ended "$1"
	! watched "$1"
}
begun_or_ended() {
	[ -s "$films_at/$1.got" ] || watched "$1"
}
films=()
while ! two_each; do
	name=film${#films[@]}
	[ ${#films[@]} -lt 40 ] || fail "forty downloads at one director"
	steady 2 begins "$name" || fail "no download: $(cat "$films_at/$name.err")"
	films+=("$name")
done

# The one with fewer flows goes, whichever that is.
victim=1
[ "$(wc -l <"$scratch/flows1")" -le "$(wc -l <"$scratch/flows2")" ] || victim=2
survivor=$((3 - victim))
mapfile -t lost < <(ports_at $victim)
mapfile -t kept < <(ports_at $survivor)
director_freeze $victim
steady 1 ask one_less
expect "servers, with one director less" "$(cat "$scratch/at_first")" "$(cat "$scratch/one_less")"
flows_at $survivor >"$scratch/now"
expect "flows that left the director that lives" "" \
	"$(comm -23 "$scratch/flows$survivor" "$scratch/now")"
moved=$(comm -13 "$scratch/flows$survivor" "$scratch/now" | wc -l)
expect "flows that the director which lives has" $total "$(wc -l <"$scratch/now")"
echo "$moved of $total flows have moved"
[ "$moved" -le $((total * 52 / 100)) ] || fail "$moved of $total flows have moved"
for port in "${kept[@]}" "${lost[@]}"; do
	wait_for 120 knows $survivor "$port" || fail "the download from port $port does not go on"
done

# It comes back as if nothing had happened.
director_thaw $victim
steady 2 ask two_again
expect "servers, with both directors again" "$(cat "$scratch/at_first")" \
	"$(cat "$scratch/two_again")"
for name in "${films[@]}"; do
	! watched "$name" || fail "a download ended early: $(cat "$films_at/$name.err")"
	watch_to_the_end "$name"
done
for name in "${films[@]}"; do
	wait_for 300 watched "$name" ||
		fail "a download stands still at $(stat -c %s "$films_at/$name.got")"
	must complete "$name"
done
echo "${#films[@]} downloads are complete"
