/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNSORT_H
#define CONNSORT_H

#include "connlist.h"

bool connsort_key(const char *name, enum conn_order *order);
int connsort_add(struct list *conns, const char *line);
int connsort_sort(struct list *conns, enum conn_order order);
const struct conn *connsort_get(const struct list *conns, size_t i);

#endif
