// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carry out one request; restore, which is many, is in restore.c
 */
#include "cmd/run.h"

#include "args/help.h"
#include "cmd/advice.h"
#include "cmd/conn_list.h"
#include "cmd/drain.h"
#include "cmd/kill.h"
#include "cmd/list.h"
#include "cmd/monitor.h"
#include "cmd/save.h"
#include "cmd/watch.h"
#include "model/errors.h"
#include "model/request.h"
#include "net/query.h"

static int run_order(struct wire *wire, const struct request *req)
{
	struct before before;
	struct refusal why;
	int err;

	advice_look(wire, req, &before);
	err = wire_ask(wire, order_message(wire, req), NULL, NULL, &why);
	if (err) {
		refusal_print(req->cmd, &why);
		advice_refused(req, &why);
	} else {
		advice_edited(req, &before);
	}
	advice_port(req, 0);
	return err ? EXIT_KERNEL : EXIT_OK;
}

/**
 * run_request() - carry out any command but restore, help and version
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int run_request(struct wire *wire, const struct request *req)
{
	switch (req->cmd) {
	case CMD_LIST:
		return has(req, OPT_CONNECTION) ? conn_list_run(wire, req) :
						  list_run(wire, req);
	case CMD_SAVE:
		return save_run(wire, req);
	case CMD_KILL:
		return kill_run(wire, req);
	case CMD_MONITOR:
		return monitor_run(wire, req);
	case CMD_WATCH:
		return watch_run(wire, req);
	default:
		return has(req, OPT_DRAIN) ? drain_run(wire, req) :
					     run_order(wire, req);
	}
}

/**
 * run_text() - print help or version
 * @req: which, and the program's name
 */
void run_text(const struct request *req)
{
	if (req->cmd == CMD_HELP)
		help_print(req->prog);
	else
		help_version();
}
