// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers by weight, in list order.
 *
 * A service's servers are in an array in the order they were added, and a
 * segment tree over the array stores for each range the largest usable weight,
 * the sum of the usable weights, and gcd and maximum of all weights.  So
 * finding "the next server after this one with at least weight w" takes one way
 * up the tree and one down, however many servers are overloaded or quiesced in
 * between, and an edit updates gcd and maximum without a walk over all servers.
 *
 * How the array grows, and its holes: slots.h.
 *
 * Concurrency.  Picks read under RCU and retry when there was a concurrent
 * writer (idx->seq); writers hold svc->sched_lock.  Writers are configuration
 * and changes of an overload mark; connections that do not change the mark only
 * read.  A new array is published by RCU; changes reported to the old one
 * meanwhile are read again afterwards.
 */
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gcd.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "net.h"
#include "sched/slots.h"
#include "sched/weight_index.h"
#include "server/dest.h"
#include "server/service.h"

/**
 * ip_vs_weight_index() - get a scheduler's index for configuration
 * @state: of a scheduler built on the index
 *
 * Context: configuration mutex held.
 * Return: the index, valid until the next reservation.
 */
struct ip_vs_weight_index *ip_vs_weight_index(struct ip_vs_sched_state *state)
{
	return rcu_dereference_protected(ip_vs_weight_sched(state)->index,
			lockdep_is_held(&state->svc->ivn->config));
}

static struct ip_vs_weight_node index_weigh(const struct ip_vs_dest *dest)
{
	struct ip_vs_weight_node n = {};
	int weight = READ_ONCE(dest->weight);

	if (weight <= 0)
		return n;
	n.gcd = weight;
	n.top = weight;
	if (!ip_vs_dest_overloaded(dest)) {
		n.most = weight;
		n.sum = weight;
	}
	return n;
}

static bool same_node(const struct ip_vs_weight_node *a,
		      const struct ip_vs_weight_node *b)
{
	return a->sum == b->sum && a->most == b->most && a->gcd == b->gcd &&
	       a->top == b->top;
}

static struct ip_vs_weight_node index_join(const struct ip_vs_weight_node *a,
					   const struct ip_vs_weight_node *b)
{
	return (struct ip_vs_weight_node){
		.sum = a->sum + b->sum,
		.most = max(a->most, b->most),
		.gcd = gcd(a->gcd, b->gcd),
		.top = max(a->top, b->top),
	};
}

static void tree_write(struct ip_vs_weight_node *n, struct ip_vs_weight_node to)
{
	WRITE_ONCE(n->sum, to.sum);
	WRITE_ONCE(n->most, to.most);
	WRITE_ONCE(n->gcd, to.gcd);
	WRITE_ONCE(n->top, to.top);
}

/* Writes @leaf at @pos and updates every node above it. */
static void weight_tree_set(struct ip_vs_weight_index *idx, u32 pos,
			    struct ip_vs_weight_node leaf)
{
	struct ip_vs_weight_node now;
	u32 i = idx->size + pos;

	tree_write(&idx->node[i], leaf);
	for (i /= 2; i; i /= 2) {
		now = index_join(&idx->node[2 * i], &idx->node[2 * i + 1]);
		if (same_node(&now, &idx->node[i]))
			break;
		tree_write(&idx->node[i], now);
	}
}

static struct ip_vs_weight_index *weight_index_new(struct ip_vs_service *svc,
						   u32 n_dests)
{
	u32 size = ip_vs_slots(n_dests);
	struct ip_vs_weight_index *idx;
	size_t head, nodes, map;

	head = ALIGN(struct_size(idx, dest, size),
		     __alignof__(struct ip_vs_weight_node));
	nodes = array3_size(2, size, sizeof(*idx->node));
	map = BITS_TO_LONGS(size) * sizeof(*idx->map);
	idx = kvzalloc(size_add(size_add(head, nodes), map),
		       GFP_KERNEL_ACCOUNT);
	if (!idx)
		return NULL;
	idx->node = (void *)idx + head;
	idx->map = (void *)idx->node + nodes;
	idx->size = size;
	seqcount_spinlock_init(&idx->seq, &svc->sched_lock);
	atomic64_set(&idx->cursor, ip_vs_cursor(IP_VS_POS_HEAD, 0));
	return idx;
}

/* Adds the service's present servers.  Not yet published. */
static void weight_index_fill(struct ip_vs_service *svc,
			      struct ip_vs_weight_index *idx)
{
	struct ip_vs_dest *dest;
	u32 i, pos;

	list_for_each_entry_reverse(dest, &svc->dest_list, list) {
		pos = idx->used++;
		rcu_assign_pointer(idx->dest[pos], dest);
		__set_bit(pos, idx->map);
		idx->node[idx->size + pos] = index_weigh(dest);
		WRITE_ONCE(dest->sched_slot, pos);
		ip_vs_sched_yield(pos);
	}
	for (i = idx->size - 1; i; i--) {
		idx->node[i] = index_join(&idx->node[2 * i], &idx->node[2 * i + 1]);
		ip_vs_sched_yield(i);
	}
}

