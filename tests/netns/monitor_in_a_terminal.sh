#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "ipvsadm --monitor" in a terminal (tmux): each change on the screen as it is
# made, without waiting for more, until Ctrl-C ends it with status 0.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
command -v tmux >/dev/null || fail "no tmux: run scripts/setup --test"
[ -z "${UML:-}" ] || skip "no kernel of ours in here"
[ "$module" = ours ] || skip "the in-tree module tells nothing"

load_module "$module"
ns_add director
director() {
	on director "$our_ipvsadm" "$@"
}
export TMUX_TMPDIR=$scratch HOME=$scratch LC_ALL=C.UTF-8
tm() {
	tmux -f /dev/null "$@"
}
screen() {
	tm capture-pane -p -t w
}
shows() { # LINE
	screen | grep -qxF -- "$1"
}
tm new-session -d -s w -x 100 -y 20 "PS1='shell> ' bash --norc --noprofile" || fail "tmux"
wait_for 60 shows 'shell>' || fail "no shell"
tm send-keys -t w "clear; ip netns exec director $our_ipvsadm --monitor -n; echo status \$?" Enter
listening() {
	local pid
	for pid in $(pgrep -f -- "^$our_ipvsadm --monitor"); do
		hears_events "$pid" && return
	done
	return 1
}
wait_for 120 listening || fail "the monitor does not listen: $(screen)"

must director -A -t 192.0.2.1:80 -s rr
wait_for 60 shows '-A -t 192.0.2.1:80 -s rr' || fail "a service: $(screen)"
must director -a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3
wait_for 60 shows '-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3' || fail "a server: $(screen)"
must director -C
wait_for 60 shows '-C' || fail "a flush: $(screen)"
tm send-keys -t w C-c
wait_for 60 shows '^Cstatus 0' || fail "Ctrl-C: $(screen)"
expect "the screen" "-A -t 192.0.2.1:80 -s rr
-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3
-C
^Cstatus 0
shell>" "$(screen | sed '/^$/d')"
tm kill-server
