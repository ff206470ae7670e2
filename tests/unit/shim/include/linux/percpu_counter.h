/* SPDX-License-Identifier: GPL-2.0-only */
/* A counter of a machine with a few CPUs, the test on CPU shim_cpu. */
#ifndef SHIM_PERCPU_COUNTER_H
#define SHIM_PERCPU_COUNTER_H

#include <linux/cpumask.h>
#include <linux/types.h>

struct percpu_counter {
	s64 count;
	s32 local[SHIM_CPUS];
};

extern unsigned int shim_cpu;
/* How often the counts of all CPUs were summed, how often anything was written. */
extern unsigned int shim_sums, shim_counts;

#define percpu_counter_read(c) ((c)->count)

static inline int percpu_counter_init(struct percpu_counter *c, s64 n, int gfp)
{
	*c = (struct percpu_counter) { .count = n };
	return 0;
}

static inline void percpu_counter_destroy(struct percpu_counter *c)
{
}

static inline void percpu_counter_add_batch(struct percpu_counter *c, s64 n,
					    s32 batch)
{
	s32 *local = &c->local[shim_cpu];

	shim_counts++;
	*local += n;
	if (*local >= batch || *local <= -batch) {
		c->count += *local;
		*local = 0;
	}
}

static inline s64 percpu_counter_sum(struct percpu_counter *c)
{
	s64 sum = c->count;
	int cpu;

	shim_sums++;
	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		sum += c->local[cpu];
	return sum;
}

static inline s64 percpu_counter_sum_positive(struct percpu_counter *c)
{
	s64 sum = percpu_counter_sum(c);

	return sum < 0 ? 0 : sum;
}

#endif
