# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # lib.sh has the rest
#
# ask_who.sh - servers that answer with their name and the client's address, for tests of
# what a firewall's rules make of it.
#
#   serve_who NAME ADDRESS PORT     a TCP server in the namespace NAME
#   ask_who NS ADDRESS PORT N       N connections of NS, one after another: the answers

serve_who() {
	background ip netns exec "$1" /usr/bin/python3 -c '
import socket, sys
name, address, port = sys.argv[1:]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
server = socket.create_server((address, int(port)), family=family)
while True:
    client, who = server.accept()
    client.sendall(f"{name} hears {who[0]}\n".encode())
    client.close()
' "$@"
	wait_for 60 listens "$1" "$3" || fail "$1 does not listen"
}

listens() { # NS PORT
	ip netns exec "$1" ss -Hltn "sport = $2" | grep -q .
}

ask_who() {
	on "$1" timeout 120 "$traffic" ask tcp "$2:$3" "$4"
}
