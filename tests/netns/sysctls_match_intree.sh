#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every setting of the in-tree module exists in ours, with its mode, its default,
# and the same answer to each of fifty values written; those of later kernels
# have their ranges; and what an administrator of a foreign user namespace sees.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

[ "$module" = ours ] || skip "compares ours with in-tree"
[ -z "${UML:-}" ] || skip "compares with the distribution's module"

# In kernels after 6.1 only.
later='conn_lfactor conn_max est_cpulist est_nice svc_lfactor'
# Ours alone: see ip_vs.7.
own='fastpath reschedule_unavailable'

answers() { # module
	load_module "$1"
	if [ "$1" = intree ]; then
		must modprobe --ignore-install -a ip_vs_lblc ip_vs_lblcr
	fi
	ns_add settings
	on settings "$tools/sysctls.py" >"$scratch/$1" || fail "sysctls.py on $1"
	ns_del settings
}

answers intree
answers ours
[ -z "${VM_OUT:-}" ] || cp "$scratch"/{intree,ours} "$VM_OUT/"

names() {
	cut -d' ' -f1 "$scratch/$1" | sort -u
}

expect "the settings" "$({ names intree; tr ' ' '\n' <<<"$later $own"; } | sort -u)" \
	"$(names ours)"

# The free memory of the moment decides one default; and in-tree 7.2 takes the least
# integer for the greatest conn_max, which ours refuses. Nothing else may differ.
common() { # module
	grep -wFf <(comm -12 <(names intree) <(names ours) | sed 's/$/ /') "$scratch/$1" |
		sed '/^sync_qlen_max default/s/[0-9][0-9]*/N/
			/^sync_qlen_max restored/d
			/^conn_max .-2147483648.:/d'
}
expect "modes, defaults and answers to writing" "$(common intree)" "$(common ours)"

# --- what later kernels have ----------------------------------------------------
ns_add settings
knob() { # NAME VALUE: what is read after it was written
	# shellcheck disable=SC2016 # not for this shell to expand
	on settings sh -c '
		echo "$2" 2>/dev/null >"/proc/sys/net/ipv4/vs/$1" || echo refused
		cat "/proc/sys/net/ipv4/vs/$1"' sh "$1" "$2" 2>/dev/null | xargs
}
for name in conn_lfactor svc_lfactor; do
	expect "$name at first" -2 "$(on settings cat /proc/sys/net/ipv4/vs/$name)"
	expect "$name=8" 8 "$(knob $name 8)"
	expect "$name=-8" -8 "$(knob $name -8)"
	expect "$name=9" "refused -8" "$(knob $name 9)"
	expect "$name=-9" "refused -8" "$(knob $name -9)"
	expect "$name=x" "refused -8" "$(knob $name x)"
done
expect "conn_lfactor of the first namespace" -4 "$(cat /proc/sys/net/ipv4/vs/conn_lfactor)"
expect "svc_lfactor of the first namespace" -3 "$(cat /proc/sys/net/ipv4/vs/svc_lfactor)"
expect "est_nice at first" 0 "$(on settings cat /proc/sys/net/ipv4/vs/est_nice)"
expect "est_nice=19" 19 "$(knob est_nice 19)"
expect "est_nice=-20" -20 "$(knob est_nice -20)"
expect "est_nice=20" "refused -20" "$(knob est_nice 20)"
expect "est_nice=-21" "refused -20" "$(knob est_nice -21)"
cpus=$(cat /sys/devices/system/cpu/possible)
expect "est_cpulist at first" "$cpus" "$(on settings cat /proc/sys/net/ipv4/vs/est_cpulist)"
expect "est_cpulist=0" 0 "$(knob est_cpulist 0)"
expect "est_cpulist=x" "refused 0" "$(knob est_cpulist x)"
expect "est_cpulist with a CPU that cannot be" "est_cpulist '32768': ERANGE
est_cpulist '4294967296': EOVERFLOW" \
	"$(grep -E "^est_cpulist '(32768|4294967296)'" "$scratch/ours" | cut -d, -f1)"
