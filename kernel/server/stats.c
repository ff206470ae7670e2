// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: counting a packet, and sums at reading.
 *
 * One per-CPU set a packet, the real server's.  All else is arithmetic on
 * snapshots, under the configuration mutex:
 *
 *	server		counters - origin
 *	service		folded + sum of (counters - base) - origin
 *	namespace	folded_cpu + sum of counters - origin
 *
 * where base is what a server had counted when it last entered or left a
 * service, so that a server revived from the trash counts nothing twice, and
 * the last sum runs over servers in the trash as well: they are folded by CPU
 * only when they leave it.  Servers that no packet ever came to add nothing and
 * are passed over: tables may be large, and most of them idle.
 *
 * While estimation is switched off the snapshot is the one taken at the
 * estimator's last pass: everything stands still.
 */
#include <linux/slab.h>

#include "net.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/estimator.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/stats.h"

/* Counting must neither lose to a softirq or another task on this CPU nor be
 * moved to another CPU halfway.  Where a 64-bit add is one instruction that is
 * free.
 */
#if BITS_PER_LONG == 64
static void packet_count(struct ip_vs_cpu_counters __percpu *c,
			 enum ip_vs_counter events, enum ip_vs_counter bytes, u32 len)
{
	this_cpu_inc(c->v[events]);
	this_cpu_add(c->v[bytes], len);
}

static void count_one(struct ip_vs_cpu_counters __percpu *c,
		      enum ip_vs_counter events)
{
	this_cpu_inc(c->v[events]);
}

static void read_cpu(const struct ip_vs_cpu_counters *c,
		     struct ip_vs_counters *out)
{
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		out->v[i] = READ_ONCE(c->v[i]);
}
#else
static void packet_count(struct ip_vs_cpu_counters __percpu *c,
			 enum ip_vs_counter events, enum ip_vs_counter bytes, u32 len)
{
	struct ip_vs_cpu_counters *mine;

	local_bh_disable();
	mine = this_cpu_ptr(c);
	u64_stats_update_begin(&mine->syncp);
	mine->v[events]++;
	mine->v[bytes] += len;
	u64_stats_update_end(&mine->syncp);
	local_bh_enable();
}

static void count_one(struct ip_vs_cpu_counters __percpu *c,
		      enum ip_vs_counter events)
{
	packet_count(c, events, events, 0);
}

static void read_cpu(const struct ip_vs_cpu_counters *c,
		     struct ip_vs_counters *out)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&c->syncp);
		memcpy(out->v, c->v, sizeof(out->v));
	} while (u64_stats_fetch_retry(&c->syncp, start));
}
#endif

/**
 * ip_vs_stats_in() - count a packet from the client
 * @dest: its connection's server
 * @bytes: length from the IP header on
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_stats_in(struct ip_vs_dest *dest, u32 bytes)
{
	packet_count(dest->counters.cpu, IP_VS_CNT_INPKTS, IP_VS_CNT_INBYTES, bytes);
	ip_vs_estimator_note(dest);
}

/**
 * ip_vs_stats_out() - count a packet from the server
 * @dest: the server
 * @bytes: length from the IP header on
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_stats_out(struct ip_vs_dest *dest, u32 bytes)
{
	packet_count(dest->counters.cpu, IP_VS_CNT_OUTPKTS, IP_VS_CNT_OUTBYTES, bytes);
	ip_vs_estimator_note(dest);
}

/**
 * ip_vs_stats_conn() - count a connection
 * @dest: the server it was given to
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_stats_conn(struct ip_vs_dest *dest)
{
	count_one(dest->counters.cpu, IP_VS_CNT_CONNS);
	ip_vs_estimator_note(dest);
}

static void counters_add(struct ip_vs_counters *sum, const struct ip_vs_counters *c)
{
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		sum->v[i] += c->v[i];
}

static void counters_subtract(struct ip_vs_counters *sum,
			      const struct ip_vs_counters *c)
{
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		sum->v[i] -= c->v[i];
}

static void stats_sum_cpus(const struct ip_vs_cpu_counters __percpu *counters,
			   struct ip_vs_counters *sum)
{
	struct ip_vs_counters one;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		read_cpu(per_cpu_ptr(counters, cpu), &one);
		counters_add(sum, &one);
	}
}

/**
 * ip_vs_stats_raw() - everything a server has ever counted
 * @dest: server
 * @sum: result
 *
 * Context: any.
 */
