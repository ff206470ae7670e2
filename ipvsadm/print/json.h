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

void json_begin_tables(const struct request *req, const struct info *info);
void json_begin_array(void);
void json_end(const struct request *req);

int json_service(const struct request *req, const struct service *svc,
		 const struct list *dests);
void json_conn(const struct request *req, const struct conn *conn);
void json_count(const struct request *req, const struct conn_count *count);
void json_daemon(const struct request *req, const struct daemon *dmn);
void json_killed(const struct request *req, uint64_t n);
void json_drops(const struct request *req, const struct list *all);
void json_timeouts(const struct request *req, const struct timeouts *t);

#endif
