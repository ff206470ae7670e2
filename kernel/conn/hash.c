// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hash table that may hold many entries with one key.
 *
 * rhashtable links entries with one key in one direction only: to remove an
 * entry it walks their list under the bucket's lock, and an attacker that can
 * create many connections with one tuple makes that walk as long as it likes.
 * Here no operation depends on the number of entries with one key:
 *
 *	bucket -> newest A ------> newest B -> NULL	(next)
 *		  |   ^
 *	  (older) v   | (next)
 *		  older A
 *		  |   ^
 *		  v   |
 *		  oldest A -> NULL
 *
 * A bucket's chain has one entry for each key, the newest one; the older ones
 * form a list below it, linked both ways.  A new entry replaces the newest one
 * in the chain, which becomes the first of the list below; removing an older
 * entry touches its two neighbours, removing the newest puts the next older one
 * into the chain.  Digests are made with a secret key, so chains are short.
 *
 * Readers are in an RCU read section and hold no lock.  Each pointer that a
 * reader may follow leads to an entry that was in the table when it was
 * written, and a removed entry keeps its own pointers until a grace period is
 * over; so a reader comes to the end of the chain from any entry.  An entry
 * that has been replaced in the chain points to the newer one instead of the
 * next key's: a reader at that entry goes on to the one that replaced it, and
 * along the chain from there.
 *
 * A worker replaces the array by a larger or smaller one: it publishes the new
 * one (future), moves chain after chain, last entry first, and waits for
 * readers of the old one.  An addition or removal moves the chain concerned
 * first, so that all entries with one key are in one array.  A reader follows
 * the old chain, perhaps into the new one; if it has found no match it searches
 * the new one.
 *
 * Buckets are locked by stripes: the lowest bits of a digest select the stripe,
 * whatever the size of the array, so one lock covers a chain before and after
 * it moves.
 *
 * There is no array before the first addition: most namespaces never have one.
 */
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "conn/hash.h"
#include "foreign.h"

#define STRIPES 64
#define SIZE_MIN STRIPES
#define SIZE_MAX_BITS 28
/* Up to this size an array grows fourfold, beyond it twofold. */
#define SIZE_LARGE 65536
/* The array shrinks when there is less than one key for so many buckets. */
#define SPARSE 16
/* Buckets that are handled before other tasks may run. */
#define SLICE 1024

/* The array before the first addition: one empty bucket. */
static struct ip_vs_buckets no_buckets = { .first = { NULL } };
/* Serialises first additions to tables. */
static DEFINE_SPINLOCK(first_lock);

static struct ip_vs_stripe *stripe_of(const struct ip_vs_hash *hash, u32 digest)
{
	return &hash->stripes[digest % STRIPES];
}

/* How many buckets a stripe has. */
static u32 stripe_size(const struct ip_vs_buckets *buckets)
{
	return (buckets->mask + 1) / STRIPES;
}

/* A pointer of a chain, read under the stripe's lock. */
#define chain_pointer(p, stripe) \
	rcu_dereference_protected(p, lockdep_is_held(&(stripe)->lock))

static void chain_end(struct ip_vs_link __rcu **pos)
{
	/* Pairs with smp_rmb() in ip_vs_hash_more(). */
	smp_store_release((struct ip_vs_link __force **)pos, NULL);
}

/* Move a chain to the next array, last entry first: a reader at that entry goes
 * on in the new chain, and has seen all entries before it.
 */
static void chain_move(struct ip_vs_stripe *stripe,
		       struct ip_vs_link __rcu **from, struct ip_vs_buckets *to)
{
	struct ip_vs_link __rcu **pos, **head;
	struct ip_vs_link *link, *next;

	lockdep_assert_held(&stripe->lock);
	while ((link = chain_pointer(*from, stripe))) {
		pos = from;
		while ((next = chain_pointer(link->next, stripe))) {
			pos = &link->next;
			link = next;
		}
		head = &to->first[link->digest & to->mask];
		rcu_assign_pointer(link->next, chain_pointer(*head, stripe));
		rcu_assign_pointer(*head, link);
		chain_end(pos);
	}
}

