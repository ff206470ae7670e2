// SPDX-License-Identifier: GPL-2.0-only
/*
 * All connections that a filter selects, one after another
 *
 * Our module sends those and no others; from other kernels there is procfs,
 * which is read line by line and filtered here. Either way a table of any size
 * takes the memory of one message, or of one line.
 */
#include "net/conn_source.h"

#include "model/errors.h"
#include "model/request.h"
#include "net/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define CONN_FILE "/proc/net/ip_vs_conn"

static int procfs_line(const struct filter *filter, const struct conn_sink *sink,
		       char *line)
{
	struct conn conn;

	if (!conn_read(&conn, line))
		return -EINVAL;
	return filter_match(filter, &conn) ? sink->take(&conn, sink->arg) : 0;
}

static int procfs_read(FILE *in, const struct filter *filter,
		       const struct conn_sink *sink)
{
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	/* The first line is a title. */
	if (getline(&line, &size, in) < 0) {
		complain("unexpected input from %s", CONN_FILE);
		err = -EINVAL;
	} else {
		sink->begin(sink->arg);
		while (!err && getline(&line, &size, in) > 0)
			err = procfs_line(filter, sink, line);
	}
	free(line);
	return err ? EXIT_LIST : EXIT_OK;
}

static int procfs_each(const struct filter *filter,
		       const struct conn_sink *sink)
{
	int status;
	FILE *in;

	if (filter_needs_kernel(filter)) {
		complain("ipvsadm: this kernel tells neither marks nor templates of connections");
		return EXIT_LIST;
	}
	in = fopen(CONN_FILE, "re");
	if (!in) {
		complain("cannot open file %s", CONN_FILE);
		return EXIT_LIST;
	}
	status = procfs_read(in, filter, sink);
	fclose(in);
	return status;
}

/**
 * conn_source_each() - visit connections
 * @wire: the socket
 * @filter: which
 * @sink: what visits them
 *
 * Return: exit status; messages are printed.
 */
int conn_source_each(struct wire *wire, const struct filter *filter,
		     const struct conn_sink *sink)
{
	struct refusal why;

	if (!wire_has_ext(wire))
		return procfs_each(filter, sink);
	sink->begin(sink->arg);
	if (!query_conns(wire, filter, sink->take, sink->arg, &why))
		return EXIT_OK;
	refusal_print(CMD_LIST, &why);
	return EXIT_LIST;
}
