/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least loaded server of a service, whatever "load" is: for lc, wlc, sed,
 * nq, fo, ovf, lblc and lblcr.  See load_index.c.
 *
 * A scheduler on this index defines measure() and its name; the rest of its
 * struct ip_vs_scheduler is IP_VS_LOAD_INDEX_OPS, and IP_VS_LOAD_INDEX_PICK
 * where it always takes the least loaded server.
 */
#ifndef IP_VS_LOAD_INDEX_H
#define IP_VS_LOAD_INDEX_H

#include <linux/cache.h>
#include <linux/llist.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "server/dest.h"
#include "server/sched.h"

/**
 * struct ip_vs_load - load of a server: @cost / @share
 * @cost: its present work; 32 bits, so that products fit in 64
 * @share: its capacity, usually its weight; 0: not to be chosen, and then @cost
 *	must not be 0
 * @spare: it counts as a server with spare capacity
 */
struct ip_vs_load {
	u32 cost;
	u32 share : 31;
	u32 spare : 1;
};

/* The load of a server that must not be chosen: 1 / 0, above any other. */
#define IP_VS_LOAD_NONE ((struct ip_vs_load){ .cost = 1 })

/* Is @a less than @b?  Exact, as it does not divide. */
static inline bool ip_vs_load_less(struct ip_vs_load a, struct ip_vs_load b)
{
	return (u64)a.cost * b.share < (u64)b.cost * a.share;
}

/* Active connections, not below 0. */
static inline int ip_vs_active(const struct ip_vs_dest *dest)
{
	return max(atomic_read(&dest->active), 0);
}

/**
 * ip_vs_overhead() - compute the overhead of a server's connections
 * @dest: the server
 *
 * An active connection counts 257, an inactive one 1.  The in-tree module
 * computes this in a signed 32-bit number, which overflows at 8.3 million
 * active connections of one server and makes it look idle; here the result
 * saturates.
 *
 * Return: 256 * active + total.
 */
static inline u32 ip_vs_overhead(const struct ip_vs_dest *dest)
{
	u64 active = ip_vs_active(dest);
	u64 total = max(atomic_read(&dest->total), 0);

	return min_t(u64, active * 256 + total, U32_MAX);
}

/* @cost relative to a server's weight. */
static inline struct ip_vs_load
ip_vs_load_by_weight(const struct ip_vs_dest *dest, u32 cost)
{
	int weight = READ_ONCE(dest->weight);

	if (weight <= 0 || ip_vs_dest_overloaded(dest))
		return IP_VS_LOAD_NONE;
	return (struct ip_vs_load){ .cost = cost, .share = weight };
}

struct ip_vs_load_index;

/**
 * struct ip_vs_load_sched - state of a scheduler built on the index
 * @state: common part of all schedulers
 * @index: RCU; written under the configuration mutex
 */
struct ip_vs_load_sched {
	struct ip_vs_sched_state state;
	struct ip_vs_load_index __rcu *index;
};

/* Members of struct ip_vs_scheduler: contexts as described there. */
int ip_vs_load_index_init(struct ip_vs_sched_state *state, u32 n);
void ip_vs_load_index_fill(struct ip_vs_sched_state *state);
int ip_vs_load_index_reserve(struct ip_vs_sched_state *state, u32 more);
void ip_vs_load_index_free(struct ip_vs_sched_state *state);
void ip_vs_load_index_add(struct ip_vs_sched_state *state,
			  struct ip_vs_dest *dest);
void ip_vs_load_index_del(struct ip_vs_sched_state *state,
			  struct ip_vs_dest *dest);
void ip_vs_load_index_edit(struct ip_vs_sched_state *state,
			   struct ip_vs_dest *dest);
void ip_vs_load_index_load(struct ip_vs_sched_state *state,
			   struct ip_vs_dest *dest);
struct ip_vs_dest *ip_vs_load_index_pick(struct ip_vs_sched_state *state,
					 const struct ip_vs_packet *pkt);

#define IP_VS_LOAD_INDEX_OPS \
	.counts = true, \
	.fill = ip_vs_load_index_fill, \
	.reserve = ip_vs_load_index_reserve, \
	.add = ip_vs_load_index_add, \
	.del = ip_vs_load_index_del, \
	.edit = ip_vs_load_index_edit, \
	.load = ip_vs_load_index_load

#define IP_VS_LOAD_INDEX_PICK \
	.size = sizeof(struct ip_vs_load_sched), \
	.init = ip_vs_load_index_init, \
	.release = ip_vs_load_index_free, \
	.pick = ip_vs_load_index_pick

/* RCU read side. */
struct ip_vs_dest *ip_vs_load_index_best(struct ip_vs_sched_state *state);
bool ip_vs_load_index_spare(struct ip_vs_sched_state *state);

#endif
