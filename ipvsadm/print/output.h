/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>

void output_failed(void);
bool output_broken(void);
int output_flush(void);
void output_abandon(void);
int output_error(void);

#endif