/* The old index's cursor, converted to positions of the new one. */
static u64 cursor_moved(struct ip_vs_service *svc,
			const struct ip_vs_weight_index *old)
{
	u64 cursor = atomic64_read(&old->cursor);
	u32 pos = ip_vs_cursor_pos(cursor);
	struct mutex *config = &svc->ivn->config;
	struct ip_vs_dest *dest = NULL;

	if (pos < old->used)
		dest = rcu_dereference_protected(old->dest[pos],
						 lockdep_is_held(config));
	pos = dest ? dest->sched_slot : IP_VS_POS_HEAD;
	return ip_vs_cursor(pos, ip_vs_cursor_number(cursor));
}

/* Reads the server at @pos into the tree.  A concurrent change of its mark may
 * have seen the old leaf (see ip_vs_weight_index_load()) and then left the
 * update to this function: repeat until nothing changes.
 */
static void leaf_refresh(struct ip_vs_weight_index *idx, u32 pos,
			 const struct ip_vs_dest *dest)
{
	struct ip_vs_weight_node leaf = index_weigh(dest), now = leaf;

	do {
		leaf = now;
		weight_tree_set(idx, pos, leaf);
		/* Pairs with the barrier in ip_vs_weight_index_load(). */
		smp_mb();
		now = index_weigh(dest);
	} while (!same_node(&leaf, &now));
}

/**
 * ip_vs_weight_index_init() - allocate an index without servers
 * @state: of a scheduler built on the index
 * @n: number of servers it has room for
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_weight_index_init(struct ip_vs_sched_state *state, u32 n)
{
	struct ip_vs_weight_index *idx = weight_index_new(state->svc, n);

	if (!idx)
		return -ENOMEM;
	rcu_assign_pointer(ip_vs_weight_sched(state)->index, idx);
	return 0;
}

/**
 * ip_vs_weight_index_fill() - add the service's present servers to the index
 * @state: of a scheduler built on the index, fresh from its init()
 */
void ip_vs_weight_index_fill(struct ip_vs_sched_state *state)
{
	weight_index_fill(state->svc, ip_vs_weight_index(state));
}

/**
 * ip_vs_weight_index_reserve() - allocate room for more servers
 * @state: of a scheduler built on the index
 * @more: how many more
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_weight_index_reserve(struct ip_vs_sched_state *state, u32 more)
{
	struct ip_vs_weight_index *old = ip_vs_weight_index(state), *idx;
	struct ip_vs_service *svc = state->svc;
	struct ip_vs_dest *dest;
	u32 i = 0;

	if (more <= old->size - old->used)
		return 0;
	idx = weight_index_new(svc, svc->num_dests + more);
	if (!idx)
		return -ENOMEM;
	weight_index_fill(svc, idx);
	atomic64_set(&idx->cursor, cursor_moved(svc, old));
	rcu_assign_pointer(ip_vs_weight_sched(state)->index, idx);
	list_for_each_entry(dest, &svc->dest_list, list) {
		rcu_read_lock();
		ip_vs_weight_index_load(state, dest);
		rcu_read_unlock();
		ip_vs_sched_yield(i++);
	}
	kvfree_rcu(old, rcu);
	return 0;
}

/**
 * ip_vs_weight_index_free() - free the index
 * @state: of a scheduler built on the index; no packet can reach it any more
 */
void ip_vs_weight_index_free(struct ip_vs_sched_state *state)
{
	kvfree(rcu_access_pointer(ip_vs_weight_sched(state)->index));
}

/**
 * ip_vs_weight_index_add() - add the server at the head of the service's list
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_weight_index_add(struct ip_vs_sched_state *state,
			    struct ip_vs_dest *dest)
{
	struct ip_vs_weight_index *idx = ip_vs_weight_index(state);
	spinlock_t *lock = &state->svc->sched_lock;
	u32 pos = idx->used;

	if (WARN_ON_ONCE(pos == idx->size))
		return;
	WRITE_ONCE(dest->sched_slot, pos);
	spin_lock_bh(lock);
	write_seqcount_begin(&idx->seq);
	/* Inside: a pick that misses the server has begun before. */
	WRITE_ONCE(idx->used, pos + 1);
	rcu_assign_pointer(idx->dest[pos], dest);
	__set_bit(pos, idx->map);
	leaf_refresh(idx, pos, dest);
	write_seqcount_end(&idx->seq);
	spin_unlock_bh(lock);
}

/* The server before the one at @pos in the list: the next higher position in
 * use.  Nearly all servers may have been removed, and the lock is held: a
 * bitmap skips the holes of a whole word in one step.
 */
static u32 position_before(const struct ip_vs_weight_index *idx, u32 pos)
{
	pos = find_next_bit(idx->map, idx->used, pos + 1);
	return pos < idx->used ? pos : IP_VS_POS_HEAD;
}

/**
 * ip_vs_weight_index_del() - remove a server from the index
 * @state: of a scheduler built on the index
 * @dest: the server
 *
 * A cursor at its position is moved to the server before it, or to the head of
 * the list, so that the server after it is next.
 */
