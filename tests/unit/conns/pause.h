/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a worker lets others run, the test does something. */
#ifndef PAUSE_H
#define PAUSE_H

void pause_here(void);
#define cond_resched() pause_here()

#endif