void ip_vs_stats_raw(const struct ip_vs_dest *dest,
		     struct ip_vs_counters *sum)
{
	stats_sum_cpus(dest->counters.cpu, sum);
}

/* The counters listings go by: live, or as of the estimator's last pass. */
static void counters_snapshot(const struct ip_vs_dest *dest, struct ip_vs_counters *sum)
{
	struct ip_vs_estimator *est = dest->ivn->est;

	if (!READ_ONCE(dest->has_counts)) {
		memset(sum, 0, sizeof(*sum));
		return;
	}
	if (ip_vs_estimator_runs(dest->ivn)) {
		ip_vs_stats_raw(dest, sum);
		return;
	}
	spin_lock(&est->lock);
	*sum = dest->last;
	spin_unlock(&est->lock);
}

static void sum_service(const struct ip_vs_service *svc,
			struct ip_vs_counters *sum)
{
	struct ip_vs_counters one;
	struct ip_vs_dest *dest;
	u32 i = 0;

	*sum = svc->folded;
	list_for_each_entry(dest, &svc->dest_list, list) {
		ip_vs_sched_yield(i++);
		if (!READ_ONCE(dest->has_counts))
			continue;
		counters_snapshot(dest, &one);
		counters_subtract(&one, &dest->base);
		counters_add(sum, &one);
	}
}

static void add_snapshot(struct ip_vs_counters *sum,
			 const struct ip_vs_dest *dest)
{
	struct ip_vs_counters one;

	if (!READ_ONCE(dest->has_counts))
		return;
	counters_snapshot(dest, &one);
	counters_add(sum, &one);
}

static void sum_total(const struct ip_vs_net *ivn, struct ip_vs_counters *sum)
{
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;
	u32 i = 0;

	memset(sum, 0, sizeof(*sum));
	if (!ivn->equipped)
		return;
	stats_sum_cpus(ivn->folded_cpu, sum);
	list_for_each_entry(svc, &ivn->service_list, list)
		list_for_each_entry(dest, &svc->dest_list, list) {
			add_snapshot(sum, dest);
			ip_vs_sched_yield(i++);
		}
	hlist_for_each_entry(dest, &ivn->trash, trash) {
		add_snapshot(sum, dest);
		ip_vs_sched_yield(i++);
	}
}

