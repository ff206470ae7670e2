/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_COUNT_H
#define CONN_COUNT_H

#include "model/filter.h"
#include "model/request.h"

struct conn;

/**
 * struct conn_count - how many connections are in one state
 * @protocol: name of the protocol
 * @state: name of the state
 * @n: how many
 */
struct conn_count {
	char protocol[FILTER_WORD];
	char state[FILTER_WORD];
	uint64_t n;
};

int conn_count_add(struct list *counts, const struct conn *conn);
void conn_count_print(const struct request *req, const struct list *counts);

#endif
