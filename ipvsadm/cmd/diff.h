/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DIFF_H
#define DIFF_H

#include "model/table.h"

#include <stdio.h>

int diff_make(struct list *changes, struct table *have, struct table *want);
void diff_print(FILE *out, const struct list *changes);

#endif
