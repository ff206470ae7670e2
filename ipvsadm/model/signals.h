/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef STOP_H
#define STOP_H

#include <stdbool.h>

void stop_prepare(void);
bool stop_asked(void);
bool stop_errand(void (*work)(void *arg), void *arg);

#endif
