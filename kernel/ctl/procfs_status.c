// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_status: statistics of the hash tables.
 *
 * Tables resize automatically, so their load factor is shown as 0; rates are
 * estimated from a work queue, so there are no estimator threads to show.
 * Connections have a table for each family, which are shown as one.
 */
#include <linux/rhashtable.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "conn/expiry.h"
#include "conn/hash.h"
#include "conn/walk.h"
#include "ctl/procfs.h"
#include "net.h"

/* Chains of this length or more are counted together. */
#define LEN_MAX		7
/* Buckets examined before rescheduling. */
#define SLICE		1024

static u32 hash_chain_length(const struct bucket_table *tbl, unsigned int bucket)
{
	struct rhash_head *pos;
	u32 len = 0;

	rht_for_each_rcu(pos, tbl, bucket)
		len++;
	return min_t(u32, len, LEN_MAX);
}

/* Counts the chains of a table by length.  Returns the number of buckets, 0:
 * the table was replaced meanwhile.
 */
static u32 count_chains(struct rhashtable *ht, u32 by_len[LEN_MAX + 1])
{
	const struct bucket_table *tbl;
	u32 i, size;

	rcu_read_lock();
	tbl = rht_dereference_rcu(ht->tbl, ht);
	size = tbl->size;
	for (i = 0; i < size; i++) {
		by_len[hash_chain_length(tbl, i)]++;
		if ((i + 1) % SLICE)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
		if (tbl != rht_dereference_rcu(ht->tbl, ht) ||
		    tbl->size != size) {
			size = 0;
			break;
		}
	}
	rcu_read_unlock();
	return size;
}

static u32 share_percent(u32 part, u32 whole)
{
	return whole ? (u64)part * 100 / whole : 0;
}

static void show_chains(struct seq_file *seq, const char *what,
			const u32 by_len[LEN_MAX + 1], u32 size)
{
	u32 len;

	seq_printf(seq, "%s buckets empty:\t%u (%u%%)\n", what, by_len[0],
		   share_percent(by_len[0], size));
	for (len = 1; len <= LEN_MAX; len++)
		if (by_len[len])
			seq_printf(seq, "%s buckets len-%u:\t%u (%u%%)\n",
				   what, len, by_len[len],
				   share_percent(by_len[len], size - by_len[0]));
}

static void show_table(struct seq_file *seq, const char *what, u32 entries,
		       u32 size)
{
	seq_printf(seq, "%ss:\t%u\n", what, entries);
	seq_printf(seq, "%s buckets:\t%u (%d bits, lfactor 0)\n", what, size,
		   ilog2(size));
}

static void show_conns(struct seq_file *seq, struct ip_vs_net *ivn)
{
	u32 entries = ip_vs_conns_count(ivn);
	u32 by_len[LEN_MAX + 1] = {};
	u32 size4, size6;

	show_table(seq, "Conn", entries, ip_vs_hash_size(&ivn->conns4) +
					 ip_vs_hash_size(&ivn->conns6));
	if (!entries)
		return;
	size4 = ip_vs_hash_census(&ivn->conns4, by_len, LEN_MAX);
	size6 = ip_vs_hash_census(&ivn->conns6, by_len, LEN_MAX);
	if (size4 && size6)
		show_chains(seq, "Conn", by_len, size4 + size6);
}

static void show_services(struct seq_file *seq, struct ip_vs_net *ivn)
{
	u32 entries = READ_ONCE(ivn->n_services[0]) +
		      READ_ONCE(ivn->n_services[1]);
	u32 by_len[LEN_MAX + 1] = {};
	u32 size;

	rcu_read_lock();
	size = rht_dereference_rcu(ivn->services.tbl, &ivn->services)->size;
	rcu_read_unlock();
	show_table(seq, "Service", entries, size);
	if (!entries)
		return;
	size = count_chains(&ivn->services, by_len);
	if (size)
		show_chains(seq, "Service", by_len, size);
}

/**
 * ip_vs_procfs_status_show() - print ip_vs_status
 * @seq: output
 * @v: unused
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_procfs_status_show(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = ip_vs_net(seq_file_single_net(seq));

	show_conns(seq, ivn);
	show_services(seq, ivn);
	seq_puts(seq, "Stats thread slots:\t0 (max 0)\n");
	seq_puts(seq, "Stats chain max len:\t0\n");
	seq_puts(seq, "Stats thread ests:\t0\n");
	return 0;
}