/* The array where entries with a digest are added and removed. */
static struct ip_vs_buckets *buckets_of(struct ip_vs_hash *hash,
					struct ip_vs_stripe *stripe, u32 digest)
{
	struct ip_vs_buckets *buckets = rcu_dereference(hash->buckets);
	struct ip_vs_buckets *future = rcu_dereference(buckets->future);

	if (likely(!future))
		return buckets;
	chain_move(stripe, &buckets->first[digest & buckets->mask], future);
	return future;
}

static struct ip_vs_buckets *buckets_new(const struct ip_vs_hash *hash, u32 size)
{
	struct ip_vs_buckets *buckets;
	size_t bytes = struct_size(buckets, first, size);

	if (hash->foreign)
		buckets = ip_vs_foreign_kvzalloc(hash->foreign, bytes);
	else
		buckets = kvzalloc(bytes, GFP_KERNEL | __GFP_NOWARN);
	if (buckets)
		buckets->mask = size - 1;
	return buckets;
}

/* Allocate the table, for the first addition. */
static noinline int hash_start(struct ip_vs_hash *hash)
{
	struct ip_vs_stripe *stripes;
	struct ip_vs_buckets *buckets;
	size_t bytes = struct_size(buckets, first, SIZE_MIN);
	u32 i;

	buckets = ip_vs_packet_kmalloc(hash->foreign, bytes);
	stripes = ip_vs_packet_kmalloc(hash->foreign,
				       STRIPES * sizeof(*stripes));
	if (!buckets || !stripes) {
		kfree(buckets);
		kfree(stripes);
		return -ENOMEM;
	}
	memset(buckets, 0, bytes);
	buckets->mask = SIZE_MIN - 1;
	for (i = 0; i < STRIPES; i++) {
		spin_lock_init(&stripes[i].lock);
		stripes[i].keys = 0;
	}

	spin_lock_bh(&first_lock);
	if (!hash->stripes) {
		rcu_assign_pointer(hash->buckets, buckets);
		/* Pairs with smp_load_acquire() in ip_vs_hash_add(). */
		smp_store_release(&hash->stripes, stripes);
		buckets = NULL;
		stripes = NULL;
	}
	spin_unlock_bh(&first_lock);
	kfree(buckets);
	kfree(stripes);
	return 0;
}

/* The size of an array for so many keys. */
static u32 size_wanted(u32 size, u64 keys)
{
	if (keys > size / 2 && size < BIT(SIZE_MAX_BITS))
		return size < SIZE_LARGE ? 4 * size : 2 * size;
	if (keys < size / SPARSE && size > SIZE_MIN)
		return max_t(u32, roundup_pow_of_two(2 * keys + 1), SIZE_MIN);
	return size;
}

/* A stripe has too many keys, or too few: keys are spread evenly over stripes,
 * so the table is likely to have as well.  The worker counts exactly.
 */
static void resize_ask(struct ip_vs_hash *hash)
{
	if (jiffies - READ_ONCE(hash->failed) >= HZ)
		queue_work(hash->wq, &hash->resize);
}

static void resize_move(struct ip_vs_hash *hash, struct ip_vs_buckets *from,
			struct ip_vs_buckets *to)
{
	struct ip_vs_stripe *stripe;
	u32 i;

	for (i = 0; i <= from->mask; i++) {
		stripe = stripe_of(hash, i);
		spin_lock_bh(&stripe->lock);
		chain_move(stripe, &from->first[i], to);
		spin_unlock_bh(&stripe->lock);
		if (!((i + 1) % SLICE))
			cond_resched();
	}
}

static void resize_work(struct work_struct *work)
{
	struct ip_vs_hash *hash = container_of(work, struct ip_vs_hash, resize);
	/* Only this work writes it once there are entries. */
	struct ip_vs_buckets *old = rcu_dereference_protected(hash->buckets, 1);
	struct ip_vs_buckets *new;
	u64 keys = 0;
	u32 i, size;

	for (i = 0; i < STRIPES; i++)
		keys += READ_ONCE(hash->stripes[i].keys);
	size = size_wanted(old->mask + 1, keys);
	if (size == old->mask + 1)
		return;
	new = buckets_new(hash, size);
	if (!new) {
		/* The table works with longer chains. */
		WRITE_ONCE(hash->failed, jiffies);
		return;
	}
	rcu_assign_pointer(old->future, new);
	resize_move(hash, old, new);
	rcu_assign_pointer(hash->buckets, new);
	/* Readers that began with the old array may still follow it. */
	synchronize_rcu();
	kvfree(old);
}

