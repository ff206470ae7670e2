// SPDX-License-Identifier: GPL-2.0-only
/*
 * The whole table, as lines that restore accepts
 */
#include "cmd/save.h"

#include "cmd/list.h"
#include "model/model.h"
#include "model/request.h"
#include "print/output.h"
#include "print/saveline.h"

#include <errno.h>
#include <stdio.h>

static int save_service(const struct request *req, const struct service *svc,
			const struct list *dests, void *arg)
{
	(void)arg;
	saveline_service(stdout, req, svc);
	for (size_t i = 0; i < dests->len; i++)
		saveline_dest(stdout, req, svc, dests->item[i]);
	return output_broken() ? -EIO : 0;
}

/**
 * save_run() - execute -S
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int save_run(struct wire *wire, const struct request *req)
{
	const struct service_sink sink = { .take = save_service };

	return list_tables(wire, req, &sink);
}
