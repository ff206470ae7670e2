#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whatever is said to the control plane (netlink, socket options, procfs, sysctl) in two
# namespaces and in a third of an unprivileged user: what was refused has changed
# nothing, no setting is where its user may not set it, the director of a fourth
# namespace has not noticed, and all of it goes.
#
# TEST_MESSAGES says how much, TEST_SEED what; "make fuzz-control" does a million.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/topo/sink.sh
. "$here/topo/sink.sh"

[ "$module" = ours ] || skip "in-tree has no family IPVS_EXT"
load_module "$module"
allow_user_namespaces
messages=${TEST_MESSAGES:-$([ -n "${UML:-}" ] && echo 30000 || echo 900)}
seed=${TEST_SEED:-1}
vs=/proc/sys/net/ipv4/vs

topo_sink bystander
# The dummy device's was the last.
request_no_modules
on bystander ip addr add 10.0.0.5/32 dev d0
on bystander "$our_ipvsadm" --set 90000 9000 90000
on bystander "$our_ipvsadm" -R <<-END2 || fail "no rules"
	-A -u 10.0.0.5:53 -s wrr -p 90000
	-a -u 10.0.0.5:53 -r 10.0.0.2:53 -m -w 3
	-A -t 10.0.0.5:80 -s mh
	-a -t 10.0.0.5:80 -r 10.0.0.2:80 -g -x 10 -y 5
	-A -f 1 -s lblc
	-a -f 1 -r 10.0.0.2 -i
END2
on bystander sysctl -qw net.ipv4.vs.drop_entry=1 net.ipv4.vs.conn_max=5000
on bystander bash -c 'for i in 1 2 3; do echo >/dev/udp/10.0.0.5/53; done'

# All that is to stay, without what time changes.
look() {
	on bystander "$our_ipvsadm" -Sn
	on bystander "$our_ipvsadm" -Ln --stats --exact
	on bystander "$our_ipvsadm" -L --timeout
	on bystander "$our_ipvsadm" -L --daemon
	on bystander "$our_ipvsadm" -Ln --drops
	on bystander cat /proc/net/ip_vs
	# shellcheck disable=SC2016 # for awk to expand
	on bystander awk '{ $NF = ""; print }' /proc/net/ip_vs_conn | sort
	on bystander grep -r . $vs
	(cd "$here/netlink" && on bystander python3 -B -c \
		'import ipvs_ext; print(ipvs_ext.Socket().info())')
	grep -r . /sys/module/ip_vs/parameters
	cat /proc/net/ip_vs
	grep -r . $vs
}
look >"$scratch/before"
expect "connections and a template" 4 "$(grep -c '^UDP 0A000' "$scratch/before")"

ns_add one two
echo "wrong requests begin" >/dev/kmsg
"$here/out/ctlfuzz" ${TEST_VERBOSE:+-v} "$seed" $((messages / 3)) one two foreign ||
	fail "seed $seed"
dmesg | sed '1,/wrong requests begin$/d' >"$scratch/log"
look >"$scratch/after"
expect "what the bystander has" "$(cat "$scratch/before")" "$(cat "$scratch/after")"

# What the module and the kernel's parsers say of such requests, and no more.
allowed='IPVS: (set_ctl: invalid protocol|length: |Unknown mcast interface|Scheduler module'
allowed+='|persistence engine module|[a-z_]+_dest\(\): |[a-z]+: .* no destination available'
allowed+='|ip_vs_bind_scheduler\(\): init error|sync thread started|stopping (master|backup) sync'
allowed+='|Error |You probably need|Schedule: port zero only)|netlink: |\w+: [0-9]+ callbacks suppressed'
grep -vE "^\[ *[0-9.]+\] ($allowed)" "$scratch/log" >"$scratch/unknown"
[ ! -s "$scratch/unknown" ] || fail "kernel log:
$(head -40 "$scratch/unknown")"
