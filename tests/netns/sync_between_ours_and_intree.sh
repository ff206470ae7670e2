#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Every pair of directors understands each other: ours and in-tree as master, ours and
# in-tree as backup, message versions 0 and 1, IPv4 and IPv6. One kernel holds one of
# the modules at a time, so what a master says is kept, and told to the backups later.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

[ "$module" = ours ] || skip "ours and in-tree, each with each"

group=224.0.0.81
sync() {
	python3 "$here/tools/sync.py" "$@"
}

# By client, so that each cell of the matrix has connections of its own.
declare -A client=(
	["ours 0 IPv4"]=10.1.1.10 ["ours 1 IPv4"]=10.1.1.11
	["ours 0 IPv6"]=fd01::1:10 ["ours 1 IPv6"]=fd01::1:11
	["intree 0 IPv4"]=10.1.2.10 ["intree 1 IPv4"]=10.1.2.11
	["intree 0 IPv6"]=fd01::2:10 ["intree 1 IPv6"]=fd01::2:11
)

# What happens in each, and what a backup has of it afterwards.
#   packets: protocol, virtual address and port, what a client's port 7000 sends
#   entries: their ends; "told" if the time that is left is not that of the state here,
#   but the service's 3000 seconds
declare -A packets=(
	[IPv4]='
	10.9.1.1:80   S A PA
	10.9.1.1:53   U
	10.9.1.2:80   S A PA'
	[IPv6]='
	[fd09::1]:80  S A PA
	[fd09::1]:53  U
	[fd09::2]:80  S A PA'
)
services='
-A -t 10.9.1.1:80 -s rr
-a -t 10.9.1.1:80 -r 10.2.0.11:8080 -m
-A -u 10.9.1.1:53 -s rr
-a -u 10.9.1.1:53 -r 10.2.0.11:53 -g
-A -t 10.9.1.2:80 -s rr -p 3000
-a -t 10.9.1.2:80 -r 10.2.0.12:80 -g
-A -t [fd09::1]:80 -s rr
-a -t [fd09::1]:80 -r [fd02::11]:8080 -m
-A -u [fd09::1]:53 -s rr
-a -u [fd09::1]:53 -r [fd02::11]:53 -g
-A -t [fd09::2]:80 -s rr -p 3000
-a -t [fd09::2]:80 -r [fd02::12]:80 -g'
declare -A entries=(
	["1 IPv4"]='
	TCP ESTABLISHED CLIENT:7000 10.9.1.1:80   10.2.0.11:8080  minutes
	UDP UDP         CLIENT:7000 10.9.1.1:53   10.2.0.11:53    minutes
	TCP ESTABLISHED CLIENT:7000 10.9.1.2:80   10.2.0.12:80    minutes
	TCP ASSURED     CLIENT:0    10.9.1.2:80   10.2.0.12:80    told'
	# Version 0 knows no times.
	["0 IPv4"]='
	TCP ESTABLISHED CLIENT:7000 10.9.1.1:80   10.2.0.11:8080  minutes
	UDP UDP         CLIENT:7000 10.9.1.1:53   10.2.0.11:53    minutes
	TCP ESTABLISHED CLIENT:7000 10.9.1.2:80   10.2.0.12:80    minutes
	TCP ASSURED     CLIENT:0    10.9.1.2:80   10.2.0.12:80    minutes'
	["1 IPv6"]='
	TCP ESTABLISHED CLIENT:7000 [fd09::1]:80  [fd02::11]:8080 minutes
	UDP UDP         CLIENT:7000 [fd09::1]:53  [fd02::11]:53   minutes
	TCP ESTABLISHED CLIENT:7000 [fd09::2]:80  [fd02::12]:80   minutes
	TCP ASSURED     CLIENT:0    [fd09::2]:80  [fd02::12]:80   told'
	# Nor IPv6.
	["0 IPv6"]=''
)
# Connections at the backup's servers: of two masters, from two versions or from one.
counts='10.2.0.11:8080 Masq 4 0
10.2.0.12:80 Route 4 0
10.2.0.11:53 Route 0 4
[fd02::11]:8080 Masq 2 0
[fd02::12]:80 Route 2 0
[fd02::11]:53 Route 0 2'

# --- masters ------------------------------------------------------------------------------

lines() { # FILE COUNT
	[ "$(wc -l <"$1")" -ge "$2" ]
}

