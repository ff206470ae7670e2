/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNCOUNT_H
#define CONNCOUNT_H

#include "model/request.h"

struct conn;

/**
 * struct conncount - how many connections are in one state
 * @protocol: name of the protocol
 * @state: name of the state
 * @n: how many
 */
struct conncount {
	char protocol[FILTER_WORD];
	char state[FILTER_WORD];
	uint64_t n;
};

int conncount_add(struct list *counts, const struct conn *conn);
void conncount_print(const struct request *req, const struct list *counts);

#endif
