// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs every test, or those whose name contains the argument.
 */
#include "check.h"

#define SEED 0x1bad5eed2026ULL

unsigned int check_failures;
uint64_t check_random_state;

static unsigned int passed, failed;

static void run_set(const struct test *test, const char *only)
{
	for (; test->name; test++) {
		if (only && !strstr(test->name, only))
			continue;
		check_failures = 0;
		check_random_state = SEED;
		test->run();
		printf("%s - %s\n", check_failures ? "not ok" : "ok",
		       test->name);
		if (check_failures)
			failed++;
		else
			passed++;
	}
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;

	run_set(parse_tests, only);
	run_set(writable_tests, only);
	run_set(csum_tests, only);
	run_set(tcp_tests, only);
	run_set(sctp_tests, only);
	run_set(track_tests, only);
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}
