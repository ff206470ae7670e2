// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lazy timer wheel, which ends expired connections.
 *
 * A packet only stamps its connection.  Each entry is also in one slot of a
 * wheel, chosen by the deadline it had then; a worker visits the slots that are
 * due, moves the entries whose deadline is later by now to their new slot, and
 * ends the others.  So an entry, idle or busy, is visited about once a timeout,
 * and no packet touches a timer.  Lookups ignore an entry past its deadline, so
 * the worker may be late: being on time only frees memory and counts sooner.
 *
 * Entries are spread over shards, one for each CPU: an entry belongs to the CPU
 * that created it.  Each shard has its lock, its wheel, its worker and a list
 * of all its entries, which listings walk.  The wheel has two levels of 64
 * slots: 64 ticks of about an eighth of a second, and 64 rounds of those.  An
 * entry whose deadline lies further ahead (more than some nine minutes) is put
 * into the last slot and moved on from there.
 *
 * A shard's worker runs on its CPU, so that as many CPUs end connections as
 * create them.  While that CPU is offline it runs on another, and if that CPU
 * is isolated from kernel threads it is bound to none.  If it falls behind all
 * the same (packets or a real-time task may take all of the CPU's time),
 * creating a connection ends a few expired ones first: they cannot accumulate,
 * whatever the scheduler does.
 *
 * The worker of an empty shard is not armed.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/sched.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "conn/conn.h"
#include "conn/expiry.h"
#include "conn/shard.h"
#include "net.h"
#include "server/dest.h"

/* A tick is the power of two of jiffies that fits into an eighth second. */
#define TICK_SHIFT ilog2(HZ / 8)
#define TICK_JIFFIES BIT(TICK_SHIFT)

/* How many entries are handled before a lock is released, ... */
#define SLICE 64
/* ... how many slices before other work items get their turn, ... */
#define RUN 64
/* ... and how many creating a connection handles, if the wheel is late. */
#define HELP 8

/* Ticks between two visits of an empty wheel, ... */
#define PAUSE 4
/* ... and the wheel is late if it is more ticks behind than this. */
#define LATE 8

static u64 tick_of(u64 when)
{
	return when >> TICK_SHIFT;
}

static u64 now_tick(void)
{
	return tick_of(get_jiffies_64());
}

static struct ip_vs_shard *shard_of(const struct ip_vs_conn *c)
{
	return &c->ivn->shards[c->shard];
}

/* Put @c where the worker finds it at its deadline or before. */
static void shard_file(struct ip_vs_shard *shard, struct ip_vs_conn *c)
{
	u64 clock = get_jiffies_64();
	s32 remaining = ip_vs_conn_deadline(c) - (u32)clock;
	u64 due = tick_of(clock + max(remaining, 0)) + 1;
	u64 now = tick_of(clock);
	u64 round;

	lockdep_assert_held(&shard->lock);
	if (due - now < SLOTS) {
		hlist_add_head(&c->wheel, &shard->near[due % SLOTS]);
	} else {
		round = min(due >> SLOT_BITS, (now >> SLOT_BITS) + SLOTS - 1);
		hlist_add_head(&c->wheel, &shard->far[round % SLOTS]);
	}
}

/* The slots of the next tick are due. */
static void wheel_turn(struct ip_vs_shard *shard)
{
	u64 tick = shard->tick + 1;

	WRITE_ONCE(shard->tick, tick);
	hlist_move_list(&shard->near[tick % SLOTS], &shard->due[DUE_NEAR]);
	if (!(tick % SLOTS))
		hlist_move_list(&shard->far[(tick >> SLOT_BITS) % SLOTS],
				&shard->due[DUE_FAR]);
}

static struct ip_vs_conn *due_first(const struct ip_vs_shard *shard)
{
	const struct hlist_node *first = shard->due[DUE_FAR].first ?:
					 shard->due[DUE_NEAR].first;

	return hlist_entry_safe(first, struct ip_vs_conn, wheel);
}

/* Visit up to @max entries (or empty slots): those that have not expired go to
 * their new slot, the others into @batch.  Returns how many; @more says whether
 * some are still due.
 */
static unsigned int shard_take(struct ip_vs_shard *shard,
			       struct ip_vs_conn **batch, unsigned int max,
			       bool *more)
{
	u64 now = now_tick();
	struct ip_vs_conn *c;
	unsigned int n = 0;

	lockdep_assert_held(&shard->lock);
	/* No slot is further back than one turn of the wheel. */
	if (now - shard->tick > SLOTS * SLOTS)
		WRITE_ONCE(shard->tick, now - SLOTS * SLOTS);
	*more = true;
	while (max--) {
		c = due_first(shard);
		if (!c && shard->tick >= now) {
			*more = false;
			break;
		}
		if (!c) {
			wheel_turn(shard);
			continue;
		}
		hlist_del_init(&c->wheel);
		if (ip_vs_conn_overdue(c))
			batch[n++] = c;
		else
			shard_file(shard, c);
	}
	return n;
}

/* End the expired ones of the next @max entries.  An entry that cannot end (it
 * controls others) is put back on the wheel by ip_vs_conn_expire() through
 * ip_vs_expiry_sooner().  Returns whether more are due.
 */
static bool shard_visit(struct ip_vs_shard *shard, struct ip_vs_conn **batch,
			unsigned int max)
{
	HLIST_HEAD(dead);
	unsigned int i, n;
	bool more;

	rcu_read_lock();
	spin_lock_bh(&shard->lock);
	n = shard_take(shard, batch, max, &more);
	spin_unlock_bh(&shard->lock);
	for (i = 0; i < n; i++)
		ip_vs_conn_expire(batch[i], &dead);
	ip_vs_conns_free(&dead);
	rcu_read_unlock();
	return more;
}

/* How long until the next visit. */
static unsigned long shard_pause(const struct ip_vs_shard *shard)
{
	unsigned int n = 1;

	while (n < PAUSE && hlist_empty(&shard->near[(shard->tick + n) % SLOTS]))
		n++;
	return n * TICK_JIFFIES;
}

/* On an offline CPU the timer would not fire before the CPU is back. */
static void shard_arm(struct ip_vs_shard *shard, unsigned long delay)
{
	int cpu;

	lockdep_assert_held(&shard->lock);
	/* No CPU goes offline meanwhile. */
	preempt_disable();
	cpu = shard->cpu;
	if (cpu != WORK_CPU_UNBOUND && !cpu_online(cpu))
		cpu = WORK_CPU_UNBOUND;
	queue_delayed_work_on(cpu, shard->wq, &shard->work, delay);
	preempt_enable();
}

static void shard_work(struct work_struct *work)
{
	struct ip_vs_shard *shard = container_of(to_delayed_work(work),
						 struct ip_vs_shard, work);
	struct ip_vs_conn *batch[SLICE];
	unsigned int slices = 0;
	bool more;

	do {
		more = shard_visit(shard, batch, SLICE);
		cond_resched();
	} while (more && ++slices < RUN);
	spin_lock_bh(&shard->lock);
	if (shard->count)
		shard_arm(shard, more ? 0 : shard_pause(shard));
	spin_unlock_bh(&shard->lock);
}

static struct ip_vs_shard *shard_here(const struct ip_vs_net *ivn)
{
	return &ivn->shards[raw_smp_processor_id() & (ivn->n_shards - 1)];
}

/* Not inlined: only a wheel that is late needs memory for the batch. */
static noinline void shard_help(struct ip_vs_shard *shard)
{
	struct ip_vs_conn *batch[HELP];

	shard_visit(shard, batch, HELP);
}

/**
 * ip_vs_expiry_help() - end some expired connections before creating one
 * @ivn: namespace
 *
 * Does nothing unless the worker of this CPU has fallen behind.
 *
 * Context: RCU read side, softirq or process, no lock of a connection held.
 */
void ip_vs_expiry_help(struct ip_vs_net *ivn)
{
	struct ip_vs_shard *shard = shard_here(ivn);

	if (unlikely(now_tick() - READ_ONCE(shard->tick) > LATE) &&
	    READ_ONCE(shard->count))
		shard_help(shard);
}

/**
 * ip_vs_expiry_add() - add a new connection to the wheel and the list
 * @c: connection with its stamp and timeout
 *
 * Context: bottom halves off, conn->lock held.
 */
void ip_vs_expiry_add(struct ip_vs_conn *c)
{
	struct ip_vs_net *ivn = c->ivn;
	struct ip_vs_shard *shard;

	lockdep_assert_held(&c->lock);
	shard = shard_here(ivn);
	c->shard = shard - ivn->shards;
	spin_lock(&shard->lock);
	if (unlikely(!shard->count)) {
		/* The wheel was empty and did not turn. */
		WRITE_ONCE(shard->tick, now_tick());
		shard_arm(shard, TICK_JIFFIES);
	}
	WRITE_ONCE(shard->count, shard->count + 1);
	list_add(&c->all, &shard->all);
	shard_file(shard, c);
	spin_unlock(&shard->lock);
}

/**
 * ip_vs_expiry_del() - remove a connection from the wheel and the list
 * @c: a connection that was added
 *
 * Context: softirq or process.
 */
void ip_vs_expiry_del(struct ip_vs_conn *c)
{
	struct ip_vs_shard *shard = shard_of(c);

	spin_lock_bh(&shard->lock);
	list_del(&c->all);
	WRITE_ONCE(shard->count, shard->count - 1);
	hlist_del_init(&c->wheel);
	spin_unlock_bh(&shard->lock);
}

/**
 * ip_vs_expiry_sooner() - move a connection to the slot of an earlier deadline
 * @c: connection, its new stamp and timeout written
 *
 * Only a change of state shortens a timeout, so this is rare; a later deadline
 * needs no call.
 *
 * Context: softirq or process, RCU read side; conn->lock may be held.
 */
void ip_vs_expiry_sooner(struct ip_vs_conn *c)
{
	struct ip_vs_shard *shard = shard_of(c);

	spin_lock_bh(&shard->lock);
	if (!READ_ONCE(c->dead)) {
		hlist_del_init(&c->wheel);
		shard_file(shard, c);
	}
	spin_unlock_bh(&shard->lock);
}

static void shard_init(struct ip_vs_shard *shard)
{
	spin_lock_init(&shard->lock);
	INIT_LIST_HEAD(&shard->all);
	INIT_DELAYED_WORK(&shard->work, shard_work);
	shard->wq = ip_vs_wq;
	shard->cpu = WORK_CPU_UNBOUND;
}

/* Is a CPU isolated from kernel threads? */
static bool cpu_apart(int cpu)
{
	bool apart;

	/* Isolated CPUs may change at run time. */
	rcu_read_lock();
	apart = !cpumask_test_cpu(cpu, housekeeping_cpumask(HK_TYPE_DOMAIN)) ||
		!cpumask_test_cpu(cpu, housekeeping_cpumask(HK_TYPE_KTHREAD));
	rcu_read_unlock();
	return apart;
}

/* If CPU numbers have gaps, CPUs may share a shard: its worker runs on the
 * first.
 */
static void shard_settle(struct ip_vs_shard *shard, int cpu)
{
	if (shard->cpu != WORK_CPU_UNBOUND || cpu_apart(cpu))
		return;
	shard->wq = ip_vs_expiry_wq;
	shard->cpu = cpu;
}

/**
 * ip_vs_expiry_equip() - allocate a namespace's shards and wheels
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_expiry_equip(struct ip_vs_net *ivn)
{
	u32 i, n = roundup_pow_of_two(num_possible_cpus());
	int cpu;

	ivn->shards = kvcalloc(n, sizeof(*ivn->shards), GFP_KERNEL_ACCOUNT);
	if (!ivn->shards)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		shard_init(&ivn->shards[i]);
	for_each_possible_cpu(cpu)
		shard_settle(&ivn->shards[cpu & (n - 1)], cpu);
	/* Pairs with ip_vs_shard_count(). */
	smp_store_release(&ivn->n_shards, n);
	return 0;
}

/**
 * ip_vs_expiry_strip() - undo ip_vs_expiry_equip()
 * @ivn: namespace without connections, nor a walk over them
 */
void ip_vs_expiry_strip(struct ip_vs_net *ivn)
{
	kvfree(ivn->shards);
}