void ip_vs_weight_index_del(struct ip_vs_sched_state *state,
			    struct ip_vs_dest *dest)
{
	struct ip_vs_weight_index *idx = ip_vs_weight_index(state);
	spinlock_t *lock = &state->svc->sched_lock;
	u32 pos = dest->sched_slot;
	s64 cursor, moved;

	if (pos >= idx->used)
		return;
	spin_lock_bh(lock);
	write_seqcount_begin(&idx->seq);
	RCU_INIT_POINTER(idx->dest[pos], NULL);
	__clear_bit(pos, idx->map);
	weight_tree_set(idx, pos, (struct ip_vs_weight_node){});
	write_seqcount_end(&idx->seq);
	cursor = atomic64_read(&idx->cursor);
	while (ip_vs_cursor_pos(cursor) == pos) {
		moved = ip_vs_cursor(position_before(idx, pos),
				     ip_vs_cursor_number(cursor));
		if (atomic64_try_cmpxchg(&idx->cursor, &cursor, moved))
			break;
	}
	spin_unlock_bh(lock);
}

/**
 * ip_vs_weight_index_edit() - read a server's weight again
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_weight_index_edit(struct ip_vs_sched_state *state,
			     struct ip_vs_dest *dest)
{
	struct ip_vs_weight_index *idx = ip_vs_weight_index(state);
	spinlock_t *lock = &state->svc->sched_lock;

	spin_lock_bh(lock);
	write_seqcount_begin(&idx->seq);
	leaf_refresh(idx, dest->sched_slot, dest);
	write_seqcount_end(&idx->seq);
	spin_unlock_bh(lock);
}

/**
 * ip_vs_weight_index_load() - update the index if a server has become (un)usable
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_weight_index_load(struct ip_vs_sched_state *state,
			     struct ip_vs_dest *dest)
{
	spinlock_t *lock = &state->svc->sched_lock;
	struct ip_vs_weight_index *idx;
	struct ip_vs_weight_node leaf;
	u32 pos;

	/* The mark was written before the leaf is read: pairs with
	 * leaf_refresh(), which writes the leaf before it reads the mark.
	 */
	smp_mb__after_atomic();
	idx = rcu_dereference(ip_vs_weight_sched(state)->index);
	pos = READ_ONCE(dest->sched_slot);
	/* A position in another index, which reads the server later. */
	if (pos >= idx->size || rcu_access_pointer(idx->dest[pos]) != dest)
		return;
	leaf = index_weigh(dest);
	if (READ_ONCE(idx->node[idx->size + pos].most) == leaf.most)
		return;
	spin_lock_bh(lock);
	if (rcu_access_pointer(idx->dest[pos]) == dest) {
		write_seqcount_begin(&idx->seq);
		leaf_refresh(idx, pos, dest);
		write_seqcount_end(&idx->seq);
	}
	spin_unlock_bh(lock);
}

/**
 * ip_vs_weight_index_search() - find the next server with enough weight
 * @idx: the index
 * @after: where to start: the server after this position, or IP_VS_POS_HEAD
 * @weight: least usable weight wanted, above 0
 *
 * Searches to the end of the list and does not wrap around.  With a concurrent
 * writer the result may be wrong, but the search ends.
 *
 * Context: RCU read side, inside a read section of idx->seq.
 * Return: position, or IP_VS_POS_NONE.
 */
u32 ip_vs_weight_index_search(const struct ip_vs_weight_index *idx, u32 after,
			      u32 weight)
{
	u32 i = 1;

	if (after < idx->size) {
		/* Go up until a sibling has such a server further down the
		 * list.
		 */
		for (i = idx->size + after; i > 1; i /= 2)
			if (i & 1 && READ_ONCE(idx->node[i - 1].most) >= weight)
				break;
		if (i == 1)
			return IP_VS_POS_NONE;
		i--;
	} else if (READ_ONCE(idx->node[1].most) < weight) {
		return IP_VS_POS_NONE;
	}
	while (i < idx->size) {
		i = 2 * i + 1;
		if (READ_ONCE(idx->node[i].most) < weight)
			i--;
	}
	return i - idx->size;
}

/**
 * ip_vs_weight_index_draw() - find the server that a random number stands for
 * @idx: the index
 * @lot: the number, 0 to the sum of all usable weights
 *
 * Numbers are assigned in list order, to each server as many as its weight; the
 * first also has number 0.
 *
 * Context: RCU read side, inside a read section of idx->seq; the root's sum
 *	is above 0.
 * Return: position.
 */
u32 ip_vs_weight_index_draw(const struct ip_vs_weight_index *idx, u64 lot)
{
	u32 i = 1;
	u64 sum;

	while (i < idx->size) {
		i = 2 * i + 1;
		sum = READ_ONCE(idx->node[i].sum);
		if (sum && lot <= sum)
			continue;
		lot -= sum;
		i--;
	}
	return i - idx->size;
}
