#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# Whatever is edited while connections are open, scheduler, flags, persistence,
# weights, thresholds, forwarding method, server taken away and back: they go on,
# each with its server, and new ones go by the new configuration.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
vs() {
	must on director "$ipvsadm" "$@"
}
vs -A -t $vip:80 -s rr
vs -a -t $vip:80 -r 10.2.0.11:80 -m

# Opened for both directions: neither end then waits for the other.
open_one() { # FD NAME
	mkfifo "$scratch/in$2"
	eval "exec $1<>\"$scratch/in$2\""
	on client "$traffic" steady $vip:80 <"$scratch/in$2" >"$scratch/out$2" 2>&1 &
	pids+=($!)
	wait_for 20 says "$2" 1 || fail "no greeting"
}
says() { # NAME LINES
	[ "$(wc -l <"$scratch/out$1")" -ge "$2" ]
}
said=1
# Both connections echo a word, through whatever has been done meanwhile.
say() { # WORD
	local name
	said=$((said + 1))
	echo "$1" >&7
	echo "$1" >&8
	for name in 1 2; do
		wait_for 20 says $name $said ||
			fail "connection $name is dead after '$1': $(cat "$scratch/out$name")"
		expect "the echo of connection $name" "$1" "$(sed -n "${said}p" "$scratch/out$name")"
	done
}
asks() { # COUNT: who answers new connections
	on client "$traffic" ask tcp $vip:80 "$1"
}

open_one 7 1
expect "the server" rs1 "$(head -1 "$scratch/out1")"
vs -a -t $vip:80 -r 10.2.0.12:80 -m
vs -e -t $vip:80 -r 10.2.0.11:80 -m -w 0
open_one 8 2
expect "the second's server" rs2 "$(head -1 "$scratch/out2")"
vs -e -t $vip:80 -r 10.2.0.11:80 -m -w 1
say begin

# --- weights and thresholds ---------------------------------------------------------
vs -e -t $vip:80 -r 10.2.0.11:80 -m -w 0
say drained
expect "new ones go elsewhere" "rs2
rs2" "$(asks 2)"
vs -e -t $vip:80 -r 10.2.0.11:80 -m -w 5 -x 1
say at-its-threshold
expect "a full server gets no more" "rs2
rs2" "$(asks 2)"
vs -e -t $vip:80 -r 10.2.0.11:80 -m -w 1
say without-thresholds

# --- schedulers -----------------------------------------------------------------------
for sched in wrr wlc sed nq fo ovf lblc lblcr dh sh mh twos lc rr; do
	vs -E -t $vip:80 -s $sched
	say "$sched"
done

# --- flags and persistence ------------------------------------------------------------
vs -E -t $vip:80 -s sh -b sh-fallback,sh-port
say flags
vs -E -t $vip:80 -s rr -p 100
say persistent
expect "a client persists" 1 "$(asks 4 | sort -u | wc -l)"
vs -E -t $vip:80 -s rr -p 100 -M 255.255.0.0
say by-network
vs -E -t $vip:80 -s rr
say not-persistent
expect "both in turn again" "rs1
rs2" "$(asks 2 | sort)"

# --- forwarding method ----------------------------------------------------------------
# To another one and back: connections keep the one they were born with.
for method in -g -i '-i --tun-type gre' '-i --tun-type gue --tun-port 6080'; do
	# shellcheck disable=SC2086 # options
	vs -e -t $vip:80 -r 10.2.0.11:80 $method
	say "method$(tr -d ' ' <<<"$method")"
done
vs -e -t $vip:80 -r 10.2.0.11:80 -m
say translated
expect "new ones are translated" "rs1
rs2" "$(asks 2 | sort)"

# --- away and back --------------------------------------------------------------------
vs -d -t $vip:80 -r 10.2.0.11:80
vs -a -t $vip:80 -r 10.2.0.11:80 -m -w 5
say back-again
rules=$(on director "$ipvsadm" -Sn)
vs -C
must on director "$ipvsadm" -R <<<"$rules"
say flushed-and-restored

expect "established connections, each with its server" "10.2.0.11:80 1
10.2.0.12:80 1" "$(on director "$ipvsadm" -ln | awk '$1 == "->" && $2 ~ /^10/ { print $2, $5 }' | sort)"
exec 7>&- 8>&-
