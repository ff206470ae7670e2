#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# With a name server that does not answer "ipvsadm --watch" and "--monitor" show
# numbers at once. With --names they wait for it, but a signal ends them at once,
# and so it does while they write to a pipe that nobody reads.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ -z "${UML:-}" ] || skip "no kernel of ours in here"

load_module "$module"
ns_add director
on director ip link add eth0 type dummy
on director ip addr add 192.0.2.1/24 dev eth0
on director ip link set eth0 up
on director ip route add default dev eth0
# "ip netns exec" puts them in the place of those in /etc.
mkdir -p /etc/netns/director
echo "nameserver 192.0.2.53
options timeout:30 attempts:5" >/etc/netns/director/resolv.conf
echo "hosts: dns
services: files" >/etc/netns/director/nsswitch.conf
trap 'rm -rf /etc/netns/director; cleanup' EXIT
on director "$our_ipvsadm" -R <<-END
	-A -t 198.51.100.1:80 -s rr
	-a -t 198.51.100.1:80 -r 10.0.0.1:8080 -m
END

# start OUTPUT WORD...: its pid in $!
start() {
	local out=$1
	shift
	ip netns exec director "$our_ipvsadm" "$@" >"$out" 2>"$scratch/err" &
	pids+=($!)
}
ended() {
	! kill -0 "$1" 2>/dev/null
}
# end SIGNAL PID WHAT: nobody waits longer than the machine is slow
end() {
	kill "-$1" "$2"
	wait_for 20 ended "$2" || fail "$3: $1 does not end it"
	wait "$2"
	expect "$3: status after $1" 0 $?
	expect "$3: said after $1" "" "$(cat "$scratch/err")"
}
has() { # FILE TEXT
	grep -qF -- "$2" "$1"
}
asks() { # a packet for port 53 has an open socket behind it
	on director grep -q ':0035 ' /proc/net/udp
}

start "$scratch/out" --watch 1
wait_for 20 has "$scratch/out" '  -> 10.0.0.1:8080 ' ||
	fail "--watch waits for a name: $(cat "$scratch/out")"
end INT $! --watch
for signal in INT TERM HUP; do
	start "$scratch/out" --watch 1 --names
	wait_for 30 asks || fail "--watch --names does not ask"
	end "$signal" $! "--watch --names"
done

mkfifo "$scratch/pipe"
exec 8<>"$scratch/pipe"
for i in {1..200}; do
	echo "-a -t 198.51.100.1:80 -r 10.0.1.$i:8080 -m"
done | on director "$our_ipvsadm" -R
start "$scratch/pipe" --watch 1
writer=$!
stuck() {
	grep -q pipe_write "/proc/$writer/wchan"
}
wait_for 120 stuck || fail "the pipe does not fill"
end INT $writer "--watch to a pipe that nobody reads"
exec 8<&-

[ "$module" = ours ] || exit 0
# It waits for events in poll().
listening() {
	grep -Eq '^(7|271) ' "/proc/${pids[-1]}/syscall"
}
start "$scratch/out" --monitor
wait_for 30 listening || fail "--monitor does not listen"
must on director "$our_ipvsadm" -A -t 198.51.100.2:80 -s rr
wait_for 20 has "$scratch/out" '-A -t 198.51.100.2:80 -s rr' ||
	fail "--monitor waits for a name: $(cat "$scratch/out")"
end TERM $! --monitor
start "$scratch/out" --monitor --names
wait_for 30 listening || fail "--monitor --names does not listen"
must on director "$our_ipvsadm" -A -t 198.51.100.3:80 -s rr
wait_for 30 asks || fail "--monitor --names does not ask"
end INT $! "--monitor --names"

# A full device: why nothing is written is said.
start /dev/full --monitor
wait_for 30 listening || fail "--monitor to a full device does not listen"
must on director "$our_ipvsadm" -D -t 198.51.100.3:80
wait_for 30 ended $! || fail "--monitor goes on without output"
wait $!
expect "status with a full device" 1 $?
expect "said with a full device" "ipvsadm: cannot write: No space left on device" \
	"$(cat "$scratch/err")"
