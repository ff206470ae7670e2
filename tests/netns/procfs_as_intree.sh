#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# /proc/net/ip_vs, _app, _conn, _conn_sync, _stats and _stats_percpu after the same
# configuration and traffic: byte for byte as the in-tree module writes them, but
# for the order of services and connections, which is that of a hash.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"

vs() {
	must on director "$stock_ipvsadm" "$@"
}

# Every form that a line may have.
configure() {
	vs -A -t $vip:80 -s rr
	vs -a -t $vip:80 -r 10.2.0.11:80 -m -w 65535
	vs -a -t $vip:80 -r 10.2.0.12:80 -m -w 0
	vs -a -t $vip:80 -r 10.2.0.13:80 -g
	vs -e -t $vip:80 -r 10.2.0.13:80 -g -w 0
	vs -A -u $vip:53 -s wrr
	vs -a -u $vip:53 -r 10.2.0.11:53 -m -w 1
	vs -A -u $vip:5060 -s rr -p 100
	vs -a -u $vip:5060 -r 10.2.0.11:5060 -m
	vs -A -t $vip:8080 -s rr -p 600 -M 255.255.255.0
	vs -a -t $vip:8080 -r 10.2.0.11:80 -m
	vs -A -u $vip:5000 -s rr -o
	vs -a -u $vip:5000 -r 10.2.0.11:53 -m
	vs -A -t $vip:0 -s rr -p
	vs -A -f 7 -s rr -p 50
	vs -a -f 7 -r 10.2.0.11:0 -m
	vs -A -f 8 -s rr -o
	vs -A -f 255 -6 -s rr -p 5 -M 64
	vs -A -u '[2001:db8::100]:53' -s rr
	vs -a -u '[2001:db8::100]:53' -r '[2001:db8:1::1]:53' -m
	vs -A -u '[2001:db8::100]:54' -s rr -p 200 -M 64 -o
	vs -a -u '[2001:db8::100]:54' -r '[2001:db8:1::1]:54' -i
	vs -a -u $vip:53 -r '[2001:db8:1::1]:53' -i
	vs -e -u $vip:53 -r '[2001:db8:1::1]:53' -i -w 0
	# Protocols that no tool can name: GRE (47), ICMP, ICMPv6 and 65535.
	on director env PYTHONPATH="$here/netlink" python3 -B - <<-'END' || fail "odd protocols"
		import sys
		from ipvs_nl import *
		s = Socket()
		for proto in (47, 1, 58, 65535):
		    code, _ = s.ask(NEW_SERVICE, attr(SERVICE, attrs({
		        AF: u16(2), PROTOCOL: u16(proto), ADDR: ip4("10.1.0.100"),
		        PORT: be16(6), SCHED_NAME: b"none\0",
		        FLAGS: u32(0) + u32(0xffffffff), TIMEOUT: u32(0),
		        NETMASK: u32(0xffffffff)})))
		    if code:
		        sys.exit("protocol %d: %s" % (proto, errno_name(code)))
	END
}

# Fixed ports; what stays open is closed when the client is killed.
talk() {
	cat >"$scratch/talk.py" <<-'END'
		import os, socket, sys, time
		V4, V6 = socket.AF_INET, socket.AF_INET6
		def udp(port, to, family=V4, answer=True):
		    s = socket.socket(family, socket.SOCK_DGRAM)
		    s.bind(("", port))
		    s.settimeout(20)
		    s.sendto(b"x" * 72, to)
		    if answer:
		        s.recv(2000)
		    return s
		def tcp(port, to):
		    s = socket.socket()
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		    s.bind(("", port))
		    s.settimeout(20)
		    s.connect(to)
		    s.recv(100)
		    return s
		vip, vip6 = "10.1.0.100", "2001:db8::100"
		udp(40003, (vip, 53))
		udp(40004, (vip, 5060))
		udp(40005, (vip, 5000))
		udp(40006, ("10.1.0.101", 53))
		udp(40007, (vip6, 53, 0, 0), V6, False)
		udp(40008, (vip6, 54, 0, 0), V6, False)
		# How many segments a TCP connection takes is not always the same: they
		# come after the statistics have been read.
		open(sys.argv[1], "w").close()
		while not os.path.exists(sys.argv[2]):
		    time.sleep(0.1)
		keep = [tcp(40000, (vip, 80)), tcp(40001, (vip, 8080))]
		over = tcp(40002, (vip, 80))
		over.shutdown(socket.SHUT_WR)
		while over.recv(100):
		    pass
		open(sys.argv[3], "w").close()
		time.sleep(600)
	END
	background on client python3 "$scratch/talk.py" "$scratch"/{datagrams,go,talked}
	wait_for 60 test -e "$scratch/datagrams" || fail "the client does not get through"
}

# Services with their servers, sorted.
blocks() {
	python3 -c '
import sys
head, rest, blocks = [next(sys.stdin) for _ in range(3)], [], []
for line in sys.stdin:
    if line.startswith("  -> "):
        blocks[-1] += line
    else:
        blocks.append(line)
print("".join(head + sorted(blocks)), end="")'
}

