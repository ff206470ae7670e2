#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# The same packets make both modules' masters say the same, byte by byte for one
# connection and record by record for many; and the same messages, those of both
# masters and a book of good and bad ones, make both modules' backups know and log
# the same.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

group=224.0.0.81
tool="python3 $here/tools/sync.py"

services() {
	must on director "$ipvsadm" -R <<-END
		-A -t 10.9.1.1:80 -s rr
		-a -t 10.9.1.1:80 -r 10.2.0.11:80 -m
		-A -u 10.9.1.1:53 -s rr
		-a -u 10.9.1.1:53 -r 10.2.0.11:53 -g
		-A -t 10.9.1.2:80 -s rr -p 60
		-a -t 10.9.1.2:80 -r 10.2.0.12:8080 -m
		-A -t 10.9.1.3:0 -s rr -p 70 -M 255.255.255.0
		-a -t 10.9.1.3:0 -r 10.2.0.12:0 -i
		-A -t [fd09::1]:80 -s rr
		-a -t [fd09::1]:80 -r [fd02::11]:80 -m
	END
}

knob() { # name value
	must on director sysctl -qw "net.ipv4.vs.$1=$2"
}

# packets PORT TO WORDS...: of one client's port
packets() {
	local from=10.1.0.5:$1 to=$2
	[[ $to != *:*:* ]] || from="[fd01::5]:$1"
	shift 2
	# shellcheck disable=SC2086 # a command
	must on client $tool packets c0 "$from" "$to" "$@" >/dev/null
}

heard() { # file lines
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# listen_to FILE: from now on
listen_to() {
	# shellcheck disable=SC2086 # a command
	(exec ip netns exec peer $tool listen s1 $group 8848) >"$1" &
	listener=$!
	pids+=("$listener")
	wait_for 30 heard "$1" 1 || fail "nobody listens"
}

# A record that comes last: all before it have been sent.
marker_came() {
	grep -q 'cab7' "$1"
}
stop_listening() { # file
	packets 51895 10.9.1.1:80 S A F # 0xcab7
	wait_for 60 marker_came "$1" || fail "the last record does not come"
	kill "$listener"
	# The master goes with what it has not sent yet: nothing.
	must on director "$ipvsadm" --stop-daemon master
	sed -i 1d "$1"
}

master() { # options
	must on director "$ipvsadm" --start-daemon master --mcast-interface s0 \
		--syncid 7 "$@"
}

# One connection at a time, whole messages.
whole() { # file
	local version
	for version in 1 0; do
		knob sync_version $version
		master
		listen_to "$1.part"
		packets $((30001 + version)) 10.9.1.1:80 S A PA*3
		wait_for 60 heard "$1.part" 2 || fail "no message"
		kill "$listener"
		must on director "$ipvsadm" --stop-daemon master
		sed 1d "$1.part" >>"$1"
	done
}

# The numbers of records; and what is in them.
many() { # file
	local row port=31000
	knob sync_version 1
	# Each record in a message of its own: gone at once.
	master --sync-maxlen 1
	listen_to "$1"
	for row in "3 50" "0 0" "1 0" "5 0" "0 1" "1 4" "0 2"; do
		knob sync_threshold "$row"
		port=$((port + 1))
		packets $port 10.9.1.1:80 S A PA*110 FA
		packets $port 10.9.1.1:53 U*55
		packets $port '[fd09::1]:80' S A PA*7 R
		packets $port 10.9.1.2:80 S A PA*7 FA
		packets $port 10.9.1.3:$port S A PA*7 R
	done
	knob sync_persist_mode 1
	packets 31100 10.9.1.2:80 S A PA*7 FA
	packets 31100 10.9.1.1:80 S A PA*7 FA
	knob sync_persist_mode 0
	knob sync_version 0
	knob sync_threshold "0 1"
	packets 31200 10.9.1.2:80 S A PA*3 FA
	packets 31200 10.9.1.1:80 S A PA*3 FA
	packets 31200 '[fd09::1]:80' S A PA*3 FA
	stop_listening "$1"
}

# Entries that a peer made, times to half a minute: what is left of them may differ
# by what the machine needs.
entries() {
	on director cat /proc/net/ip_vs_conn_sync | awk '
		$(NF - 1) == "SYNC" {
			$NF = int(($NF + 29) / 30) * 30; print }'
}

# Of each entry the line seen first.
first_seen() {
	awk '{ key = $0; sub(/ [A-Z_]+ SYNC [0-9]+$/, "", key) }
		!(key in seen) { seen[key] = 1; print }' | sort
}

none_closed() {
	! on director grep -q ' CLOSE ' /proc/net/ip_vs_conn_sync
}

known() { # client port
	on director grep -qi " $(printf %04X "$1") " /proc/net/ip_vs_conn_sync
}

# Messages from a file, then one that we wait for; and what is known by then.
tell() { # mark
	# shellcheck disable=SC2086 # a command
	on peer $tool say s1 $group 8848
	# shellcheck disable=SC2086
	$tool cases "$1" 1 | on peer $tool say s1 $group 8848
	wait_for 60 known "$1" || fail "the backup does not hear"
	entries >>"$scratch/known"
}

# Datagrams that found no room in a socket of the director.
lost() {
	# shellcheck disable=SC2016 # for awk to expand
	on director awk '$1 == "Udp:" { if (column) print $column
		else for (i = 2; i <= NF; i++) if ($i == "RcvbufErrors") column = i }' \
		/proc/net/snmp
}

