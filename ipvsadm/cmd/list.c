// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of services, timeouts and daemons: asked for, put in order, printed
 */
#include "cmd/list.h"

#include "cmd/drops.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "model/table.h"
#include "net/query.h"
#include "print/json.h"
#include "print/listline.h"
#include "print/names.h"
#include "print/output.h"

#include <errno.h>

static int list_service(const struct request *req, const struct service *svc,
			const struct list *dests, void *arg)
{
	(void)arg;
	listline_service(stdout, req, svc);
	for (size_t i = 0; i < dests->len; i++)
		listline_dest(stdout, req, svc, dests->item[i]);
	return output_broken() ? -EIO : 0;
}

static int list_order(const struct request *req, struct list *list,
		      compare_fn compare, struct refusal *why)
{
	int err = has(req, OPT_NOSORT) ? 0 : list_sort(list, compare);

	why->error = -err;
	return err;
}

static int visit_all(const struct request *req, const struct table *table,
		     const struct service_sink *sink, struct refusal *why)
{
	int err = 0;

	for (size_t i = 0; i < table->entries.len && !err; i++) {
		struct svc_entry *entry = table->entries.item[i];

		err = list_order(req, &entry->servers, dest_compare, why);
		if (!err)
			err = sink->take(req, &entry->svc, &entry->servers,
					 sink->arg);
	}
	return err;
}

/* An interrupted dump is still listed, with a warning; it is never saved. */
static bool shown_torn(const struct request *req, int err)
{
	return err == -EAGAIN && req->cmd == CMD_LIST;
}

/* The whole table in one dump. */
static int walk_table(struct wire *wire, const struct request *req,
		      const struct service_sink *sink)
{
	struct table table = { 0 };
	struct refusal why = { 0 };
	int err = query_table(wire, &table, &why);
	bool torn = shown_torn(req, err);

	if (torn)
		refusal_print(CMD_MAX, &why);
	if (!err || torn)
		err = list_order(req, &table.entries, service_compare, &why);
	if (err) {
		refusal_print(CMD_MAX, &why);
	} else {
		if (sink->title)
			fputs(sink->title, stdout);
		err = visit_all(req, &table, sink, &why);
		if (why.error)
			refusal_print(req->cmd, &why);
	}
	table_free(&table);
	return err || torn ? EXIT_LIST : EXIT_OK;
}

static int each_service(struct wire *wire, const struct request *req,
			const struct list *services,
			const struct service_sink *sink)
{
	struct refusal why = { 0 };
	struct list dests = { 0 };
	bool torn = false;
	int err = 0;

	for (size_t i = 0; i < services->len && !err; i++) {
		err = query_dests(wire, services->item[i], &dests, &why);
		if (shown_torn(req, err)) {
			refusal_print(req->cmd, &why);
			torn = true;
			err = 0;
		}
		if (!err)
			err = list_order(req, &dests, dest_compare, &why);
		if (err)
			refusal_print(req->cmd, &why);
		else
			err = sink->take(req, services->item[i], &dests,
					 sink->arg);
		list_free(&dests);
	}
	return err ? err : torn ? -EAGAIN : 0;
}

/* A dump of the services, then one of the servers for each. */
static int walk_services(struct wire *wire, const struct request *req,
			 const struct service_sink *sink)
{
	bool one = has(req, OPT_SERVICE);
	struct list services = { 0 };
	struct refusal why = { 0 };
	bool torn;
	int err;

	if (one)
		err = query_service(wire, &req->svc, &services, &why);
	else
		err = query_services(wire, &services, &why);
	torn = shown_torn(req, err);
	if (torn)
		refusal_print(req->cmd, &why);
	if (!err || torn)
		err = list_order(req, &services, service_compare, &why);
	if (err) {
		refusal_print(one ? req->cmd : CMD_MAX, &why);
	} else {
		if (sink->title)
			fputs(sink->title, stdout);
		err = each_service(wire, req, &services, sink);
	}
	list_free(&services);
	return err || torn ? EXIT_LIST : EXIT_OK;
}

