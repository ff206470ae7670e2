/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNSORT_H
#define CONNSORT_H

#include "model/conn.h"
#include "model/request.h"

bool connsort_key(const char *name, enum conn_order *order);
int connsort_add(struct list *conns, const struct conn *conn);
int connsort_sort(struct list *conns, enum conn_order order);

#endif
