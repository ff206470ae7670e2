/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before every file of the module in scripts/race: READ_ONCE(), data_race(),
 * atomics and sequence counters tell what they do, to race_watch.c instead of to a
 * kernel that was built with KCSAN.
 */
#include <linux/types.h>

#define CONFIG_KCSAN 1
#include <linux/kcsan-checks.h>
#undef CONFIG_KCSAN
