#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kube-router's rule, "-m ipvs --ipvs --vdir ORIGINAL --vmethod MASQ -j SNAT
# --random-fully": a server that asks a service which it is the only server of is
# answered, each time, as is a client from outside; both are the director's then.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"
# shellcheck source=tests/ask_who.sh
. "$here/ask_who.sh"

load_module "$module"
load_match "$module"
topo_nat 1
serve_who rs1 10.2.0.11 8080
on director sysctl -qw net.ipv4.vs.conntrack=1
must on director iptables-legacy -t nat -A POSTROUTING -m ipvs --ipvs --vdir ORIGINAL \
	--vmethod MASQ -j SNAT --to-source 10.2.0.1 --random-fully
on director "$ipvsadm" -R <<-END || fail "services"
	-A -t $vip:80 -s rr
	-a -t $vip:80 -r 10.2.0.11:8080 -m
END
four="rs1 hears 10.2.0.1
rs1 hears 10.2.0.1
rs1 hears 10.2.0.1
rs1 hears 10.2.0.1"
expect "a server and its own service" "$four" "$(ask_who rs1 $vip 80 4)"
expect "a client" "$four" "$(ask_who client $vip 80 4)"
