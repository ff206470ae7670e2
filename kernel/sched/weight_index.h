/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Servers by weight, in list order: for round robin and random schedulers (rr,
 * wrr, twos).  See weight_index.c.
 *
 * A position is a number of a server in one index; the list runs from high
 * positions to low ones, so the newest server, the head of the list, has the
 * highest.
 */
#ifndef IP_VS_WEIGHT_INDEX_H
#define IP_VS_WEIGHT_INDEX_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/types.h>

#include "server/sched.h"

/* As a start: the head of the list.  As a result: none. */
#define IP_VS_POS_HEAD U32_MAX
#define IP_VS_POS_NONE U32_MAX

/**
 * struct ip_vs_weight_node - aggregates over the servers below a tree node
 * @sum: of the weights of those that are usable
 * @most: largest weight of those that are usable, 0: none is
 * @gcd: of all weights above 0, overloaded servers too; 0: there is none
 * @top: largest weight, overloaded servers too
 */
struct ip_vs_weight_node {
	u64 sum;
	u32 most;
	u32 gcd;
	u32 top;
};

/**
 * struct ip_vs_weight_index - the tree
 * @cursor: position of the last choice (upper half) and a number private to the
 *	scheduler (lower half); the only thing a pick writes
 * @seq: gives readers a consistent tree; written under svc->sched_lock
 * @size: number of positions, a power of two
 * @used: positions assigned; configuration mutex, READ_ONCE()
 * @rcu: for freeing
 * @node: [1] is the root, [i] has the children [2i] and [2i + 1], position p
 *	is the leaf [size + p]; written under svc->sched_lock inside @seq
 * @map: by position: is @dest set?  Configuration mutex and svc->sched_lock
 * @dest: by position, NULL: deleted; as @node
 */
struct ip_vs_weight_index {
	atomic64_t cursor ____cacheline_aligned_in_smp;
	seqcount_spinlock_t seq ____cacheline_aligned_in_smp;
	u32 size;
	u32 used;
	struct rcu_head rcu;
	struct ip_vs_weight_node *node;
	unsigned long *map;
	struct ip_vs_dest __rcu *dest[];
};

/**
 * struct ip_vs_weight_sched - state of a scheduler built on the index
 * @state: common part of all schedulers
 * @index: RCU; written under the configuration mutex
 */
struct ip_vs_weight_sched {
	struct ip_vs_sched_state state;
	struct ip_vs_weight_index __rcu *index;
};

static inline struct ip_vs_weight_sched *
ip_vs_weight_sched(struct ip_vs_sched_state *state)
{
	return container_of(state, struct ip_vs_weight_sched, state);
}

static inline u64 ip_vs_cursor(u32 pos, u32 number)
{
	return (u64)pos << 32 | number;
}

static inline u32 ip_vs_cursor_pos(u64 cursor)
{
	return cursor >> 32;
}

static inline u32 ip_vs_cursor_number(u64 cursor)
{
	return (u32)cursor;
}

struct ip_vs_weight_index *ip_vs_weight_index(struct ip_vs_sched_state *state);

/* Members of struct ip_vs_scheduler: contexts as described there. */
int ip_vs_weight_index_init(struct ip_vs_sched_state *state, u32 n);
void ip_vs_weight_index_fill(struct ip_vs_sched_state *state);
int ip_vs_weight_index_reserve(struct ip_vs_sched_state *state, u32 more);
void ip_vs_weight_index_free(struct ip_vs_sched_state *state);
void ip_vs_weight_index_add(struct ip_vs_sched_state *state,
			    struct ip_vs_dest *dest);
void ip_vs_weight_index_del(struct ip_vs_sched_state *state,
			    struct ip_vs_dest *dest);
void ip_vs_weight_index_edit(struct ip_vs_sched_state *state,
			     struct ip_vs_dest *dest);
void ip_vs_weight_index_load(struct ip_vs_sched_state *state,
			     struct ip_vs_dest *dest);

/* RCU read side, inside read_seqcount_begin(&idx->seq) ... _retry(). */
u32 ip_vs_weight_index_search(const struct ip_vs_weight_index *idx, u32 after,
			      u32 weight);
u32 ip_vs_weight_index_draw(const struct ip_vs_weight_index *idx, u64 lot);

/* The next server in list order after a position, or from IP_VS_POS_HEAD on, of
 * at least so much weight; IP_VS_POS_NONE: there is none before the end of the
 * list.  Most often it is the very next one, which takes no search.
 */
static inline u32 ip_vs_weight_index_next(const struct ip_vs_weight_index *idx,
					  u32 after, u32 weight)
{
	u32 pos;

	if (!after)
		return IP_VS_POS_NONE;
	pos = (after == IP_VS_POS_HEAD ? READ_ONCE(idx->used) : after) - 1;
	if (likely(pos < idx->size &&
		   READ_ONCE(idx->node[idx->size + pos].most) >= weight))
		return pos;
	return ip_vs_weight_index_search(idx, after, weight);
}

#endif
