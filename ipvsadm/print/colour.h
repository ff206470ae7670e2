/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COLOUR_H
#define COLOUR_H

#include "model/model.h"

#include <stdio.h>

bool colour_wanted(void);
const char *colour_service(FILE *out);
const char *colour_dest(FILE *out, const struct dest *dst);
const char *colour_off(const char *colour);

#endif
