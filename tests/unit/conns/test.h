/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line a test, and a sum at the end.
 */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern unsigned int wrong;

#define CHECK(what)							\
	do {								\
		if (!(what) && wrong++ < 10)				\
			printf("    # %s:%d: %s\n", __FILE__, __LINE__,	\
			       #what);					\
	} while (0)

struct test {
	const char *name;
	void (*run)(void);
};

extern const struct test digest_tests[];
extern const struct test hash_tests[];
extern const struct test limit_tests[];

#endif
