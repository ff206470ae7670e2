// SPDX-License-Identifier: GPL-2.0-only
/*
 * The least loaded server of a service.
 *
 * The in-tree module compares all servers for each new connection.  Here the
 * servers are in an array, in the order they were added, at the leaves of a
 * tournament tree: every inner node holds the winner of its two children, the
 * less loaded one, so the root holds the server to choose.  When the load of a
 * server changes, only the matches between its leaf and the root are computed
 * again, and only up to the first that it neither won before nor wins now.
 *
 * Ties.  A scan in list order takes the first of equals.  The list is ordered
 * from new to old, so from high positions to low ones: the right child wins a
 * tie.
 *
 *	position	0  1  2  3	list order is 3 2 1 0
 *	load		2  1  1  4
 *	winners		 1     2	1 beats 0 (1 < 2), 2 beats 3 (1 < 4)
 *	root		    2		a tie: the right child
 *
 * Holes (see slots.h) have a load above any other.
 *
 * Writing.  A change of load (a connection is added, ends, becomes active or
 * inactive) puts the server on a lock-free list, unless it is there already:
 * one write to the server's slot, one to the list's head.  The next pick takes
 * the list and computes the matches, under svc->sched_lock.  It only tries the
 * lock: if another CPU holds it to do the same work, this pick uses the
 * previous result.  So a pick never waits, a pick without changes since the
 * last writes nothing, and a connection that ends costs at most two writes.
 * When the list has grown long because nothing is picked, the CPU that adds to
 * it computes the matches instead, so that a pick after a long pause is not
 * slow.
 *
 * Ordering.  Counts are written before the server is listed, and a server is
 * taken off the list before its counts are read: a change either finds the
 * server off the list, and lists it, or is included when its counts are read.
 *
 * Arrays and slots are replaced by RCU; positions of another array are
 * recognised by the slot's server.  Changes reported to the old array are not
 * lost: every server is read once more after the new one was published.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "net.h"
#include "packet.h"
#include "sched/load_index.h"
#include "sched/slots.h"
#include "server/dest.h"
#include "server/service.h"

/* Length of the list of changes from which on not only picks process it. */
#define BACKLOG_MAX 64

/**
 * struct load_slot - a server at its position
 * @dest: the server, NULL: deleted or not yet used; written under
 *	svc->sched_lock
 * @dirty: link in the index's list of changes
 * @listed: on that list; set atomically by the CPU that adds it, cleared under
 *	svc->sched_lock
 * @depth: approximate length of the list when this one was added; a hint
 */
struct load_slot {
	struct ip_vs_dest __rcu *dest;
	struct llist_node dirty;
	u32 listed;
	u32 depth;
};

/**
 * struct ip_vs_load_index - the tree
 * @best: the server to choose, NULL: none; written under svc->sched_lock
 * @spare: number of servers with spare capacity; as @best
 * @size: number of positions, a power of two; constant
 * @used: positions assigned; configuration mutex
 * @rcu: for freeing
 * @load: by position; svc->sched_lock
 * @winner: position that won at an inner node: [1] is the root, [i] has the
 *	children [2i] and [2i + 1], position p is the leaf size + p;
 *	svc->sched_lock
 * @changed: slots whose servers' loads have changed
 * @slot: by position
 */
struct ip_vs_load_index {
	struct ip_vs_dest __rcu *best;
	u32 spare;
	u32 size;
	u32 used;
	struct rcu_head rcu;
	struct ip_vs_load *load;
	u32 *winner;
	struct llist_head changed ____cacheline_aligned_in_smp;
	struct load_slot slot[];
};

static struct ip_vs_load_sched *load_sched(struct ip_vs_sched_state *state)
{
	return container_of(state, struct ip_vs_load_sched, state);
}

static struct ip_vs_load_index *index_of(struct ip_vs_sched_state *state)
{
	return rcu_dereference_protected(load_sched(state)->index,
			lockdep_is_held(&state->svc->ivn->config));
}

static u32 winner_of(const struct ip_vs_load_index *idx, u32 node)
{
	return node < idx->size ? idx->winner[node] : node - idx->size;
}

/* Returns the winner at an inner node. */
static u32 index_match(const struct ip_vs_load_index *idx, u32 node)
{
	u32 left = winner_of(idx, 2 * node);
	u32 right = winner_of(idx, 2 * node + 1);

	return ip_vs_load_less(idx->load[left], idx->load[right]) ? left :
								    right;
}

/* Sets the load at @pos, and computes the matches that depend on it. */
static void load_tree_set(struct ip_vs_load_index *idx, u32 pos,
			  struct ip_vs_load load)
{
	struct ip_vs_load old = idx->load[pos];
	u32 node, now;

	if (load.cost == old.cost && load.share == old.share &&
	    load.spare == old.spare)
		return;
	idx->load[pos] = load;
	WRITE_ONCE(idx->spare, idx->spare + load.spare - old.spare);
	for (node = (idx->size + pos) / 2; node; node /= 2) {
		now = index_match(idx, node);
		if (now == idx->winner[node] && now != pos)
			break;
		idx->winner[node] = now;
	}
}

