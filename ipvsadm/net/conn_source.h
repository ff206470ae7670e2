/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All connections that a filter selects, one after another
 */
#ifndef CONN_SOURCE_H
#define CONN_SOURCE_H

#include "model/conn.h"
#include "model/filter.h"
#include "net/wire.h"

/**
 * struct conn_sink - takes connections
 * @begin: called once, before the first; not if there is no list
 * @take: takes one; it lasts until this returns; 0, or -errno to end the list
 * @arg: for both
 */
struct conn_sink {
	void (*begin)(void *arg);
	int (*take)(const struct conn *conn, void *arg);
	void *arg;
};

int conn_source_each(struct wire *wire, const struct filter *filter,
		     const struct conn_sink *sink);

#endif
