/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_SORT_H
#define CONN_SORT_H

#include "model/conn.h"
#include "model/request.h"

bool conn_sort_key(const char *name, enum conn_order *order);
int conn_sort_add(struct list *conns, const struct conn *conn);
int conn_sort_sort(struct list *conns, enum conn_order order);

#endif
