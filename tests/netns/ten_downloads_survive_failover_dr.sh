#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tier: slow
# timeout: 1800
#
# scripts/examples/failover, direct routing, ten times in a row: each time the director that
# is active goes silent, and each time the download is complete; who was silent is
# switched off and on, and takes over the next time.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/failover_story.sh
. "$here/failover_story.sh"
[ -z "${UML:-}" ] || skip "the same as download_survives_failover_dr, only longer"

load_module "$module"
failover_story dr 10
