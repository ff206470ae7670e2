/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of tests, one for each file.
 */
#ifndef FTP_TESTS_H
#define FTP_TESTS_H

#include "../check.h"

extern const struct test text_tests[];
extern const struct test control_tests[];
extern const struct test seq_tests[];

#endif
