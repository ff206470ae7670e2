/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash table that may hold many entries with one key.
 */
#ifndef IP_VS_CONN_HASH_H
#define IP_VS_CONN_HASH_H

#include <linux/cache.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct ip_vs_foreign;

/**
 * struct ip_vs_link - an entry's link in the table
 * @next: of the newest with its key: the next one in the bucket.  Of the others
 *	the next newer with the same key; written under the stripe's lock
 * @older: the next older with the same key; as @next
 * @digest: the hash of its key; set by the owner before it is added
 * @behind: there is a newer one with the same key; under the stripe's lock
 * @dir: for the owner: which side of a connection, enum ip_vs_dir
 * @bidirectional: for the owner: it also matches the swapped key
 */
struct ip_vs_link {
	struct ip_vs_link __rcu *next;
	struct ip_vs_link __rcu *older;
	u32 digest;
	bool behind;
	u8 dir;
	u8 bidirectional;
};

/**
 * struct ip_vs_buckets - the array, of one size
 * @mask: number of buckets, a power of two, less 1
 * @future: entries are moving there, and new ones go there
 * @first: chains, one entry for each key
 */
struct ip_vs_buckets {
	u32 mask;
	struct ip_vs_buckets __rcu *future;
	struct ip_vs_link __rcu *first[];
};

/**
 * struct ip_vs_stripe - the buckets that share a lock, in an array of any size
 * @lock: the chains, and the older entries below them; _bh
 * @keys: how many different keys they have
 *
 * Each has a cache line: CPUs that hold different ones do not meet.
 */
struct ip_vs_stripe {
	spinlock_t lock;	/* chains; see above */
	u32 keys;
} ____cacheline_aligned_in_smp;

/**
 * struct ip_vs_hash - a table
 * @buckets: the array; written by @resize, and by the first addition
 * @stripes: its locks; NULL before the first addition
 * @same: have two entries with one digest the same key?
 * @wq: where @resize runs
 * @foreign: whose control group is charged for the table, NULL: none; set
 *	before the first addition
 * @failed: jiffies when there was no memory for a larger array, last; no resize
 *	for a second after that
 * @resize: moves all entries to a larger or smaller array
 */
struct ip_vs_hash {
	struct ip_vs_buckets __rcu *buckets;
	struct ip_vs_stripe *stripes;
	bool (*same)(const struct ip_vs_link *a, const struct ip_vs_link *b);
	struct workqueue_struct *wq;
	struct ip_vs_foreign *foreign;
	unsigned long failed;
	struct work_struct resize;
};

/* The array to search next, if an entry has not been found in @buckets: NULL
 * nearly always.
 */
static inline const struct ip_vs_buckets *
ip_vs_hash_more(const struct ip_vs_buckets *buckets)
{
	/* Pairs with smp_store_release() in chain_move(): a reader that misses
	 * an entry that has moved sees the array it has moved to.
	 */
	smp_rmb();
	return rcu_dereference(buckets->future);
}

/* In one array, the newest entry of each key that may have a digest; the chain may
 * hold others.  RCU.
 */
static inline const struct ip_vs_link *
ip_vs_hash_first(const struct ip_vs_buckets *buckets, u32 digest)
{
	return rcu_dereference(buckets->first[digest & buckets->mask]);
}

static inline const struct ip_vs_link *
ip_vs_hash_next(const struct ip_vs_link *link)
{
	return rcu_dereference(link->next);
}

void ip_vs_hash_init(struct ip_vs_hash *hash, struct workqueue_struct *wq,
		     bool (*same)(const struct ip_vs_link *a,
				  const struct ip_vs_link *b));
void ip_vs_hash_exit(struct ip_vs_hash *hash);
int ip_vs_hash_add(struct ip_vs_hash *hash, struct ip_vs_link *link);
void ip_vs_hash_del(struct ip_vs_hash *hash, struct ip_vs_link *link);
u32 ip_vs_hash_size(const struct ip_vs_hash *hash);
u32 ip_vs_hash_census(const struct ip_vs_hash *hash, u32 *by_len, u32 max);

#endif
