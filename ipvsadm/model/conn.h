/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONN_H
#define CONN_H

#include "model/filter.h"
#include "model/model.h"

/**
 * struct conn - one connection, or one persistence template
 * @protocol: name of the protocol
 * @number: its number; 0 for a template of a mark service
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
	uint8_t number;
	const char *state;
	struct endpoint client;
	struct endpoint vip;
	struct endpoint dest;
	unsigned long expires;
	const char *pe;
	const char *pe_data;
};

/**
 * struct conn_count - how many connections are in one state
 * @protocol: name of the protocol
 * @state: name of the state
 * @n: how many
 */
struct conn_count {
	char protocol[FILTER_WORD];
	char state[FILTER_WORD];
	uint64_t n;
};

bool conn_read(struct conn *conn, char *line);

#endif
