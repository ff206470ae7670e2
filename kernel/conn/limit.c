// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many connections there are, and may be (conn_max).
 *
 * Each CPU counts by itself and tells the others now and then.  That is exact
 * enough while the limit is far away; near it, what each CPU has counted is to
 * be summed, under a lock.  In a flood, the case that the limit is for, that sum
 * would be most of the work of refusing a packet, and its lock the place where
 * all CPUs wait.  So it is made once a tick, by one CPU: it says how many may be
 * born until the next, and who is refused writes nothing.
 *
 * There may be fewer than the limit for a tick: a place left by a death is given
 * out with the next sum.  There may be more, by what CPUs keep for themselves, if
 * one of them is held up for a tick and more between sum and birth; the next sum
 * ends that.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "conn/limit.h"

/* What a CPU keeps for itself is less than this, up or down. */
#define BATCH 64

/* Might one more on each CPU be too many? */
static bool limit_near(struct ip_vs_conn_limit *limit, int max)
{
	s64 slack = (s64)BATCH * num_online_cpus();

	return percpu_counter_read(&limit->n) + slack > max;
}

/* Has nothing been left since this tick's sum? */
static bool limit_used_up(const struct ip_vs_conn_limit *limit, int max)
{
	return READ_ONCE(limit->tick) == (u32)jiffies &&
	       READ_ONCE(limit->max) == max && !atomic_read(&limit->left);
}

/* Whoever takes of what is left has counted himself in before, and so has the
 * caller: one that the sum misses finds nothing left.
 */
static void limit_measure(struct ip_vs_conn_limit *limit, int max)
{
	s64 others;

	/* A full barrier: no birth by the old figure after this. */
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
 * ip_vs_conn_limit_take() - one more connection, if there may be one
 * @limit: the namespace's
 * @max: how many there may be
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
 * ip_vs_conn_limit_give() - one less
 * @limit: the namespace's
 *
 * Context: any.
 */
void ip_vs_conn_limit_give(struct ip_vs_conn_limit *limit)
{
	percpu_counter_add_batch(&limit->n, -1, BATCH);
}

/**
 * ip_vs_conn_limit_count() - how many there are
 * @limit: the namespace's
 *
 * Context: process; sums what each CPU has counted.
 *
 * Return: connections and templates, those that are being born included.
 */
s64 ip_vs_conn_limit_count(struct ip_vs_conn_limit *limit)
{
	return percpu_counter_sum_positive(&limit->n);
}

/**
 * ip_vs_conn_limit_init() - no connections yet
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
 * ip_vs_conn_limit_exit() - the namespace goes
 * @limit: the namespace's
 */
void ip_vs_conn_limit_exit(struct ip_vs_conn_limit *limit)
{
	percpu_counter_destroy(&limit->n);
}
