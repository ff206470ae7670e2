#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Without any routing rule, a NAT answer leaves as what comes from the virtual
# address does: by a source-specific route (IPv6), and by the IPsec policies that
# name it: blocked, or protected, to the byte as in-tree. Each by itself, so that
# nothing else makes it look.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/legs.sh
. "$here/topo/legs.sh"

for m in esp4 esp6 xfrm_user; do
	modprobe -q $m
done
load_module "$module"
topo_legs
serve udp rs1=10.2.0.11:53 "rs1=[fd02::11]:53"
on director "$ipvsadm" -R <<-END || fail "services"
	-A -u $vip:53 -s rr
	-a -u $vip:53 -r 10.2.0.11:53 -m
	-A -u [$vip6]:53 -s rr
	-a -u [$vip6]:53 -r [fd02::11]:53 -m
END

esp() { # how many packets the client has taken out of ESP
	ip -n client -s xfrm state | sed -n '/lifetime current/{n;p}' |
		sed 's/.*), \([0-9]*\)(packets).*/\1/'
}
ask() { # ADDR
	on client timeout 20 "$traffic" ask udp "$1:53" 1 2>/dev/null
}
unanswered() { # ADDR
	! on client timeout 5 "$traffic" ask udp "$1:53" 1 >/dev/null 2>&1
}
for service in $vip "[$vip6]"; do
	expect "an answer of $service" rs1 "$(ask "$service")"
done

# try SERVICE VIP CLIENT: policies from the virtual address to the client
try() {
	local service=$1 from=$2 to=$3
	must ip -n director xfrm policy add dir out src "$from" dst "$to" action block
	unanswered "$service" || fail "$service: a blocked answer arrives"
	must ip -n director xfrm policy del dir out src "$from" dst "$to"
	expect "$service: an answer again" rs1 "$(ask "$service")"

	# The same key at both ends: the client takes it out again.
	for n in director client; do
		must ip -n $n xfrm state add src "$from" dst "$to" proto esp spi 0x1001 \
			reqid 1 mode transport enc 'ecb(cipher_null)' ''
	done
	must ip -n director xfrm policy add dir out src "$from" dst "$to" \
		tmpl src "$from" dst "$to" proto esp reqid 1 mode transport
	expect "$service: a protected answer" rs1 "$(ask "$service")"
	[ "$(esp)" -ge 1 ] || fail "$service: an answer leaves in clear"
	for n in director client; do
		ip -n $n xfrm policy flush
		ip -n $n xfrm state flush
	done
}
try $vip $vip 10.1.0.2
try "[$vip6]" $vip6 fd01::2

# --- a route for what comes from the virtual address ----------------------------------
must ip -n director -6 route add blackhole fd01::2/128 from $vip6/128
unanswered "[$vip6]" || fail "the answer does not take the route for its source"
must ip -n director -6 route del blackhole fd01::2/128 from $vip6/128
expect "the usual way again" rs1 "$(ask "[$vip6]")"
