/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of tests, one for each file, and what they share
 */
#ifndef CLI_TESTS_H
#define CLI_TESTS_H

#include <stdbool.h>
#include <stdio.h>

#include "../check.h"

extern const struct test codec_tests[];
extern const struct test diff_tests[];
extern const struct test ext_tests[];
extern const struct test filter_tests[];
extern const struct test hints_tests[];
extern const struct test line_tests[];
extern const struct test lines_tests[];
extern const struct test options_tests[];
extern const struct test order_tests[];
extern const struct test parse_tests[];
extern const struct test split_tests[];
extern const struct test watch_rows_tests[];

/* Output of a call into a stream, as a string until the next use. */
FILE *text_open(void);
const char *text_close(void);

#endif
