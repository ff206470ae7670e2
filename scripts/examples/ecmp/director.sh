#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# director.sh - make this host one of several directors that work at the same time, in
# direct routing mode.
#
# The real servers are on the same segment, run ../lvs_dr_rs.sh, and answer the clients
# directly. Set the addresses below, or in the environment.

VIP=${VIP:-10.9.0.1}
PORT=${PORT:-80}
# one "address weight" a line, in the same order on every director
REAL_SERVERS=${REAL_SERVERS:-"10.3.0.11 1
10.3.0.12 1"}
IPVSADM=${IPVSADM:-/sbin/ipvsadm}

echo 1 >/proc/sys/net/ipv4/ip_forward

# A connection comes from another director when that dies, and goes back when it
# returns: whoever gets one of its packets, not the first, picks a server for it...
echo 1 >/proc/sys/net/ipv4/vs/sloppy_tcp

# ... and every director picks the same, with nothing said between them: mh looks at
# the client's address and port and at the list of servers, and at nothing else. Take
# a server out by giving it weight 0, and mh-fallback finds another one for its
# connections: removed and added again it would be the last of the list, at this
# director alone.
$IPVSADM -C
for protocol in -t -u; do
	$IPVSADM -A $protocol "$VIP:$PORT" -s mh -b mh-port,mh-fallback
	while read -r rip weight; do
		$IPVSADM -a $protocol "$VIP:$PORT" -r "$rip:$PORT" -g -w "$weight"
	done <<<"$REAL_SERVERS"
done

# Last: from here on bird tells the router of it.
ip address replace "$VIP/32" dev lo
