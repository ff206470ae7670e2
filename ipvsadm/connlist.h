/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONNLIST_H
#define CONNLIST_H

#include "request.h"

#include <stdio.h>

/**
 * struct conn - one connection, or one persistence template
 * @protocol: name of the protocol
 * @state: name of the state
 * @client: where it comes from; port 0 for a template
 * @vip: where it went to; the mark in place of an address for a template of a
 *	mark service
 * @dest: the server
 * @expires: seconds left
 * @pe: persistence engine, or NULL
 * @pe_data: what the engine knows it by, or NULL
 */
struct conn {
	const char *protocol;
	const char *state;
	struct endpoint client;
	struct endpoint vip;
	struct endpoint dest;
	unsigned long expires;
	const char *pe;
	const char *pe_data;
};

int connlist_run(const struct request *req);
bool conn_read(struct conn *conn, char *line);
void connlist_line(FILE *out, const struct request *req,
		   const struct conn *conn);
uint16_t conn_protocol(const struct conn *conn);

#endif
