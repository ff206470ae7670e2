// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate estimation from counters.
 *
 * Every two seconds an object's average moves a quarter of the way towards
 * what it counted in that time, in fixed point:
 *
 *	packets, connections	sample = counted * 512	(a second, times 2^10)
 *	bytes			sample = counted * 16	(a second, times 2^5)
 *	avg += (sample - avg) >> 2			(rounds down)
 *	shown = (avg + 2^9 - 1) >> 10, (avg + 2^4 - 1) >> 5
 *
 * The nominal two seconds are used, not the time measured.
 *
 * Only active servers are visited, until their rates are 0 again: a packet that
 * finds ip_vs_dest.in_estimator clear sets it and puts the server on a lockless
 * queue; the pass moves the queue to its own list and drops servers that
 * counted nothing and whose averages have decayed to 0.  While the list is
 * empty or estimation is off, no work is pending.
 *
 * What a service or the namespace counted in a pass is the sum over the servers
 * in the list, as others counted nothing; their averages follow from that sum
 * by the same formula, so they are exact and not sums of rounded ones.
 *
 * The pass runs from a work queue, in slices, and drops the lock in between.
 */
#include <linux/llist.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "net.h"
#include "server/dest.h"
#include "server/estimator.h"
#include "server/service.h"
#include "server/stats.h"

#define PASS_PERIOD	(2 * HZ)
/* Objects visited before the lock is dropped. */
#define SLICE		64

#define AVG_WEIGHT_SHIFT	2

/* By enum ip_vs_counter: fraction bits of an average; a sample is the count
 * shifted by one less, as it stands for two seconds.
 */
static const u8 fraction[IP_VS_CNT_MAX] = {
	[IP_VS_CNT_CONNS]	= 10,
	[IP_VS_CNT_INPKTS]	= 10,
	[IP_VS_CNT_OUTPKTS]	= 10,
	[IP_VS_CNT_INBYTES]	= 5,
	[IP_VS_CNT_OUTBYTES]	= 5,
};

/* One step of one average. */
static u64 next_avg(u64 avg, u64 counted, u8 bits)
{
	s64 sample = counted << (bits - 1);

	return avg + ((sample - (s64)avg) >> AVG_WEIGHT_SHIFT);
}

static u64 rate_shown(u64 avg, u8 bits)
{
	return (avg + BIT(bits - 1) - 1) >> bits;
}

/* One step of an object's averages.  Returns false when nothing was counted
 * and nothing is left to decay.
 */
static bool rate_step(struct ip_vs_rates *r)
{
	u64 alive = 0;
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++) {
		r->avg[i] = next_avg(r->avg[i], r->delta.v[i], fraction[i]);
		alive |= r->avg[i] | r->delta.v[i];
		r->delta.v[i] = 0;
	}
	return alive;
}

static void add_delta(struct ip_vs_rates *r, const struct ip_vs_counters *delta)
{
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		r->delta.v[i] += delta->v[i];
}

/* Adds what @dest counted since the last pass to its own sum, and to the sums
 * of its service and the namespace.
 */
static void estimator_collect(struct ip_vs_estimator *est, struct ip_vs_service *svc,
			      struct ip_vs_dest *dest)
{
	struct ip_vs_counters now, delta;
	int i;

	lockdep_assert_held(&est->lock);
	ip_vs_stats_raw(dest, &now);
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		delta.v[i] = now.v[i] - dest->last.v[i];
	dest->last = now;
	add_delta(&dest->rates, &delta);
	add_delta(&svc->rates, &delta);
	add_delta(&est->rates, &delta);
	if (list_empty(&svc->rate_node))
		list_add_tail(&svc->rate_node, &est->services);
}

/* Returns whether @dest stays in the list.  A removed server leaves it even
 * while estimation is off, since the list's reference keeps its memory.
 */
static bool rate_dest(struct ip_vs_estimator *est, struct ip_vs_dest *dest,
		      bool runs)
{
	struct ip_vs_service *svc;
	bool stays;

	rcu_read_lock();
	svc = rcu_dereference(dest->svc);
	stays = svc;
	if (svc && runs) {
		estimator_collect(est, svc, dest);
		stays = rate_step(&dest->rates);
	}
	rcu_read_unlock();
	return stays;
}

/* A packet counted from here on adds it to the queue again; one counted just
 * before, with the bit still set, is included when the next packet does.
 */
static void estimator_let_go(struct ip_vs_dest *dest)
{
	clear_bit_unlock(0, &dest->in_estimator);
	ip_vs_dest_put(dest);
}