/**
 * list_tables() - visit the services of a list or save command in order
 * @wire: the socket
 * @req: the command; its service, if any, is the only one visited
 * @sink: what visits them
 *
 * Return: exit status; messages are printed.
 */
int list_tables(struct wire *wire, const struct request *req,
		const struct service_sink *sink)
{
	if (has(req, OPT_SERVICE) || !wire_has_ext(wire))
		return walk_services(wire, req, sink);
	return walk_table(wire, req, sink);
}

static int list_timeouts(struct wire *wire, const struct request *req)
{
	struct timeouts t = { 0 };
	struct refusal why;

	if (query_timeouts(wire, &t, &why)) {
		refusal_print(CMD_LIST, &why);
		return EXIT_LIST;
	}
	if (has(req, OPT_JSON))
		json_timeouts(req, &t);
	else
		printf("Timeout (tcp tcpfin udp): %u %u %u\n", t.tcp,
		       t.tcp_fin, t.udp);
	return EXIT_OK;
}

static void print_daemon(const struct daemon *dmn)
{
	char group[INET6_ADDRSTRLEN] = "";

	printf("%s sync daemon (mcast=%s, syncid=%u",
	       names_daemon_state(dmn->state),
	       dmn->ifname, dmn->syncid);
	if (dmn->maxlen)
		printf(", maxlen=%u", dmn->maxlen);
	if (names_address(&dmn->group, group, sizeof(group)))
		printf(", group=%s", group);
	if (dmn->port)
		printf(", port=%u", dmn->port);
	if (dmn->ttl)
		printf(", ttl=%u", dmn->ttl);
	printf(")\n");
}

static void print_daemons(const struct request *req,
			  const struct list *daemons)
{
	bool json = has(req, OPT_JSON);
	struct json_list list;

	if (json)
		json_begin_array(&list, req);
	for (size_t i = 0; i < daemons->len; i++) {
		if (json)
			json_daemon(&list, daemons->item[i]);
		else
			print_daemon(daemons->item[i]);
	}
	if (json)
		json_end(&list);
}

static int list_daemons(struct wire *wire, const struct request *req)
{
	struct list daemons = { 0 };
	struct refusal why;
	int status = EXIT_OK;

	if (query_daemons(wire, &daemons, &why)) {
		refusal_print(CMD_LIST, &why);
		status = EXIT_LIST;
	} else {
		print_daemons(req, &daemons);
	}
	list_free(&daemons);
	return status;
}

static int json_take(const struct request *req, const struct service *svc,
		     const struct list *dests, void *arg)
{
	(void)req;
	return json_service(arg, svc, dests);
}

static int list_json(struct wire *wire, const struct request *req,
		     const struct info *info)
{
	struct json_list list;
	const struct service_sink sink = { .take = json_take, .arg = &list };
	int status;

	json_begin_tables(&list, req, info);
	status = list_tables(wire, req, &sink);
	json_end(&list);
	return status;
}

static int list_table(struct wire *wire, const struct request *req)
{
	const struct service_sink sink = {
		.title = listline_title(req), .take = list_service
	};
	struct info info = { 0 };
	struct refusal why;

	if (query_info(wire, &info, &why)) {
		refusal_print(CMD_LIST, &why);
		return EXIT_LIST;
	}
	if (has(req, OPT_JSON))
		return list_json(wire, req, &info);
	if (!has(req, OPT_SERVICE))
		printf("IP Virtual Server version %u.%u.%u (size=%u)\n",
		       info.version >> 16 & 0xff,
		       info.version >> 8 & 0xff, info.version & 0xff,
		       info.conn_tab_size);
	return list_tables(wire, req, &sink);
}

/**
 * list_run() - execute a list command, connections apart
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int list_run(struct wire *wire, const struct request *req)
{
	if (has(req, OPT_TIMEOUT))
		return list_timeouts(wire, req);
	if (has(req, OPT_DAEMON))
		return list_daemons(wire, req);
	if (has(req, OPT_DROPS))
		return drops_run(wire, req);
	return list_table(wire, req);
}
