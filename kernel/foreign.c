// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that packets need in foreign network namespaces: which control group
 * is charged for it, and how much of it there may be in all.
 *
 * A network namespace is foreign if another user namespace than the initial one
 * owns it; any user may have such namespaces.  Memory that its administrator's
 * commands need is charged to the memory control group of the task that runs
 * them.  Memory that packets need (connections, their table, cached routes,
 * synchronisation messages, events, entries of locality.c) is charged to the
 * group of the task that added the namespace's first service or synchronisation
 * daemon.  The namespace keeps a reference to that group; if the group is
 * removed meanwhile, the kernel charges its parent instead.  The kernel
 * remembers which group each object was charged to, so it may be freed in any
 * context, at any time.
 *
 * An allocation for a packet cannot wait and is never charged beyond the
 * group's limit: at the limit it fails.  But a group is often at its limit
 * because of page cache that could be reclaimed, and perhaps no other
 * allocation reclaims it.  A worker does, some memory at a time; if there is
 * nothing to reclaim it does not run again for a second.  Reclaim may take long
 * (a file server that does not answer, tasks of the group that use up what comes
 * free), so nothing waits for the worker: it runs on a queue of its own, and the
 * end of the namespace, in whose queue the ends of all others stand, does not
 * wait for it.
 *
 * Without a memory controller nothing is charged, and only limits remain: one
 * for each namespace (conn_max, and those of locality.c and sync/), and one for
 * all foreign namespaces together, since they can be many.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kstrtox.h>
#include <linux/llist.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "foreign.h"
#include "net.h"

#define GFP_PACKET (GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT)

/* How much memory the worker reclaims at a time. */
#define ROOM_PIECE	SZ_32K
#define ROOM_PIECES	16

/* By default, one connection for so much of the machine's memory. */
#define MEMORY_PER_CONN	SZ_8K

static unsigned int foreign_conn_total;

static unsigned int total_by_default(void)
{
	u64 total = ((u64)totalram_pages() << PAGE_SHIFT) / MEMORY_PER_CONN;

	return min_t(u64, total, INT_MAX);
}

/* 0 is the default at any time, as it is when the module is loaded: stored as
 * what it means, which is what a reader of the parameter wants to know.
 */
static int total_write(const char *text, const struct kernel_param *param)
{
	unsigned int total;
	int err;

	err = kstrtouint(text, 0, &total);
	if (err)
		return err;
	WRITE_ONCE(foreign_conn_total, total ?: total_by_default());
	return 0;
}

static const struct kernel_param_ops total_ops = {
	.set = total_write,
	.get = param_get_uint,
};

module_param_cb(foreign_conn_total, &total_ops, &foreign_conn_total, 0644);
__MODULE_PARM_TYPE(foreign_conn_total, "uint");
MODULE_PARM_DESC(foreign_conn_total,
		 "most connections in all those network namespaces together, and most places of lblc and lblcr; 0: by the machine's memory");

/* Entries of locality.c in all foreign namespaces. */
static atomic_t foreign_locality_entries;

/**
 * struct ip_vs_foreign - what a foreign namespace's packets are charged to
 * @refcnt: the namespace's, and @work's while it is queued or runs
 * @memcg: the control group; NULL: none, there is no memory controller
 * @failed: jiffies when there was nothing to reclaim, last; no reclaim for a second
 *	after that
 * @work: reclaims memory of the group
 */
struct ip_vs_foreign {
	refcount_t refcnt;
	struct mem_cgroup *memcg;
	unsigned long failed;
	struct work_struct work;
};

static void foreign_put(struct ip_vs_foreign *foreign)
{
	if (!refcount_dec_and_test(&foreign->refcnt))
		return;
	mem_cgroup_put(foreign->memcg);
	kfree(foreign);
}

/* Charge as much as packets will soon need, and free it: charging reclaims what
 * the group can spare.  The OOM killer is not called.
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
		WRITE_ONCE(foreign->failed, jiffies);
	foreign_put(foreign);
}

/* The caller's namespace holds a reference: none of these here is the last. */
static void foreign_ask_room(struct ip_vs_foreign *foreign)
{
	if (!foreign->memcg || jiffies - READ_ONCE(foreign->failed) < HZ)
		return;
	refcount_inc(&foreign->refcnt);
	if (!queue_work(ip_vs_room_wq, &foreign->work))
		foreign_put(foreign);
}

