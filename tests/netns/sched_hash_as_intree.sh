#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# dh and sh hash alike: connection by connection the server that the
# in-tree module picks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sched_story.sh
. "$here/sched_story.sh"

[ -z "${UML:-}" ] || skip "the sanitizer kernel does not have these in-tree"
same_picks dh sh sh:sh-port sh:sh-port,sh-fallback