static void rate_dests(struct ip_vs_estimator *est, bool runs)
{
	struct llist_node **link = &est->active;
	unsigned int left = SLICE;
	struct ip_vs_dest *dest;

	spin_lock(&est->lock);
	while (*link) {
		dest = llist_entry(*link, struct ip_vs_dest, rate_node);
		if (rate_dest(est, dest, runs)) {
			link = &dest->rate_node.next;
		} else {
			*link = dest->rate_node.next;
			estimator_let_go(dest);
		}
		if (--left)
			continue;
		left = SLICE;
		spin_unlock(&est->lock);
		cond_resched();
		spin_lock(&est->lock);
	}
	spin_unlock(&est->lock);
}

/* Services may be removed while the lock is dropped: each round takes the first
 * of those left, and the ones that stay are put back on the main list.
 */
static void rate_services(struct ip_vs_estimator *est)
{
	unsigned int left = SLICE;
	struct ip_vs_service *svc;
	LIST_HEAD(todo);

	spin_lock(&est->lock);
	list_splice_init(&est->services, &todo);
	while (!list_empty(&todo)) {
		svc = list_first_entry(&todo, struct ip_vs_service, rate_node);
		list_del_init(&svc->rate_node);
		if (rate_step(&svc->rates))
			list_add_tail(&svc->rate_node, &est->services);
		if (--left)
			continue;
		left = SLICE;
		spin_unlock(&est->lock);
		cond_resched();
		spin_lock(&est->lock);
	}
	spin_unlock(&est->lock);
}

static bool rate_total(struct ip_vs_estimator *est)
{
	bool alive;

	spin_lock(&est->lock);
	alive = rate_step(&est->rates) || !list_empty(&est->services);
	spin_unlock(&est->lock);
	return alive;
}

static void take_queue(struct ip_vs_estimator *est)
{
	struct llist_node *first = llist_del_all(&est->queue);
	struct llist_node *last = first;

	if (!first)
		return;
	while (last->next)
		last = last->next;
	last->next = est->active;
	est->active = first;
}

/* Keeps the two-second period without drift, however late this pass ran. */
static void estimator_rearm(struct ip_vs_estimator *est)
{
	unsigned long now = jiffies;

	est->next += PASS_PERIOD;
	if (time_before_eq(est->next, now) ||
	    time_after(est->next, now + PASS_PERIOD))
		est->next = now + PASS_PERIOD;
	queue_delayed_work(ip_vs_wq, &est->work, est->next - now);
}

/* While estimation is off, a pass runs only when a server was queued or
 * removed: it moves the queue to the list and drops removed servers, nothing
 * else.
 */
static void estimator_work(struct work_struct *work)
{
	struct ip_vs_estimator *est =
		container_of(to_delayed_work(work), struct ip_vs_estimator,
			     work);
	bool runs = ip_vs_estimator_runs(est->ivn);

	take_queue(est);
	rate_dests(est, runs);
	if (!runs)
		return;
	rate_services(est);
	if (rate_total(est) || est->active)
		estimator_rearm(est);
}

/**
 * ip_vs_estimator_runs() - is estimation on?
 * @ivn: namespace
 *
 * Context: any.
 *
 * Return: false: run_estimation is 0, or est_cpulist empty.
 */
bool ip_vs_estimator_runs(const struct ip_vs_net *ivn)
{
	return READ_ONCE(ivn->settings.run_estimation) &&
	       READ_ONCE(ivn->settings.est_cpulist);
}

/* Takes the snapshot that listings show while estimation is off, as the last
 * pass may be two seconds old.  What was counted goes into the next step of the
 * rates.
 */
static void stand_still(struct ip_vs_net *ivn)
{
	struct ip_vs_estimator *est = ivn->est;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	list_for_each_entry(svc, &ivn->service_list, list)
		list_for_each_entry(dest, &svc->dest_list, list) {
			if (!READ_ONCE(dest->has_counts))
				continue;
			spin_lock(&est->lock);
			estimator_collect(est, svc, dest);
			spin_unlock(&est->lock);
			cond_resched();
		}
	hlist_for_each_entry(dest, &ivn->trash, trash) {
		spin_lock(&est->lock);
		ip_vs_stats_raw(dest, &dest->last);
		spin_unlock(&est->lock);
		cond_resched();
	}
}

/**
 * ip_vs_estimator_set() - write a setting that turns estimation on or off
 * @ivn: namespace
 * @setting: its run_estimation or est_cpulist
 * @value: 0: off
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_estimator_set(struct ip_vs_net *ivn, int *setting, int value)
{
	lockdep_assert_held(&ivn->config);
	if (!value && ip_vs_estimator_runs(ivn))
		stand_still(ivn);
	WRITE_ONCE(*setting, value);
	/* Servers may be waiting in the list; if not, no further pass is
	 * queued.
	 */
	if (ivn->equipped && ip_vs_estimator_runs(ivn))
		queue_delayed_work(ip_vs_wq, &ivn->est->work, PASS_PERIOD);
}

