/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of tests, one for each file.
 */
#ifndef DATAPLANE_TESTS_H
#define DATAPLANE_TESTS_H

#include "kernel.h"
#include "../check.h"

extern const struct test parse_tests[];
extern const struct test writable_tests[];
extern const struct test csum_tests[];
extern const struct test tcp_tests[];
extern const struct test sctp_tests[];
extern const struct test track_tests[];
extern const struct test rows_tests[];
extern const struct test adjust_tests[];

#endif
