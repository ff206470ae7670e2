#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "make install" puts our tool, man pages and service in front of those of the
# distribution's package, and "make uninstall" leaves that as it was, to the last
# byte; so it does when the package comes after us, or is removed meanwhile.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "about our installation"
[ -z "${UML:-}" ] || skip "nothing for a sanitizer in here"
command -v dpkg-divert >/dev/null || skip "no dpkg here"
[ -L /sbin ] || skip "/sbin is no link"

# A package like the distribution's, the only one in a database of its own: the
# machine's has hundreds, and is read by every command.
export DPKG_ADMINDIR=$scratch/dpkg
mkdir -p "$DPKG_ADMINDIR"/{info,updates,triggers}
touch "$DPKG_ADMINDIR"/{status,available,diversions,statoverride}
# A folder would go with the last package in it. (The package is one of those that
# know /sbin by the name it is a link to, or that would go, too.)
cat >"$DPKG_ADMINDIR/status" <<END
Package: base
Status: install ok installed
Version: 1
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: test

END
printf '%s\n' /. /usr/sbin /etc /etc/init.d /usr /usr/share /usr/share/man /usr/share/man/man8 \
	>"$DPKG_ADMINDIR/info/base.list"
theirs='/usr/sbin/ipvsadm /usr/sbin/ipvsadm-save /usr/sbin/ipvsadm-restore
	/usr/share/man/man8/ipvsadm.8.gz /usr/share/man/man8/ipvsadm-save.8.gz
	/usr/share/man/man8/ipvsadm-restore.8.gz /etc/init.d/ipvsadm'
pack() {
	local file root=$scratch/package
	mkdir -p "$root/DEBIAN"
	cat >"$root/DEBIAN/control" <<-END
		Package: ipvsadm
		Version: 1.31-1
		Architecture: all
		Maintainer: nobody <nobody@example.org>
		Description: test
	END
	for file in $theirs; do
		mkdir -p "$root${file%/*}"
		echo "theirs: $file" >"$root$file"
		echo "$(md5sum <"$root$file" | cut -d' ' -f1)  ${file#/}"
	done >"$root/DEBIAN/md5sums"
	echo /etc/init.d/ipvsadm >"$root/DEBIAN/conffiles"
	must dpkg-deb --root-owner-group -Znone -b "$root" "$scratch/ipvsadm.deb" >/dev/null
}
quick_dpkg() {
	dpkg --force-unsafe-io --force-all --no-triggers "$@" >"$scratch/said" 2>&1 ||
		fail "dpkg $*: $(cat "$scratch/said")"
}
ours() {
	must make -s -o all -C "$checkout/ipvsadm" "$1"
}
state() {
	dpkg -V ipvsadm 2>&1
	dpkg-divert --list '*ipvs*'
	find /usr/sbin /usr/share/man/man7 /usr/share/man/man8 /etc/init.d \
		/lib/systemd/system/ /usr/share/bash-completion/completions \
		-name 'ip_vs*' -o -name 'ipvsadm*' | sort | xargs -r md5sum
}

# Other tests in this machine look for the real one.
# shellcheck disable=SC2086 # one file a word
tar -cf "$scratch/stock.tar" -P $theirs 2>/dev/null
put_back() {
	local status=$?
	(ours uninstall) >/dev/null 2>&1
	tar -xf "$scratch/stock.tar" -P
	return $status
}
trap 'put_back; cleanup' EXIT
# shellcheck disable=SC2086
rm -f $theirs
pack
nothing=$(state)
quick_dpkg -i "$scratch/ipvsadm.deb"
before=$(state)
expect "the package is whole" "" "$(dpkg -V ipvsadm)"

ours install
cmp -s /sbin/ipvsadm "$our_ipvsadm" || fail "/sbin/ipvsadm is not ours"
cmp -s /etc/init.d/ipvsadm "$checkout/ipvsadm/service/ipvsadm" ||
	fail "the init script is not ours"
expect "man pages in sight" "/usr/share/man/man8/ipvsadm-restore.8
/usr/share/man/man8/ipvsadm-save.8
/usr/share/man/man8/ipvsadm.8" \
	"$(find /usr/share/man/man8 -name 'ipvsadm*' ! -name '*.distrib.*' | sort)"
[ -f /usr/share/man/man8/ipvsadm.distrib.8.gz ] || fail "their manual page is gone"
expect "the package is whole beside ours" "" "$(dpkg -V ipvsadm)"
ours install
quick_dpkg -i "$scratch/ipvsadm.deb"
cmp -s /sbin/ipvsadm "$our_ipvsadm" || fail "an update of the package replaces ours"
ours uninstall
expect "after uninstall" "$before" "$(state)"
ours uninstall
expect "after another uninstall" "$before" "$(state)"

# The package comes after us, and goes before us.
quick_dpkg --purge ipvsadm
expect "without the package" "$nothing" "$(state)"
ours install
quick_dpkg -i "$scratch/ipvsadm.deb"
cmp -s /sbin/ipvsadm "$our_ipvsadm" || fail "the package replaces ours"
expect "the package is whole, installed later" "" "$(dpkg -V ipvsadm)"
ours uninstall
expect "after uninstall, package installed later" "$before" "$(state)"
ours install
quick_dpkg --purge ipvsadm
cmp -s /sbin/ipvsadm "$our_ipvsadm" || fail "purging the package removes ours"
ours uninstall
# dpkg forgets to purge a configuration file that is diverted.
rm -f /etc/init.d/ipvsadm
expect "after uninstall, package purged" "$nothing" "$(state)"
