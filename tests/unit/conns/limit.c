// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn_max: never exceeded, reached if wanted, and cheap when it refuses.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>

#include "conn/limit.h"
#include "conns_tests.h"

unsigned int shim_cpu, shim_sums, shim_counts;

static struct ip_vs_conn_limit limit;

static void start(void)
{
	memset(&limit, 0, sizeof(limit));
	CHECK(!ip_vs_conn_limit_init(&limit));
	shim_sums = 0;
}

/* Births on all CPUs in turn.  Returns how many there were. */
static unsigned int try(unsigned int n, int max)
{
	unsigned int born = 0;

	while (n--) {
		shim_cpu = n % SHIM_CPUS;
		born += ip_vs_conn_limit_take(&limit, max);
	}
	return born;
}

static void to_the_last(void)
{
	int max;

	for (max = 0; max < 2000; max += 1 + max / 3) {
		start();
		jiffies++;
		CHECK(try(3000, max) == max);
		CHECK(ip_vs_conn_limit_count(&limit) == max);
	}
}

static void refusing_is_cheap(void)
{
	unsigned int tick;

	start();
	CHECK(try(1100, 1000) == 1000);
	for (tick = 0; tick < 100; tick++) {
		jiffies++;
		shim_sums = 0;
		CHECK(!try(1, 1000));
		CHECK(shim_sums <= 1);
		shim_sums = 0;
		shim_counts = 0;
		CHECK(!try(10000, 1000));
		CHECK(!shim_sums && !shim_counts);
	}
}

static void births_near_it_are_cheap(void)
{
	start();
	CHECK(try(900, 1000) == 900);
	jiffies++;
	shim_sums = 0;
	CHECK(try(100, 1000) == 100);
	CHECK(shim_sums <= 1);
}

static void far_from_it_nothing_is_summed(void)
{
	start();
	CHECK(try(10000, 1 << 30) == 10000);
	CHECK(!shim_sums);
}

static void a_new_limit_holds_at_once(void)
{
	start();
	CHECK(try(200, 100) == 100);
	CHECK(try(200, 150) == 50);
	CHECK(try(200, 10) == 0);
	CHECK(try(200, 151) == 1);
}

static void a_death_makes_room_with_the_next_tick(void)
{
	start();
	CHECK(try(200, 100) == 100);
	ip_vs_conn_limit_give(&limit);
	jiffies++;
	CHECK(try(200, 100) == 1);
}

/* Against an exact count: never above, and after a tick nobody is refused a place
 * that is free.
 */
static void random_histories(void)
{
	unsigned int alive = 0, step;
	int max = 300;

	start();
	for (step = 0; step < 200000; step++) {
		shim_cpu = rand() % SHIM_CPUS;
		if (rand() % 100 == 0)
			jiffies++;
		if (rand() % 5000 == 0)
			max = rand() % 1000;
		if (alive && rand() % 3 == 0) {
			ip_vs_conn_limit_give(&limit);
			alive--;
		} else if (ip_vs_conn_limit_take(&limit, max)) {
			alive++;
			CHECK(alive <= max);
		}
		if (step % 1000 == 0) {
			CHECK(ip_vs_conn_limit_count(&limit) == alive);
			jiffies++;
			if (alive < max) {
				CHECK(ip_vs_conn_limit_take(&limit, max));
				alive++;
			}
		}
	}
}

const struct test limit_tests[] = {
	{ "limit: reached to the last, never exceeded", to_the_last },
	{ "limit: a flood of refusals sums once a tick and writes nothing",
	  refusing_is_cheap },
	{ "limit: births near it share one sum a tick",
	  births_near_it_are_cheap },
	{ "limit: far from it nothing is summed",
	  far_from_it_nothing_is_summed },
	{ "limit: a new one holds at once", a_new_limit_holds_at_once },
	{ "limit: a death makes room with the next tick",
	  a_death_makes_room_with_the_next_tick },
	{ "limit: random histories against an exact count", random_histories },
	{}
};