/* Publishes the server at the root, if it has changed. */
static void publish_best(struct ip_vs_load_index *idx)
{
	u32 pos = idx->winner[1];
	struct ip_vs_dest *best = NULL;

	if (idx->load[pos].share)
		best = rcu_dereference_raw(idx->slot[pos].dest);
	if (rcu_access_pointer(idx->best) != best)
		rcu_assign_pointer(idx->best, best);
}

static void slot_refresh(const struct ip_vs_sched_state *state,
			 struct ip_vs_load_index *idx, u32 pos)
{
	const spinlock_t *lock = &state->svc->sched_lock;
	const struct ip_vs_dest *dest;

	dest = rcu_dereference_protected(idx->slot[pos].dest,
					 lockdep_is_held(lock));
	if (dest)
		load_tree_set(idx, pos, state->ops->measure(dest));
}

/* Processes the list of changes. */
static void __index_settle(const struct ip_vs_sched_state *state,
			   struct ip_vs_load_index *idx)
{
	struct llist_node *list = llist_del_all(&idx->changed);
	struct load_slot *slot, *next;

	lockdep_assert_held(&state->svc->sched_lock);
	llist_for_each_entry_safe(slot, next, list, dirty) {
		WRITE_ONCE(slot->listed, 0);
		/* Off the list before its counts are read: pairs with the
		 * barrier in ip_vs_load_index_load().
		 */
		smp_mb();
		slot_refresh(state, idx, slot - idx->slot);
	}
	publish_best(idx);
}

static void index_settle(const struct ip_vs_sched_state *state,
			 struct ip_vs_load_index *idx)
{
	spinlock_t *lock = &state->svc->sched_lock;

	if (llist_empty(&idx->changed) || !spin_trylock_bh(lock))
		return;
	__index_settle(state, idx);
	spin_unlock_bh(lock);
}

static struct ip_vs_load_index *load_index_new(u32 n_dests)
{
	u32 size = ip_vs_slots(n_dests);
	struct ip_vs_load_index *idx;
	size_t slots;
	u32 i;

	slots = struct_size(idx, slot, size);
	idx = kvzalloc(size_add(slots, array_size(size, sizeof(*idx->load) +
						  sizeof(*idx->winner))),
		       GFP_KERNEL_ACCOUNT);
	if (!idx)
		return NULL;
	idx->size = size;
	idx->load = (void *)idx + slots;
	idx->winner = (void *)(idx->load + size);
	for (i = 0; i < size; i++)
		idx->load[i] = IP_VS_LOAD_NONE;
	return idx;
}

/* Adds the service's present servers.  Not yet published. */
static void load_index_fill(const struct ip_vs_sched_state *state,
			    struct ip_vs_load_index *idx)
{
	struct ip_vs_dest *dest;
	u32 i, pos;

	list_for_each_entry_reverse(dest, &state->svc->dest_list, list) {
		pos = idx->used++;
		rcu_assign_pointer(idx->slot[pos].dest, dest);
		idx->load[pos] = state->ops->measure(dest);
		idx->spare += idx->load[pos].spare;
		WRITE_ONCE(dest->sched_slot, pos);
		ip_vs_sched_yield(pos);
	}
	for (i = idx->size - 1; i; i--) {
		idx->winner[i] = index_match(idx, i);
		ip_vs_sched_yield(i);
	}
	publish_best(idx);
}

/**
 * ip_vs_load_index_init() - allocate an index without servers
 * @state: of a scheduler built on the index
 * @n: number of servers it has room for
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_load_index_init(struct ip_vs_sched_state *state, u32 n)
{
	struct ip_vs_load_index *idx = load_index_new(n);

	if (!idx)
		return -ENOMEM;
	rcu_assign_pointer(load_sched(state)->index, idx);
	return 0;
}

/**
 * ip_vs_load_index_fill() - add the service's present servers to the index
 * @state: of a scheduler built on the index, fresh from its init()
 */
void ip_vs_load_index_fill(struct ip_vs_sched_state *state)
{
	load_index_fill(state, index_of(state));
}

/**
 * ip_vs_load_index_reserve() - allocate room for more servers
 * @state: of a scheduler built on the index
 * @more: how many more
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_load_index_reserve(struct ip_vs_sched_state *state, u32 more)
{
	struct ip_vs_load_index *old = index_of(state), *idx;
	struct ip_vs_service *svc = state->svc;
	struct ip_vs_dest *dest;
	u32 i = 0;

	if (more <= old->size - old->used)
		return 0;
	idx = load_index_new(svc->num_dests + more);
	if (!idx)
		return -ENOMEM;
	load_index_fill(state, idx);
	rcu_assign_pointer(load_sched(state)->index, idx);
	list_for_each_entry(dest, &svc->dest_list, list) {
		rcu_read_lock();
		ip_vs_load_index_load(state, dest);
		rcu_read_unlock();
		ip_vs_sched_yield(i++);
	}
	kvfree_rcu(old, rcu);
	return 0;
}

/**
 * ip_vs_load_index_free() - free the index
 * @state: of a scheduler built on the index; no packet can reach it any more
 */
