# SPDX-License-Identifier: GPL-2.0-only
"""
Exit status 0 when this namespace counts no more connections than it lists.

One whose time is up is hidden at once and counted until the wheel comes by to end
it, an eighth of a second later or, on a busy machine, more.
"""
import sys

import ipvs_ext as ext

counted = ext.Socket().info()[ext.CONNS]
with open("/proc/net/ip_vs_conn", encoding="ascii") as listing:
    listed = len(listing.readlines()) - 1
sys.exit(counted != listed)
