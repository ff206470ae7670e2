#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "ipvsadm --watch" in a terminal (tmux): the whole screen, in colour where that
# is welcome, smaller and larger when the terminal is, scrolled, and given back
# by q and by Ctrl-C. Without a terminal one table follows the other.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
command -v tmux >/dev/null || fail "no tmux: run scripts/setup --test"
[ -z "${UML:-}" ] || skip "no kernel of ours in here"

load_module "$module"
ns_add director
director() {
	on director "$our_ipvsadm" "$@"
}
{
	echo "-A -t 192.0.2.1:80 -s rr"
	echo "-a -t 192.0.2.1:80 -r 10.0.0.1:8080 -m -w 3"
	echo "-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0"
	echo "-A -f 7 -6 -s wlc"
	for i in 1 2 3 4 5 6 7 8 9; do
		echo "-a -f 7 -6 -r [2001:db8::$i]:0 -i"
	done
} | director -R

export TMUX_TMPDIR=$scratch HOME=$scratch LC_ALL=C.UTF-8
# Each terminal has a server of its own: one that was told to go may not be gone.
terminal=0
tm() {
	tmux -f /dev/null -L "$terminal" "$@"
}
# The clock and the rates aside: what is on the screen.
screen() {
	tm capture-pane -p -t w | sed 's/^IPVS [0-9:]* /IPVS HH:MM:SS /'
}
shows() { # TEXT
	screen | grep -qF -- "$1"
}
watch() { # WIDTH HEIGHT WORD...: in a shell, to see what is left behind
	[ "$terminal" = 0 ] || tm kill-server
	terminal=$((terminal + 1))
	tm new-session -d -s w -x "$1" -y "$2" "PS1='shell> ' bash --norc --noprofile" ||
		fail "tmux"
	shift 2
	wait_for 60 shows 'shell>' || fail "no shell"
	tm send-keys -t w "clear; ip netns exec director $our_ipvsadm --watch $*; echo status \$?" Enter
	wait_for 120 shows "IPVS HH:MM:SS" || fail "no picture: $(screen)"
}

watch 80 24 1 -n
expect "80 by 24" "IPVS HH:MM:SS  every 1 s  services 2  servers 11  active 0  conn/s 0
Service, server              Weight Active  Inact Conn/s In B/s OutB/s Acti Conn
TCP  192.0.2.1:80            rr                        0      0      0
  -> 10.0.0.1:8080                3      0      0      0      0      0
  -> 10.0.0.2:8080                0      0      0      0      0      0
FWM  7 IPv6                  wlc                       0      0      0
  -> [2001:db8::1]:0              1      0      0      0      0      0
  -> [2001:db8::2]:0              1      0      0      0      0      0" \
	"$(screen | sed -n 1,8p)"

# It follows the table.
director -d -f 7 -6 -r '[2001:db8::2]:0'
gone() {
	! shows '2001:db8::2]'
}
wait_for 60 gone || fail "a server that has gone is still shown"

# It follows the terminal: narrower, cut; lower, scrolled.
tm resize-window -t w -x 40 -y 6
wait_for 60 shows "Service, server              Weight Acti" || fail "resized: $(screen)"
expect "40 by 6" "Service, server              Weight Acti
TCP  192.0.2.1:80            rr
  -> 10.0.0.1:8080                3
  -> 10.0.0.2:8080                0
FWM  7 IPv6                  wlc" "$(screen | sed -n 2,6p)"
tm send-keys -t w Down
wait_for 60 shows '2001:db8::1]' || fail "Down: $(screen)"
tm send-keys -t w End
wait_for 60 shows '2001:db8::9]' || fail "End: $(screen)"
tm send-keys -t w Home
wait_for 60 shows '192.0.2.1:80' || fail "Home: $(screen)"
tm resize-window -t w -x 120 -y 30
wait_for 60 shows "Conn/s before" || fail "enlarged: $(screen)"

# Colour: yellow for weight 0.
tm capture-pane -e -p -t w | grep -qF $'\e[33m  -> 10.0.0.2:8080' ||
	fail "no colour: $(tm capture-pane -e -p -t w)"

tm send-keys -t w q
wait_for 60 shows "status 0" || fail "q: $(screen)"
! shows "Service, server" || fail "the screen is not given back"

watch 80 24 1 -n -t 192.0.2.1:80
! shows 'FWM' || fail "more than the service asked for"
tm send-keys -t w C-c
wait_for 60 shows "status 0" || fail "Ctrl-C: $(screen)"
! shows "Service, server" || fail "the screen is not given back"
tm send-keys -t w "stty -a" Enter
wait_for 60 shows " icanon" || fail "the terminal is left as it was: $(screen)"

# A terminal that cannot move its cursor gets line after line.
tm send-keys -t w "clear; TERM=dumb ip netns exec director $our_ipvsadm --watch 1 -n -t 192.0.2.1:80" Enter
two_tables() {
	[ "$(screen | grep -c '^IPVS ')" -ge 2 ]
}
wait_for 60 two_tables || fail "TERM=dumb: $(screen)"
tm send-keys -t w C-c
tm kill-server

# No terminal: tables, until the reader has enough.
director --watch 1 -n 2>"$scratch/err" | head -26 >"$scratch/plain"
expect "no message" "" "$(cat "$scratch/err")"
expect "two tables" 2 "$(grep -c '^IPVS ' "$scratch/plain")"
expect "a table" "Service, server              Weight Active  Inact Conn/s In B/s OutB/s
TCP  192.0.2.1:80            rr                        0      0      0
  -> 10.0.0.1:8080                3      0      0      0      0      0" \
	"$(sed -n 2,4p "$scratch/plain")"
