#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# An unprivileged user with a user and network namespace of its own configures its
# own director through netlink and socket options, and can touch or see no other:
# not the one it came from, through the socket it brought along or a new one.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "in-tree netlink is for the first user namespace alone"
load_module ours
ns_add host
must on host "$stock_ipvsadm" -A -t 10.0.0.1:80 -s rr
must on host "$stock_ipvsadm" -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m
before=$(on host "$stock_ipvsadm" -Sn)

cat >"$scratch/rootless.py" <<'END'
import socket, struct, sys
sys.path.insert(0, sys.argv[1])
import foreign
from ipvs_nl import *

def name(code):
    return errno_name(code)

def service(last):
    return attr(SERVICE, attrs({
        AF: u16(2), PROTOCOL: u16(6), ADDR: ip4("10.0.0.%d" % last),
        PORT: be16(80), SCHED_NAME: b"rr\0", FLAGS: u32(0) + u32(0xffffffff),
        TIMEOUT: u32(0), NETMASK: u32(0xffffffff)}))

DEST = attr(DEST, attrs({D_ADDR: ip4("10.0.0.3"), D_PORT: be16(80),
                         D_METHOD: u32(0), D_WEIGHT: u32(1), D_UPPER: u32(0),
                         D_LOWER: u32(0)}))

def tries(who, s):
    for what, command, body in (
            ("add", NEW_SERVICE, service(9)), ("add server", NEW_DEST, service(9) + DEST),
            ("edit", SET_SERVICE, service(1)), ("get", GET_SERVICE, service(1)),
            ("set config", SET_CONFIG, attr(TIMEOUT_TCP, u32(77))),
            ("zero", ZERO, b""), ("flush", FLUSH, b"")):
        print("%s: %s: %s" % (who, what, name(s.ask(command, body)[0])))

foreign.become_nobody()
nobody = Socket()
tries("nobody", nobody)
code, replies = nobody.dump(GET_SERVICE)
print("nobody: dump: %s, %d answers" % (name(code), len(replies)))

foreign.enter_foreign_namespaces()

# A socket of before acts on the namespace it was made in, where we are nobody.
tries("old socket", nobody)
code, replies = nobody.dump(GET_SERVICE)
print("old socket: dump: %s, %d answers" % (name(code), len(replies)))

own = Socket()
code, replies = own.dump(GET_SERVICE)
print("own: sees: %s, %d answers" % (name(code), len(replies)))
print("own: add: " + name(own.ask(NEW_SERVICE, service(9))[0]))
# Until a route to anywhere exists no address is one that can be used.
s = socket.socket()
ifreq = struct.pack("16sH14x", b"lo", 1)
__import__("fcntl").ioctl(s, 0x8914, ifreq)
print("own: add server: " + name(own.ask(NEW_DEST, service(9) + DEST)[0]))
print("own: set config: " + name(own.ask(SET_CONFIG, attr(TIMEOUT_TCP, u32(77)))[0]))
code, replies = own.dump(GET_SERVICE)
print("own: sees: %s, %d answers" % (name(code), len(replies)))
print("own: socket options: %d services" % struct.unpack("=III", s.getsockopt(0, 1153, 12))[2])
with open("/proc/self/net/ip_vs") as f:
    print("own: proc: " + f.read().split("\n")[3].strip())
# What reaches beyond the namespace is the machine's.
for setting in ("run_estimation", "sync_qlen_max"):
    try:
        open("/proc/sys/net/ipv4/vs/" + setting, "w").write("0\n")
        print("own: %s: written" % setting)
    except OSError as e:
        print("own: %s: %s" % (setting, name(e.errno)))
with open("/proc/sys/net/ipv4/vs/expire_nodest_conn", "w") as f:
    f.write("1\n")
print("own: flush: " + name(own.ask(FLUSH)[0]))
END
# Unshared by a process without privileges: Debian's kernel lets it.
allow_user_namespaces
got=$(on host python3 -B "$scratch/rootless.py" "$here/netlink" 2>&1) || fail "$got"
refused() {
	local what
	for what in add "add server" edit get "set config" zero flush; do
		echo "$1: $what: EPERM"
	done
	echo "$1: dump: EPERM, 0 answers"
}
expect "what an unprivileged user can do" "$(refused nobody)
$(refused 'old socket')
own: sees: 0, 0 answers
own: add: 0
own: add server: 0
own: set config: 0
own: sees: 0, 1 answers
own: socket options: 1 services
own: proc: TCP  0A000009:0050 rr
own: run_estimation: EACCES
own: sync_qlen_max: EACCES
own: flush: 0" "$got"
expect "the host's table" "$before" "$(on host "$stock_ipvsadm" -Sn)"
expect "the host's timeouts" "Timeout (tcp tcpfin udp): 900 120 300" \
	"$(on host "$stock_ipvsadm" -l --timeout)"
expect "the host's settings" 0 "$(on host cat /proc/sys/net/ipv4/vs/expire_nodest_conn)"
