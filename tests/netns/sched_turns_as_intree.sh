#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
#
# rr and wrr take their turns: connection by connection the server that the
# in-tree module picks.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sched_story.sh
. "$here/sched_story.sh"

same_picks rr wrr
