/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sets of tests of what reads packets' contents.
 */
#ifndef CONTENT_TESTS_H
#define CONTENT_TESTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"

extern const struct test sip_tests[];
extern const struct test engine_tests[];

#endif
