// SPDX-License-Identifier: GPL-2.0-only
/*
 * What packets make in foreign network namespaces: who pays for it, and how much
 * of it there may be in all.
 *
 * A network namespace is foreign if another user namespace than the first owns it;
 * any user may have such namespaces.  What its administrator asks for is charged to
 * the memory control group of the task that asks.  What packets ask for (connections,
 * their table, cached routes, synchronisation messages, events, places of locality.c)
 * is charged to the group of the task that made the namespace's first service or
 * synchronisation daemon.  The namespace keeps a reference to that group; if the
 * group is removed meanwhile, the kernel charges its parent instead.  Memory knows
 * by itself whom it was charged to, so it may be freed in any context, at any time.
 *
 * A charge for a packet cannot wait and is not forced: at the group's limit the
 * packet gets no memory.  But a group is often at its limit, with page cache that
 * could go, and nobody else may come to reclaim it.  A worker does, for some memory
 * at a time; if there is nothing to reclaim it is left alone for a second.
 *
 * Without a memory controller nobody is charged, and the limits are all there is:
 * one for each namespace (conn_max, and those of locality.c and sync/), and one for
 * all of them together, since namespaces can be many.
 */
#include <linux/jiffies.h>
#include <linux/llist.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "foreign.h"
#include "net.h"

#define GFP_PACKET (GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT)

/* What the worker makes room for. */
#define ROOM_PIECE	SZ_32K
#define ROOM_PIECES	16

/* By default, one for so much of the machine's memory. */
#define MEMORY_PER_CONN	SZ_8K

static unsigned int foreign_conn_total;
module_param(foreign_conn_total, uint, 0644);
MODULE_PARM_DESC(foreign_conn_total,
		 "most connections in all those network namespaces together, and most places of lblc and lblcr");

/* Places of locality.c. */
static atomic_t foreign_places;

/**
 * struct ip_vs_foreign - who pays
 * @memcg: the control group; NULL: nobody does, there is no memory controller
 * @retry: jiffies; not asked for room before, as there was none
 * @work: asks the group for room
 */
struct ip_vs_foreign {
	struct mem_cgroup *memcg;
	unsigned long retry;
	struct work_struct work;
};

/* Charge what would soon be asked for, and give it back: that reclaims what the
 * group can do without.  The kernel's killer is not called.
 */
static void foreign_work(struct work_struct *work)
{
	struct ip_vs_foreign *foreign = container_of(work, struct ip_vs_foreign,
						     work);
	struct llist_node *piece, *pieces = NULL;
	struct mem_cgroup *old;
	unsigned int n;

	old = set_active_memcg(foreign->memcg);
	for (n = 0; n < ROOM_PIECES; n++) {
		piece = kmalloc(ROOM_PIECE, GFP_KERNEL_ACCOUNT |
				__GFP_NORETRY | __GFP_NOWARN);
		if (!piece)
			break;
		piece->next = pieces;
		pieces = piece;
	}
	set_active_memcg(old);
	while ((piece = pieces)) {
		pieces = piece->next;
		kfree(piece);
	}
	if (n < ROOM_PIECES)
		WRITE_ONCE(foreign->retry, jiffies + HZ);
}

static void foreign_ask_room(struct ip_vs_foreign *foreign)
{
	if (foreign->memcg &&
	    time_after_eq(jiffies, READ_ONCE(foreign->retry)))
		queue_work(ip_vs_wq, &foreign->work);
}

/**
 * ip_vs_foreign_new() - the present task pays for a namespace's packets
 *
 * Context: process, may sleep.
 *
 * Return: to be freed with the namespace; NULL: no memory.
 */
struct ip_vs_foreign *ip_vs_foreign_new(void)
{
	struct ip_vs_foreign *foreign = kzalloc(sizeof(*foreign),
						GFP_KERNEL_ACCOUNT);

	if (!foreign)
		return NULL;
	foreign->memcg = get_mem_cgroup_from_mm(current->mm);
	foreign->retry = jiffies;
	INIT_WORK(&foreign->work, foreign_work);
	return foreign;
}

