/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LIST_H
#define LIST_H

#include "net/wire.h"

int list_run(struct wire *wire, const struct request *req);
int list_tables(struct wire *wire, const struct request *req,
		const char *title,
		int (*service)(const struct request *req,
			       const struct service *svc,
			       const struct list *dests));

#endif
