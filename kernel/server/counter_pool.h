/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU counters for real servers, many to an allocation.
 */
#ifndef IP_VS_COUNTER_POOL_H
#define IP_VS_COUNTER_POOL_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct ip_vs_counter_block;
struct ip_vs_cpu_counters;

/**
 * struct ip_vs_counter_pool - the sets of one namespace
 * @lock: protects @open and the blocks' free sets; taken by RCU callbacks
 * @open: blocks with a free set
 */
struct ip_vs_counter_pool {
	spinlock_t lock;	/* open blocks and their free sets */
	struct list_head open;
};

/**
 * struct ip_vs_counter_set - one server's counters
 * @cpu: what each CPU counts
 * @block: block that the set belongs to
 */
struct ip_vs_counter_set {
	struct ip_vs_cpu_counters __percpu *cpu;
	struct ip_vs_counter_block *block;
};

void ip_vs_counter_pool_init(struct ip_vs_counter_pool *pool);
int ip_vs_counter_set_get(struct ip_vs_counter_pool *pool,
			  struct ip_vs_counter_set *set);
void ip_vs_counter_set_put(struct ip_vs_counter_set *set);

#endif