/* The pointer to the newest entry with the key of @link in its chain; NULL:
 * there is none.
 */
static struct ip_vs_link __rcu **newest_pos(const struct ip_vs_hash *hash,
					    struct ip_vs_stripe *stripe,
					    struct ip_vs_link __rcu **pos,
					    const struct ip_vs_link *link)
{
	struct ip_vs_link *other;

	for (; (other = chain_pointer(*pos, stripe)); pos = &other->next)
		if (other->digest == link->digest && hash->same(other, link))
			return pos;
	return NULL;
}

static void link_add(struct ip_vs_hash *hash, struct ip_vs_stripe *stripe,
		     struct ip_vs_link *link)
{
	struct ip_vs_buckets *buckets = buckets_of(hash, stripe, link->digest);
	struct ip_vs_link __rcu **head, **pos;
	struct ip_vs_link *old;

	head = &buckets->first[link->digest & buckets->mask];
	pos = newest_pos(hash, stripe, head, link);
	link->behind = false;
	if (likely(!pos)) {
		RCU_INIT_POINTER(link->older, NULL);
		RCU_INIT_POINTER(link->next, chain_pointer(*head, stripe));
		rcu_assign_pointer(*head, link);
		WRITE_ONCE(stripe->keys, stripe->keys + 1);
		if (unlikely(stripe->keys > stripe_size(buckets) + 1))
			resize_ask(hash);
		return;
	}
	old = chain_pointer(*pos, stripe);
	RCU_INIT_POINTER(link->older, old);
	RCU_INIT_POINTER(link->next, chain_pointer(old->next, stripe));
	rcu_assign_pointer(*pos, link);
	rcu_assign_pointer(old->next, link);
	old->behind = true;
}

/**
 * ip_vs_hash_add() - add an entry
 * @hash: table
 * @link: the entry's link, its digest and key set; it becomes the newest with
 *	its key
 *
 * Context: bottom halves off, RCU read side.
 *
 * Return: 0; -ENOMEM: the table had no entry before, and there is no memory for
 * its array.
 */
int ip_vs_hash_add(struct ip_vs_hash *hash, struct ip_vs_link *link)
{
	struct ip_vs_stripe *stripe;

	/* Pairs with smp_store_release() in hash_start(). */
	if (unlikely(!smp_load_acquire(&hash->stripes)) && hash_start(hash))
		return -ENOMEM;
	stripe = stripe_of(hash, link->digest);
	spin_lock(&stripe->lock);
	link_add(hash, stripe, link);
	spin_unlock(&stripe->lock);
	return 0;
}

/* Remove the newest entry with its key from its chain, @pos points to it. */
static void newest_del(struct ip_vs_hash *hash, struct ip_vs_stripe *stripe,
		       struct ip_vs_link __rcu **pos, struct ip_vs_link *link)
{
	struct ip_vs_link *older = chain_pointer(link->older, stripe);
	struct ip_vs_link *next = chain_pointer(link->next, stripe);

	if (older) {
		older->behind = false;
		rcu_assign_pointer(older->next, next);
		rcu_assign_pointer(*pos, older);
		return;
	}
	rcu_assign_pointer(*pos, next);
	WRITE_ONCE(stripe->keys, stripe->keys - 1);
}

static void older_del(struct ip_vs_stripe *stripe, struct ip_vs_link *link)
{
	struct ip_vs_link *newer = chain_pointer(link->next, stripe);
	struct ip_vs_link *older = chain_pointer(link->older, stripe);

	rcu_assign_pointer(newer->older, older);
	if (older)
		rcu_assign_pointer(older->next, newer);
}

static void link_del(struct ip_vs_hash *hash, struct ip_vs_stripe *stripe,
		     struct ip_vs_link *link)
{
	struct ip_vs_buckets *buckets = buckets_of(hash, stripe, link->digest);
	struct ip_vs_link __rcu **pos;
	struct ip_vs_link *other;

