// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table against a list, while it grows and shrinks; and that many entries with
 * one key cost no more than others.
 */
#include <linux/slab.h>

#include "conn/hash.h"
#include "conns_tests.h"

#define KEYS 6000
#define ENTRIES 30000

struct entry {
	struct ip_vs_link link;
	unsigned int key;
	struct entry *older;	/* model: entries of one key, newest first */
	bool in;
};

static struct ip_vs_hash table;
static struct entry *entries;
static struct entry *newest[KEYS];
static unsigned int n_in, compared;

static u32 digest_of(unsigned int key)
{
	/* Now and then two keys have one digest. */
	u32 d = key / 2 * 0x9e3779b1u;

	return key % 10 == 1 ? d : d + (key & 1);
}

static struct entry *entry_of(const struct ip_vs_link *link)
{
	return container_of(link, struct entry, link);
}

static bool same(const struct ip_vs_link *a, const struct ip_vs_link *b)
{
	compared++;
	return entry_of(a)->key == entry_of(b)->key;
}

static void start(void)
{
	memset(newest, 0, sizeof(newest));
	entries = calloc(ENTRIES, sizeof(*entries));
	n_in = 0;
	compared = 0;
	ip_vs_hash_init(&table, NULL, same);
}

static void end(void)
{
	ip_vs_hash_exit(&table);
	shim_grace_period();
	free(entries);
}

/* The chain of a key, from its newest entry on. */
static const struct ip_vs_link *search(unsigned int key)
{
	const struct ip_vs_buckets *buckets = rcu_dereference(table.buckets);
	u32 digest = digest_of(key);
	const struct ip_vs_link *link;

	do {
		for (link = ip_vs_hash_first(buckets, digest); link;
		     link = ip_vs_hash_next(link))
			if (link->digest == digest && entry_of(link)->key == key)
				return link;
		buckets = ip_vs_hash_more(buckets);
	} while (buckets);
	return NULL;
}

static void check(unsigned int key)
{
	const struct ip_vs_link *link = search(key);
	struct entry *e;

	for (e = newest[key]; e; e = e->older) {
		CHECK(link == &e->link);
		if (!link)
			return;
		link = rcu_dereference(link->older);
	}
	CHECK(!link);
}

static void add(struct entry *e, unsigned int key)
{
	e->key = key;
	e->link = (struct ip_vs_link) { .digest = digest_of(key) };
	CHECK(!ip_vs_hash_add(&table, &e->link));
	e->older = newest[key];
	newest[key] = e;
	e->in = true;
	n_in++;
}

static void del(struct entry *e)
{
	struct entry **p = &newest[e->key];

	while (*p != e)
		p = &(*p)->older;
	*p = e->older;
	ip_vs_hash_del(&table, &e->link);
	e->in = false;
	n_in--;
}

/* Few keys have many entries, most have one or two. */
static unsigned int some_key(void)
{
	return rand() % 4 ? rand() % KEYS : rand() % 20;
}

static unsigned int wanted;

static void step(void)
{
	struct entry *e = &entries[rand() % ENTRIES];
	unsigned int key = some_key();

	if (!e->in && n_in < wanted) {
		add(e, key);
		check(key);
	} else if (e->in && n_in > wanted / 2) {
		del(e);
		check(e->key);
	}
	check(key);
}

/* In the middle of a change of size others go on. */
static unsigned int pauses;
static bool stepping;

void pause_here(void)
{
	int i;

	pauses++;
	for (i = 0; stepping && i < 50; i++)
		step();
}

static void histories(void)
{
	static const unsigned int sizes[] = { 50, 3000, 25000, 100, 20000, 10 };
	unsigned int i, key, largest = 0, round;

	start();
	stepping = true;
	pauses = 0;
	for (round = 0; round < ARRAY_SIZE(sizes); round++) {
		wanted = sizes[round];
		for (i = 0; i < 60000; i++) {
			step();
			if (rand() % 200 == 0)
				shim_run_work();
		}
		while (n_in > wanted) {
			for (i = 0; i < ENTRIES && !entries[i].in; i++)
				;
			del(&entries[i]);
			shim_run_work();
		}
		largest = max(largest, ip_vs_hash_size(&table));
		for (key = 0; key < KEYS; key++)
			check(key);
	}
	stepping = false;
	CHECK(pauses);
	CHECK(largest >= 4096);
	CHECK(ip_vs_hash_size(&table) < largest);
	for (i = 0; i < ENTRIES; i++)
		if (entries[i].in)
			del(&entries[i]);
	end();
}

/* However many entries one key has: an addition compares with one of them, a
 * removal with none, and the table does not grow for them.
 */
static void one_key(void)
{
	unsigned int i;

	start();
	for (i = 0; i < ENTRIES; i++)
		add(&entries[i], 0);
	CHECK(compared < ENTRIES);
	shim_run_work();
	CHECK(ip_vs_hash_size(&table) == 64);
	check(0);
	compared = 0;
	/* Oldest first: the other end of the list from where a search begins. */
	for (i = 0; i < ENTRIES; i++) {
		ip_vs_hash_del(&table, &entries[i].link);
		CHECK(i == ENTRIES - 1 || entry_of(search(0)) == &entries[ENTRIES - 1]);
	}
	CHECK(!compared && !search(0));
	end();
}

static void no_memory(void)
{
	unsigned int i;

	start();
	shim_fail_in = 1;
	entries[0].link.digest = 1;
	CHECK(ip_vs_hash_add(&table, &entries[0].link) == -ENOMEM);
	shim_fail_in = 0;
	CHECK(!search(0));
	for (i = 0; i < 1000; i++) {
		/* No larger table is to be had. */
		shim_fail_in = i && i < 500;
		add(&entries[i], i);
		shim_run_work();
		shim_fail_in = 0;
	}
	for (i = 0; i < 1000; i++)
		check(i);
	/* The work was tried once, and then not for a second. */
	CHECK(ip_vs_hash_size(&table) == 64);
	/* A second later there is. */
	jiffies += HZ;
	add(&entries[1000], 1000);
	shim_run_work();
	CHECK(ip_vs_hash_size(&table) > 64);
	for (i = 0; i <= 1000; i++)
		check(i);
	for (i = 0; i <= 1000; i++)
		del(&entries[i]);
	end();
}

static void census(void)
{
	u32 by_len[8] = {};
	unsigned int i;

	start();
	CHECK(ip_vs_hash_census(&table, by_len, 7) == 1 && by_len[0] == 1);
	for (i = 0; i < 5; i++)
		add(&entries[i], 8);
	add(&entries[5], 31);
	memset(by_len, 0, sizeof(by_len));
	CHECK(ip_vs_hash_census(&table, by_len, 7) == 64);
	CHECK(by_len[0] == 62 && by_len[1] == 1 && by_len[5] == 1);
	for (i = 0; i <= 5; i++)
		del(&entries[i]);
	end();
}

const struct test hash_tests[] = {
	{ "hash: random histories against lists, in the midst of resizing",
	  histories },
	{ "hash: 30,000 entries with one key cost no more than others", one_key },
	{ "hash: no memory, at first and for growth", no_memory },
	{ "hash: buckets counted by length", census },
	{}
};
