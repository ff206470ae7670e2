// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, one a line
 *
 * As text each event is the command that would make it happen elsewhere, and
 * connections are comments: restore accepts all of it. As JSON there is one
 * object a line.
 */
#include "print/eventline.h"

#include "model/model.h"
#include "print/connline.h"
#include "print/json_parts.h"
#include "print/saveline.h"

#include <time.h>

/**
 * struct kind - a kind of event
 * @key: its name
 * @cmd: the command that does it, CMD_MAX if there is none
 */
struct kind {
	const char *key;
	enum command cmd;
};

static const struct kind kinds[IPVS_EXT_EVENT_MAX + 1] = {
	[IPVS_EXT_EVENT_UNSPEC]	     = { "unknown", CMD_MAX },
	[IPVS_EXT_EVENT_SERVICE_NEW] = { "service_add", CMD_ADD_SERVICE },
	[IPVS_EXT_EVENT_SERVICE_SET] = { "service_edit", CMD_EDIT_SERVICE },
	[IPVS_EXT_EVENT_SERVICE_DEL] = { "service_delete", CMD_DEL_SERVICE },
	[IPVS_EXT_EVENT_DEST_NEW]    = { "server_add", CMD_ADD_DEST },
	[IPVS_EXT_EVENT_DEST_SET]    = { "server_edit", CMD_EDIT_DEST },
	[IPVS_EXT_EVENT_DEST_DEL]    = { "server_delete", CMD_DEL_DEST },
	[IPVS_EXT_EVENT_FLUSH]	     = { "flush", CMD_FLUSH },
	[IPVS_EXT_EVENT_TIMEOUTS]    = { "timeouts", CMD_SET },
	[IPVS_EXT_EVENT_DAEMON_NEW]  = { "daemon_start", CMD_START_DAEMON },
	[IPVS_EXT_EVENT_DAEMON_DEL]  = { "daemon_stop", CMD_STOP_DAEMON },
	[IPVS_EXT_EVENT_CONN_NEW]    = { "connection_new", CMD_MAX },
	[IPVS_EXT_EVENT_CONN_DEL]    = { "connection_end", CMD_MAX },
	[IPVS_EXT_EVENT_LOST]	     = { "overrun", CMD_MAX },
};

static const struct kind *kind_of(const struct event *event)
{
	return &kinds[event->type <= IPVS_EXT_EVENT_MAX ? event->type : 0];
}

/* Does the event have what the command line needs? */
static bool tells_change(const struct event *event, enum command cmd)
{
	switch (cmd) {
	case CMD_ADD_SERVICE:
	case CMD_EDIT_SERVICE:
	case CMD_DEL_SERVICE:
		return event->has_service;
	case CMD_ADD_DEST:
	case CMD_EDIT_DEST:
	case CMD_DEL_DEST:
		return event->has_service && event->has_dest;
	default:
		return false;
	}
}

static void event_print_text(FILE *out, const struct request *req,
			     const struct event *event)
{
	const struct kind *kind = kind_of(event);

	if (event->has_conn) {
		fprintf(out, "# %s ", kind->key);
		connline_print(out, req, &event->conn);
	} else if (event->has_daemon) {
		saveline_daemon(out, kind->cmd, &event->daemon);
	} else if (event->has_timeouts) {
		fprintf(out, "--set %u %u %u\n", event->timeouts.tcp,
			event->timeouts.tcp_fin, event->timeouts.udp);
	} else if (tells_change(event, kind->cmd)) {
		saveline_change(out, req, kind->cmd, &event->svc, &event->dst);
	} else if (kind->cmd == CMD_FLUSH) {
		fputs("-C\n", out);
	} else {
		fprintf(out, "# %s %u\n", kind->key, event->type);
	}
}

static void event_add_service(struct json_object *to, const struct event *event)
{
	static const struct list none;
	struct json_object *service;

	if (event->svc_id || event->has_dest) {
		service = json_object_new_object();
		json_add_identity(service, &event->svc);
	} else {
		service = json_of_service(&event->svc, &none);
		json_object_object_del(service, "servers");
		/* An event has no statistics. */
		json_object_object_del(service, "stats");
		json_object_object_del(service, "rates");
	}
	json_object_object_add(to, "service", service);
}

static void event_add_server(struct json_object *to, const struct event *event)
{
	struct json_object *server;

	if (event->dst_id) {
		server = json_object_new_object();
		json_add_endpoint(server, &event->dst.rip);
	} else {
		server = json_of_dest(&event->dst);
	}
	json_object_object_add(to, "server", server);
}

static struct json_object *event_object(const char *key)
{
	struct json_object *object = json_object_new_object();
	struct timespec now;
	char time[40];

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(time, sizeof(time), "%lld.%06ld", (long long)now.tv_sec,
		 now.tv_nsec / 1000);
	json_add_text(object, "event", key);
	json_object_object_add(object, "time",
			       json_object_new_double_s(now.tv_sec, time));
	return object;
}

static void event_print_object(FILE *out, struct json_object *object)
{
	const int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	fprintf(out, "%s\n", json_object_to_json_string_ext(object, flags));
	json_object_put(object);
}

static void event_print_json(FILE *out, const struct event *event)
{
	struct json_object *object = event_object(kind_of(event)->key);

	if (event->has_generation)
		json_add_number(object, "generation", event->generation);
	if (event->has_service)
		event_add_service(object, event);
	if (event->has_dest)
		event_add_server(object, event);
	if (event->has_daemon)
		json_object_object_add(object, "daemon",
				       json_of_daemon(&event->daemon));
	if (event->has_timeouts)
		json_object_object_add(object, "timeouts",
				       json_of_timeouts(&event->timeouts));
	if (event->has_conn)
		json_object_object_add(object, "connection",
				       json_of_conn(&event->conn));
	event_print_object(out, object);
}

/**
 * eventline_print() - print one event
 * @out: where to
 * @req: the command
 * @event: the event
 */
void eventline_print(FILE *out, const struct request *req,
		     const struct event *event)
{
	if (has(req, OPT_JSON))
		event_print_json(out, event);
	else
		event_print_text(out, req, event);
}

/**
 * eventline_overrun() - print that events were lost, for programs
 * @out: where to
 * @req: the command
 */
void eventline_overrun(FILE *out, const struct request *req)
{
	if (has(req, OPT_JSON))
		event_print_object(out, event_object("overrun"));
}
