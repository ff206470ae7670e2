/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-CPU memory of a machine with a few CPUs: a stretch each, one behind the
 * other.
 */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/slab.h>

#define SHIM_CPU_STRETCH 4096

#define __alloc_percpu_gfp(size, align, gfp)				\
	(assert((size) <= SHIM_CPU_STRETCH),				\
	 shim_alloc(SHIM_CPUS, SHIM_CPU_STRETCH))
#define free_percpu(p) kfree(p)
#define per_cpu_ptr(p, cpu)						\
	((typeof(p))((char *)(p) + (cpu) * SHIM_CPU_STRETCH))

#endif
