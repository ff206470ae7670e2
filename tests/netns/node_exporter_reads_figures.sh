#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's prometheus-node-exporter on our module: totals from ip_vs_stats, and
# each server's weight and connections from ip_vs, of both families.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

exporter=/usr/bin/prometheus-node-exporter
[ -x "$exporter" ] || fail "no prometheus-node-exporter: run scripts/setup --test"
load_module "$module"
topo_nat 2
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 2)
# shellcheck disable=SC2046
serve udp $(server_list 53 2)
vs() {
	must on director "$stock_ipvsadm" "$@"
}
vs -A -t $vip:80 -s rr
vs -a -t $vip:80 -r 10.2.0.11:80 -m -w 7
vs -a -t $vip:80 -r 10.2.0.12:80 -m -w 0
vs -A -u $vip:53 -s rr
vs -a -u $vip:53 -r 10.2.0.12:53 -m
vs -A -t '[2001:db8::100]:80' -s rr
vs -a -t '[2001:db8::100]:80' -r '[2001:db8:1::1]:80' -i -w 3
vs -A -f 1234 -s rr
vs -a -f 1234 -r 10.2.0.11:0 -g -w 9

mkfifo "$scratch/in"
exec 8<>"$scratch/in"
on client "$traffic" steady $vip:80 <"$scratch/in" >"$scratch/out" 2>&1 &
pids+=($!)
open() {
	[ -s "$scratch/out" ]
}
wait_for 30 open || fail "no greeting"
expect "UDP" "rs2
rs2
rs2" "$(on client "$traffic" ask udp $vip:53 3 5000)"

background on director "$exporter" --collector.disable-defaults --collector.ipvs \
	--web.listen-address=127.0.0.1:9100 >"$scratch/log" 2>&1
metrics() {
	on director curl -sf --max-time 20 http://127.0.0.1:9100/metrics >"$scratch/metrics"
}
wait_for 90 metrics || fail "no answer: $(tail -5 "$scratch/log")"
# In-tree lags two seconds behind.
complete() {
	metrics && grep -q '^node_ipvs_connections_total 4$' "$scratch/metrics" &&
		[ "$(total)" = "$(exported)" ]
}
exported() {
	sed -n 's/^node_ipvs_\([a-z_]*total\) /\1 /p' "$scratch/metrics" | sort
}
total() {
	on director sed -n 3p /proc/net/ip_vs_stats | python3 -c '
for name, word in zip(("connections_total", "incoming_packets_total",
                       "outgoing_packets_total", "incoming_bytes_total",
                       "outgoing_bytes_total"), input().split()):
    print(name, int(word, 16))' | sort
}
wait_for 30 complete || expect "totals, of 4 connections" "$(total)" "$(exported)"
expect "servers" "connections_active 10.1.0.100:80 10.2.0.11:80 TCP 1
connections_active 10.1.0.100:80 10.2.0.12:80 TCP 0
connections_active 10.1.0.100:53 10.2.0.12:53 UDP 0
connections_active 2001:db8::100:80 2001:db8:1::1:80 TCP 0
connections_active 1234 10.2.0.11:0 FWM 0
connections_inactive 10.1.0.100:53 10.2.0.12:53 UDP 3
weight 10.1.0.100:80 10.2.0.11:80 TCP 7
weight 10.1.0.100:80 10.2.0.12:80 TCP 0
weight 2001:db8::100:80 2001:db8:1::1:80 TCP 3
weight 1234 10.2.0.11:0 FWM 9" "$(python3 - "$scratch/metrics" <<-'END'
	import re, sys
	got = set()
	for line in open(sys.argv[1]):
	    m = re.match(r"node_ipvs_backend_(\w+)\{(.*)\} (\S+)", line)
	    if not m:
	        continue
	    labels = dict(re.findall(r'(\w+)="([^"]*)"', m[2]))
	    where = labels["local_address"] + ":" + labels["local_port"]
	    if labels["proto"] == "FWM":
	        where = str(int(labels["local_mark"], 16))
	    got.add("%s %s %s:%s %s %s" % (
	        m[1], where, labels["remote_address"], labels["remote_port"],
	        labels["proto"], m[3]))
	wanted = """connections_active 10.1.0.100:80 10.2.0.11:80 TCP
	connections_active 10.1.0.100:80 10.2.0.12:80 TCP
	connections_active 10.1.0.100:53 10.2.0.12:53 UDP
	connections_active 2001:db8::100:80 2001:db8:1::1:80 TCP
	connections_active 1234 10.2.0.11:0 FWM
	connections_inactive 10.1.0.100:53 10.2.0.12:53 UDP
	weight 10.1.0.100:80 10.2.0.11:80 TCP
	weight 10.1.0.100:80 10.2.0.12:80 TCP
	weight 2001:db8::100:80 2001:db8:1::1:80 TCP
	weight 1234 10.2.0.11:0 FWM""".split("\n")
	for row in wanted:
	    row = row.strip()
	    print(next((g for g in got if g.startswith(row + " ")),
	               "%s is missing: %s" % (row, sorted(got))))
	END
)"
exec 8>&-
