// SPDX-License-Identifier: GPL-2.0-only
/*
 * The number of connections, and its limit (conn_max).
 *
 * Each CPU counts by itself and adds its count to the total now and then.  That
 * is exact enough while the limit is far away; near it, the counts of all CPUs
 * have to be summed, under a lock.  In a flood, which the limit is for, that
 * sum would be most of the work of refusing a packet, and all CPUs would wait
 * for its lock.  So one CPU makes it once a tick: it sets how many connections
 * may be created until the next sum, and a refused packet writes nothing.
 *
 * There may be fewer than the limit for a tick: what an ended connection frees
 * is given out with the next sum.  There may be more, by what CPUs have not
 * added to the total, if one of them is delayed for more than a tick between
 * sum and creation; the next sum corrects that.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "conn/limit.h"

/* What a CPU has not added to the total is less than this, up or down. */
#define BATCH 64

/* Is the limit so near that what CPUs have not added may exceed it? */
static bool limit_near(struct ip_vs_conn_limit *limit, int max)
{
	s64 slack = (s64)BATCH * num_online_cpus();

	return percpu_counter_read(&limit->n) + slack > max;
}

/* Is nothing left of what this tick's sum has given out? */
static bool limit_used_up(const struct ip_vs_conn_limit *limit, int max)
{
	return READ_ONCE(limit->tick) == (u32)jiffies &&
	       READ_ONCE(limit->max) == max && !atomic_read(&limit->left);
}

/* A connection is counted before it takes from @left, and so is the caller's:
 * one that the sum misses finds nothing left.
 */
static void limit_measure(struct ip_vs_conn_limit *limit, int max)
{
	s64 others;

	/* A full barrier: nothing is taken from the old @left after this. */
	atomic_xchg(&limit->left, 0);
	WRITE_ONCE(limit->max, max);
	others = percpu_counter_sum(&limit->n) - 1;
	atomic_set(&limit->left, clamp_t(s64, max - others, 0, INT_MAX));
}

static bool limit_take(struct ip_vs_conn_limit *limit, int max)
{
	u32 tick = READ_ONCE(limit->tick);
	u32 now = jiffies;

	if ((tick != now || READ_ONCE(limit->max) != max) &&
	    cmpxchg(&limit->tick, tick, now) == tick)
		limit_measure(limit, max);
	return atomic_dec_if_positive(&limit->left) >= 0;
}

/**
 * ip_vs_conn_limit_take() - count a new connection, if the limit allows it
 * @limit: the namespace's
 * @max: the limit
 *
 * Context: softirq, or process with bottom halves on or off.
 *
 * Return: true: counted, to be given back by ip_vs_conn_limit_give().
 */
bool ip_vs_conn_limit_take(struct ip_vs_conn_limit *limit, int max)
{
	bool near = limit_near(limit, max);

	if (unlikely(near) && limit_used_up(limit, max))
		return false;
	percpu_counter_add_batch(&limit->n, 1, BATCH);
	if (likely(!near) || limit_take(limit, max))
		return true;
	ip_vs_conn_limit_give(limit);
	return false;
}

/**
 * ip_vs_conn_limit_give() - count one connection less
 * @limit: the namespace's
 *
 * Context: any.
 */
void ip_vs_conn_limit_give(struct ip_vs_conn_limit *limit)
{
	percpu_counter_add_batch(&limit->n, -1, BATCH);
}

/**
 * ip_vs_conn_limit_count() - number of connections
 * @limit: the namespace's
 *
 * Context: process; sums what each CPU has counted.
 *
 * Return: connections and templates, those that are being created included.
 */
s64 ip_vs_conn_limit_count(struct ip_vs_conn_limit *limit)
{
	return percpu_counter_sum_positive(&limit->n);
}

/**
 * ip_vs_conn_limit_init() - initialise a limit, with no connections
 * @limit: zeroed
 *
 * Context: process, may sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_conn_limit_init(struct ip_vs_conn_limit *limit)
{
	return percpu_counter_init(&limit->n, 0, GFP_KERNEL_ACCOUNT);
}

/**
 * ip_vs_conn_limit_exit() - destroy a limit
 * @limit: the namespace's
 */
void ip_vs_conn_limit_exit(struct ip_vs_conn_limit *limit)
{
	percpu_counter_destroy(&limit->n);
}
