/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of tests, one for each file.
 */
#ifndef SYNC_TESTS_H
#define SYNC_TESTS_H

#include "../check.h"

extern const struct test wire_tests[];
extern const struct test due_tests[];

#endif
