// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists as JSON
 *
 * Each element is built and printed on its own, so a list of any length takes
 * the memory of one service. The list around the elements is written here;
 * the elements are json-c's, see json_parts.c.
 */
#include "print/json.h"

#include "model/drop_names.h"
#include "model/drops.h"
#include "model/model.h"
#include "model/request.h"
#include "print/json_parts.h"
#include "print/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(struct json_object *object, bool pretty)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (pretty)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	return json_object_to_json_string_ext(object, flags);
}

static void put_indented(const char *text, int depth)
{
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("%*s", depth, "");
	}
}

static void list_begin(struct json_list *list, const struct request *req,
		       const char *open, const char *close)
{
	*list = (struct json_list){
		.pretty = has(req, OPT_PRETTY), .close = close
	};
	fputs(open, stdout);
}

static int list_element(struct json_list *list, struct json_object *object)
{
	const char *text = text_of(object, list->pretty);
	int depth = strchr(list->close, '}') ? 4 : 2;

	if (list->count++)
		putchar(',');
	if (list->pretty) {
		printf("\n%*s", depth, "");
		put_indented(text, depth);
	} else {
		if (list->count > 1)
			putchar('\n');
		fputs(text, stdout);
	}
	json_object_put(object);
	return output_broken() ? -EIO : 0;
}

/**
 * json_end() - close a list
 * @list: the list
 */
void json_end(const struct json_list *list)
{
	const char *close = list->close;

	if (!list->pretty) {
		puts(close);
		return;
	}
	if (list->count)
		fputs(close[1] ? "\n  " : "\n", stdout);
	fputs("]", stdout);
	puts(close[1] ? "\n}" : "");
}

/**
 * json_begin_tables() - open the list of services
 * @list: the list; json_end() closes it
 * @req: the list command
 * @info: what the kernel says of itself
 */
void json_begin_tables(struct json_list *list, const struct request *req,
		       const struct info *info)
{
	const char *blank = has(req, OPT_PRETTY) ? " " : "";
	const char *line = has(req, OPT_PRETTY) ? "\n  " : "";
	char open[128];

	snprintf(open, sizeof(open),
		 "{%s\"version\":%s\"%u.%u.%u\",%s\"connection_table_size\":%s%u,%s\"services\":%s[",
		 line, blank, info->version >> 16 & 0xff,
		 info->version >> 8 & 0xff, info->version & 0xff,
		 line, blank, info->conn_tab_size, line, blank);
	list_begin(list, req, open, "]}");
}

/**
 * json_begin_array() - open a list of connections, counts or daemons
 * @list: the list; json_end() closes it
 * @req: the list command
 */
void json_begin_array(struct json_list *list, const struct request *req)
{
	list_begin(list, req, "[", "]");
}

/**
 * json_service() - print a service with its servers
 * @list: the list
 * @svc: the service
 * @dests: its servers
 *
 * Return: 0, or -EIO when the output cannot be written.
 */
int json_service(struct json_list *list, const struct service *svc,
		 const struct list *dests)
{
	return list_element(list, json_of_service(svc, dests));
}

/**
 * json_conn() - print a connection
 * @list: the list
 * @conn: the connection
 */
void json_conn(struct json_list *list, const struct conn *conn)
{
	list_element(list, json_of_conn(conn));
}

/**
 * json_count() - print how many connections are in one state
 * @list: the list
 * @count: the count
 */
void json_count(struct json_list *list, const struct conn_count *count)
{
	struct json_object *object = json_object_new_object();

	json_add_protocol(object, count->protocol);
	json_add_text(object, "state", count->state);
	json_add_number(object, "connections", count->n);
	list_element(list, object);
}

/**
 * json_daemon() - print a synchronisation daemon
 * @list: the list
 * @dmn: the daemon
 */
void json_daemon(struct json_list *list, const struct daemon *dmn)
{
	list_element(list, json_of_daemon(dmn));
}

static void answer_print(const struct request *req, struct json_object *object)
{
	puts(text_of(object, has(req, OPT_PRETTY)));
	output_broken();
	json_object_put(object);
}

/**
 * json_timeouts() - print the three timeouts
 * @req: the list command
 * @t: the timeouts
 */
void json_timeouts(const struct request *req, const struct timeouts *t)
{
	answer_print(req, json_of_timeouts(t));
}

/**
 * json_killed() - print how many connections were ended
 * @req: the kill command
 * @n: how many
 */
void json_killed(const struct request *req, uint64_t n)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "connections", n);
	answer_print(req, object);
}

static struct json_object *of_reasons(const uint64_t *n)
{
	struct json_object *object = json_object_new_object();

	for (unsigned int i = 1; i < DROP_REASONS; i++)
		if (n[i] || i <= IPVS_EXT_DROP_MAX)
			json_add_number(object, drop_key(i), n[i]);
	return object;
}

/**
 * json_drops() - print what was dropped
 * @req: the list command
 * @all: struct drops
 */
void json_drops(const struct request *req, const struct list *all)
{
	struct json_object *object = json_object_new_object();
	struct json_object *services = json_object_new_array();

	for (size_t i = 0; i < all->len; i++) {
		const struct drops *drops = all->item[i];
		struct json_object *reasons = of_reasons(drops->n);
		struct json_object *service;

		if (!drops->has_service) {
			json_object_object_add(object, "namespace", reasons);
			continue;
		}
		service = json_object_new_object();
		json_add_identity(service, &drops->svc);
		json_object_object_add(service, "drops", reasons);
		json_object_array_add(services, service);
	}
	json_object_object_add(object, "services", services);
	answer_print(req, object);
}
