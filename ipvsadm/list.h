/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LIST_H
#define LIST_H

#include "names.h"
#include "nl.h"

#include <stdio.h>

/* Room for the longest name of a service. */
#define LIST_NAME_TEXT (ENDPOINT_TEXT + 16)

int list_run(struct wire *wire, const struct request *req);
void list_service_name(const struct request *req, const struct service *svc,
		       char *text, size_t size);
void list_service(FILE *out, const struct request *req,
		  const struct service *svc);
void list_dest(FILE *out, const struct request *req,
	       const struct service *svc, const struct dest *dst);
int list_tables(struct wire *wire, const struct request *req,
		const char *title,
		int (*service)(const struct request *req,
			       const struct service *svc,
			       const struct list *dests));

#endif
