#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A server on the director itself, at an address and port of no service, answers its
# clients as if there were no services, over both families' hooks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/nat.sh
. "$here/topo/nat.sh"

load_module "$module"
topo_nat 1
# shellcheck disable=SC2046 # one word a server
serve tcp $(server_list 80 1) director=10.1.0.1:81 "director=[::1]:81"
must on director "$ipvsadm" -A -t $vip:80 -s rr
must on director "$ipvsadm" -a -t $vip:80 -r 10.2.0.11:80 -m
must on director "$ipvsadm" -A -t "[fd01::100]:80" -s rr
# The answer to a SYN is no full socket's: sanitizers watch who reads what of it.
expect "the director's own server" "director" \
	"$(on client "$traffic" ask tcp 10.1.0.1:81 20 | sort -u)"
expect "the same, asked from the director" "director" \
	"$(on director "$traffic" ask tcp 10.1.0.1:81 5 | sort -u)"
expect "the same, IPv6" "director" \
	"$(on director "$traffic" ask tcp "[::1]:81" 5 | sort -u)"
expect "the service" "rs1" "$(on client "$traffic" ask tcp $vip:80 5 | sort -u)"
expect "connections in the table" 5 "$(on director "$ipvsadm" -lnc | grep -c ^TCP)"
