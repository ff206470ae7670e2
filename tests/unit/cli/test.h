/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks that count
 */
#ifndef TEST_H
#define TEST_H

#include <stdbool.h>
#include <stdio.h>

extern unsigned int passed, failed;

#define CHECK(cond) check((cond), #cond, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) check_text((got), (want), __FILE__, __LINE__)

void check(bool ok, const char *what, const char *file, int line);
void check_text(const char *got, const char *want, const char *file,
		int line);

/* Output of a call into a stream, as a string until the next use. */
FILE *text_open(void);
const char *text_close(void);

void test_codec(void);
void test_ext(void);
void test_filter(void);
void test_hints(void);
void test_lines(void);
void test_options(void);
void test_order(void);
void test_parse(void);
void test_diff(void);
void test_watch_rows(void);
void test_line(void);
void test_split(void);

#endif
