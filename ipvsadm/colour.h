/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COLOUR_H
#define COLOUR_H

#include "model.h"

#include <stdio.h>

bool colour_wanted(void);
bool colour_service(FILE *out);
bool colour_dest(FILE *out, const struct dest *dst);
void colour_off(FILE *out, bool on);

#endif