expect "est_cpulist=$cpus" "$cpus" "$(knob est_cpulist "$cpus")"

# --- a namespace that belongs to another user -------------------------------------
shown=$(unshare --user --map-root-user --net sh -c '
	cd /proc/sys/net/ipv4/vs && stat -c "%n %a" *')
expect "read-only there" "conn_lfactor
est_cpulist
est_nice
run_estimation
svc_lfactor" "$(sed -n 's/ 444$//p' <<<"$shown" | grep -v '^sync_')"
expect "hidden there" "lblc_expiration
lblcr_expiration" "$(names ours | comm -23 - <(cut -d' ' -f1 <<<"$shown" | sort))"
expect "written there" "0 1" "$(unshare --user --map-root-user --net sh -c '
	cd /proc/sys/net/ipv4/vs
	cat expire_nodest_conn
	echo 1 >expire_nodest_conn
	cat expire_nodest_conn' | xargs)"
expect "and seen nowhere else" 0 "$(cat /proc/sys/net/ipv4/vs/expire_nodest_conn)"

# --- how many connections a namespace may have -------------------------------------
# Who rules the machine sets both limits, the namespace's own administrator one
# below that.
foreign_space
conn_max() { # VALUE OPTION...: what is read after it was written from within
	local value=$1
	shift
	# shellcheck disable=SC2016 # not for this shell to expand
	nsenter -t "$foreign" "$@" sh -c '
		echo "$1" 2>/dev/null >/proc/sys/net/ipv4/vs/conn_max || echo refused
		cat /proc/sys/net/ipv4/vs/conn_max' sh "$value" 2>/dev/null | xargs
}
own=(-n -U --preserve-credentials)
parameter=/sys/module/ip_vs/parameters/foreign_conn_max
expect "a foreign namespace starts with" "65536 65536" \
	"$(cat $parameter) $(conn_max 65536 "${own[@]}")"
expect "conn_max=65537 by the namespace's" "refused 65536" \
	"$(conn_max 65537 "${own[@]}")"
echo 1000 >$parameter
expect "one that comes later" 1000 \
	"$(unshare --user --map-root-user --net cat /proc/sys/net/ipv4/vs/conn_max)"
expect "one that is the machine's" 1073741824 \
	"$(unshare --net cat /proc/sys/net/ipv4/vs/conn_max)"
echo 65536 >$parameter
expect "conn_max=100 by the machine's administrator" 100 "$(conn_max 100 -n)"
expect "conn_max=101 by the namespace's" "refused 100" "$(conn_max 101 "${own[@]}")"
expect "conn_max=50 by the namespace's" 50 "$(conn_max 50 "${own[@]}")"
expect "conn_max=100 by the namespace's" 100 "$(conn_max 100 "${own[@]}")"
expect "conn_max=-1" "refused 100" "$(conn_max -1 "${own[@]}")"
expect "conn_max=2000 by the machine's" 2000 "$(conn_max 2000 -n)"
expect "and then by the namespace's" 1999 "$(conn_max 1999 "${own[@]}")"
# A file that somebody in there has opened may be anybody's standard output.
# shellcheck disable=SC2016 # not for this shell to expand
nsenter -t "$foreign" "${own[@]}" sh -c '
	exec 3>/proc/sys/net/ipv4/vs/conn_max && : >"$1" && exec sleep 1000' \
	sh "$scratch/opened" &
pids+=("$!")
opener=$!
wait_for 30 test -e "$scratch/opened" || fail "nobody has opened conn_max"
echo 3000 2>/dev/null >"/proc/$opener/fd/3" || echo refused >"$scratch/answer"
echo 1500 >"/proc/$opener/fd/3"
expect "conn_max=3000 through it by the machine's, then 1500" "refused 1500" \
	"$(cat "$scratch/answer") $(nsenter -t "$foreign" -n \
		cat /proc/sys/net/ipv4/vs/conn_max)"
echo 7 >/proc/sys/net/ipv4/vs/conn_max
expect "a new namespace starts with the first one's" 7 \
	"$(unshare --net cat /proc/sys/net/ipv4/vs/conn_max)"
