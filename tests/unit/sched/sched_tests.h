/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The groups of the schedulers' tests, one for each file.
 */
#ifndef SCHED_TESTS_H
#define SCHED_TESTS_H

#include "../check.h"

void vectors(void);
void examples(void);
void histories(void);
void corners(void);

#endif
