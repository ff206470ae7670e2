#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# lc, wlc, sed and nq find the least loaded server: connection by connection the server that the
# in-tree module picks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sched_story.sh
. "$here/sched_story.sh"

[ -z "${UML:-}" ] || skip "the sanitizer kernel does not have these in-tree"
same_picks lc wlc sed nq
