/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_COUNT_H
#define CONN_COUNT_H

#include "model/filter.h"
#include "model/request.h"

struct conn;

int conn_count_add(struct list *counts, const struct conn *conn);
void conn_count_print(const struct request *req, const struct list *counts);

#endif
