/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists as JSON, element by element: json_begin_*(), the elements, json_end()
 *
 * The keys are an interface: they may be added to, never changed. The man page
 * lists them.
 */
#ifndef JSON_H
#define JSON_H

#include "model/conn.h"
#include "model/request.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * struct json_list - a list while it is printed
 * @pretty: with line breaks and indented
 * @count: elements so far
 * @close: what closes it
 */
struct json_list {
	bool pretty;
	size_t count;
	const char *close;
};

void json_begin_tables(struct json_list *list, const struct request *req,
		       const struct info *info);
void json_begin_array(struct json_list *list, const struct request *req);
void json_end(const struct json_list *list);

int json_service(struct json_list *list, const struct service *svc,
		 const struct list *dests);
void json_conn(struct json_list *list, const struct conn *conn);
void json_count(struct json_list *list, const struct conn_count *count);
void json_daemon(struct json_list *list, const struct daemon *dmn);

void json_killed(const struct request *req, uint64_t n);
void json_drops(const struct request *req, const struct list *all);
void json_timeouts(const struct request *req, const struct timeouts *t);

#endif
