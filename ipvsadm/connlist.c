// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection table
 *
 * Read from procfs line by line, so a table of any size takes the memory of
 * one line.
 */
#include "connlist.h"

#include "errors.h"
#include "names.h"
#include "util.h"

#include <arpa/inet.h>
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

static uint16_t protocol_number(const char *name)
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
		if (!strcmp(name, protocols[i].name))
			return protocols[i].number;
	return 0;
}

static bool endpoint_text(const struct request *req, char *column[COL_MAX],
			  enum column at, char text[ENDPOINT_TEXT])
{
	uint16_t protocol = protocol_number(column[COL_PROTOCOL]);
	struct endpoint ep;

	if (!read_endpoint(column[at], column[at + 1], &ep))
		return false;
	names_endpoint(text, &ep, protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL);
	return true;
}

/**
 * connlist_line() - print one connection
 * @out: where to
 * @req: the list command
 * @line: a line of the file, taken apart in place
 *
 * Return: false if the line is not understood.
 */
bool connlist_line(FILE *out, const struct request *req, char *line)
{
	char client[ENDPOINT_TEXT], vip[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
	char *column[COL_MAX] = { NULL };
	unsigned long left;
	char expire[24];

	if (split(line, column) < COL_PE ||
	    !endpoint_text(req, column, COL_CLIENT, client) ||
	    !endpoint_text(req, column, COL_VIP, vip) ||
	    !endpoint_text(req, column, COL_SERVER, server))
		return false;
	left = strtoul(column[COL_EXPIRES], NULL, 10);
	snprintf(expire, sizeof(expire), "%02lu:%02lu", left / 60, left % 60);
	fprintf(out, "%-3s %-6s %-11s %-18s %-18s ", column[COL_PROTOCOL],
		expire, column[COL_STATE], client, vip);
	if (column[COL_PE_DATA] && has(req, OPT_PERSIST_CONN))
		fprintf(out, "%-16s %-18s %s\n", server, column[COL_PE],
			column[COL_PE_DATA]);
	else
		fprintf(out, "%s\n", server);
	return true;
}

static int list_lines(FILE *in, const struct request *req)
{
	int status = EXIT_OK;
	char *line = NULL;
	size_t size = 0;

	if (getline(&line, &size, in) < 0) {
		complain("unexpected input from %s", CONN_FILE);
		free(line);
		return EXIT_LIST;
	}
	printf("IPVS connection entries\n"
	       "pro expire state       source             virtual            destination%s\n",
	       has(req, OPT_PERSIST_CONN) ?
	       "        pe name          pe_data" : "");
	while (status == EXIT_OK && getline(&line, &size, in) > 0)
		if (!connlist_line(stdout, req, line))
			status = EXIT_LIST;
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
	status = list_lines(in, req);
	fclose(in);
	return status;
}
