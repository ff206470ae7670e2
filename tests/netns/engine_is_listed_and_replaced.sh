#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A service's persistence engine in what our tool lists, saves and replaces, as text
# and as JSON; its templates in the lists of connections; what it drops, by reason.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"
[ "$module" = ours ] || skip "about our tool"

load_module "$module"
topo_sink director
must ip -n director addr add 10.9.0.1/32 dev lo
director() {
	on director "$our_ipvsadm" "$@"
}
field() { # PYTHON-EXPRESSION of "it"
	/usr/bin/python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"
}

# --- errors -------------------------------------------------------------------------
director -A -u 10.9.0.1:5060 -p 60 --pe nosuch 2>"$scratch/err" &&
	fail "an unknown engine is taken"
expect "an unknown engine" "Scheduler or persistence engine not found
no such persistence engine" "$(sed "s/.*: //" "$scratch/err")"
expect "nothing was added" "" "$(director -Sn)"

# --- services -----------------------------------------------------------------------
with="-A -u 10.9.0.1:5060 -s rr -p 60 --pe sip
-a -u 10.9.0.1:5060 -r 10.0.0.2:5060 -m -w 1"
without="-A -u 10.9.0.1:5060 -s rr -p 60
-a -u 10.9.0.1:5060 -r 10.0.0.2:5060 -m -w 1"
must director -R <<<"$with"
expect "saved" "$with" "$(director -Sn)"
expect "listed" "UDP  10.9.0.1:5060 rr persistent 60 pe sip" "$(director -Ln | grep UDP)"
expect "as JSON" "sip" \
	"$(director -Ln --json | field 'it["services"][0]["persistence_engine"]')"
must director -E -u 10.9.0.1:5060 -s rr -p 60
expect "after an edit without it" "$without" "$(director -Sn)"
must director -R --replace <<<"$with"
expect "replaced" "$with" "$(director -Sn)"
must director -R --replace <<<"$without"
expect "replaced again" "$without" "$(director -Sn)"
must director -E -u 10.9.0.1:5060 -s rr -p 60 --pe sip
expect "edited" "$with" "$(director -Sn)"

# --- templates ----------------------------------------------------------------------
tell() { # TEXT
	# What is dropped, its sender is told of.
	on director /usr/bin/python3 - "$1" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(('10.0.0.1', 0))
		try:
		    s.sendto(sys.argv[1].encode(), ('10.9.0.1', 5060))
		except PermissionError:
		    pass
	END
}
must tell $'INVITE x SIP/2.0\r\nCall-ID: one@h\r\n\r\n'
must tell $'INVITE x SIP/2.0\r\ni: two\r\n\r\n'
must tell $'INVITE x SIP/2.0\r\nCall-ID: one@h\r\n\r\n'
must tell $'INVITE x SIP/2.0\r\nCall-ID one@h\r\n\r\n'
expect "templates in proc" "UDP 0A000001 0000 0A090001 13C4 0A000002 13C4 NONE sip one@h
UDP 0A000001 0000 0A090001 13C4 0A000002 13C4 NONE sip two" \
	"$(on director grep ' 0000 ' /proc/net/ip_vs_conn | sed 's/ *[0-9]* sip/ sip/' | sort)"
expect "templates listed" "sip one@h
sip two" "$(director -Lnc --persistent-conn | awk '/ sip / { print $(NF - 1), $NF }' | sort)"
expect "as JSON" "[('sip', 'one@h'), ('sip', 'two')]" \
	"$(director -Lnc --json | field 'sorted((c["persistence_engine"],
	c["persistence_data"]) for c in it if "persistence_data" in c)')"
expect "connections" 3 "$(director -Lnc | grep -c ' UDP ')"
expect "dropped" "all 1 engine" \
	"$(director -L --drops -n | awk '$1 == "all" { print $1, $2, $3 }')"
expect "at the server" 2 "$(director -Ln --persistent-conn | awk '$1 == "->" { print $4 }' |
	tail -1)"
