/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FILTER_H
#define FILTER_H

#include "model.h"

struct conn;

#define FILTER_WORD 16

/**
 * struct filter - which connections to list; what is empty matches all
 * @protocol: name of the protocol
 * @state: name of the state
 * @client: client's address; family 0 for any
 * @prefix: how many bits of it count
 * @service: virtual address; port 0 for any port
 * @server: server's address; port 0 for any port
 */
struct filter {
	char protocol[FILTER_WORD];
	char state[FILTER_WORD];
	struct endpoint client;
	uint32_t prefix;
	struct endpoint service;
	struct endpoint server;
};

bool filter_parse(struct filter *filter, char *text, const char **bad);
bool filter_match(const struct filter *filter, const struct conn *conn);

#endif