backup_learns() { # module book-of-cases messages...
	local out=$scratch/learnt.$1 which=$1 book=$2 f mark=60000
	shift 2
	# A file's messages come all at once; a busy machine reads them later.
	knob sync_sock_size 8000000
	must on director "$ipvsadm" --start-daemon backup --mcast-interface s0 \
		--syncid 7
	: >"$scratch/known"
	for f in "$@"; do
		tell $((mark += 4)) <"$f"
	done
	echo "sync test: begin $which" >/dev/kmsg
	tell $((mark += 4)) <"$book"
	dmesg | sed "1,/sync test: begin $which/d" | grep -o 'IPVS: BACKUP.*' |
		sort | uniq -c >"$out.log"
	# Ten seconds, which a busy machine may have needed already.
	wait_for 60 none_closed || fail "closed connections do not go"
	wait_for 60 all_ended director || fail "what is hidden does not end"
	expect "datagrams lost" 0 "$(lost)"
	on director "$ipvsadm" -Ln --persistent-conn >"$out.persist"
	on director "$ipvsadm" -Ln >"$out.counts"
	first_seen <"$scratch/known" >"$out.entries"
	must on director "$ipvsadm" --stop-daemon backup
}

# Every complaint is logged, however many there are.
must sysctl -qw net.core.message_cost=0 kernel.printk_ratelimit=0 \
	net.core.rmem_max=8000000
topo_link 2
for which in intree ours; do
	load_module "$which"
	services
	whole "$scratch/whole.$which"
	many "$scratch/many.$which"
	must on director "$ipvsadm" -C
	unload_module
done
[ -z "${VM_OUT:-}" ] || cp "$scratch"/whole.* "$scratch"/many.* "$VM_OUT/"

expect "whole messages" "$(cat "$scratch/whole.intree")" \
	"$(cat "$scratch/whole.ours")"
for which in intree ours; do
	# shellcheck disable=SC2086 # a command
	must $tool show <"$scratch/many.$which" >"$scratch/show.$which"
done
[ "$(wc -l <"$scratch/show.intree")" -gt 40 ] || fail "few records"
expect "records" "$(cat "$scratch/show.intree")" "$(cat "$scratch/show.ours")"

# shellcheck disable=SC2086 # a command
must $tool cases 20000 >"$scratch/book"
for which in intree ours; do
	load_module "$which"
	services
	backup_learns "$which" "$scratch/book" \
		"$scratch/many.intree" "$scratch/many.ours"
	must on director "$ipvsadm" -C
	unload_module
done
[ -z "${VM_OUT:-}" ] || cp "$scratch"/learnt.* "$VM_OUT/"
[ "$(wc -l <"$scratch/learnt.intree.entries")" -gt 60 ] || fail "few entries"
for what in entries counts persist log; do
	expect "$what a backup has after the same messages" \
		"$(cat "$scratch/learnt.intree.$what")" \
		"$(cat "$scratch/learnt.ours.$what")"
done
