#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# sipp, a SIP tester, registers and calls through two servers. Twenty phones register
# twice, from another port the second time, and each Call-ID is at one server; each
# datagram of ten calls is balanced for itself and still reaches the server that the
# call is at, whose answers come from the virtual address.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

command -v sipp >/dev/null || fail "no sipp: run scripts/setup --test"
load_module "$module"
[ "$module" = ours ] || must modprobe --ignore-install ip_vs_pe_sip
topo_nat 2
export TERM=dumb # it draws

cat >"$scratch/phone.xml" <<'END'
<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="phone">
<send retrans="5000"><![CDATA[

REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:user[call_number]@test>;tag=[call_number]
To: <sip:user[call_number]@test>
Call-ID: [call_id]
CSeq: 1 REGISTER
Contact: <sip:user@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
END
cat >"$scratch/registrar.xml" <<'END'
<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="registrar">
<recv request="REGISTER"><action><log message="[call_id]"/></action></recv>
<send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=1
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
END

# phone NS WORDS...: sipp without a terminal, few sockets
phone() {
	on "$1" sipp -nostdin -max_socket 200 -timeout 300 "${@:2}"
}
listens() { # NS PORT
	on "$1" ss -Huln "sport = :$2" | grep -q .
}
for i in 1 2; do
	background phone rs$i -sf "$scratch/registrar.xml" -i 10.2.0.1$i -p 5060 \
		-deadcall_wait 0 -trace_logs -log_file "$scratch/registered.$i" \
		>"$scratch/registrar.$i" 2>&1
	background phone rs$i -sn uas -i 10.2.0.1$i -p 5070 >"$scratch/uas.$i" 2>&1
done
for i in 1 2; do
	for port in 5060 5070; do
		wait_for 60 listens rs$i $port || fail "nobody listens on rs$i, port $port"
	done
done
must on director "$stock_ipvsadm" -R <<-END
	-A -u $vip:5060 -s rr -p 600 --pe sip
	-a -u $vip:5060 -r 10.2.0.11:5060 -m
	-a -u $vip:5060 -r 10.2.0.12:5060 -m
	-A -u $vip:5070 -s rr -p 600 --pe sip -o
	-a -u $vip:5070 -r 10.2.0.11:5070 -m
	-a -u $vip:5070 -r 10.2.0.12:5070 -m
END

# --- registrations ------------------------------------------------------------------
for round in 1 2; do
	phone client $vip:5060 -sf "$scratch/phone.xml" -i 10.1.0.2 -t un -m 20 -r 10 \
		-cid_str 'reg-%u@phone' >"$scratch/phone.$round" 2>&1 ||
		fail "round $round: $(tail -30 "$scratch/phone.$round")"
done
for i in 1 2; do
	sort "$scratch/registered.$i" | uniq -c | awk '{ print $2, $1 }' >"$scratch/at.$i"
	[ -s "$scratch/at.$i" ] || fail "no phone is at rs$i"
done
cut -d' ' -f1 "$scratch"/at.[12] | sort >"$scratch/all"
expect "phones, each at one server" 20 "$(wc -l <"$scratch/all")"
expect "Call-IDs at two servers" "" "$(uniq -d "$scratch/all")"
expect "Call-IDs that came once only" "" "$(grep -h ' 1$' "$scratch"/at.[12])"
templates() { # PORT
	on director grep -ac "^UDP 0A010002 0000 0A010064 $(printf %04X "$1") .* sip " \
		/proc/net/ip_vs_conn
}
expect "templates of registrations" 20 "$(templates 5060)"

# --- calls, of one-packet connections -----------------------------------------------
phone client $vip:5070 -sn uac -i 10.1.0.2 -t un -m 10 -r 5 -d 100 >"$scratch/uac" 2>&1 ||
	fail "calls: $(tail -40 "$scratch/uac")"
expect "templates of calls" 10 "$(templates 5070)"
expect "connections of calls" 0 \
	"$(on director "$stock_ipvsadm" -Lnc | grep -c '^UDP.*:5070.*UDP')"
expect "calls at each server" "5
5" "$(on director "$stock_ipvsadm" -Ln --persistent-conn -u $vip:5070 |
	awk '$1 == "->" && /10.2.0/ { print $4 }')"
