/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line a test.
 */
#ifndef TEST_H
#define TEST_H

#include <linux/types.h>

/* Say what is wrong with the test that runs, which then fails. */
void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Run one test. */
void test(const char *name, void (*fn)(const void *arg), const void *arg);

void vectors(void);
void examples(void);
void histories(void);
void corners(void);

#endif
