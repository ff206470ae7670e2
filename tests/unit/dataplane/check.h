/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line a test, and a sum at the end.
 *
 * A test is a function; CHECK() inside it prints what was wrong and goes on.
 */
#ifndef CHECK_H
#define CHECK_H

#include "kernel.h"

extern unsigned int check_failures;
extern uint64_t check_random_state;

#define CHECK(what, ...)						\
	do {								\
		if (!(what) && check_failures++ < 10) {			\
			printf("    # %s:%d: %s: ", __FILE__,		\
			       __LINE__, #what);			\
			printf(__VA_ARGS__);				\
			printf("\n");					\
		}							\
	} while (0)

struct test {
	const char *name;
	void (*run)(void);
};

/* The same numbers in every run (xorshift64*), so that a failure comes again. */
static inline uint32_t check_random(void)
{
	uint64_t x = check_random_state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	check_random_state = x;
	return (x * 0x2545f4914f6cdd1dULL) >> 32;
}

static inline void check_random_bytes(void *to, unsigned int len)
{
	unsigned char *b = to;

	while (len--)
		*b++ = check_random();
}

/* Sets of tests, one for each file. */
extern const struct test parse_tests[];
extern const struct test writable_tests[];
extern const struct test csum_tests[];
extern const struct test tcp_tests[];
extern const struct test sctp_tests[];
extern const struct test track_tests[];

#endif
