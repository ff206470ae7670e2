/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_SORT_H
#define CONN_SORT_H

#include "model/conn.h"
#include "model/request.h"

int conn_sort_add(struct list *conns, const struct conn *conn);
int conn_sort_sort(struct list *conns, enum conn_order order);

#endif