send() { # FROM TO WORDS...
	must on client python3 "$here/tools/sync.py" packets c0 "$@" >/dev/null
}

# says MASTER VERSION: all it says, in the file MASTER.VERSION
says() {
	local file=$scratch/$1.$2 family from to words listener
	must on director sysctl -qw net.ipv4.vs.sync_version="$2" \
		net.ipv4.vs.sync_threshold="0 1"
	# Each record in a message of its own: gone at once.
	must on director "$ipvsadm" --start-daemon master --mcast-interface s0 --syncid 7 \
		--sync-maxlen 1
	(exec ip netns exec peer python3 "$here/tools/sync.py" listen s1 $group 8848) \
		>"$file" &
	listener=$!
	pids+=("$listener")
	wait_for 30 lines "$file" 1 || fail "nobody listens"
	for family in IPv4 IPv6; do
		while read -r to words; do
			[ -n "$to" ] || continue
			from=${client["$1 $2 $family"]}
			[ $family = IPv4 ] || from="[$from]"
			# shellcheck disable=SC2086 # words
			send "$from:7000" "$to" $words
		done <<<"${packets[$family]}"
	done
	# Whose record comes last: 51895 is 0xcab7.
	send "10.1.9.9:51895" 10.9.1.1:80 S A F
	wait_for 60 grep -q cab7 "$file" || fail "$1 $2: the last record does not come"
	kill "$listener"
	must on director "$ipvsadm" --stop-daemon master
	sed -i '1d; /cab7/d' "$file"
}

# --- backups ------------------------------------------------------------------------------

knows_client() { # ADDRESS
	on director "$ipvsadm" -Lnc | grep -qF "$1:"
}

# of_client ADDRESS: as in the table above
of_client() {
	awk -v client="$1" '
		index($4, client ":") == 1 || index($4, "[" client "]:") == 1 {
			split($2, left, ":")
			sub(/^.*:/, "CLIENT:", $4)
			time = left[1] + 0 > 30 ? "told" : "minutes"
			print $1, $3, $4, $5, $6, time
		}' "$scratch/list" | sort
}

table() {
	sed 's/^[[:space:]]*//; s/  */ /g' <<<"$1" | grep . | sort
}

understands() { # BACKUP
	local master version family cell
	must on director sysctl -qw net.ipv4.vs.sync_sock_size=8000000
	must on director "$ipvsadm" --start-daemon backup --mcast-interface s0 --syncid 7
	for master in ours intree; do
		for version in 0 1; do
			must on peer python3 "$here/tools/sync.py" say s1 $group 8848 \
				<"$scratch/$master.$version"
		done
	done
	# One datagram after the other.
	sync record 7777 | must on peer python3 "$here/tools/sync.py" say s1 $group 8848
	wait_for 60 knows_client 10.1.0.5 || fail "$1: does not hear"
	on director "$ipvsadm" -Lnc >"$scratch/list"
	[ -z "${VM_OUT:-}" ] || cp "$scratch/list" "$VM_OUT/$1.list"
	for master in ours intree; do
		for version in 0 1; do
			for family in IPv4 IPv6; do
				cell="$master $version $family"
				expect "master $master, backup $1, version $version, $family" \
					"$(table "${entries["$version $family"]}")" \
					"$(of_client "${client[$cell]}")"
			done
		done
	done
	expect "backup $1: connections at its servers" "$(sort <<<"$counts")" \
		"$(on director "$ipvsadm" -Ln | awk '$1 == "->" && $5 ~ /^[0-9]/ {
			print $2, $3, $5, $6 }' | sort)"
}

# --- the matrix ---------------------------------------------------------------------------

# A burst of messages finds room.
must sysctl -qw net.core.rmem_max=8000000
topo_link 2
for master in intree ours; do
	load_module $master
	must on director "$ipvsadm" -R <<<"$services"
	says $master 1
	says $master 0
	must on director "$ipvsadm" -C
	unload_module
done
[ -z "${VM_OUT:-}" ] || cp "$scratch"/{ours,intree}.[01] "$VM_OUT/"
for backup in intree ours; do
	load_module $backup
	must on director "$ipvsadm" -R <<<"$services"
	understands $backup
	must on director "$ipvsadm" --stop-daemon backup
	must on director "$ipvsadm" -C
	unload_module
done
