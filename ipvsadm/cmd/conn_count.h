/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_COUNT_H
#define CONN_COUNT_H

#include "model/filter.h"

struct conn;
struct json_list;

int conn_count_add(struct list *counts, const struct conn *conn);
void conn_count_print(struct json_list *json, const struct list *counts);

#endif
