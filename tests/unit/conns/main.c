// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds connections: the hash of a tuple, the table, their number.
 */
#include "test.h"

unsigned int wrong;
static unsigned int passed, failed;

static void run(const struct test *test)
{
	for (; test->name; test++) {
		wrong = 0;
		srand(1);
		test->run();
		printf("%s - %s\n", wrong ? "not ok" : "ok", test->name);
		if (wrong)
			failed++;
		else
			passed++;
	}
}

int main(void)
{
	run(digest_tests);
	run(hash_tests);
	run(limit_tests);
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
