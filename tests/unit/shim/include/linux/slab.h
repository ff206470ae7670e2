/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory; every shim_fail_in'th allocation from now fails, 0: none. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/types.h>

typedef unsigned int gfp_t;

#define __GFP_NOWARN 4
#define GFP_KERNEL 0
#define GFP_ATOMIC 1
#define GFP_KERNEL_ACCOUNT 2

extern unsigned int shim_fail_in;

void *shim_alloc(size_t n, size_t size);
void kfree(const void *p);

#define kcalloc(n, size, gfp) shim_alloc(n, size)
#define kmalloc(size, gfp) shim_alloc(1, size)
#define kzalloc(size, gfp) shim_alloc(1, size)
#define kvzalloc(size, gfp) shim_alloc(1, size)
#define kvcalloc(n, size, gfp) shim_alloc(n, size)
#define kvfree(p) kfree(p)

#endif
