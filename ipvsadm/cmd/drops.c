// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that were dropped: why, and for which service
 */
#include "cmd/drops.h"

#include "model/drop_names.h"
#include "model/drops.h"
#include "model/errors.h"
#include "model/model.h"
#include "net/query.h"
#include "net/wire.h"
#include "print/json.h"
#include "print/line.h"
#include "print/listline.h"
#include "print/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static void print_drops(const struct request *req, const struct drops *drops)
{
	struct line name;

	line_begin(&name);
	if (drops->has_service)
		listline_name(&name, req, &drops->svc);
	else
		line_word(&name, "all");
	for (unsigned int i = 1; i < DROP_REASONS; i++)
		if (drops->n[i])
			printf("%-33s %11" PRIu64 " %-10s %s\n", line_string(&name),
			       drops->n[i], drop_key(i), drop_meaning(i));
}

static void print_all(const struct request *req, const struct list *all)
{
	puts("Prot LocalAddress:Port                Packets Reason");
	for (size_t i = 0; i < all->len && !output_broken(); i++)
		print_drops(req, all->item[i]);
}

static int drops_unsupported(void)
{
	complain("ipvsadm: this kernel's ip_vs does not tell what it drops");
	return EXIT_LIST;
}

/**
 * drops_run() - execute -L --drops
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int drops_run(struct wire *wire, const struct request *req)
{
	struct list all = { 0 };
	int status = EXIT_OK;
	struct refusal why;
	int err;

	if (!wire_has_ext(wire))
		return drops_unsupported();
	err = query_drops(wire, &all, &why);
	if (err) {
		status = EXIT_LIST;
		if (why.error == EOPNOTSUPP)
			drops_unsupported();
		else
			refusal_print(req->cmd, &why);
	}
	if (!err || err == -EAGAIN) {
		if (has(req, OPT_JSON))
			json_drops(req, &all);
		else
			print_all(req, &all);
	}
	list_free(&all);
	return status;
}
