// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs tests and counts; of a test that fails the first ten complaints are printed.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define SEED 0x1bad5eed2026ULL
#define MAX_COMPLAINTS 10

static unsigned int passed, failed, complaints;
static unsigned long checks;
static uint64_t random_state = SEED;
static const char *only;

void check_begin(int argc, char **argv)
{
	only = argc > 1 ? argv[1] : NULL;
}

int check_end(void)
{
	if (checks)
		printf("# %lu checks\n", checks);
	printf("%u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}

void check_test(const char *name, void (*run)(const void *arg), const void *arg)
{
	if (only && !strstr(name, only))
		return;
	complaints = 0;
	random_state = SEED;
	srand(1);
	run(arg);
	if (complaints)
		failed++;
	else
		passed++;
	printf("%s %u - %s\n", complaints ? "not ok" : "ok", passed + failed,
	       name);
	fflush(stdout);
}

static void run_plain(const void *arg)
{
	const struct test *test = arg;

	test->run();
}

void check_set(const struct test *set)
{
	for (; set->name; set++)
		check_test(set->name, run_plain, set);
}

bool check_count(bool held)
{
	__atomic_add_fetch(&checks, 1, __ATOMIC_RELAXED);
	return held;
}

/* Return: whether there is still room for one more. */
static bool complain(void)
{
	return __atomic_add_fetch(&complaints, 1, __ATOMIC_RELAXED) <=
	       MAX_COMPLAINTS;
}

void check_fail(const char *fmt, ...)
{
	va_list args;

	if (!complain())
		return;
	printf("    # ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void check_fail_at(const char *file, int line, const char *what,
		   const char *fmt, ...)
{
	va_list args;

	if (!complain())
		return;
	printf("    # %s:%d: %s", file, line, what);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void check_text(const char *got, const char *want, const char *file, int line)
{
	if (!check_count(got && !strcmp(got, want)))
		check_fail_at(file, line, "text differs:", "\n    #   got  |%s|"
			      "\n    #   want |%s|", got ? got : "(none)", want);
}

/* xorshift64* */
unsigned int check_random(void)
{
	uint64_t x = random_state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random_state = x;
	return (x * 0x2545f4914f6cdd1dULL) >> 32;
}

void check_random_bytes(void *to, unsigned int len)
{
	unsigned char *b = to;

	while (len--)
		*b++ = check_random();
}
