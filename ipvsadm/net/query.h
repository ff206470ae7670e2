/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions and orders to the kernel in terms of the model
 *
 * Each returns 0 or -errno with @why set.
 */
#ifndef QUERY_H
#define QUERY_H

#include "model/request.h"
#include "model/table.h"
#include "net/wire.h"

struct conn;

int query_info(struct wire *wire, struct info *info, struct refusal *why);
int query_services(struct wire *wire, struct list *services,
		   struct refusal *why);
int query_service(struct wire *wire, const struct service *id,
		  struct list *services, struct refusal *why);
int query_dests(struct wire *wire, const struct service *svc,
		struct list *dests, struct refusal *why);
int query_table(struct wire *wire, struct table *table, struct refusal *why);
int query_generation(struct wire *wire, uint32_t *generation,
		     struct refusal *why);
int query_conns(struct wire *wire, const struct filter *filter,
		int (*take)(const struct conn *conn, void *arg), void *arg,
		struct refusal *why);
int query_kill(struct wire *wire, const struct filter *filter, uint64_t *count,
	       struct refusal *why);
int query_drops(struct wire *wire, struct list *all, struct refusal *why);
int query_daemons(struct wire *wire, struct list *daemons, struct refusal *why);
int query_timeouts(struct wire *wire, struct timeouts *t, struct refusal *why);

int order_command(enum command cmd);
struct nl_msg *order_message(struct wire *wire, const struct request *req);

#endif
