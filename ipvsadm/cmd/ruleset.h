/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RULESET_H
#define RULESET_H

#include "model/table.h"

#include <stdio.h>

int ruleset_parse(struct table *want, const char *prog, const char *text,
		  size_t len, FILE *err);

#endif