/**
 * ip_vs_foreign_free() - the namespace goes
 * @foreign: nobody asks it for memory any more; may be NULL
 *
 * Context: process, may sleep.
 */
void ip_vs_foreign_free(struct ip_vs_foreign *foreign)
{
	if (!foreign)
		return;
	cancel_work_sync(&foreign->work);
	mem_cgroup_put(foreign->memcg);
	kfree(foreign);
}

/**
 * ip_vs_foreign_cache_alloc() - an object that a packet asks for
 * @foreign: of the packet's namespace
 * @cache: what of
 *
 * Context: softirq or process.
 *
 * Return: uninitialised; NULL: the group or the machine has no memory.
 */
void *ip_vs_foreign_cache_alloc(struct ip_vs_foreign *foreign,
				struct kmem_cache *cache)
{
	struct mem_cgroup *old = set_active_memcg(foreign->memcg);
	void *object = kmem_cache_alloc(cache, GFP_PACKET);

	set_active_memcg(old);
	if (unlikely(!object))
		foreign_ask_room(foreign);
	return object;
}

/**
 * ip_vs_foreign_kmalloc() - memory that a packet asks for
 * @foreign: of the packet's namespace
 * @size: how much
 *
 * Context: softirq or process.
 *
 * Return: uninitialised; NULL: the group or the machine has no memory.
 */
void *ip_vs_foreign_kmalloc(struct ip_vs_foreign *foreign, size_t size)
{
	struct mem_cgroup *old = set_active_memcg(foreign->memcg);
	void *memory = kmalloc(size, GFP_PACKET);

	set_active_memcg(old);
	if (unlikely(!memory))
		foreign_ask_room(foreign);
	return memory;
}

/**
 * ip_vs_foreign_kvzalloc() - memory for what packets have made
 * @foreign: of their namespace
 * @size: how much; in proportion to what has been charged already
 *
 * If the group has no room for it nobody is charged: a table that does not grow
 * would cost all of the machine's packets more than this memory does.
 *
 * Context: process, may sleep.
 *
 * Return: zeroed; NULL: the machine has no memory.
 */
void *ip_vs_foreign_kvzalloc(struct ip_vs_foreign *foreign, size_t size)
{
	struct mem_cgroup *old = set_active_memcg(foreign->memcg);
	void *memory = kvzalloc(size, GFP_KERNEL_ACCOUNT |
				__GFP_RETRY_MAYFAIL | __GFP_NOWARN);

	set_active_memcg(old);
	return memory ?: kvzalloc(size, GFP_KERNEL | __GFP_NOWARN);
}

/**
 * ip_vs_foreign_total() - how many connections foreign namespaces may have together
 *
 * Context: any.
 *
 * Return: foreign_conn_total.
 */
int ip_vs_foreign_total(void)
{
	return min_t(unsigned int, READ_ONCE(foreign_conn_total), INT_MAX);
}

/**
 * ip_vs_foreign_place_take() - one more place in a foreign namespace
 *
 * Context: any.
 *
 * Return: true: counted, to be given back by ip_vs_foreign_place_give(); false: all
 * such namespaces together have as many as they may.
 */
bool ip_vs_foreign_place_take(void)
{
	if (atomic_inc_return(&foreign_places) <= ip_vs_foreign_total())
		return true;
	atomic_dec(&foreign_places);
	return false;
}

/**
 * ip_vs_foreign_place_give() - one less
 *
 * Context: any.
 */
void ip_vs_foreign_place_give(void)
{
	atomic_dec(&foreign_places);
}

/**
 * ip_vs_foreign_init() - choose what was not given, at module start
 */
void ip_vs_foreign_init(void)
{
	u64 total = ((u64)totalram_pages() << PAGE_SHIFT) / MEMORY_PER_CONN;

	if (!foreign_conn_total)
		foreign_conn_total = min_t(u64, total, INT_MAX);
}
