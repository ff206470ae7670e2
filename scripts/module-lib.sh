# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# module-lib.sh - modules that are built from a copy of their sources, for uml and race:
# objects for one kernel, or with one set of checks, must not meet those for another.
# Before it is sourced: die(), checkout.

# sync_sources COPY FOLDER...: by content, so that untouched files are not built again
sync_sources() {
	local copy=$1 f
	shift
	(cd "$checkout" && find "$@" -type f \
		\( -name '*.[ch]' -o -name 'Kbuild*' \) -print 2>/dev/null) |
		while read -r f; do
			mkdir -p "$copy/$(dirname "$f")"
			cmp -s "$checkout/$f" "$copy/$f" || cp "$checkout/$f" "$copy/$f"
		done
}

# module_build COPY COMMAND...: calls it, one at a time; shows warnings
module_build() {
	local copy=$1
	shift
	mkdir -p "$copy"
	exec 8>>"$copy.lock"
	flock 8
	"$@" >"$copy/build.log" 2>&1 || {
		tail -30 "$copy/build.log" >&2
		die "the module did not build"
	}
	grep -i 'warning:' "$copy/build.log" >&2
	flock -u 8
}