void ip_vs_load_index_free(struct ip_vs_sched_state *state)
{
	kvfree(rcu_access_pointer(load_sched(state)->index));
}

/* Sets the server at @pos, NULL: none. */
static void slot_set(struct ip_vs_sched_state *state,
		     struct ip_vs_load_index *idx, u32 pos,
		     struct ip_vs_dest *dest)
{
	spin_lock_bh(&state->svc->sched_lock);
	rcu_assign_pointer(idx->slot[pos].dest, dest);
	load_tree_set(idx, pos, dest ? state->ops->measure(dest) : IP_VS_LOAD_NONE);
	__index_settle(state, idx);
	spin_unlock_bh(&state->svc->sched_lock);
}

/**
 * ip_vs_load_index_add() - add the server at the head of the service's list
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_load_index_add(struct ip_vs_sched_state *state,
			  struct ip_vs_dest *dest)
{
	struct ip_vs_load_index *idx = index_of(state);
	u32 pos = idx->used;

	if (WARN_ON_ONCE(pos == idx->size))
		return;
	idx->used++;
	WRITE_ONCE(dest->sched_slot, pos);
	slot_set(state, idx, pos, dest);
	/* Changes before the slot was assigned were not listed. */
	ip_vs_load_index_edit(state, dest);
}

/**
 * ip_vs_load_index_del() - remove a server from the index
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_load_index_del(struct ip_vs_sched_state *state,
			  struct ip_vs_dest *dest)
{
	struct ip_vs_load_index *idx = index_of(state);

	if (dest->sched_slot < idx->used)
		slot_set(state, idx, dest->sched_slot, NULL);
}

/**
 * ip_vs_load_index_edit() - read a server's weight again
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_load_index_edit(struct ip_vs_sched_state *state,
			   struct ip_vs_dest *dest)
{
	/* As if the weight had been written by an atomic operation. */
	smp_mb();
	rcu_read_lock();
	ip_vs_load_index_load(state, dest);
	rcu_read_unlock();
}

/* Adds @slot to the list of changes.  Returns true if the list has grown long. */
static bool list_change(struct ip_vs_load_index *idx, struct load_slot *slot)
{
	const struct llist_node *first;
	u32 depth = 1;

	if (READ_ONCE(slot->listed) || xchg(&slot->listed, 1))
		return false;
	first = READ_ONCE(idx->changed.first);
	if (first)
		depth += READ_ONCE(llist_entry(first, struct load_slot,
					       dirty)->depth);
	WRITE_ONCE(slot->depth, depth);
	llist_add(&slot->dirty, &idx->changed);
	return depth >= BACKLOG_MAX;
}

/**
 * ip_vs_load_index_load() - note that a server's load has changed
 * @state: of a scheduler built on the index
 * @dest: the server
 */
void ip_vs_load_index_load(struct ip_vs_sched_state *state,
			   struct ip_vs_dest *dest)
{
	struct ip_vs_load_index *idx;
	u32 pos;

	/* The counts were written before this checks whether the server is
	 * listed: pairs with the barrier in __index_settle().
	 */
	smp_mb__after_atomic();
	idx = rcu_dereference(load_sched(state)->index);
	pos = READ_ONCE(dest->sched_slot);
	/* A position in another index, which reads the server later. */
	if (pos >= idx->size || rcu_access_pointer(idx->slot[pos].dest) != dest)
		return;
	if (list_change(idx, &idx->slot[pos]))
		index_settle(state, idx);
}

/**
 * ip_vs_load_index_best() - get the least loaded server
 * @state: of a scheduler built on the index
 *
 * Context: softirq or process; RCU read side.
 * Return: RCU pointer, or NULL: none may be chosen.
 */
struct ip_vs_dest *ip_vs_load_index_best(struct ip_vs_sched_state *state)
{
	struct ip_vs_load_index *idx;

	idx = rcu_dereference(load_sched(state)->index);
	index_settle(state, idx);
	return rcu_dereference(idx->best);
}

/**
 * ip_vs_load_index_spare() - does any server have spare capacity?
 * @state: of a scheduler built on the index
 *
 * Context: softirq or process; RCU read side.
 * Return: whether measure() set spare for any server of the service.
 */
bool ip_vs_load_index_spare(struct ip_vs_sched_state *state)
{
	struct ip_vs_load_index *idx;

	idx = rcu_dereference(load_sched(state)->index);
	index_settle(state, idx);
	return READ_ONCE(idx->spare);
}

/**
 * ip_vs_load_index_pick() - choose the least loaded server
 * @state: of a scheduler built on the index
 * @pkt: the connection's first packet; unused
 *
 * Return: RCU pointer, or NULL, logged: none may be chosen.
 */
struct ip_vs_dest *ip_vs_load_index_pick(struct ip_vs_sched_state *state,
					 const struct ip_vs_packet *pkt)
{
	struct ip_vs_dest *best = ip_vs_load_index_best(state);

	if (!best)
		ip_vs_sched_complain(state, NULL);
	return best;
}
