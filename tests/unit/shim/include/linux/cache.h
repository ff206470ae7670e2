/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_CACHE_H
#define SHIM_LINUX_CACHE_H

#define ____cacheline_aligned __attribute__((aligned(64)))
#define ____cacheline_aligned_in_smp ____cacheline_aligned
#define SMP_CACHE_BYTES 64

#endif
