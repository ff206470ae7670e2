// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates, from counters.
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
 * Only servers that packets have woken are visited, and only while they have
 * something to rate: a packet finds ip_vs_dest.in_estimator clear, sets it and puts
 * the server on a lockless queue; the pass moves the queue to its own list and
 * drops whoever counted nothing and whose averages have come down to 0.  With
 * the list empty, or rates standing still, no work is pending.
 *
 * What a service or the namespace counted in a pass is the sum of what its
 * servers did, whoever counted nothing being absent; their averages follow from
 * that sum by the same formula, so they are exact and not sums of rounded ones.
 *
 * The pass runs from a work queue, in slices, the lock let go in between.
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
/* Objects visited under one hold of the lock. */
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

/* Pass on what @dest counted since the last pass to all who sum over it. */
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

/* Returns whether @dest stays in the list.  One that was removed does not, nor
 * what it holds in memory, even while nothing is rated.
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

/* A packet counted from here on wakes it again; one that has just been counted
 * and saw the bit still set is rated with the next one.
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

/* Services may be forgotten while the lock is let go: each round takes the
 * first of those left, and who stays waits in a list of its own.
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

/* Every two seconds from the first, however late this pass ran. */
static void estimator_rearm(struct ip_vs_estimator *est)
{
	unsigned long now = jiffies;

	est->next += PASS_PERIOD;
	if (time_before_eq(est->next, now) ||
	    time_after(est->next, now + PASS_PERIOD))
		est->next = now + PASS_PERIOD;
	queue_delayed_work(ip_vs_wq, &est->work, est->next - now);
}

/* While rates stand still, a pass comes only when a server was woken or removed:
 * the one is taken over, the other let go, and there is no more to do.
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
 * ip_vs_estimator_runs() - are rates sampled, and counters live?
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

/* Who reads while rates stand still finds what he would have found now, not what
 * the last pass found.  Rates keep what was counted for their next step.
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
 * ip_vs_estimator_set() - write a setting that decides whether rates are sampled
 * @ivn: namespace
 * @setting: its run_estimation or est_cpulist
 * @value: 0: they are not
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_estimator_set(struct ip_vs_net *ivn, int *setting, int value)
{
	lockdep_assert_held(&ivn->config);
	if (!value && ip_vs_estimator_runs(ivn))
		stand_still(ivn);
	WRITE_ONCE(*setting, value);
	/* There may be something to rate; if not, the pass is the last one. */
	if (ivn->equipped && ip_vs_estimator_runs(ivn))
		queue_delayed_work(ip_vs_wq, &ivn->est->work, PASS_PERIOD);
}

/**
 * ip_vs_estimator_wake() - a server has something to rate
 * @dest: server; the caller's RCU section or reference keeps it
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
 * ip_vs_estimator_flush() - a server leaves its service
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
	/* A pass, also while rates stand still: the list holds a reference. */
	queue_delayed_work(ip_vs_wq, &est->work, PASS_PERIOD);
}

/**
 * ip_vs_estimator_forget() - a service goes
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
 * ip_vs_estimator_read() - an object's rates as shown
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
 * ip_vs_estimator_zero() - an object's rates start at 0
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
 * ip_vs_estimator_equip() - a namespace's estimator, idle
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
 * ip_vs_estimator_exit() - let go of every server
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