/**
 * ip_vs_stats_dest() - what listings show of a server
 * @dest: server
 * @view: result
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_dest(struct ip_vs_dest *dest, struct ip_vs_stats_view *view)
{
	lockdep_assert_held(&dest->ivn->config);
	counters_snapshot(dest, &view->count);
	counters_subtract(&view->count, &dest->origin);
	ip_vs_estimator_read(dest->ivn, &dest->rates, view->rate);
}

/**
 * ip_vs_stats_service() - what listings show of a service
 * @svc: service
 * @view: result
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_service(struct ip_vs_service *svc,
			 struct ip_vs_stats_view *view)
{
	lockdep_assert_held(&svc->ivn->config);
	sum_service(svc, &view->count);
	counters_subtract(&view->count, &svc->origin);
	ip_vs_estimator_read(svc->ivn, &svc->rates, view->rate);
}

static void add_one_cpu(struct ip_vs_counters *sum,
			const struct ip_vs_cpu_counters __percpu *counters,
			unsigned int cpu)
{
	struct ip_vs_counters one;

	read_cpu(per_cpu_ptr(counters, cpu), &one);
	counters_add(sum, &one);
}

/**
 * ip_vs_stats_reading_begin() - begin to sum up what a namespace has counted
 * @ivn: namespace, in which no reading is under way
 * @reading: @reading->cpu may point to room for all CPUs
 *
 * Between two portions the configuration mutex is let go.  What has been folded is
 * taken now; whichever server moves to another place meanwhile is looked at before
 * it does, if it was not yet.  So each counts once.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_reading_begin(struct ip_vs_net *ivn,
			       struct ip_vs_stats_reading *reading)
{
	int cpu;

	lockdep_assert_held(&ivn->config);
	ivn->readings = ivn->readings + 1 ?: 1;
	reading->number = ivn->readings;
	reading->trash = hlist_entry_safe(ivn->trash.first, struct ip_vs_dest,
					  trash);
	memset(&reading->sum, 0, sizeof(reading->sum));
	ivn->reading = reading;
	if (!ivn->equipped)
		return;
	stats_sum_cpus(ivn->folded_cpu, &reading->sum);
	counters_subtract(&reading->sum, &ivn->origin);
	if (reading->cpu)
		for_each_possible_cpu(cpu)
			read_cpu(per_cpu_ptr(ivn->folded_cpu, cpu),
				 &reading->cpu[cpu]);
}

/**
 * ip_vs_stats_reading_add() - look at a server, unless that has been done
 * @reading: reading under way
 * @dest: server
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_reading_add(struct ip_vs_stats_reading *reading,
			     struct ip_vs_dest *dest)
{
	int cpu;

	lockdep_assert_held(&dest->ivn->config);
	if (!READ_ONCE(dest->has_counts) || dest->reading == reading->number)
		return;
	dest->reading = reading->number;
	add_snapshot(&reading->sum, dest);
	if (reading->cpu)
		for_each_possible_cpu(cpu)
			add_one_cpu(&reading->cpu[cpu], dest->counters.cpu, cpu);
}

/**
 * ip_vs_stats_reading_end() - no reading is under way any more
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_reading_end(struct ip_vs_net *ivn)
{
	lockdep_assert_held(&ivn->config);
	ivn->reading = NULL;
}

/**
 * ip_vs_stats_leave_trash() - a server is about to leave the trash
 * @ivn: namespace
 * @dest: server; still in its list
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_leave_trash(struct ip_vs_net *ivn, struct ip_vs_dest *dest)
{
	struct ip_vs_stats_reading *reading = ivn->reading;

	lockdep_assert_held(&ivn->config);
	if (!reading)
		return;
	ip_vs_stats_reading_add(reading, dest);
	if (reading->trash == dest)
		reading->trash = hlist_entry_safe(dest->trash.next,
						  struct ip_vs_dest, trash);
}

/**
 * ip_vs_stats_zero_dest() - a server's figures start at 0
 * @dest: server
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_zero_dest(struct ip_vs_dest *dest)
{
	lockdep_assert_held(&dest->ivn->config);
	counters_snapshot(dest, &dest->origin);
	ip_vs_estimator_zero(dest->ivn, &dest->rates);
}

/**
 * ip_vs_stats_zero_service() - the figures of a service and its servers
 * start at 0
 * @svc: service
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_zero_service(struct ip_vs_service *svc)
{
	struct ip_vs_dest *dest;
	u32 i = 0;

	lockdep_assert_held(&svc->ivn->config);
	list_for_each_entry(dest, &svc->dest_list, list) {
		ip_vs_stats_zero_dest(dest);
		ip_vs_sched_yield(i++);
	}
	sum_service(svc, &svc->origin);
	ip_vs_drops_zero_service(svc);
	ip_vs_estimator_zero(svc->ivn, &svc->rates);
}

/**
 * ip_vs_stats_zero_all() - all figures of a namespace start at 0
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_zero_all(struct ip_vs_net *ivn)
{
	struct ip_vs_service *svc;

	lockdep_assert_held(&ivn->config);
	list_for_each_entry(svc, &ivn->service_list, list) {
		ip_vs_stats_zero_service(svc);
		cond_resched();
	}
	sum_total(ivn, &ivn->origin);
	ip_vs_drops_zero_total(ivn);
	if (ivn->equipped)
		ip_vs_estimator_zero(ivn, &ivn->est->rates);
}

/**
 * ip_vs_stats_fold_dest() - a server leaves its service
 * @svc: service, which keeps what the server has counted for it
 * @dest: server
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_fold_dest(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	struct ip_vs_counters now;

	lockdep_assert_held(&svc->ivn->config);
	if (!READ_ONCE(dest->has_counts))
		return;
	if (svc->ivn->reading)
		ip_vs_stats_reading_add(svc->ivn->reading, dest);
	ip_vs_stats_raw(dest, &now);
	counters_add(&svc->folded, &now);
	counters_subtract(&svc->folded, &dest->base);
	dest->base = now;
}

/**
 * ip_vs_stats_fold_to_net() - a server leaves the trash for good
 * @ivn: namespace, which keeps what the server has counted
 * @dest: server; no packet sees it any more
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_stats_fold_to_net(struct ip_vs_net *ivn, struct ip_vs_dest *dest)
{
	struct ip_vs_counters one;
	int cpu, i;

	lockdep_assert_held(&ivn->config);
	if (!READ_ONCE(dest->has_counts))
		return;
	for_each_possible_cpu(cpu) {
		read_cpu(per_cpu_ptr(dest->counters.cpu, cpu), &one);
		for (i = 0; i < IP_VS_CNT_MAX; i++)
			per_cpu_ptr(ivn->folded_cpu, cpu)->v[i] += one.v[i];
	}
}
