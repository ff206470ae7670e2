// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table between threads: readers find what was there all the time, whatever
 * comes, goes and moves meanwhile, and nobody touches what a grace period has
 * freed (address sanitizer).
 */
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <linux/slab.h>

#include "conn/hash.h"
#include "conns_tests.h"

#define KEYS 100	/* each with an entry that stays, its oldest */
#define COMING 8000	/* entries of each writer, at most */
#define FEW 20		/* at least */
#define LARGE 4096	/* buckets: many entries take at least so many, few less */
#define ROUNDS 3	/* of coming and going */
#define PATIENCE_S 300	/* many threads may share a CPU with others */
#define WRITERS 2
#define READERS 2
#define THREADS (WRITERS + READERS + 2)

struct entry {
	struct ip_vs_link link;
	unsigned int key;
	bool stays;
};

unsigned long jiffies;
__thread unsigned long *rcu_here;
static unsigned long sections[THREADS][8];	/* a cache line each */
static struct ip_vs_hash table;
static struct entry stay[KEYS];
static bool over;
static unsigned int wanted = COMING;
static unsigned long searches, resizes, changes;

void pause_here(void)
{
	sched_yield();
}

void *shim_alloc(size_t n, size_t size)
{
	size_t bytes = (n * size + 63) / 64 * 64;

	return memset(aligned_alloc(64, bytes), 0, bytes);
}

void kfree(const void *p)
{
	free((void *)p);
}

void synchronize_rcu(void)
{
	unsigned long was;
	int i;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (i = 0; i < THREADS; i++) {
		was = __atomic_load_n(&sections[i][0], __ATOMIC_SEQ_CST);
		while (was & 1 && was == __atomic_load_n(&sections[i][0],
							 __ATOMIC_SEQ_CST))
			sched_yield();
	}
}

static struct entry *entry_of(const struct ip_vs_link *link)
{
	return container_of(link, struct entry, link);
}

static bool same(const struct ip_vs_link *a, const struct ip_vs_link *b)
{
	return entry_of(a)->key == entry_of(b)->key;
}

static u32 digest_of(unsigned int key)
{
	/* Long chains, and some keys with one digest. */
	return key / 3 * 0x9e3779b1u;
}

/* Is the entry that stays below the newest of its key? */
static bool found(unsigned int key)
{
	const struct ip_vs_buckets *buckets = rcu_dereference(table.buckets);
	u32 digest = digest_of(key);
	const struct ip_vs_link *link;
	unsigned int steps = 0;

	do {
		for (link = ip_vs_hash_first(buckets, digest); link;
		     link = ip_vs_hash_next(link)) {
			if (++steps > 10000000)
				return false;
			if (link->digest != digest || entry_of(link)->key != key)
				continue;
			for (; link; link = rcu_dereference(link->older))
				if (entry_of(link)->stays)
					return true;
			return false;
		}
		buckets = ip_vs_hash_more(buckets);
	} while (buckets);
	return false;
}

static void *reader(void *section)
{
	unsigned int seed = (size_t)section;
	unsigned long n = 0;

	rcu_here = section;
	while (!READ_ONCE(over)) {
		rcu_read_lock();
		CHECK(found(rand_r(&seed) % KEYS));
		rcu_read_unlock();
		n++;
	}
	__atomic_add_fetch(&searches, n, __ATOMIC_RELAXED);
	return NULL;
}

static void entry_add(struct entry *e, unsigned int key)
{
	e->key = key;
	e->link.digest = digest_of(key);
	rcu_read_lock();
	CHECK(!ip_vs_hash_add(&table, &e->link));
	rcu_read_unlock();
}

static void entry_del(struct entry *e)
{
	rcu_read_lock();
	ip_vs_hash_del(&table, &e->link);
	rcu_read_unlock();
}

static void *writer(void *section)
{
	static __thread struct entry *in[COMING], *gone[512];
	unsigned int seed = (size_t)section, i, n_gone = 0, n = 0;

	rcu_here = section;
	while (!READ_ONCE(over)) {
		n++;
		i = rand_r(&seed) % COMING;
		if (in[i] && (i >= READ_ONCE(wanted) || rand_r(&seed) % 2)) {
			entry_del(in[i]);
			gone[n_gone++] = in[i];
			in[i] = NULL;
		} else if (!in[i] && i < READ_ONCE(wanted)) {
			in[i] = calloc(1, sizeof(*in[i]));
			/* One of the keys, or one of many others. */
			entry_add(in[i], rand_r(&seed) % 2 ? i % KEYS : i * 3);
		}
		if (n_gone == ARRAY_SIZE(gone)) {
			synchronize_rcu();
			while (n_gone)
				free(gone[--n_gone]);
		}
	}
	synchronize_rcu();
	while (n_gone)
		free(gone[--n_gone]);
	for (i = 0; i < COMING; i++)
		if (in[i]) {
			entry_del(in[i]);
			synchronize_rcu();
			free(in[i]);
		}
	__atomic_add_fetch(&changes, n, __ATOMIC_RELAXED);
	return NULL;
}

static void *worker(void *section)
{
	u32 size = 0;

	rcu_here = section;
	while (!READ_ONCE(over)) {
		if (__atomic_exchange_n(&table.resize.pending, false,
					__ATOMIC_ACQ_REL))
			table.resize.func(&table.resize);
		if (size != ip_vs_hash_size(&table)) {
			size = ip_vs_hash_size(&table);
			WRITE_ONCE(resizes, resizes + 1);
		}
		sched_yield();
	}
	return NULL;
}

/* Let writers have so many entries each, and wait until the table has the size that
 * follows from it: they get on as fast as the machine lets them.
 */
static void resize_to(unsigned int entries, bool large)
{
	static const struct timespec tick = { .tv_nsec = 10000000 };
	time_t end = time(NULL) + PATIENCE_S;
	bool reached;

	WRITE_ONCE(wanted, entries);
	do {
		nanosleep(&tick, NULL);
		reached = (ip_vs_hash_size(&table) >= LARGE) == large;
	} while (!reached && time(NULL) < end);
	CHECK(reached);
}

static void readers_find_what_stays(const void *unused)
{
	pthread_t thread[THREADS];
	unsigned int i, n = 0;

	rcu_here = sections[THREADS - 1];
	ip_vs_hash_init(&table, NULL, same);
	for (i = 0; i < KEYS; i++) {
		stay[i].stays = true;
		entry_add(&stay[i], i);
	}
	for (i = 0; i < READERS; i++, n++)
		pthread_create(&thread[n], NULL, reader, sections[n]);
	for (i = 0; i < WRITERS; i++, n++)
		pthread_create(&thread[n], NULL, writer, sections[n]);
	pthread_create(&thread[n], NULL, worker, sections[n]);
	n++;
	/* Now many, now few. */
	for (i = 0; i < ROUNDS; i++) {
		resize_to(COMING, true);
		resize_to(FEW, false);
	}
	WRITE_ONCE(over, true);
	while (n)
		pthread_join(thread[--n], NULL);
	CHECK(searches > 1000 && changes > 1000 && resizes > 3);
	for (i = 0; i < KEYS; i++) {
		CHECK(found(i));
		entry_del(&stay[i]);
		CHECK(!found(i));
	}
	ip_vs_hash_exit(&table);
	printf("# %lu searches, %lu changes, %lu sizes\n", searches, changes,
	       resizes);
}

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	check_test("hash: readers find what stays while writers and the worker run",
		   readers_find_what_stays, NULL);
	return check_end();
}
