/* SPDX-License-Identifier: GPL-2.0-only */
/* What files get without asking; included before each (-include). */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <errno.h>
#include <stdio.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/types.h>

#define DIV_ROUND_UP(x, y) (((x) + (y) - 1) / (y))

#define roundup(x, y) (((x) + (y) - 1) / (y) * (y))
#define rounddown(x, y) ((x) - (x) % (y))
#define offsetofend(type, member)					\
	(offsetof(type, member) + sizeof(((type *)0)->member))
#define IS_ENABLED(option) 0
#ifndef cond_resched
#define cond_resched() do { } while (0)
#endif

#endif