# Seconds to go, rounded up to whole minutes: the machine is not that slow.
minutes() {
	python3 -c '
import re, sys
print(next(sys.stdin), end="")
print("".join(sorted(re.sub(" *[0-9]+$", lambda m: "%*d" % (
    len(m[0]), -(-int(m[0]) // 60) * 60), line) for line in sys.stdin)), end="")'
}

# Rates, in the last line, depend on when the estimator came by; the width of
# their columns does not.
hide_rates() {
	sed -E '$s/ *[0-9A-F]+/&|/g; $s/[^|]/./g'
}

capture() { # module
	local f
	load_module "$1"
	topo_nat 1
	ip -n client addr add 2001:db8::2/64 dev c0 nodad
	ip -n director -batch - <<-END || fail "addresses"
		addr add 2001:db8::1/64 dev d0 nodad
		addr add 2001:db8::100/128 dev d0 nodad
		addr add 2001:db8:1::100/64 dev lan nodad
		addr add 10.1.0.101/32 dev d0
		neigh replace 2001:db8:1::1 lladdr 02:00:00:00:00:99 dev lan nud permanent
	END
	must on director iptables -t mangle -A PREROUTING -d 10.1.0.101 -j MARK --set-mark 7
	serve tcp rs1=10.2.0.11:80
	serve udp rs1=10.2.0.11:53 rs1=10.2.0.11:5060
	configure
	talk
	# The in-tree estimator comes by every two seconds: its totals are complete
	# when they equal the sum of the CPUs.
	wait_for 30 settled || fail "totals and CPUs do not agree on $1"
	for f in ip_vs_stats ip_vs_stats_percpu; do
		on director cat /proc/net/$f >"$scratch/$1.$f"
	done
	touch "$scratch/go"
	wait_for 60 test -e "$scratch/talked" || fail "no TCP through $1"
	for f in ip_vs ip_vs_conn ip_vs_conn_sync ip_vs_app; do
		on director cat /proc/net/$f >"$scratch/$1.$f"
	done
	rm "$scratch"/{datagrams,go,talked}
	on director stat -c '%n %a %U %G' /proc/net/ip_vs{,_app,_conn,_conn_sync,_stats,_stats_percpu} \
		>"$scratch/$1.modes"
	topo_end
}

settled() {
	on director python3 - <<-'END'
		import sys
		rows = [[int(w, 16) for w in l.split()[1:]] for l in
		        list(open("/proc/net/ip_vs_stats_percpu"))[2:]
		        if l[:3].strip() not in ("", "~")]
		total = [int(w, 16) for w in list(open("/proc/net/ip_vs_stats"))[2].split()]
		sys.exit(total[1] == 0 or total != [sum(c) for c in zip(*rows)])
	END
}

# Which CPU counted what is the scheduler's affair: the sum of their rows.
cpus() {
	python3 -c '
import sys
lines = sys.stdin.read().split("\n")
rows, rest = [], []
for line in lines[2:]:
    (rows if line[:3].strip() not in ("", "~") else rest).append(line)
widths = {len(r) for r in rows}
sums = [sum(c) for c in zip(*([int(w, 16) for w in r.split()[1:]] for r in rows))]
print("\n".join(lines[:2] + [str(widths), str([r.split()[0] for r in rows]), str(sums)] + rest), end="")'
}

capture intree
capture ours
[ -z "${VM_OUT:-}" ] || cp "$scratch"/{intree,ours}.* "$VM_OUT/"
same() { # FILE FILTER
	expect "/proc/net/$1" "$("$2" <"$scratch/intree.$1")" "$("$2" <"$scratch/ours.$1")"
}
expect "modes and owners" "$(cat "$scratch/intree.modes")" "$(cat "$scratch/ours.modes")"
expect "services seen" 15 "$(grep -vc -e '->' -e '^Prot' -e '^IP V' "$scratch/ours.ip_vs")"
same ip_vs blocks
expect "connections seen" 11 "$(tail -n +2 "$scratch/ours.ip_vs_conn" | wc -l)"
same ip_vs_conn minutes
same ip_vs_conn_sync minutes
same ip_vs_app cat
same ip_vs_stats hide_rates
hidden_cpus() {
	cpus | hide_rates
}
same ip_vs_stats_percpu hidden_cpus

# --- one file that 6.1 does not have --------------------------------------------
load_module ours
ns_add director
expect "ip_vs_status without services" "Conns:	0
Conn buckets:
Services:	0
Service buckets:
Stats thread slots:	0 (max 0)
Stats chain max len:	0
Stats thread ests:	0" "$(on director cat /proc/net/ip_vs_status |
	sed -E 's/^(.* buckets:).*/\1/')"
must on director "$stock_ipvsadm" -A -t 10.0.0.1:80 -s rr
must on director "$stock_ipvsadm" -A -t 10.0.0.1:81 -s rr
expect "its buckets of services" "Services:	2" \
	"$(on director grep ^Services /proc/net/ip_vs_status)"
# shellcheck disable=SC2016 # not for this shell to expand
on director awk -F'\t' '
	/^Service buckets:/ { size = $2 + 0 }
	/^Service buckets empty/ { buckets += $2 }
	/^Service buckets len-/ { buckets += $2; split($1, n, "[-:]"); entries += n[2] * ($2 + 0) }
	END { exit !(buckets == size && entries == 2) }' /proc/net/ip_vs_status ||
	fail "buckets do not add up: $(on director cat /proc/net/ip_vs_status)"
expect "its mode" "440" "$(on director stat -c %a /proc/net/ip_vs_status)"

# A connection of either family is in some chain.
chains() { # lines that tell of chains of connections
	on director grep -c '^Conn buckets len-' /proc/net/ip_vs_status
}
expect "chains without connections" 0 "$(chains)"
must on director "$stock_ipvsadm" -A -u '[::1]:53' -s rr
must on director "$stock_ipvsadm" -a -u '[::1]:53' -r '[::1]:5353' -m
must on director python3 -c '
import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", ("::1", 53))'
expect "an IPv6 connection" "Conns:	1" "$(on director grep ^Conns: /proc/net/ip_vs_status)"
[ "$(chains)" -gt 0 ] || fail "is in no chain: $(on director cat /proc/net/ip_vs_status)"
