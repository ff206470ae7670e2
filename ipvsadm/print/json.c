// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists as JSON
 *
 * Each element is built and printed on its own, so a list of any length takes
 * the memory of one service. The frame around the elements is written here;
 * everything inside them is json-c's, see json_parts.c.
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

/* The list being printed: elements so far, and what closes it. */
static struct {
	size_t count;
	const char *close;
} frame;

static bool pretty(const struct request *req)
{
	return has(req, OPT_PRETTY);
}

static const char *text_of(const struct request *req,
			   struct json_object *object)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (pretty(req))
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	return json_object_to_json_string_ext(object, flags);
}

static void indent(const char *text, int depth)
{
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("%*s", depth, "");
	}
}

static void begin(const char *open, const char *close)
{
	frame.count = 0;
	frame.close = close;
	fputs(open, stdout);
}

static int print_element(const struct request *req, struct json_object *object)
{
	int depth = strchr(frame.close, '}') ? 4 : 2;

	if (frame.count++)
		putchar(',');
	if (pretty(req)) {
		printf("\n%*s", depth, "");
		indent(text_of(req, object), depth);
	} else {
		if (frame.count > 1)
			putchar('\n');
		fputs(text_of(req, object), stdout);
	}
	json_object_put(object);
	return output_broken() ? -EIO : 0;
}

/**
 * json_end() - close the list that a json_begin function opened
 * @req: the list command
 */
void json_end(const struct request *req)
{
	const char *close = frame.close;

	if (!pretty(req)) {
		puts(close);
		return;
	}
	if (frame.count)
		fputs(close[1] ? "\n  " : "\n", stdout);
	fputs("]", stdout);
	puts(close[1] ? "\n}" : "");
}

/**
 * json_begin_tables() - open the list of services
 * @req: the list command
 * @info: what the kernel says of itself
 */
void json_begin_tables(const struct request *req, const struct info *info)
{
	const char *blank = pretty(req) ? " " : "";
	const char *line = pretty(req) ? "\n  " : "";
	char open[128];

	snprintf(open, sizeof(open),
		 "{%s\"version\":%s\"%u.%u.%u\",%s\"connection_table_size\":%s%u,%s\"services\":%s[",
		 line, blank, info->version >> 16 & 0xff,
		 info->version >> 8 & 0xff, info->version & 0xff,
		 line, blank, info->conn_tab_size, line, blank);
	begin(open, "]}");
}

/**
 * json_begin_array() - open a list of connections, counts or daemons
 */
void json_begin_array(void)
{
	begin("[", "]");
}

/**
 * json_service() - print a service with its servers
 * @req: the list command
 * @svc: the service
 * @dests: its servers
 *
 * Return: 0, or -EIO when the output cannot be written.
 */
int json_service(const struct request *req, const struct service *svc,
		 const struct list *dests)
{
	return print_element(req, json_of_service(svc, dests));
}

/**
 * json_conn() - print a connection
 * @req: the list command
 * @conn: the connection
 */
void json_conn(const struct request *req, const struct conn *conn)
{
	print_element(req, json_of_conn(conn));
}

/**
 * json_count() - print how many connections are in one state
 * @req: the list command
 * @count: the count
 */
void json_count(const struct request *req, const struct conn_count *count)
{
	struct json_object *object = json_object_new_object();

	json_add_protocol(object, count->protocol);
	json_add_text(object, "state", count->state);
	json_add_number(object, "connections", count->n);
	print_element(req, object);
}

/**
 * json_daemon() - print a synchronisation daemon
 * @req: the list command
 * @dmn: the daemon
 */
void json_daemon(const struct request *req, const struct daemon *dmn)
{
	print_element(req, json_of_daemon(dmn));
}

static void print_object(const struct request *req, struct json_object *object)
{
	puts(text_of(req, object));
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
	print_object(req, json_of_timeouts(t));
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
	print_object(req, object);
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
	print_object(req, object);
}
