#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# "scripts/setup" installs what a build needs and no service; "--test" installs
# services as well, and leaves none of them to start with the next boot, but what
# was there before as it was. apt-get is a stand-in, as this machine has no network.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$module" = ours ] || skip "about our installation"
[ -z "${UML:-}" ] || skip "nothing for a sanitizer in here"
command -v dpkg-query >/dev/null || skip "no dpkg here"

mkdir "$scratch/bin"
# A small database: nothing is there but nginx and, once installed, keepalived; or
# all but keepalived, with the file "most".
cat >"$scratch/bin/dpkg-query" <<END
#!/bin/bash
there() {
	case \$1 in
	keepalived) [ -e $scratch/installed ] ;;
	nginx-light) true ;;
	*) [ -e $scratch/most ] ;;
	esac
}
what=\$1
shift
case \$what in
-L)
	for package; do
		echo /lib/systemd/system/\${package%-light}.service
		echo /etc/init.d/\${package%-light}
	done
	;;
-W)
	shift 2
	[ \$# -gt 0 ] || list='keepalived nginx-light'
	for package in \$list "\$@"; do
		! there \$package || if [ -n "\$list" ]; then
			echo "\$package installed"
		else
			echo "install ok installed \$package"
		fi
	done
	;;
esac
END
# As the package's own script does it.
wants=/etc/systemd/system/multi-user.target.wants
cat >"$scratch/bin/apt-get" <<END
#!/bin/bash
echo "\$*" >>$scratch/asked
[ -x /usr/sbin/policy-rc.d ] && ! /usr/sbin/policy-rc.d || echo started >>$scratch/asked
mkdir -p $wants
ln -sf /lib/systemd/system/keepalived.service $wants/keepalived.service
touch $scratch/installed
END
chmod +x "$scratch"/bin/*
rm -f "$wants/keepalived.service"
mkdir -p "$wants"
ln -sf /lib/systemd/system/nginx.service "$wants/nginx.service"
setup() {
	rm -f "$scratch/asked" "$scratch/installed"
	PATH=$scratch/bin:$PATH must "$checkout/scripts/setup" "$@" >/dev/null
}

touch "$scratch/most"
setup --test
expect "installed" "install -y --no-install-recommends keepalived" "$(cat "$scratch/asked")"
[ ! -L "$wants/keepalived.service" ] || fail "keepalived is enabled"
[ -L "$wants/nginx.service" ] || fail "nginx, which was there before, is disabled"

rm "$scratch/most"
setup
expect "services among what a build needs" "" "$(grep -owE \
	'nginx[a-z-]*|keepalived|prometheus[a-z-]*|ipvsadm|qemu[a-z0-9-]*|conntrack' "$scratch/asked")"
grep -qw gcc "$scratch/asked" || fail "no compiler: $(cat "$scratch/asked")"
