/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All services with their servers: as the kernel has them, or as a file wants
 * them
 *
 * Services and servers begin with their model, so lists of them sort and
 * compare as lists of the models do.
 */
#ifndef TABLE_H
#define TABLE_H

#include "model/model.h"

/**
 * struct server - a real server in a table
 * @dst: the server
 * @line: where a file names it, or 0
 */
struct server {
	struct dest dst;
	unsigned int line;
};

/**
 * struct svc_entry - a virtual service in a table
 * @svc: the service
 * @line: where a file names it, or 0
 * @servers: struct server, in the order they came
 * @index: finds them; for table.c
 * @indexed: how many of them @index knows
 */
struct svc_entry {
	struct service svc;
	unsigned int line;
	struct list servers;
	void *index;
	size_t indexed;
};

/**
 * struct table - services with their servers
 * @entries: struct svc_entry, in the order they came
 * @index: finds them; for table.c
 * @indexed: how many of them @index knows
 * @orders: struct order, what else a file wants done; see order.h
 */
struct table {
	struct list entries;
	void *index;
	size_t indexed;
	struct list orders;
};

int service_identity(const void *a, const void *b);
int dest_identity(const void *a, const void *b);
bool service_is(const struct service *a, const struct service *b);
bool dest_is(const struct dest *a, const struct dest *b);

struct svc_entry *table_add(struct table *table, const struct service *svc,
			    unsigned int line);
int table_find(struct table *table, const struct service *svc,
	       struct svc_entry **entry);
void table_remove(struct table *table, struct svc_entry *entry);
int entry_add(struct svc_entry *entry, const struct dest *dst, unsigned int line);
int entry_find(struct svc_entry *entry, const struct dest *dst,
	       struct server **server);
void entry_remove(struct svc_entry *entry, struct server *server);
void table_shrink(struct table *table, size_t n);
void table_free(struct table *table);

#endif
