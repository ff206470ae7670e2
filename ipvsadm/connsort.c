// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections in the order of a key
 *
 * The only list that is kept as a whole: it cannot be put in order otherwise.
 */
#include "connsort.h"

#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct entry - a connection that keeps the line it points into
 * @conn: the connection
 * @line: the line of the file
 */
struct entry {
	struct conn conn;
	char line[];
};

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

static const struct {
	const char *name;
	compare_fn compare;
} keys[] = {
	[CONN_UNSORTED] = { "", NULL },
	[CONN_BY_EXPIRY] = { "expire", by_expiry },
	[CONN_BY_STATE] = { "state", by_state },
	[CONN_BY_CLIENT] = { "client", by_client },
};

/**
 * connsort_key() - read the name of a key
 * @name: the name
 * @order: the key; untouched on failure
 *
 * Return: true if there is such a key.
 */
bool connsort_key(const char *name, enum conn_order *order)
{
	for (size_t i = CONN_BY_EXPIRY; i < ARRAY_SIZE(keys); i++) {
		if (!strcmp(name, keys[i].name)) {
			*order = i;
			return true;
		}
	}
	return false;
}

/**
 * connsort_add() - keep a connection
 * @conns: where to
 * @line: a line of the file that conn_read() understands
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int connsort_add(struct list *conns, const char *line)
{
	size_t size = strlen(line) + 1;
	struct entry *entry = malloc(sizeof(*entry) + size);

	if (!entry)
		return -ENOMEM;
	memcpy(entry->line, line, size);
	if (!conn_read(&entry->conn, entry->line)) {
		free(entry);
		return -EINVAL;
	}
	if (!list_push(conns, entry))
		return 0;
	free(entry);
	return -ENOMEM;
}

/**
 * connsort_sort() - put the connections in order
 * @conns: the connections
 * @order: the key
 *
 * Return: 0 or -ENOMEM.
 */
int connsort_sort(struct list *conns, enum conn_order order)
{
	return list_sort(conns, keys[order].compare);
}

/**
 * connsort_get() - one of the connections
 * @conns: the connections
 * @i: which, from 0
 *
 * Return: the connection; it lives as long as the list.
 */
const struct conn *connsort_get(const struct list *conns, size_t i)
{
	return &((const struct entry *)conns->item[i])->conn;
}
