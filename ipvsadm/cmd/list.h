/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LIST_H
#define LIST_H

#include "net/wire.h"

/**
 * struct service_sink - takes services
 * @title: printed before the first, if there is a list at all; or NULL
 * @take: takes one with its servers; 0, or -errno to end the list
 * @arg: for @take
 */
struct service_sink {
	const char *title;
	int (*take)(const struct request *req, const struct service *svc,
		    const struct list *dests, void *arg);
	void *arg;
};

int list_run(struct wire *wire, const struct request *req);
int list_tables(struct wire *wire, const struct request *req,
		const struct service_sink *sink);

#endif
