// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks over all connections of a namespace, and what uses them.
 */
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "conn/conn.h"
#include "conn/shard.h"
#include "conn/walk.h"
#include "net.h"
#include "server/dest.h"

/* How many entries are looked at before a lock is released. */
#define BATCH 64

/**
 * ip_vs_conns_count() - how many connections a namespace has
 * @ivn: namespace
 *
 * Return: entries, templates included; not a snapshot.
 */
u32 ip_vs_conns_count(const struct ip_vs_net *ivn)
{
	u32 i, n = 0, n_shards = ip_vs_shard_count(ivn);

	for (i = 0; i < n_shards; i++)
		n += READ_ONCE(ivn->shards[i].count);
	return n;
}

/**
 * ip_vs_conn_walk_start() - begin a walk over all connections
 * @ivn: namespace
 * @cur: the walk; to be ended by ip_vs_conn_walk_stop()
 *
 * An entry that exists during the whole walk is returned exactly once, whatever
 * else is added or removed meanwhile; one created during the walk may be
 * missed.
 *
 * Context: process.
 */
void ip_vs_conn_walk_start(struct ip_vs_net *ivn,
			   struct ip_vs_conn_cursor *cur)
{
	memset(cur, 0, sizeof(*cur));
	cur->ivn = ivn;
	cur->mark.dead = true;
}

/* Walk on from the cursor's mark (or the shard's head) and move the mark behind
 * the last entry looked at.  Returns whether the end of the shard was reached.
 */
static bool walk_shard(struct ip_vs_shard *shard,
		       struct ip_vs_conn_cursor *cur,
		       struct ip_vs_conn **batch, unsigned int max,
		       unsigned int *n)
{
	struct list_head *pos = cur->linked ? &cur->mark.all : &shard->all;
	unsigned int seen = 0;
	struct ip_vs_conn *c;

	lockdep_assert_held(&shard->lock);
	while (pos->next != &shard->all && *n < max && seen++ < BATCH) {
		pos = pos->next;
		c = list_entry(pos, struct ip_vs_conn, all);
		if (!READ_ONCE(c->dead))
			batch[(*n)++] = c;
	}
	if (pos->next == &shard->all) {
		if (cur->linked)
			list_del(&cur->mark.all);
		cur->linked = false;
		return true;
	}
	if (cur->linked)
		list_move(&cur->mark.all, pos);
	else
		list_add(&cur->mark.all, pos);
	cur->linked = true;
	return false;
}

/**
 * ip_vs_conn_walk() - the next connections of a walk
 * @cur: the walk
 * @batch: filled in
 * @max: room in @batch, at least 1
 *
 * Context: process, RCU read side; the pointers are good until its end.
 *
 * Return: how many; 0: the walk is over.
 */
unsigned int ip_vs_conn_walk(struct ip_vs_conn_cursor *cur,
			     struct ip_vs_conn **batch, unsigned int max)
{
	struct ip_vs_net *ivn = cur->ivn;
	unsigned int n = 0;
	bool end;

	while (!n && cur->shard < ip_vs_shard_count(ivn)) {
		struct ip_vs_shard *shard = &ivn->shards[cur->shard];

		spin_lock_bh(&shard->lock);
		end = walk_shard(shard, cur, batch, max, &n);
		spin_unlock_bh(&shard->lock);
		if (end)
			cur->shard++;
	}
	return n;
}

/**
 * ip_vs_conn_walk_stop() - end a walk, at its end or before
 * @cur: the walk
 *
 * Context: process.
 */
void ip_vs_conn_walk_stop(struct ip_vs_conn_cursor *cur)
{
	struct ip_vs_shard *shard;

	if (!cur->linked)
		return;
	shard = &cur->ivn->shards[cur->shard];
	spin_lock_bh(&shard->lock);
	list_del(&cur->mark.all);
	spin_unlock_bh(&shard->lock);
	cur->linked = false;
}

/* End a connection, and what controls it as far as that is doomed as well. */
static void kill_upwards(struct ip_vs_conn *c,
			 bool (*doomed)(const struct ip_vs_conn *c))
{
	while (c && doomed(c) && ip_vs_conn_kill(c))
		c = c->control;
}

/* End every connection for which @doomed is true, in bounded slices. */
static void kill_where(struct ip_vs_net *ivn,
		       bool (*doomed)(const struct ip_vs_conn *c))
{
	struct ip_vs_conn *batch[BATCH];
	struct ip_vs_conn_cursor cur;
	unsigned int i, n;

	ip_vs_conn_walk_start(ivn, &cur);
	do {
		rcu_read_lock();
		n = ip_vs_conn_walk(&cur, batch, ARRAY_SIZE(batch));
		for (i = 0; i < n; i++)
			kill_upwards(batch[i], doomed);
		rcu_read_unlock();
		cond_resched();
	} while (n);
	ip_vs_conn_walk_stop(&cur);
}

static bool server_gone(const struct ip_vs_conn *c)
{
	return c->dest && !ip_vs_dest_available(c->dest);
}

static void sweep_work(struct work_struct *work)
{
	kill_where(container_of(work, struct ip_vs_net, sweep), server_gone);
}

/**
 * ip_vs_conns_sweep_init() - initialise the work for removed servers
 * @ivn: namespace
 */
void ip_vs_conns_sweep_init(struct ip_vs_net *ivn)
{
	INIT_WORK(&ivn->sweep, sweep_work);
}

static bool conn_any(const struct ip_vs_conn *c)
{
	return true;
}

/**
 * ip_vs_conns_end() - end every connection of a namespace
 * @ivn: namespace; no packet reaches its hooks any more
 *
 * Context: process, may sleep.
 */
void ip_vs_conns_end(struct ip_vs_net *ivn)
{
	u32 i;

	for (i = 0; i < ip_vs_shard_count(ivn); i++)
		cancel_delayed_work_sync(&ivn->shards[i].work);
	cancel_work_sync(&ivn->sweep);
	/* A template can end only after the connections it controls. */
	while (ip_vs_conns_count(ivn))
		kill_where(ivn, conn_any);
}
