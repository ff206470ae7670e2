#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# "modprobe ip_vs_rr" and the other names load our module once it is
# installed, and depmod prefers it to the distribution's; "modprobe xt_ipvs", the names
# that iptables asks the kernel for, and iptables itself load our match; "modprobe
# ip_vs_ftp" our helper.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "about our installation"
[ -z "${UML:-}" ] || skip "the sanitizer kernel has no module folder"
release=$(uname -r)
ours_now() { # [MODULE]
	# The kernel marks what was built outside its tree.
	grep -q O "/sys/module/${1:-ip_vs}/taint"
}

folder=/lib/modules/$release
# The tests that come after want the distribution's tool and modules back.
dpkg -L ipvsadm | while read -r file; do
	[ ! -f "$file" ] || echo "$file"
done >"$scratch/stock"
cp /sbin/ipvsadm "$scratch/theirs"
must tar -cf "$scratch/stock.tar" -P -T "$scratch/stock"
put_back() {
	local status=$?
	tar -xf "$scratch/stock.tar" -P
	mountpoint -q "$folder" && umount "$folder"
	return $status
}
trap 'put_back; cleanup' EXIT

# A module folder of what matters here: depmod over all four thousand modules
# takes minutes on an emulated machine.
mkdir -p "$scratch"/modules/kernel/{net,crypto}
cp -a "$folder"/modules.{order,builtin,builtin.modinfo} "$folder/build" "$scratch/modules/"
cp -a "$folder"/kernel/lib "$scratch/modules/kernel/"
cp -a "$folder"/kernel/crypto/crc32c* "$scratch/modules/kernel/crypto/"
cp -a "$folder"/kernel/net/{ipv4,ipv6,netfilter} "$scratch/modules/kernel/net/"
must mount --bind "$scratch/modules" "$folder"

# "-o all": what the host has built is taken as it is.
must make -s -o all -C "$checkout" install KDIR="/lib/modules/$release/build"
for name in ip_vs ip_vs_{rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh,twos,pe_sip}; do
	unload_module
	must modprobe "$name"
	loaded ip_vs || fail "modprobe $name: no ip_vs"
	ours_now || fail "modprobe $name loaded another ip_vs"
	must modprobe "$name"
done
ns_add rules
for ask in "modprobe xt_ipvs" "modprobe ipt_ipvs" "modprobe ip6t_ipvs" \
	"on rules iptables-legacy -A OUTPUT -m ipvs --ipvs" \
	"on rules ip6tables-legacy -A OUTPUT -m ipvs --ipvs"; do
	unload_module
	# shellcheck disable=SC2086 # a command
	must $ask
	for name in xt_ipvs ip_vs; do
		loaded $name || fail "$ask: no $name"
		ours_now $name || fail "$ask loaded another $name"
	done
	for tool in iptables-legacy ip6tables-legacy; do
		on rules $tool -F OUTPUT
	done
done
unload_module
# A helper is a module of ours; nobody loads it unasked.
must modprobe ip_vs
loaded ip_vs_ftp && fail "ip_vs_ftp is loaded unasked"
must modprobe ip_vs_ftp
[ "$(cat /sys/module/ip_vs_ftp/parameters/loose)" = N ] ||
	fail "modprobe ip_vs_ftp loaded another one"
unload_module
# The kernel asks for the family when a tool does.
must "$stock_ipvsadm" -ln
ours_now || fail "the first netlink request loaded another ip_vs"
cmp -s /sbin/ipvsadm "$our_ipvsadm" ||
	fail "/sbin/ipvsadm is not ours"
[ -f /usr/include/linux/ip_vs_ext.h ] || fail "no <linux/ip_vs_ext.h>"
unload_module

must make -s -C "$checkout" uninstall KDIR="/lib/modules/$release/build"
for left in /lib/modules/"$release"/updates/{ip_vs,ip_vs_ftp,xt_ipvs}.ko /etc/modprobe.d/ip_vs.conf \
	/usr/include/linux/ip_vs_ext.h; do
	[ ! -e "$left" ] || fail "make uninstall left $left"
done
cmp -s /sbin/ipvsadm "$scratch/theirs" || fail "make uninstall took the distribution's tool away"
must modprobe xt_ipvs
for name in xt_ipvs ip_vs; do
	ours_now $name && fail "our $name is still loaded after make uninstall"
done
unload_module
