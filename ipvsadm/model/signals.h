/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>

void signals_prepare(void);
bool signals_stop_asked(void);
bool signals_errand(void (*work)(void *arg), void *arg);

#endif
