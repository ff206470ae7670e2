/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of tests, one for each file.
 */
#ifndef CONNS_TESTS_H
#define CONNS_TESTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"

extern const struct test digest_tests[];
extern const struct test hash_tests[];
extern const struct test limit_tests[];

#endif