/**
 * ip_vs_foreign_new() - charge packets to the present task's control group
 *
 * Context: process, may sleep.
 *
 * Return: to be given back with the namespace; NULL: no memory.
 */
struct ip_vs_foreign *ip_vs_foreign_new(void)
{
	struct ip_vs_foreign *foreign = kzalloc(sizeof(*foreign),
						GFP_KERNEL_ACCOUNT);

	if (!foreign)
		return NULL;
	refcount_set(&foreign->refcnt, 1);
	foreign->memcg = get_mem_cgroup_from_mm(current->mm);
	foreign->failed = jiffies - HZ;
	INIT_WORK(&foreign->work, foreign_work);
	return foreign;
}

/**
 * ip_vs_foreign_free() - undo ip_vs_foreign_new()
 * @foreign: nothing is allocated with it any more; may be NULL
 *
 * Context: any.
 */
void ip_vs_foreign_free(struct ip_vs_foreign *foreign)
{
	if (!foreign)
		return;
	if (cancel_work(&foreign->work))
		foreign_put(foreign);
	foreign_put(foreign);
}

/**
 * ip_vs_foreign_cache_alloc() - allocate an object for a packet
 * @foreign: of the packet's namespace
 * @cache: slab cache
 *
 * Context: softirq or process.
 *
 * Return: zeroed; NULL: the group or the machine has no memory.
 */
void *ip_vs_foreign_cache_alloc(struct ip_vs_foreign *foreign,
				struct kmem_cache *cache)
{
	struct mem_cgroup *old = set_active_memcg(foreign->memcg);
	void *object = kmem_cache_alloc(cache, GFP_PACKET | __GFP_ZERO);

	set_active_memcg(old);
	if (unlikely(!object))
		foreign_ask_room(foreign);
	return object;
}

/**
 * ip_vs_foreign_kmalloc() - allocate memory for a packet
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
EXPORT_SYMBOL_GPL(ip_vs_foreign_kmalloc);

/**
 * ip_vs_foreign_kvzalloc() - allocate memory for a table that packets fill
 * @foreign: of the table's namespace
 * @size: how much; in proportion to what has been charged already
 *
 * At the group's limit the memory is not charged: a table that does not grow
 * would cost all of the machine's packets more than this memory does.  Neither the
 * group nor the machine is pressed hard for it: __GFP_RETRY_MAYFAIL would have the
 * machine reclaim until it has it all in one piece.
 *
 * Context: process, may sleep.
 *
 * Return: zeroed; NULL: the machine has no memory.
 */
void *ip_vs_foreign_kvzalloc(struct ip_vs_foreign *foreign, size_t size)
{
	struct mem_cgroup *old = set_active_memcg(foreign->memcg);
	void *memory = kvzalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NORETRY |
				__GFP_NOWARN);

	set_active_memcg(old);
	return memory ?: kvzalloc(size, GFP_KERNEL | __GFP_NOWARN);
}

/**
 * ip_vs_foreign_total() - limit of all foreign namespaces' connections
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
 * ip_vs_foreign_locality_charge() - count an entry of locality.c
 *
 * Context: any.
 *
 * Return: true: counted, until ip_vs_foreign_locality_uncharge(); false: all
 * foreign namespaces together have reached the limit.
 */
bool ip_vs_foreign_locality_charge(void)
{
	if (atomic_inc_return(&foreign_locality_entries) <= ip_vs_foreign_total())
		return true;
	atomic_dec(&foreign_locality_entries);
	return false;
}

/**
 * ip_vs_foreign_locality_uncharge() - uncount an entry of locality.c
 *
 * Context: any.
 */
void ip_vs_foreign_locality_uncharge(void)
{
	atomic_dec(&foreign_locality_entries);
}

/**
 * ip_vs_foreign_locality_near() - is the limit of locality entries near?
 *
 * Context: any.
 *
 * Return: true or false.
 */
bool ip_vs_foreign_locality_near(void)
{
	int total = ip_vs_foreign_total();

	return atomic_read(&foreign_locality_entries) >= total - total / 4;
}

/**
 * ip_vs_foreign_init() - set the default limit, at module start
 */
void __init ip_vs_foreign_init(void)
{
	if (!foreign_conn_total)
		foreign_conn_total = total_by_default();
}
