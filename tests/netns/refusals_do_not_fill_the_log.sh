#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A user of a container may be refused as often as he likes: each kind of refusal
# that the in-tree module logs is in everybody's log a few times and no more.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "in-tree logs every refusal"

load_module ours
request_no_modules
ns_add director
begun=$SECONDS
on director env PYTHONPATH="$here/netlink" python3 -B - <<-'END' || fail "requests"
	import sockopt, struct
	from ipvs_nl import *
	s, o = Socket(), sockopt.Options()
	KEY = {AF: u16(2), PROTOCOL: u16(6), ADDR: ip4("10.0.0.1"), PORT: be16(80)}
	def service(**more):
	    return attr(SERVICE, attrs({**KEY, SCHED_NAME: b"rr\0",
	        FLAGS: u32(0) + u32(0), TIMEOUT: u32(0), NETMASK: u32(~0),
	        **{globals()[k]: v for k, v in more.items()}}))
	def server(**more):
	    return service() + attr(DEST, attrs({D_ADDR: ip4("10.0.0.2"),
	        D_PORT: be16(80), D_METHOD: u32(2), D_WEIGHT: u32(1),
	        D_UPPER: u32(0), D_LOWER: u32(0),
	        **{globals()[k]: v for k, v in more.items()}}))
	assert s.ask(NEW_SERVICE, service())[0] == 0
	other = {"PORT": be16(81)}
	for _ in range(100):
	    for command, body in (
	            (NEW_SERVICE, service(SCHED_NAME=b"nosuch\0", **other)),
	            (NEW_SERVICE, service(PE_NAME=b"nosuch\0", **other)),
	            (NEW_DEST, server(D_WEIGHT=u32(-1))),
	            (NEW_DEST, server(D_LOWER=u32(1))),
	            (NEW_DEST, server(D_TUN_TYPE=u8(1))),
	            (NEW_DAEMON, attr(DAEMON, attrs({1: u32(1), 2: b"nosuch\0",
	                                             3: u32(0)})))):
	        assert s.ask(command, body)[0], command
	    assert o.set(sockopt.SETS["ADD"], sockopt.service(proto=47))
	    assert o.get(sockopt.GETS["SERVICES"], struct.pack("=II", 1, 0))[0]
	# More servers than mh has a place for.
	for i in range(4094):
	    assert not s.ask(NEW_DEST, server(D_PORT=be16(1 + i)))[0], i
	for _ in range(100):
	    assert s.ask(SET_SERVICE, service(SCHED_NAME=b"mh\0"))[0]
END
# Ten in five seconds.
most=$((20 + 2 * (SECONDS - begun)))
[ $most -lt 100 ] || skip "too slow a machine: 100 refusals of a kind in $((SECONDS - begun)) s"
for text in 'Scheduler module ip_vs_nosuch' 'persistence engine module ip_vs_pe_nosuch' \
	'server weight less' 'lower threshold is higher' 'tunnel port is zero' \
	'Unknown mcast interface: nosuch' 'set_ctl: invalid protocol: 47' 'length: 8 != ' \
	'ip_vs_bind_scheduler(): init error'; do
	n=$(dmesg | sed "1,/tests\/run: begin $(basename "$0" .sh)\$/d" |
		grep -c "$text")
	[ "$n" -ge 1 ] || fail "nothing says: $text"
	[ "$n" -le $most ] || fail "$n times in the log: $text"
done
