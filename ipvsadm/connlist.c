// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection table
 *
 * Read from procfs line by line, so a table of any size takes the memory of
 * one line.
 */
#include "connlist.h"

#include "conncount.h"
#include "connsort.h"
#include "errors.h"
#include "json.h"
#include "names.h"
#include "util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONN_FILE "/proc/net/ip_vs_conn"

/* Columns of the file; the last two are there for few connections. */
enum column {
	COL_PROTOCOL,
	COL_CLIENT,
	COL_CLIENT_PORT,
	COL_VIP,
	COL_VIP_PORT,
	COL_SERVER,
	COL_SERVER_PORT,
	COL_STATE,
	COL_EXPIRES,
	COL_PE,
	COL_PE_DATA,
	COL_MAX
};

static int split(char *line, char *column[COL_MAX])
{
	char *rest, *word;
	int n = 0;

	for (word = strtok_r(line, " \t\n", &rest); word && n < COL_MAX;
	     word = strtok_r(NULL, " \t\n", &rest))
		column[n++] = word;
	return n;
}

static bool read_hex(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 16);
	return end != text && !*end && *out <= max;
}

static bool read_endpoint(const char *addr, const char *port,
			  struct endpoint *ep)
{
	unsigned long value;

	memset(ep, 0, sizeof(*ep));
	if (!read_hex(port, UINT16_MAX, &value))
		return false;
	ep->port = value;
	if (inet_pton(AF_INET6, addr, &ep->addr.v6) == 1) {
		ep->af = AF_INET6;
		return true;
	}
	if (!read_hex(addr, UINT32_MAX, &value))
		return false;
	ep->af = AF_INET;
	ep->addr.v4.s_addr = htonl(value);
	return true;
}

/**
 * conn_protocol() - number of a connection's protocol
 * @conn: the connection
 *
 * Return: IPPROTO_*, or 0 for protocols without port names.
 */
uint16_t conn_protocol(const struct conn *conn)
{
	static const struct {
		const char *name;
		uint16_t number;
	} protocols[] = {
		{ "TCP", IPPROTO_TCP },
		{ "UDP", IPPROTO_UDP },
		{ "SCTP", IPPROTO_SCTP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (!strcmp(conn->protocol, protocols[i].name))
			return protocols[i].number;
	return 0;
}

/**
 * conn_read() - read one connection
 * @conn: the result; points into @line
 * @line: a line of the file, taken apart in place
 *
 * Return: false if the line is not understood.
 */
bool conn_read(struct conn *conn, char *line)
{
	char *column[COL_MAX] = { NULL };

	if (split(line, column) < COL_PE ||
	    !read_endpoint(column[COL_CLIENT], column[COL_CLIENT_PORT],
			   &conn->client) ||
	    !read_endpoint(column[COL_VIP], column[COL_VIP_PORT],
			   &conn->vip) ||
	    !read_endpoint(column[COL_SERVER], column[COL_SERVER_PORT],
			   &conn->dest))
		return false;
	conn->protocol = column[COL_PROTOCOL];
	conn->state = column[COL_STATE];
	conn->expires = strtoul(column[COL_EXPIRES], NULL, 10);
	conn->pe = column[COL_PE];
	conn->pe_data = column[COL_PE_DATA];
	return true;
}

/**
 * connlist_line() - print one connection
 * @out: where to
 * @req: the list command
 * @conn: the connection
 */
void connlist_line(FILE *out, const struct request *req,
		   const struct conn *conn)
{
	enum naming naming = has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL;
	char client[ENDPOINT_TEXT], vip[ENDPOINT_TEXT], dest[ENDPOINT_TEXT];
	uint16_t protocol = conn_protocol(conn);
	char expires[24];

	names_endpoint(client, &conn->client, protocol, naming);
	names_endpoint(vip, &conn->vip, protocol, naming);
	names_endpoint(dest, &conn->dest, protocol, naming);
	snprintf(expires, sizeof(expires), "%02lu:%02lu", conn->expires / 60,
		 conn->expires % 60);
	fprintf(out, "%-3s %-6s %-11s %-18s %-18s ", conn->protocol, expires,
		conn->state, client, vip);
	if (conn->pe_data && has(req, OPT_PERSIST_CONN))
		fprintf(out, "%-16s %-18s %s\n", dest, conn->pe,
			conn->pe_data);
	else
		fprintf(out, "%s\n", dest);
}

static void print_title(const struct request *req)
{
	printf("IPVS connection entries\n"
	       "pro expire state       source             virtual            destination%s\n",
	       has(req, OPT_PERSIST_CONN) ?
	       "        pe name          pe_data" : "");
}

static void print_conn(const struct request *req, const struct conn *conn)
{
	if (has(req, OPT_JSON))
		json_conn(req, conn);
	else
		connlist_line(stdout, req, conn);
}

/*
 * What is not printed as it comes is kept: counts, or all connections to be
 * put in order.
 */
static bool take_line(const struct request *req, struct list *kept, char *line)
{
	char *whole = NULL;
	struct conn conn;
	bool ok;

	if (req->order != CONN_UNSORTED)
		whole = strdup(line);
	ok = conn_read(&conn, line);
	if (ok && filter_match(&req->filter, &conn)) {
		if (has(req, OPT_COUNT))
			conncount_add(kept, &conn);
		else if (req->order == CONN_UNSORTED)
			print_conn(req, &conn);
		else
			ok = whole && !connsort_add(kept, whole);
	}
	free(whole);
	return ok;
}

static int list_lines(FILE *in, const struct request *req, struct list *kept,
		      char **line, size_t *size)
{
	while (getline(line, size, in) > 0 && !ferror(stdout))
		if (!take_line(req, kept, *line))
			return EXIT_LIST;
	return EXIT_OK;
}

static void begin(const struct request *req)
{
	if (has(req, OPT_JSON))
		json_begin_conns();
	else if (!has(req, OPT_COUNT))
		print_title(req);
}

static void print_sorted(const struct request *req, struct list *conns)
{
	if (connsort_sort(conns, req->order))
		complain("%s", refusal_text(CMD_LIST, ENOMEM));
	for (size_t i = 0; i < conns->len; i++)
		print_conn(req, connsort_get(conns, i));
}

static void end(const struct request *req, struct list *kept)
{
	if (has(req, OPT_COUNT))
		conncount_print(req, kept);
	else if (req->order != CONN_UNSORTED)
		print_sorted(req, kept);
	if (has(req, OPT_JSON))
		json_end(req);
}

static int list_file(FILE *in, const struct request *req)
{
	struct list kept = { 0 };
	int status = EXIT_LIST;
	char *line = NULL;
	size_t size = 0;

	/* The first line is a title. */
	if (getline(&line, &size, in) < 0) {
		complain("unexpected input from %s", CONN_FILE);
	} else {
		begin(req);
		status = list_lines(in, req, &kept, &line, &size);
		end(req, &kept);
	}
	list_free(&kept);
	free(line);
	return status;
}

/**
 * connlist_run() - execute -L -c
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int connlist_run(const struct request *req)
{
	FILE *in = fopen(CONN_FILE, "re");
	int status;

	if (!in) {
		complain("cannot open file %s", CONN_FILE);
		return EXIT_LIST;
	}
	status = list_file(in, req);
	fclose(in);
	return status;
}