/**
 * ip_vs_estimator_wake() - queue a server for estimation
 * @dest: server; kept by the caller's RCU section or reference
 *
 * Context: any; RCU read side or configuration mutex.
 */
void ip_vs_estimator_wake(struct ip_vs_dest *dest)
{
	struct ip_vs_estimator *est = dest->ivn->est;

	if (test_and_set_bit_lock(0, &dest->in_estimator))
		return;
	WRITE_ONCE(dest->has_counts, true);
	ip_vs_dest_hold(dest);
	llist_add(&dest->rate_node, &est->queue);
	queue_delayed_work(ip_vs_wq, &est->work, PASS_PERIOD);
}

/**
 * ip_vs_estimator_flush() - collect the counts of a server that leaves its service
 * @svc: service
 * @dest: server; no longer points to @svc
 *
 * What it counted since the last pass goes into the service's and the
 * namespace's next sample.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_estimator_flush(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	struct ip_vs_estimator *est = svc->ivn->est;

	if (!READ_ONCE(dest->in_estimator))
		return;
	spin_lock(&est->lock);
	estimator_collect(est, svc, dest);
	memset(&dest->rates.delta, 0, sizeof(dest->rates.delta));
	spin_unlock(&est->lock);
	/* Also while estimation is off: the pass drops the list's reference. */
	queue_delayed_work(ip_vs_wq, &est->work, PASS_PERIOD);
}

/**
 * ip_vs_estimator_forget() - remove a deleted service from the estimator's list
 * @svc: service; none of its former servers points to it
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_estimator_forget(struct ip_vs_service *svc)
{
	struct ip_vs_estimator *est = svc->ivn->est;

	spin_lock(&est->lock);
	list_del_init(&svc->rate_node);
	spin_unlock(&est->lock);
}

/**
 * ip_vs_estimator_read() - read an object's rates for listings
 * @ivn: namespace, equipped
 * @r: the object's state
 * @rate: result, per second
 *
 * Context: process.
 */
void ip_vs_estimator_read(struct ip_vs_net *ivn, const struct ip_vs_rates *r,
			  u64 rate[IP_VS_CNT_MAX])
{
	struct ip_vs_estimator *est = ivn->est;
	int i;

	spin_lock(&est->lock);
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		rate[i] = rate_shown(r->avg[i], fraction[i]);
	spin_unlock(&est->lock);
}

/**
 * ip_vs_estimator_zero() - reset an object's rates
 * @ivn: namespace, equipped
 * @r: the object's state
 *
 * Context: process.
 */
void ip_vs_estimator_zero(struct ip_vs_net *ivn, struct ip_vs_rates *r)
{
	struct ip_vs_estimator *est = ivn->est;

	spin_lock(&est->lock);
	memset(r->avg, 0, sizeof(r->avg));
	spin_unlock(&est->lock);
}

/**
 * ip_vs_estimator_equip() - allocate a namespace's estimator, idle
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_estimator_equip(struct ip_vs_net *ivn)
{
	struct ip_vs_estimator *est;

	est = kzalloc(sizeof(*est), GFP_KERNEL_ACCOUNT);
	if (!est)
		return -ENOMEM;
	est->ivn = ivn;
	spin_lock_init(&est->lock);
	init_llist_head(&est->queue);
	INIT_LIST_HEAD(&est->services);
	INIT_DELAYED_WORK(&est->work, estimator_work);
	ivn->est = est;
	return 0;
}

/**
 * ip_vs_estimator_strip() - undo ip_vs_estimator_equip()
 * @ivn: namespace; no pass runs and none will
 *
 * Context: process.
 */
void ip_vs_estimator_strip(struct ip_vs_net *ivn)
{
	kfree(ivn->est);
	ivn->est = NULL;
}

/**
 * ip_vs_estimator_exit() - stop estimation and drop every server
 * @ivn: namespace; no packet counts any more
 *
 * Context: process.
 */
void ip_vs_estimator_exit(struct ip_vs_net *ivn)
{
	struct ip_vs_estimator *est = ivn->est;
	struct ip_vs_dest *dest, *next;

	if (!est)
		return;
	cancel_delayed_work_sync(&est->work);
	take_queue(est);
	llist_for_each_entry_safe(dest, next, est->active, rate_node)
		estimator_let_go(dest);
	est->active = NULL;
}
