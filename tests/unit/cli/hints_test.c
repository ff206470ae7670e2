// SPDX-License-Identifier: GPL-2.0-only
#include "args/hints.h"
#include "cli_tests.h"

#include <string.h>

static bool meant(const char *word, const char *want)
{
	const char *got = hints_scheduler(word);

	return got && want ? !strcmp(got, want) : got == want;
}

static void test_distances(void)
{
	CHECK(hints_distance("", "") == 0);
	CHECK(hints_distance("abc", "abc") == 0);
	CHECK(hints_distance("abc", "acb") == 1);
	CHECK(hints_distance("stats", "stat") == 1);
	CHECK(hints_distance("x", "stats") == 5);
	CHECK(hints_distance("0123456789012345678901234567890123", "a") > 9);
}

static void test_schedulers(void)
{
	CHECK(meant("wrrr", "wrr"));
	CHECK(meant("wcl", "wlc"));
	CHECK(meant("lblcx", "lblc"));
	CHECK(meant("roundrobin", NULL));
	CHECK(meant("rr", NULL));
	CHECK(meant("", NULL));
}

const struct test hints_tests[] = {
	{ "hints: distances between words", test_distances },
	{ "hints: which scheduler was meant", test_schedulers },
	{}
};
