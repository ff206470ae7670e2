// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection, as a line of procfs tells it
 */
#include "model/conn.h"

#include "model/protocol.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

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

static int columns_split(char *line, char *column[COL_MAX])
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
 * conn_read() - read one connection
 * @conn: the result; points into @line
 * @line: a line of the file, taken apart in place
 *
 * Return: false if the line is not understood.
 */
bool conn_read(struct conn *conn, char *line)
{
	char *column[COL_MAX] = { NULL };

	if (columns_split(line, column) < COL_PE ||
	    !read_endpoint(column[COL_CLIENT], column[COL_CLIENT_PORT],
			   &conn->client) ||
	    !read_endpoint(column[COL_VIP], column[COL_VIP_PORT],
			   &conn->vip) ||
	    !read_endpoint(column[COL_SERVER], column[COL_SERVER_PORT],
			   &conn->dest))
		return false;
	conn->protocol = column[COL_PROTOCOL];
	if (!protocol_number(conn->protocol, &conn->number))
		conn->number = IPPROTO_RAW;
	conn->state = column[COL_STATE];
	conn->expires = strtoul(column[COL_EXPIRES], NULL, 10);
	conn->pe = column[COL_PE];
	conn->pe_data = column[COL_PE_DATA];
	return true;
}
