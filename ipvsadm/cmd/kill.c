// SPDX-License-Identifier: GPL-2.0-only
/*
 * End connections
 */
#include "cmd/kill.h"

#include "model/errors.h"
#include "model/request.h"
#include "net/query.h"
#include "print/json.h"

#include <inttypes.h>
#include <stdio.h>

/**
 * kill_run() - execute -K
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int kill_run(struct wire *wire, const struct request *req)
{
	struct refusal why;
	uint64_t count;

	if (!wire_has_ext(wire)) {
		complain("ipvsadm: this kernel's ip_vs cannot end connections");
		return EXIT_KERNEL;
	}
	if (query_kill(wire, &req->filter, &count, &why)) {
		refusal_print(req->cmd, &why);
		return EXIT_KERNEL;
	}
	if (has(req, OPT_JSON))
		json_killed(req, count);
	else
		printf("connections ended: %" PRIu64 "\n", count);
	return EXIT_OK;
}
