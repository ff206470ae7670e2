#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Templates by Call-ID: both modules' masters tell the same of them, in both versions,
# and both modules' backups make the same of the messages of both masters and of a
# book of good and bad ones.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/link.sh
. "$here/topo/link.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

group=224.0.0.81
tool="python3 $here/tools/sync.py"

# Templates are told again when half their time is over: here it never is.
# load MODULE: with directors of its own, since in-tree's engine stays as long as its
# templates
load() {
	load_module "$1"
	topo_link 2
	[ "$1" = ours ] || must modprobe --ignore-install ip_vs_pe_sip
	must on director "$stock_ipvsadm" -R <<-END
		-A -u 10.9.1.1:5060 -s rr -p 3600 --pe sip
		-a -u 10.9.1.1:5060 -r 10.2.0.11:5062 -m
		-a -u 10.9.1.1:5060 -r 10.2.0.12:5062 -m
		-A -u [fd09::1]:5060 -s rr -p 3600 --pe sip
		-a -u [fd09::1]:5060 -r [fd02::11]:5062 -m
		-A -u 10.9.1.1:5061 -s rr
		-a -u 10.9.1.1:5061 -r 10.2.0.11:5061 -m
		-A -u 10.9.1.1:0 -s rr -p 3600
		-a -u 10.9.1.1:0 -r 10.2.0.11:0 -m
	END
}

packets() { # PORT TO WORDS...
	local from=10.1.0.5:$1 to=$2
	[[ $to != *:*:* ]] || from="[fd01::5]:$1"
	shift 2
	# shellcheck disable=SC2086 # a command
	must on client $tool packets c0 "$from" "$to" "$@" >/dev/null
}

heard() { # FILE LINES
	[ "$(wc -l <"$1")" -ge "$2" ]
}

came() { # FILE PORT, the last one's
	# shellcheck disable=SC2086 # a command
	$tool show <"$1" | grep -q "10.1.0.5.$2 "
}

masters_tell() { # FILE
	local listener version last
	for version in 1 0; do
		last=$((41000 + version))
		must on director sysctl -qw net.ipv4.vs.sync_version=$version \
			net.ipv4.vs.sync_threshold="0 1"
		# Each record in a message of its own: gone at once.
		must on director "$stock_ipvsadm" --start-daemon master --mcast-interface s0 \
			--syncid 7 --sync-maxlen 1
		: >"$1.part"
		# shellcheck disable=SC2086 # a command
		(exec ip netns exec peer $tool listen s1 $group 8848) >"$1.part" &
		listener=$!
		pids+=("$listener")
		wait_for 30 heard "$1.part" 1 || fail "nobody listens"
		packets 4001$version 10.9.1.1:5060 "Ic1" "Ic1" U
		packets 4002$version 10.9.1.1:5060 "Ic1"
		packets 4003$version 10.9.1.1:5060 "Iabcde@h1" "Ic3"
		packets 4004$version '[fd09::1]:5060' "Ic6" "I$(printf x%.0s {1..255})"
		packets 4005$version '[fd09::1]:5060' "I$(printf x%.0s {1..255})"
		# Of no template: its record is the last one.
		packets $last 10.9.1.1:5061 U
		wait_for 60 came "$1.part" $last || fail "the last record does not come"
		kill "$listener"
		must on director "$stock_ipvsadm" --stop-daemon master
		sed 1d "$1.part" >>"$1"
	done
}

templates() {
	on director grep -a '^[UI][DP].* 0000 0[0A]09' /proc/net/ip_vs_conn |
		sed -E 's/^(.* [A-Z]+) +[0-9]+( sip .*)?$/\1\2/'
	on director grep -a '^UDP fd01.* 0000 fd09' /proc/net/ip_vs_conn |
		sed -E 's/^(.* [A-Z]+) +[0-9]+( sip .*)?$/\1\2/'
}

known() { # PORT, as virtual port
	on director grep -q " 0000 0A090101 $(printf %04X "$1") " /proc/net/ip_vs_conn
}

backup_learns() { # MODULE FILE...
	local which=$1 f mark=60000
	shift
	# All messages of a file come at once; a busy machine reads them later.
	must on director sysctl -qw net.ipv4.vs.sync_sock_size=8000000
	must on director "$stock_ipvsadm" --start-daemon backup --mcast-interface s0 \
		--syncid 7
	echo "sync test: begin $which" >/dev/kmsg
	for f in "$@"; do
		mark=$((mark + 1))
		# shellcheck disable=SC2086 # a command
		on peer $tool say s1 $group 8848 <"$f"
		# shellcheck disable=SC2086
		$tool mark $mark | on peer $tool say s1 $group 8848
		wait_for 60 known $mark || fail "the backup does not hear"
	done
	templates | sort >"$scratch/learnt.$which"
	dmesg | sed "1,/sync test: begin $which/d" | grep -o 'IPVS: BACKUP.*' |
		sort | uniq -c >"$scratch/log.$which"
	must on director "$stock_ipvsadm" --stop-daemon backup
}

# Every complaint is logged, however many there are.
must sysctl -qw net.core.message_cost=0 kernel.printk_ratelimit=0 \
	net.core.rmem_max=8000000
for which in intree ours; do
	load $which
	masters_tell "$scratch/told.$which"
	ns_del client director servers peer
	# shellcheck disable=SC2086 # a command
	must $tool show <"$scratch/told.$which" >"$scratch/show.$which"
done
expect "records" "$(cat "$scratch/show.intree")" "$(cat "$scratch/show.ours")"

# shellcheck disable=SC2086 # a command
must $tool cases 20000 "" calls >"$scratch/book"
for which in intree ours; do
	load $which
	backup_learns $which "$scratch/told.intree" "$scratch/told.ours" "$scratch/book"
	ns_del client director servers peer
done
[ "$(wc -l <"$scratch/learnt.intree")" -gt 30 ] || fail "few templates: $(cat "$scratch/learnt.intree")"
# A template that the master gave another server: ours follows, in-tree keeps the first.
# So do those of version 0, where all Call-IDs have one template.
server_of() { # MODULE
	sed -n 's/.* 4E68 \([0-9A-F]*\) .* sip c1$/\1/p' "$scratch/learnt.$1"
}
expect "the server of a template that moved, in-tree" 0A02000B "$(server_of intree)"
expect "the server of a template that moved, ours" 0A02000C "$(server_of ours)"
others() { # MODULE
	grep -v -e ' 13C4 .* NONE$' -e ' 4E68 .* sip c1$' "$scratch/learnt.$1"
}
expect "templates a backup has" "$(others intree)" "$(others ours)"
expect "what it logged" "$(cat "$scratch/log.intree")" "$(cat "$scratch/log.ours")"
