#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/examples/failover, masquerading: keepalived moves the addresses from a director
# that has gone silent to the other one, and a download goes on there.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/failover_story.sh
. "$here/failover_story.sh"

load_module "$module"
failover_story nat 1
