// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timeouts and daemons that a file of rules wants
 *
 * They are not part of the table and so not of its transaction: those that differ
 * are ordered after it is committed.
 */
#include "cmd/orders.h"

#include "model/model.h"
#include "model/order.h"
#include "net/query.h"
#include "print/saveline.h"

#include <stdlib.h>
#include <string.h>

/**
 * orders_add() - remember one
 * @orders: where
 * @req: CMD_SET, CMD_START_DAEMON or CMD_STOP_DAEMON
 * @line: where the file says so
 *
 * Return: 0 or -ENOMEM.
 */
int orders_add(struct list *orders, const struct request *req,
	       unsigned int line)
{
	const struct order order = { .line = line, .req = *req };

	return list_add(orders, &order, sizeof(order));
}

/* 0 means: leave unchanged. */
static bool timeouts_are(const struct timeouts *is, const struct timeouts *want)
{
	return (!want->tcp || want->tcp == is->tcp) &&
	       (!want->tcp_fin || want->tcp_fin == is->tcp_fin) &&
	       (!want->udp || want->udp == is->udp);
}

/* Parameters that are not given are chosen by the kernel and not compared. */
static bool daemon_is(const struct daemon *is, const struct daemon *want)
{
	return is->state == want->state && is->syncid == want->syncid &&
	       !strcmp(is->ifname, want->ifname) &&
	       (!want->maxlen || want->maxlen == is->maxlen) &&
	       (!want->port || want->port == is->port) &&
	       (!want->ttl || want->ttl == is->ttl) &&
	       (!want->group.af ||
		(want->group.af == is->group.af &&
		 !memcmp(&want->group.addr, &is->group.addr,
			 sizeof(is->group.addr))));
}

static bool order_is_settled(const struct request *req, const struct timeouts *timeouts,
			     const struct list *daemons)
{
	bool start = req->cmd == CMD_START_DAEMON;

	if (req->cmd == CMD_SET)
		return timeouts_are(timeouts, &req->timeouts);
	for (size_t i = 0; i < daemons->len; i++) {
		const struct daemon *is = daemons->item[i];

		if (start && daemon_is(is, &req->daemon))
			return true;
		if (!start && is->state == req->daemon.state)
			return false;
	}
	return !start;
}

/**
 * orders_settle() - forget those that are done already
 * @wire: the socket
 * @orders: struct order
 * @why: set on failure
 *
 * If one of them is not, what comes behind it stays, as it may depend on it.
 *
 * Return: 0 or -errno.
 */
int orders_settle(struct wire *wire, struct list *orders, struct refusal *why)
{
	struct list daemons = { 0 };
	struct timeouts timeouts;
	size_t done = 0;
	int err;

	if (!orders->len)
		return 0;
	err = query_timeouts(wire, &timeouts, why);
	if (!err)
		err = query_daemons(wire, &daemons, why);
	while (!err && done < orders->len) {
		struct order *order = orders->item[done];

		if (!order_is_settled(&order->req, &timeouts, &daemons))
			break;
		free(order);
		done++;
	}
	orders->len -= done;
	memmove(orders->item, orders->item + done,
		orders->len * sizeof(*orders->item));
	list_free(&daemons);
	return err;
}

/**
 * orders_print() - print them as commands, one a line
 * @out: where to
 * @orders: struct order
 */
void orders_print(FILE *out, const struct list *orders)
{
	for (size_t i = 0; i < orders->len; i++) {
		const struct order *order = orders->item[i];
		const struct timeouts *t = &order->req.timeouts;

		if (order->req.cmd == CMD_SET)
			fprintf(out, "--set %u %u %u\n", t->tcp, t->tcp_fin,
				t->udp);
		else
			saveline_daemon(out, order->req.cmd, &order->req.daemon);
	}
}

/**
 * orders_run() - have them done, one after another
 * @wire: the socket
 * @orders: struct order
 *
 * Return: exit status; messages are printed.
 */
int orders_run(struct wire *wire, const struct list *orders)
{
	int status = EXIT_OK;

	for (size_t i = 0; i < orders->len; i++) {
		const struct order *order = orders->item[i];
		struct refusal why;

		if (!wire_ask(wire, order_message(wire, &order->req), NULL,
			      NULL, &why))
			continue;
		refusal_print(order->req.cmd, &why);
		complain("ipvsadm: in line %u of the input; services and servers are done",
			 order->line);
		status = EXIT_KERNEL;
	}
	return status;
}
