/* SPDX-License-Identifier: GPL-2.0-only */
/* A counter that here has one CPU only. */
#ifndef SHIM_PERCPU_COUNTER_H
#define SHIM_PERCPU_COUNTER_H

#include <linux/types.h>

struct percpu_counter {
	s64 count;
};

#endif
