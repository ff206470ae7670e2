// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: counting packets, and the sums that listings show.
 *
 * A packet is counted in one per-CPU set only, that of its real server.  All
 * else is arithmetic on snapshots, under the configuration mutex:
 *
 *	server		counters - origin
 *	service		folded + sum of (counters - base) - origin
 *	namespace	folded_cpu + sum of counters - origin
 *
 * where base is the value of a server's counters when it last entered or left a
 * service, so that a server revived from the trash counts nothing twice.  The
 * last sum includes servers in the trash: they are folded by CPU only when they
 * leave it.  Servers that never had a packet are skipped, since tables may be
 * large and mostly idle.
 *
 * While estimation is off, the snapshot of the estimator's last pass is shown.
 */
#include <linux/slab.h>

#include "net.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/estimator.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/stats.h"

/* A softirq, another task on this CPU or a migration must not lose a count.
 * Where a per-CPU 64-bit add is one instruction, that needs no protection.
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
 * ip_vs_stats_conn() - count a new connection
 * @dest: its server
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
 * ip_vs_stats_raw() - read all a server has ever counted
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

/* The counters that listings show: live, or as of the estimator's last pass. */
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
 * ip_vs_stats_dest() - read the counters and rates of a server
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
 * ip_vs_stats_service() - read the counters and rates of a service
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
 * ip_vs_stats_reading_begin() - begin to sum up the counters of a namespace
 * @ivn: namespace, in which no reading is in progress
 * @reading: @reading->cpu may point to room for all CPUs
 *
 * The configuration mutex is dropped between two portions.  Folded counters are
 * read here; a server that is about to move between service, trash and folded
 * counters is added before, if it was not yet.  So each is counted once.
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
 * ip_vs_stats_reading_add() - add a server to the sum, unless it is included
 * @reading: reading in progress
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
 * ip_vs_stats_reading_end() - end a reading
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
 * ip_vs_stats_leave_trash() - add a server to the reading before it leaves the trash
 * @ivn: namespace
 * @dest: server; still in the trash
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
 * ip_vs_stats_zero_dest() - zero the counters and rates of a server
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
 * ip_vs_stats_zero_service() - zero the counters and rates of a service and its
 * servers
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
 * ip_vs_stats_zero_all() - zero all counters and rates of a namespace
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
 * ip_vs_stats_fold_dest() - add the counters of a removed server to its service
 * @svc: service
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
 * ip_vs_stats_fold_to_net() - add the counters of a destroyed server to its namespace
 * @ivn: namespace
 * @dest: server; no packet reaches it any more
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
