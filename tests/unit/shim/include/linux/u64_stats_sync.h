/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_U64_STATS_SYNC_H
#define SHIM_LINUX_U64_STATS_SYNC_H

#include <linux/types.h>

struct u64_stats_sync { };

#define u64_stats_init(s) ((void)(s))

#endif
