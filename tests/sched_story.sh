# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # lib.sh has the rest
#
# sched_story.sh - the same connections through both modules, for the tests
# netns/sched_*_as_intree.sh, which name their schedulers:
#
#   same_picks NAME[:FLAGS]...
#
# 2,000 connections over 7 servers of mixed weights, closing at random, expiring,
# while servers are edited, marked overloaded, removed and added again; after
# each 200 the picks and the counts of every server must be equal.
#
# TEST_SCHED="wlc" tries just this one, TEST_CONNS=400 fewer connections.
# shellcheck source=tests/topo/bare.sh
. "$here/topo/bare.sh"

connections=${TEST_CONNS:-2000}
segment=200

picks=$here/out/picks

# The locality schedulers and dh look at the destination, which only a mark
# service has many of.
service() { # scheduler
	case $1 in
	dh | lblc*) echo "-f 17" ;;
	*) echo "-t 10.9.1.1:80" ;;
	esac
}

destinations() { # scheduler
	case $1 in
	dh | lblc*) echo 10.9.1.{1..20} ;;
	*) echo 10.9.1.1 ;;
	esac
}

# What happens to the servers after each segment: ipvsadm's words, SVC is the
# service, a to g the servers.
changes() { # number of the segment
	case $1 in
	1) echo "-e SVC -r c -m -w 0" ;;
	2) echo "-e SVC -r a -m -w 7 -x 60 -y 20
		 -e SVC -r f -m -w 4 -x 30" ;;
	3) echo "-d SVC -r g" ;;
	4) echo "-e SVC -r c -m -w 6" ;;
	5) echo "-a SVC -r g -m -w 9
		 -e SVC -r e -m -w 2" ;;
	6) echo "-d SVC -r a
		 -d SVC -r b" ;;
	7) echo "-e SVC -r f -m -w 4 -x 0
		 -a SVC -r b -m -w 3
		 -a SVC -r a -m -w 1" ;;
	8) echo "-e SVC -r d -m -w 100" ;;
	esac
}

manage() { # scheduler; lines of ipvsadm's arguments on stdin
	local words=() n
	words=(-e "s/^[[:space:]]*//; s/SVC/$(service "$1")/")
	for n in 1:a 2:b 3:c 4:d 5:e 6:f 7:g; do
		words+=(-e "s/-r ${n#*:}/-r 10.2.0.$((10 + ${n%:*})):80/")
	done
	sed "${words[@]}" | must on director "$stock_ipvsadm" -R
}

# Those of removed servers, too.
entries() {
	on director awk 'NR > 1 { n++ } END { print n + 0 }' /proc/net/ip_vs_conn
}

left() {
	[ "$(entries)" -le "$1" ]
}

# ask WORDS: to picks, one line back in $answer
ask() {
	echo "$*" >&"${coprocess[1]}"
	read -r answer <&"${coprocess[0]}" || fail "picks died"
}

# A share of the connections ends for good: FIN, and a timeout of one second.
expire() { # percent
	local before
	before=$(entries)
	must on director "$stock_ipvsadm" --set 3600 1 3600
	ask "close $1"
	wait_for 60 left $((before - answer)) ||
		fail "$(entries) of $before connections are left, $answer were closed"
	wait_for 60 all_ended director || fail "what is hidden does not end"
	must on director "$stock_ipvsadm" --set 3600 3600 3600
}

# story SCHEDULER FLAGS FILE: the story; FILE says who got each connection
story() {
	local scheduler=$1 flags=$2 i=0 dst
	dst=$(destinations "$scheduler")
	# shellcheck disable=SC2046,SC2086 # words
	must on director "$stock_ipvsadm" -A $(service "$scheduler") \
		-s "$scheduler" ${flags:+-b $flags}
	must on director "$stock_ipvsadm" --set 3600 3600 3600
	manage "$scheduler" <<-END
		-a SVC -r a -m -w 1
		-a SVC -r b -m -w 2
		-a SVC -r c -m -w 3
		-a SVC -r d -m -w 5
		-a SVC -r e -m -w 0
		-a SVC -r f -m -w 10
		-a SVC -r g -m -w 4
	END
	while ((++i * segment <= connections)); do
		ask "open $segment 40 $dst"
		echo "$answer" >>"$3"
		# Who has ended is no matter to a hash.
		case $scheduler:$i in
		[^dsm]*:[258] | sed:[258]) expire 25 ;;
		esac
		on director "$stock_ipvsadm" -Ln --nosort |
			awk '$1 == "->" && $2 ~ /^[0-9]/ { print $2, $4, $5, $6 }' >>"$3"
		changes $i | manage "$scheduler"
	done
	must on director "$stock_ipvsadm" -C
}

tell() { # module; variants
	local to=$1 v flags
	shift
	load_module "$to"
	topo_bare 7
	for v; do
		flags=${v#*:}
		[ "$flags" != "$v" ] || flags=
		[ "$to" = ours ] || [ -n "${UML:-}" ] ||
			must modprobe --ignore-install "ip_vs_${v%%:*}"
		coproc coprocess { exec "$picks" client servers 20261123; }
		pids+=("$coprocess_PID")
		story "${v%%:*}" "$flags" "$scratch/$v.$to"
		eval "exec ${coprocess[1]}>&-"
		wait "$coprocess_PID" 2>/dev/null
	done
	ns_del client director servers
	spaces=()
}

same_picks() { # variants
	local v n
	# shellcheck disable=SC2086 # words
	[ -z "${TEST_SCHED:-}" ] || set -- $TEST_SCHED
	tell intree "$@"
	tell ours "$@"
	for v; do
		n=$(grep '^[a-g-]*$' "$scratch/$v.ours" | tr -d '\n' | wc -c)
		[ "$n" = "$connections" ] || fail "$v: $n connections"
		expect "$v: picks and counts after each $segment connections" \
			"$(cat "$scratch/$v.intree")" "$(cat "$scratch/$v.ours")"
		echo "$v: $n picks equal"
	done
}
