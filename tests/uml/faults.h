/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included by every file of the module on the sanitizer kernel: what failslab cannot
 * make fail.  Per-CPU memory has no fault injection, and a large kvmalloc() that got
 * nothing from the slab asks vmalloc().  /proc/self/fail-nth counts and fails these as
 * well.
 */
#include <linux/fault-inject.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/slab.h>

static inline bool ip_vs_fault(size_t size)
{
	static struct fault_attr attr = { .times = ATOMIC_INIT(-1) };

	return should_fail(&attr, size);
}

#define __alloc_percpu_gfp(size, align, gfp) \
	(ip_vs_fault(size) ? NULL : __alloc_percpu_gfp(size, align, gfp))
#define kvmalloc(size, gfp) \
	(ip_vs_fault(size) ? NULL : kvmalloc(size, gfp))
#define kvzalloc(size, gfp) \
	(ip_vs_fault(size) ? NULL : kvzalloc(size, gfp))
#define kvcalloc(n, size, gfp) \
	(ip_vs_fault(size) ? NULL : kvcalloc(n, size, gfp))
#ifndef CONFIG_SMP
/* It allocates nothing there; elsewhere it does. */
#define percpu_counter_init(counter, amount, gfp) \
	(ip_vs_fault(sizeof(s32)) ? -ENOMEM : \
	 percpu_counter_init(counter, amount, gfp))
#endif
