// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections in the order of a key
 *
 * The only list that is kept as a whole: it cannot be put in order otherwise.
 */
#include "print/conn_sort.h"

#include "model/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_expiry(const void *a, const void *b)
{
	const struct conn *x = a, *y = b;

	return (x->expires > y->expires) - (x->expires < y->expires);
}

static int by_state(const void *a, const void *b)
{
	const struct conn *x = a, *y = b;
	int r = strcmp(x->state, y->state);

	return r ? r : by_expiry(a, b);
}

static int by_client(const void *a, const void *b)
{
	const struct endpoint *x = &((const struct conn *)a)->client;
	const struct endpoint *y = &((const struct conn *)b)->client;
	int r = x->af - y->af;

	if (!r)
		r = memcmp(&x->addr, &y->addr, sizeof(x->addr));
	return r ? r : x->port - y->port;
}

static const compare_fn compare[] = {
	[CONN_BY_EXPIRY] = by_expiry,
	[CONN_BY_STATE] = by_state,
	[CONN_BY_CLIENT] = by_client,
};

/* Appends a string to the memory behind a connection. */
static const char *text_keep(char **to, const char *line)
{
	char *copy = *to;

	if (!line)
		return NULL;
	*to = stpcpy(copy, line) + 1;
	return copy;
}

static size_t text_room(const char *line)
{
	return line ? strlen(line) + 1 : 0;
}

/**
 * conn_sort_add() - keep a connection
 * @conns: where to, struct conn
 * @conn: the connection; it is copied with its strings
 *
 * Return: 0 or -ENOMEM.
 */
int conn_sort_add(struct list *conns, const struct conn *conn)
{
	struct conn *copy = malloc(sizeof(*copy) + text_room(conn->protocol) +
				   text_room(conn->state) + text_room(conn->pe) +
				   text_room(conn->pe_data));
	char *to = (char *)(copy + 1);

	if (!copy)
		return -ENOMEM;
	*copy = *conn;
	copy->protocol = text_keep(&to, conn->protocol);
	copy->state = text_keep(&to, conn->state);
	copy->pe = text_keep(&to, conn->pe);
	copy->pe_data = text_keep(&to, conn->pe_data);
	if (!list_push(conns, copy))
		return 0;
	free(copy);
	return -ENOMEM;
}

/**
 * conn_sort_sort() - put the connections in order
 * @conns: the connections
 * @order: the key
 *
 * Return: 0 or -ENOMEM.
 */
int conn_sort_sort(struct list *conns, enum conn_order order)
{
	return list_sort(conns, compare[order]);
}
