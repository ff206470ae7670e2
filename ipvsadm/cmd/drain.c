// SPDX-License-Identifier: GPL-2.0-only
/*
 * Take a server out of service: no new connections, then wait for the last
 *
 * All but the weight stays as it is. Persistence templates count as well: as
 * long as there are any, clients may still be sent there.
 */
#include "cmd/drain.h"

#include "args/hints.h"
#include "model/errors.h"
#include "model/filter.h"
#include "model/model.h"
#include "model/request.h"
#include "model/table.h"
#include "net/query.h"
#include "print/line.h"
#include "print/names.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/**
 * struct drain - a server being drained
 * @wire: the socket
 * @req: the command
 * @dest: the server as the kernel last told
 * @name: its address and port
 * @shown: a progress line is on the terminal
 */
struct drain {
	struct wire *wire;
	const struct request *req;
	struct dest dest;
	const char *name;
	bool shown;
};

static int pick_dest(struct drain *d, const struct list *dests,
		     struct refusal *why)
{
	for (size_t i = 0; i < dests->len; i++) {
		const struct dest *dest = dests->item[i];

		if (dest_is(dest, &d->req->dst)) {
			d->dest = *dest;
			return 0;
		}
	}
	why->error = ENOENT;
	return -ENOENT;
}

/*
 * The service is queried first: the dump of an unknown service is empty, not an
 * error.
 */
static int find_dest(struct drain *d, struct refusal *why)
{
	struct list services = { 0 }, dests = { 0 };
	const struct service *svc = &d->req->svc;
	int err = query_service(d->wire, svc, &services, why);

	if (!err)
		err = query_dests(d->wire, svc, &dests, why);
	if (!err)
		err = pick_dest(d, &dests, why);
	list_free(&services);
	list_free(&dests);
	return err;
}

static int set_weight_0(struct drain *d, struct refusal *why)
{
	struct request order = *d->req;

	order.dst = d->dest;
	order.dst.weight = 0;
	return wire_ask(d->wire, order_message(d->wire, &order), NULL, NULL,
			why);
}

static uint64_t dest_connections(const struct dest *dest)
{
	return (uint64_t)dest->active + dest->inactive + dest->persist;
}

static uint64_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void progress_show(struct drain *d, uint64_t passed)
{
	if (!hints_wanted())
		return;
	fprintf(stderr, "\r%s: connections left: %" PRIu64 ", %" PRIu64
		" s\033[K", d->name, dest_connections(&d->dest), passed);
	d->shown = true;
}

static void progress_end(struct drain *d)
{
	if (d->shown)
		fputc('\n', stderr);
	d->shown = false;
}

static int wait_idle(struct drain *d, struct refusal *why)
{
	const struct timespec second = { .tv_sec = 1 };
	uint64_t start = now_s(), passed = 0;
	int err;

	for (;;) {
		err = find_dest(d, why);
		/* The dump was interrupted by changes: try again. */
		if (err && err != -EAGAIN)
			return err;
		if (!err && !dest_connections(&d->dest))
			return 0;
		passed = now_s() - start;
		progress_show(d, passed);
		if (d->req->drain && passed >= d->req->drain)
			return -ETIMEDOUT;
		nanosleep(&second, NULL);
	}
}

/*
 * Ends the remaining connections. The filter names the service and not only its
 * address, which other services may share together with the server.
 */
static int end_rest(struct drain *d, uint64_t *ended, struct refusal *why)
{
	const struct filter filter = {
		.server = d->dest.rip,
		.made_by = &d->req->svc,
	};

	return query_kill(d->wire, &filter, ended, why);
}

static int time_is_up(struct drain *d)
{
	struct refusal why;
	uint64_t ended;

	if (!has(d->req, OPT_FORCE)) {
		complain("ipvsadm: %s: time is up, connections left: %" PRIu64,
			 d->name, dest_connections(&d->dest));
		return EXIT_TIME;
	}
	if (end_rest(d, &ended, &why)) {
		refusal_print(d->req->cmd, &why);
		return EXIT_KERNEL;
	}
	complain("ipvsadm: %s: time is up, connections ended: %" PRIu64,
		 d->name, ended);
	return EXIT_KILLED;
}

/**
 * drain_run() - execute -e with --drain
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int drain_run(struct wire *wire, const struct request *req)
{
	struct drain d = { .wire = wire, .req = req };
	struct refusal why;
	struct line name;
	int err;

	if (has(req, OPT_FORCE) && !wire_has_ext(wire)) {
		complain("ipvsadm: this kernel's ip_vs cannot end connections: drain without %s",
			 "--force");
		return EXIT_KERNEL;
	}
	line_begin(&name);
	names_endpoint(&name, &req->dst.rip, 0, NAME_NONE);
	d.name = line_string(&name);
	err = find_dest(&d, &why);
	if (!err)
		err = set_weight_0(&d, &why);
	if (!err)
		err = wait_idle(&d, &why);
	progress_end(&d);
	if (err == -ETIMEDOUT)
		return time_is_up(&d);
	if (!err)
		return EXIT_OK;
	refusal_print(req->cmd, &why);
	return EXIT_KERNEL;
}
