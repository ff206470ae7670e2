#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The director talks to a server itself (a health check), and from the same port to
# the service that leads there: the socket that waits out its time after the one
# does not take the other's answers.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 1
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m

# Says one word to each client, who closes first.
on rs1 /usr/bin/python3 -c '
import socket
listener = socket.create_server(("10.2.0.11", 80))
while True:
    client = listener.accept()[0]
    client.sendall(b"rs1")
    client.recv(1)
    client.close()
' &
pids+=($!)

# heard ADDRESS: what it says to a client that keeps to its port
heard() {
	on director timeout 40 /usr/bin/python3 -c '
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.2.0.1", 4000))
s.settimeout(20)
s.connect((sys.argv[1], 80))
print(s.recv(3).decode())
' "$1" 2>&1 | tail -1
}

waiting() {
	on director ss -Htn state time-wait | grep -q "10.2.0.1:4000 *10.2.0.11:80"
}

wait_for 30 on rs1 ss -Hltn "sport = 80" || fail "rs1 does not listen"
wait_for 30 heard 10.2.0.11
wait_for 30 waiting || fail "no socket in TIME_WAIT"
expect "through the service" "rs1" "$(heard $vip)"
# An answer that reaches it leads to a reset, which ends it, and the client waits a
# second for its SYN to be sent again.
waiting || fail "the answer went to the socket in TIME_WAIT"