	if (link->behind) {
		older_del(stripe, link);
		return;
	}
	pos = &buckets->first[link->digest & buckets->mask];
	while ((other = chain_pointer(*pos, stripe)) && other != link)
		pos = &other->next;
	if (WARN_ON_ONCE(!other))
		return;
	newest_del(hash, stripe, pos, link);
	if (unlikely(stripe->keys < stripe_size(buckets) / SPARSE))
		resize_ask(hash);
}

/**
 * ip_vs_hash_del() - remove an entry
 * @hash: table
 * @link: link of an entry that was added
 *
 * No lookup that begins now finds it, but readers may use it until a grace
 * period is over.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_hash_del(struct ip_vs_hash *hash, struct ip_vs_link *link)
{
	struct ip_vs_stripe *stripe = stripe_of(hash, link->digest);

	spin_lock_bh(&stripe->lock);
	link_del(hash, stripe, link);
	spin_unlock_bh(&stripe->lock);
}

/**
 * ip_vs_hash_size() - number of buckets
 * @hash: table
 *
 * Context: any.
 *
 * Return: a power of two.
 */
u32 ip_vs_hash_size(const struct ip_vs_hash *hash)
{
	u32 size;

	rcu_read_lock();
	size = rcu_dereference(hash->buckets)->mask + 1;
	rcu_read_unlock();
	return size;
}

/* Entries of a bucket, up to @max. */
static u32 chain_length(const struct ip_vs_buckets *buckets, u32 i, u32 max)
{
	const struct ip_vs_link *newest, *link;
	u32 len = 0;

	newest = ip_vs_hash_first(buckets, i);
	for (; newest; newest = ip_vs_hash_next(newest))
		for (link = newest; link && len < max;
		     link = rcu_dereference(link->older))
			len++;
	return len;
}

/**
 * ip_vs_hash_census() - count buckets by the number of their entries
 * @hash: table
 * @by_len: numbers of buckets with 0 to @max entries; added to
 * @max: buckets with more entries count as this
 *
 * Context: process, may sleep.
 *
 * Return: how many buckets; 0: the array was replaced meanwhile.
 */
u32 ip_vs_hash_census(const struct ip_vs_hash *hash, u32 *by_len, u32 max)
{
	const struct ip_vs_buckets *buckets;
	u32 i, size;

	rcu_read_lock();
	buckets = rcu_dereference(hash->buckets);
	size = buckets->mask + 1;
	for (i = 0; i < size; i++) {
		by_len[chain_length(buckets, i, max)]++;
		if ((i + 1) % SLICE)
			continue;
		rcu_read_unlock();
		cond_resched();
		rcu_read_lock();
		/* A new array, of another size, may lie at the same address. */
		if (buckets != rcu_dereference(hash->buckets) ||
		    buckets->mask + 1 != size) {
			size = 0;
			break;
		}
	}
	rcu_read_unlock();
	return size;
}

/**
 * ip_vs_hash_init() - initialise an empty table
 * @hash: table
 * @wq: where it is resized, in process context
 * @same: have two entries with one digest the same key?  Under a spinlock
 */
void ip_vs_hash_init(struct ip_vs_hash *hash, struct workqueue_struct *wq,
		     bool (*same)(const struct ip_vs_link *a,
				  const struct ip_vs_link *b))
{
	RCU_INIT_POINTER(hash->buckets, &no_buckets);
	hash->stripes = NULL;
	hash->same = same;
	hash->wq = wq;
	hash->foreign = NULL;
	hash->failed = jiffies - HZ;
	INIT_WORK(&hash->resize, resize_work);
}

/**
 * ip_vs_hash_exit() - free an empty table
 * @hash: table; not used any more
 *
 * Context: process, may sleep.
 */
void ip_vs_hash_exit(struct ip_vs_hash *hash)
{
	struct ip_vs_buckets *buckets;

	cancel_work_sync(&hash->resize);
	buckets = rcu_dereference_protected(hash->buckets, 1);
	if (buckets != &no_buckets)
		kvfree(buckets);
	kfree(hash->stripes);
}
