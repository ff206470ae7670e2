# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # lib.sh has the rest
#
# failover_story.sh - scripts/examples/failover, with its files: a client downloads, the
# active director goes silent, the download goes on through the other one; and the
# first is switched off and on. For the tests netns/*survive_failover_*.sh:
#
#   failover_story nat|dr TIMES
# shellcheck source=scripts/demo-nets
. "$checkout/scripts/demo-nets"
# shellcheck source=scripts/demo-pairs
. "$checkout/scripts/demo-pairs"

# In the place of that of scripts/demo-nets: these go when the test ends.
hosts() {
	ns_add "$@"
}

# Packets of clients to the service, at director N.
packets_at() {
	on "director$1" "$ipvsadm" -Ln --stats --exact |
		awk -v service="$vip:80" '$2 == service { print $4 }'
}

more_than() { # COUNT N
	[ "$(packets_at "$2")" -gt "$1" ]
}

# Director N has the service, where connections that it hears of find their server.
stands_by() {
	on "director$1" "$ipvsadm" -Ln | grep -qF ":80 " &&
		on "director$1" "$ipvsadm" -Ln --daemon | grep -q '^backup'
}

logs() {
	tail -n 20 /run/director*/log
}

# How often a director has become active. A machine that stands still for seconds
# makes the other one think so, too: then the story begins anew.
switches() {
	cat /run/director*/log | grep -c 'Entering MASTER STATE'
}

# A download, as soon as one director is active, in $first, and the other one, $second,
# knows of it. False if they changed places meanwhile.
download_begins() {
	local before port
	wait_for 120 one_is_active || fail "nobody is active, or both are: $(logs)"
	first=$active
	second=$((3 - first))
	before=$(switches)
	wait_for 120 stands_by "$second" || fail "director$second does not stand by: $(logs)"
	wait_for 60 on client curl -sf --max-time 5 "http://$vip/name" ||
		[ "$before" != "$(switches)" ] || fail "the service does not answer: $(logs)"
	watch film
	wait_for 60 test -s "$films_at/film.got" && port=$(watching) && [ -n "$port" ] &&
		wait_for 60 knows "$second" "$port" && one_is_active &&
		[ "$before" = "$(switches)" ] && [ "$active" = "$first" ] && return
	[ "$before" != "$(switches)" ] ||
		fail "director$second does not hear of the download: $(cat "$films_at/film.err") $(logs)"
	watch_stop film
	return 1
}

failover_story() {
	local method=$1 times=$2 n first second before
	command -v keepalived nginx >/dev/null || fail "run scripts/setup --test"
	cd "$checkout" || fail "no checkout"
	must "pair_$method" >/dev/null
	must films_serve 32
	for n in 1 2; do
		director_plug $n
		director_start $n
	done
	for ((n = 1; n <= times; n++)); do
		for _ in 1 2 3 4 5; do
			download_begins && break
		done || fail "the directors change places all the time: $(logs)"
		director_freeze "$first"
		! watched film || fail "the download ended early"
		wait_for 120 other_is_active "$first" ||
			fail "director$second does not take over: $(logs)"
		before=$(packets_at "$second")
		watch_to_the_end film
		wait_for 300 watched film ||
			fail "the download stands still at $(stat -c %s "$films_at/film.got")"
		must complete film
		# What the other one had to do with it.
		more_than "$before" "$second" || fail "no packet through director$second"
		echo "$n: director$first, then director$second, $SECONDS s"
		[ "$n" = "$times" ] && break
		director_off "$first"
		director_plug "$first"
		director_start "$first"
	done
}
