/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One CPU's share of a namespace's connections, for the wheel (expiry.c) and for
 * walks (walk.c).
 */
#ifndef IP_VS_CONN_SHARD_H
#define IP_VS_CONN_SHARD_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "net.h"

#define SLOT_BITS 6
#define SLOTS BIT(SLOT_BITS)

/* Entries of slots that are due. */
enum due {
	DUE_NEAR,
	DUE_FAR,
	DUE_MAX
};

/**
 * struct ip_vs_shard - one CPU's share of a namespace's connections
 * @lock: everything here, and wheel and all of the entries; _bh
 * @count: length of @all without cursors; READ_ONCE()
 * @tick: slots up to this tick have been taken off the wheel; READ_ONCE()
 * @wq: where @work runs
 * @cpu: where it runs, or WORK_CPU_UNBOUND
 * @work: visits the wheel; pending or running while @count is not 0
 * @all: every entry, newest first, and the cursors of walks
 * @due: what was in the slots that were taken and has not been visited yet
 * @near: slots of one tick each
 * @far: slots of SLOTS ticks each
 */
struct ip_vs_shard {
	spinlock_t lock;	/* everything here; see above */
	u32 count;
	u64 tick;
	struct workqueue_struct *wq;
	int cpu;
	struct delayed_work work;
	struct list_head all;
	struct hlist_head due[DUE_MAX];
	struct hlist_head near[SLOTS];
	struct hlist_head far[SLOTS];
} ____cacheline_aligned_in_smp;

/* 0 until there can be connections. */
static inline u32 ip_vs_shard_count(const struct ip_vs_net *ivn)
{
	/* Pairs with ip_vs_expiry_equip(): with the number come the shards. */
	return smp_load_acquire(&ivn->n_shards);
}

#endif
