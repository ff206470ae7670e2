// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_stats and ip_vs_stats_percpu: the counters of a namespace.
 *
 * Any user may read them, and the sum includes all servers and CPUs.  So it is
 * computed in portions, the configuration mutex is dropped in between, and
 * readers are serialised: configuration waits for one portion, however many
 * readers there are.
 */
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <linux/slab.h>

#include "ctl/cursor.h"
#include "ctl/procfs.h"
#include "net.h"
#include "server/dest.h"
#include "server/estimator.h"
#include "server/service.h"
#include "server/stats.h"

#define HEAD1 "   Total Incoming Outgoing         Incoming         Outgoing\n"
#define HEAD2 "   Conns  Packets  Packets            Bytes            Bytes\n"
#define HEAD3 " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"

/* Size of a portion: servers without counts, or per-CPU sets of counters. */
#define PORTION		2048

/**
 * struct walk - a sum in progress
 * @ivn: namespace
 * @reading: the sum so far
 * @cur: the service or server to continue with
 * @left: what is left of the portion
 */
struct walk {
	struct ip_vs_net *ivn;
	struct ip_vs_stats_reading reading;
	struct ip_vs_cursor cur;
	int left;
};

static void look_at(struct walk *w, struct ip_vs_dest *dest)
{
	w->left -= READ_ONCE(dest->has_counts) ? num_possible_cpus() : 1;
	ip_vs_stats_reading_add(&w->reading, dest);
}

/* Returns false when the portion ended before the last server. */
static bool walk_service(struct walk *w, struct ip_vs_service *svc,
			 struct ip_vs_dest *dest)
{
	for (; dest; dest = ip_vs_dest_next(svc, dest)) {
		if (w->left <= 0) {
			ip_vs_cursor_at_dest(&w->cur, svc, dest);
			return false;
		}
		look_at(w, dest);
	}
	return true;
}

static struct ip_vs_dest *first_dest(struct ip_vs_service *svc)
{
	return list_first_entry_or_null(&svc->dest_list, struct ip_vs_dest,
					list);
}

static bool walk_services(struct walk *w)
{
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;
	bool same;

	svc = ip_vs_cursor_service(w->ivn, &w->cur, &same);
	if (!svc)
		return true;
	dest = same && w->cur.in_dests ? ip_vs_cursor_dest(svc, &w->cur) :
					 first_dest(svc);
	while (walk_service(w, svc, dest)) {
		svc = ip_vs_service_next(svc);
		ip_vs_cursor_at_service(&w->cur, svc);
		if (!svc)
			return true;
		if (w->left-- <= 0)
			return false;
		dest = first_dest(svc);
	}
	return false;
}

static bool walk_trash(struct walk *w)
{
	struct ip_vs_stats_reading *r = &w->reading;

	while (r->trash) {
		if (w->left <= 0)
			return false;
		look_at(w, r->trash);
		r->trash = hlist_entry_safe(r->trash->trash.next,
					    struct ip_vs_dest, trash);
	}
	return true;
}

/* The configuration mutex is held at the beginning and at the end. */
static int walk_all(struct walk *w)
{
	w->left = PORTION;
	while (!walk_services(w) || !walk_trash(w)) {
		mutex_unlock(&w->ivn->config);
		cond_resched();
		mutex_lock(&w->ivn->config);
		if (fatal_signal_pending(current))
			return -EINTR;
		w->left = PORTION;
	}
	return 0;
}

/* @cpu: room for all CPUs, or NULL. */
static int read_total(struct ip_vs_net *ivn, struct ip_vs_counters *cpu,
		      struct ip_vs_stats_view *view)
{
	struct walk w = { .ivn = ivn, .reading.cpu = cpu };
	int err;

	if (mutex_lock_killable(&ivn->readers))
		return -EINTR;
	mutex_lock(&ivn->config);
	ip_vs_stats_reading_begin(ivn, &w.reading);
	err = walk_all(&w);
	ip_vs_stats_reading_end(ivn);
	mutex_unlock(&ivn->config);
	mutex_unlock(&ivn->readers);
	view->count = w.reading.sum;
	if (ip_vs_equipped(ivn))
		ip_vs_estimator_read(ivn, &ivn->est->rates, view->rate);
	else
		memset(view->rate, 0, sizeof(view->rate));
	return err;
}

static void print_row(struct seq_file *seq, const u64 v[IP_VS_CNT_MAX])
{
	seq_printf(seq, "%8llX %8llX %8llX %16llX %16llX\n",
		   v[IP_VS_CNT_CONNS], v[IP_VS_CNT_INPKTS],
		   v[IP_VS_CNT_OUTPKTS], v[IP_VS_CNT_INBYTES],
		   v[IP_VS_CNT_OUTBYTES]);
}

/**
 * ip_vs_procfs_stats_show() - print ip_vs_stats
 * @seq: output
 * @v: unused
 *
 * Context: process.
 *
 * Return: 0 or -EINTR.
 */
int ip_vs_procfs_stats_show(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = ip_vs_net(seq_file_single_net(seq));
	struct ip_vs_stats_view total;
	int err;

	err = read_total(ivn, NULL, &total);
	if (err)
		return err;
	seq_puts(seq, HEAD1);
	seq_puts(seq, HEAD2);
	print_row(seq, total.count.v);
	seq_puts(seq, "\n" HEAD3);
	print_row(seq, total.rate);
	return 0;
}

static void print_cpus(struct seq_file *seq, const struct ip_vs_counters *rows)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		seq_printf(seq, "%3X ", cpu);
		print_row(seq, rows[cpu].v);
	}
}

/**
 * ip_vs_procfs_stats_percpu_show() - print ip_vs_stats_percpu
 * @seq: output
 * @v: unused
 *
 * Context: process.
 *
 * Return: 0; -EINTR; -ENOMEM.
 */
int ip_vs_procfs_stats_percpu_show(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = ip_vs_net(seq_file_single_net(seq));
	struct ip_vs_stats_view total;
	struct ip_vs_counters *rows;
	int err;

	rows = kvcalloc(nr_cpu_ids, sizeof(*rows), GFP_KERNEL_ACCOUNT);
	if (!rows)
		return -ENOMEM;
	err = read_total(ivn, rows, &total);
	if (err)
		goto out;
	seq_puts(seq, "    " HEAD1);
	seq_puts(seq, "CPU " HEAD2);
	print_cpus(seq, rows);
	seq_puts(seq, "  ~ ");
	print_row(seq, total.count.v);
	seq_puts(seq, "\n    " HEAD3 "    ");
	print_row(seq, total.rate);
out:
	kvfree(rows);
	return err;
}
