/* SPDX-License-Identifier: GPL-2.0-only */
/* Reproducible, or what a test puts into shim_random (in this order). */
#ifndef SHIM_LINUX_RANDOM_H
#define SHIM_LINUX_RANDOM_H

#include <linux/types.h>

extern u64 shim_random[8];
extern unsigned int shim_random_n;

u64 get_random_u64(void);
void get_random_bytes(void *p, size_t n);

#endif
