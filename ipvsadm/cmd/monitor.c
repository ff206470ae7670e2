// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens, as it happens
 */
#include "cmd/monitor.h"

#include "model/errors.h"
#include "model/event.h"
#include "model/request.h"
#include "model/signals.h"
#include "net/codec.h"
#include "net/query.h"
#include "print/eventline.h"
#include "print/output.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

/**
 * struct monitor - a monitor at work
 * @wire: hears events
 * @questions: asks for what they do not tell
 * @req: the command
 */
struct monitor {
	struct wire *wire;
	struct wire *questions;
	const struct request *req;
};

static void monitor_overrun(const struct request *req)
{
	eventline_overrun(stdout, req);
	complain("ipvsadm: events came faster than they could be written, some are lost");
}

static int monitor_event(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *m = arg;
	struct refusal why;
	struct event event;
	int err = decode_event(nlh, &event);

	if (err)
		return err;
	if (event.type == IPVS_EXT_EVENT_LOST) {
		monitor_overrun(m->req);
		return 0;
	}
	/* The event has no values: query them. */
	if (event.type == IPVS_EXT_EVENT_TIMEOUTS)
		event.has_timeouts = !query_timeouts(m->questions,
						   &event.timeouts, &why);
	eventline_print(stdout, m->req, &event);
	return 0;
}

/* Return: an exit status to stop with, or -1 to go on. */
static int monitor_hear(struct monitor *m)
{
	int err = wire_hear(m->wire, monitor_event, m);

	if (err == -ENOBUFS)
		monitor_overrun(m->req);
	else if (err)
		complain("ipvsadm: an event makes no sense: %s",
			 refusal_text(CMD_MAX, -err));
	if (output_flush())
		return signals_stop_asked() ? EXIT_OK : EXIT_LIST;
	return err && err != -ENOBUFS ? EXIT_LIST : -1;
}

static int monitor_loop(struct monitor *m)
{
	struct pollfd fds[] = {
		{ .fd = wire_fd(m->wire), .events = POLLIN },
		{ .fd = STDOUT_FILENO },	/* has its reader gone? */
	};
	int status = -1;

	while (status < 0) {
		int n = poll(fds, 2, -1);

		if (signals_stop_asked() || (n > 0 && fds[1].revents))
			status = EXIT_OK;
		else if (n > 0)
			status = monitor_hear(m);
	}
	return status;
}

static int monitor_listen(const struct monitor *m, struct refusal *why)
{
	uint32_t events = IPVS_EXT_EVENTS_CONFIG;

	if (has(m->req, OPT_CONNECTION))
		events |= IPVS_EXT_EVENTS_CONNS;
	return wire_listen(m->wire, events, why);
}

static int monitor_unsupported(void)
{
	complain("ipvsadm: this kernel's ip_vs does not tell what happens");
	return EXIT_KERNEL;
}

/**
 * monitor_run() - execute --monitor
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int monitor_run(struct wire *wire, const struct request *req)
{
	struct monitor m = { .wire = wire, .req = req };
	int status = EXIT_KERNEL;
	struct refusal why;

	if (!wire_has_ext(wire))
		return monitor_unsupported();
	m.questions = wire_open(&why);
	signals_prepare();
	if (m.questions && !monitor_listen(&m, &why))
		status = monitor_loop(&m);
	else if (why.error == EOPNOTSUPP)
		monitor_unsupported();
	else
		refusal_print(CMD_MAX, &why);
	wire_close(m.questions);
	if (signals_stop_asked())
		output_abandon();
	return status;
}
