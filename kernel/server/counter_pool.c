// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU counters for real servers, many to an allocation.
 *
 * The per-CPU allocator searches bitmaps under a global lock, which would
 * dominate the cost of adding a server.  So sets are allocated in blocks; a
 * block is freed when none of its sets is in use.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "server/counter_pool.h"
#include "server/stats.h"

#define BLOCK_SETS	16

/**
 * struct ip_vs_counter_block - one allocation
 * @pool: pool it belongs to
 * @open: link in the pool's list while a set is free
 * @free: a bit for each free set
 * @sets: BLOCK_SETS of them; the free ones are all 0
 */
struct ip_vs_counter_block {
	struct ip_vs_counter_pool *pool;
	struct list_head open;
	unsigned long free;
	struct ip_vs_cpu_counters __percpu *sets;
};

#define ALL_FREE	GENMASK(BLOCK_SETS - 1, 0)

static struct ip_vs_counter_block *block_new(struct ip_vs_counter_pool *pool)
{
	const size_t one = sizeof(struct ip_vs_cpu_counters);
	struct ip_vs_counter_block *block;
	int cpu, i;

	block = kzalloc(sizeof(*block), GFP_KERNEL_ACCOUNT);
	if (!block)
		return NULL;
	block->pool = pool;
	block->free = ALL_FREE;
	block->sets = __alloc_percpu_gfp(BLOCK_SETS * one,
					 __alignof__(struct ip_vs_cpu_counters),
					 GFP_KERNEL_ACCOUNT);
	if (!block->sets) {
		kfree(block);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		for (i = 0; i < BLOCK_SETS; i++)
			u64_stats_init(&per_cpu_ptr(block->sets + i, cpu)->syncp);
	return block;
}

static void block_free(struct ip_vs_counter_block *block)
{
	free_percpu(block->sets);
	kfree(block);
}

/* Takes a set from the first block with a free one; false: there is none. */
static bool counters_take(struct ip_vs_counter_pool *pool,
			  struct ip_vs_counter_set *set)
{
	struct ip_vs_counter_block *block;
	int i;

	block = list_first_entry_or_null(&pool->open,
					 struct ip_vs_counter_block, open);
	if (!block)
		return false;
	i = __ffs(block->free);
	set->block = block;
	set->cpu = block->sets + i;
	block->free &= ~BIT(i);
	if (!block->free)
		list_del(&block->open);
	return true;
}

/**
 * ip_vs_counter_set_get() - allocate the counters of a server
 * @pool: the pool of its namespace
 * @set: result: all 0; to be given back with ip_vs_counter_set_put()
 *
 * Context: process, the namespace's configuration mutex held.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_counter_set_get(struct ip_vs_counter_pool *pool,
			  struct ip_vs_counter_set *set)
{
	struct ip_vs_counter_block *block;
	bool taken;

	spin_lock_bh(&pool->lock);
	taken = counters_take(pool, set);
	spin_unlock_bh(&pool->lock);
	if (taken)
		return 0;
	block = block_new(pool);
	if (!block)
		return -ENOMEM;
	spin_lock_bh(&pool->lock);
	list_add(&block->open, &pool->open);
	counters_take(pool, set);
	spin_unlock_bh(&pool->lock);
	return 0;
}

static void counters_clear(struct ip_vs_cpu_counters __percpu *set)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct ip_vs_cpu_counters *c = per_cpu_ptr(set, cpu);

		memset(c->v, 0, sizeof(c->v));
	}
}

/**
 * ip_vs_counter_set_put() - free the counters of a server
 * @set: from ip_vs_counter_set_get(); no longer written or read
 *
 * Context: any; an RCU callback as a rule.
 */
void ip_vs_counter_set_put(struct ip_vs_counter_set *set)
{
	struct ip_vs_counter_block *block = set->block;
	struct ip_vs_counter_pool *pool = block->pool;
	bool unused;

	counters_clear(set->cpu);
	spin_lock_bh(&pool->lock);
	if (!block->free)
		list_add(&block->open, &pool->open);
	block->free |= BIT(set->cpu - block->sets);
	unused = block->free == ALL_FREE;
	if (unused)
		list_del(&block->open);
	spin_unlock_bh(&pool->lock);
	if (unused)
		block_free(block);
}

/**
 * ip_vs_counter_pool_init() - initialise an empty pool
 * @pool: pool of a namespace, which must outlive every set taken from it
 *
 * Context: process.
 */
void ip_vs_counter_pool_init(struct ip_vs_counter_pool *pool)
{
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->open);
}
