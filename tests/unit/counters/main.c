// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter sets: none is given out twice, each is all 0 whoever had it before, and
 * no block outlives its last set.  Who uses one that was given back, or loses one,
 * meets the address sanitizer.
 */
#include <stdlib.h>
#include <linux/percpu.h>

#include "../check.h"
#include "server/counter_pool.h"
#include "server/stats.h"

#define SETS 200
#define STEPS 20000
#define BLOCK 16

static struct ip_vs_counter_pool pool;

/* A set in use holds its owner's number everywhere. */
static void fill(struct ip_vs_counter_set *set, u64 owner)
{
	int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < IP_VS_CNT_MAX; i++)
			per_cpu_ptr(set->cpu, cpu)->v[i] = owner;
}

static bool holds(struct ip_vs_counter_set *set, u64 number)
{
	int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < IP_VS_CNT_MAX; i++)
			if (per_cpu_ptr(set->cpu, cpu)->v[i] != number)
				return false;
	return true;
}

static void take(struct ip_vs_counter_set *set, u64 owner)
{
	CHECK(!ip_vs_counter_set_get(&pool, set));
	CHECK(holds(set, 0));
	fill(set, owner);
}

static void give_back(struct ip_vs_counter_set *set, u64 owner)
{
	CHECK(holds(set, owner));
	ip_vs_counter_set_put(set);
}

static void random_histories(void)
{
	struct ip_vs_counter_set set[SETS];
	u64 owner[SETS] = {};
	u64 next = 1;
	int i, step;

	for (step = 0; step < STEPS; step++) {
		/* Now many in use, now few: blocks come and go. */
		i = rand() % (step / 1000 % 2 ? SETS : BLOCK + 1);
		if (owner[i]) {
			give_back(&set[i], owner[i]);
			owner[i] = 0;
		} else {
			owner[i] = next++;
			take(&set[i], owner[i]);
		}
	}
	for (i = 0; i < SETS; i++)
		if (owner[i])
			give_back(&set[i], owner[i]);
	CHECK(list_empty(&pool.open));
}

static void blocks_are_shared(void)
{
	struct ip_vs_counter_set set[BLOCK + 1];
	int i;

	for (i = 0; i <= BLOCK; i++) {
		take(&set[i], i + 1);
		CHECK((set[i].block == set[0].block) == (i < BLOCK));
	}
	/* The first full block is open again, and the hole in it is found. */
	give_back(&set[3], 4);
	take(&set[3], 4);
	CHECK(set[3].block == set[0].block);
	for (i = 0; i <= BLOCK; i++)
		give_back(&set[i], i + 1);
	CHECK(list_empty(&pool.open));
}

static void no_memory(void)
{
	struct ip_vs_counter_set set;

	/* The block, then its counters. */
	for (unsigned int nth = 1; nth <= 2; nth++) {
		shim_fail_in = nth;
		CHECK(ip_vs_counter_set_get(&pool, &set) == -ENOMEM);
		CHECK(list_empty(&pool.open));
	}
	take(&set, 1);
	give_back(&set, 1);
}

static const struct test tests[] = {
	{ "counters: no set is given out twice, each is all 0",
	  random_histories },
	{ "counters: sixteen sets share a block, holes are filled",
	  blocks_are_shared },
	{ "counters: without memory nothing changes", no_memory },
};

static void in_a_new_pool(const void *arg)
{
	const struct test *test = arg;

	ip_vs_counter_pool_init(&pool);
	test->run();
	CHECK(!pool.lock.held);
}

int main(int argc, char **argv)
{
	check_begin(argc, argv);
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		check_test(tests[i].name, in_a_new_pool, &tests[i]);
	return check_end();
}
