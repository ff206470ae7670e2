/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef JSON_PARTS_H
#define JSON_PARTS_H

#include "model/conn.h"

#include <json-c/json.h>

void json_add_text(struct json_object *to, const char *key, const char *text);
void json_add_number(struct json_object *to, const char *key, uint64_t number);
void json_add_identity(struct json_object *to, const struct service *svc);
void json_add_endpoint(struct json_object *to, const struct endpoint *ep);
void json_add_protocol(struct json_object *to, const char *protocol);

struct json_object *json_of_service(const struct service *svc,
				    const struct list *dests);
struct json_object *json_of_dest(const struct dest *dst);
struct json_object *json_of_conn(const struct conn *conn);
struct json_object *json_of_timeouts(const struct timeouts *t);
struct json_object *json_of_daemon(const struct daemon *dmn);

#endif
