// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions and orders to the kernel in terms of the model
 */
#include "net/query.h"

#include "model/drops.h"
#include "model/conn.h"
#include "model/drops.h"
#include "model/errors.h"
#include "model/filter.h"
#include "model/model.h"
#include "model/request.h"
#include "net/codec.h"

#include <errno.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

/* How often to repeat an interrupted dump. */
#define RETRIES 8

/* The dump was interrupted: its entries exist, but not all at one moment. */
static int refusal_torn(int err, struct refusal *why)
{
	if (err != -EAGAIN)
		return err;
	why->error = EAGAIN;
	snprintf(why->text, sizeof(why->text),
		 "the table changed each time it was read: entries may be missing, or be there twice");
	return err;
}

static int info_sink(const struct nlmsghdr *reply, void *arg)
{
	return decode_info(reply, arg);
}

/**
 * query_info() - the kernel's version and table size
 * @wire: the socket
 * @info: the answer
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_info(struct wire *wire, struct info *info, struct refusal *why)
{
	return wire_ask(wire, wire_request(wire, IPVS_CMD_GET_INFO), info_sink,
			info, why);
}

static int service_sink(const struct nlmsghdr *reply, void *arg)
{
	struct service svc;
	int err = decode_service(reply, &svc);

	return err ? err : list_add(arg, &svc, sizeof(svc));
}

/**
 * query_services() - all services, in the kernel's order
 * @wire: the socket
 * @services: the answer, struct service
 * @why: set on failure
 *
 * Return: 0 or -errno; -EAGAIN when it changed at each attempt, with the answer
 * of the last one.
 */
int query_services(struct wire *wire, struct list *services,
		   struct refusal *why)
{
	int err, tries = RETRIES;

	do {
		list_free(services);
		err = wire_dump(wire,
				wire_request(wire, IPVS_CMD_GET_SERVICE),
				service_sink, services, why);
	} while (err == -EAGAIN && tries--);
	return refusal_torn(err, why);
}

static struct nl_msg *message_about(struct wire *wire, int command,
				    const struct service *svc,
				    int (*encode)(struct nl_msg *,
						  const struct service *))
{
	struct nl_msg *msg = wire_request(wire, command);

	if (msg && encode(msg, svc)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * query_service() - one service
 * @wire: the socket
 * @id: which
 * @services: the answer is appended, struct service
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_service(struct wire *wire, const struct service *id,
		  struct list *services, struct refusal *why)
{
	return wire_ask(wire,
			message_about(wire, IPVS_CMD_GET_SERVICE, id, encode_service),
			service_sink, services, why);
}

/**
 * struct dest_sink - where the servers of one service go
 * @af: the service's family
 * @dests: the list
 */
struct dest_sink {
	uint16_t af;
	struct list *dests;
};

static int dest_sink(const struct nlmsghdr *reply, void *arg)
{
	struct dest_sink *sink = arg;
	struct dest dst;
	int err = decode_dest(reply, sink->af, &dst);

	return err ? err : list_add(sink->dests, &dst, sizeof(dst));
}

/**
 * query_dests() - all servers of a service, in the kernel's order
 * @wire: the socket
 * @svc: the service
 * @dests: the answer, struct dest
 * @why: set on failure
 *
 * Return: as query_services().
 */
int query_dests(struct wire *wire, const struct service *svc,
		struct list *dests, struct refusal *why)
{
	struct dest_sink sink = { .af = svc->vip.af, .dests = dests };
	int err, tries = RETRIES;

	do {
		list_free(dests);
		err = wire_dump(wire,
				message_about(wire, IPVS_CMD_GET_DEST, svc,
					      encode_service_id),
				dest_sink, &sink, why);
	} while (err == -EAGAIN && tries--);
	return refusal_torn(err, why);
}

/*
 * The family IPVS has no dump of the whole table: one dump of servers for each
 * service.
 */
static int query_each(struct wire *wire, struct table *table,
		      struct refusal *why)
{
	struct list services = { 0 }, dests = { 0 };
	struct svc_entry *entry;
	int err = query_services(wire, &services, why);

	for (size_t i = 0; i < services.len && !err; i++) {
		err = query_dests(wire, services.item[i], &dests, why);
		entry = err ? NULL : table_add(table, services.item[i], 0);
		for (size_t j = 0; entry && j < dests.len && !err; j++)
			err = entry_add(entry, dests.item[j], 0);
		if (!err && !entry)
			err = -ENOMEM;
		list_free(&dests);
	}
	if (err && !why->error)
		why->error = -err;
	list_free(&services);
	return err;
}

/* Longest nest that identifies a service. */
#define NAME_BYTES 64

/**
 * struct table_sink - a table while it is read
 * @table: what there is of it
 * @last: the service of the last server
 * @name: the nest that named it
 * @len: length of @name
 */
struct table_sink {
	struct table *table;
	struct svc_entry *last;
	char name[NAME_BYTES];
	int len;
};

/*
 * The servers of a service follow each other: mostly the identity is the
 * previous one.
 */
static int find_service(struct table_sink *sink, struct nlattr *nest)
{
	int len = nla_len(nest);
	struct service svc;
	int err;

	if (sink->last && len == sink->len &&
	    !memcmp(nla_data(nest), sink->name, len))
		return 0;
	err = decode_service_id(nest, &svc);
	if (!err)
		err = table_find(sink->table, &svc, &sink->last);
	sink->len = len <= NAME_BYTES ? len : 0;
	memcpy(sink->name, nla_data(nest), sink->len);
	return err;
}

static int record_sink(const struct nlmsghdr *reply, void *arg)
{
	struct table_sink *sink = arg;
	struct record record;
	struct service svc;
	struct dest dst;
	int err = decode_record(reply, &record);

	if (err)
		return err;
	if (!record.dst) {
		err = decode_service_nest(record.svc, &svc);
		if (!err && !table_add(sink->table, &svc, 0))
			err = -ENOMEM;
		return err;
	}
	err = find_service(sink, record.svc);
	/* The service was deleted during the dump, and the server with it. */
	if (err || !sink->last)
		return err;
	err = decode_dest_nest(record.dst, sink->last->svc.vip.af, &dst);
	return err ? err : entry_add(sink->last, &dst, 0);
}

static int generation_sink(const struct nlmsghdr *reply, void *arg)
{
	return decode_generation(reply, arg);
}

/**
 * query_table() - all services with their servers, in the kernel's order
 * @wire: the socket
 * @table: the answer; empty before; table_free() it in any case
 * @why: set on failure
 *
 * With the family IPVS_EXT that is one request, without it one for each
 * service.
 *
 * Return: as query_services().
 */
int query_table(struct wire *wire, struct table *table, struct refusal *why)
{
	int err, tries = RETRIES;

	if (!wire_has_ext(wire))
		return query_each(wire, table, why);
	do {
		struct table_sink sink = { .table = table };

		table_free(table);
		err = wire_dump(wire,
				wire_ext_request(wire, IPVS_EXT_CMD_GET_TABLE),
				record_sink, &sink, why);
	} while (err == -EAGAIN && tries--);
	return refusal_torn(err, why);
}

/**
 * query_generation() - which state the configuration is in
 * @wire: the socket; wire_has_ext() has said yes
 * @generation: the answer
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_generation(struct wire *wire, uint32_t *generation,
		     struct refusal *why)
{
	return wire_ask(wire, wire_ext_request(wire, IPVS_EXT_CMD_GET_INFO),
			generation_sink, generation, why);
}

static struct nl_msg *message_about_conns(struct wire *wire, int command,
					  const struct filter *filter)
{
	struct nl_msg *msg = wire_ext_request(wire, command);

	if (msg && encode_filter(msg, filter)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/**
 * struct conns_sink - where connections go
 * @take: takes each
 * @arg: for @take
 */
struct conns_sink {
	int (*take)(const struct conn *conn, void *arg);
	void *arg;
};

static int conns_sink(const struct nlmsghdr *reply, void *arg)
{
	struct conns_sink *sink = arg;

	return decode_conns(reply, sink->take, sink->arg);
}

/**
 * query_conns() - the connections that a filter selects, as they come
 * @wire: the socket; wire_has_ext() has said yes
 * @filter: which
 * @take: takes each; it lasts until this returns
 * @arg: for @take
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_conns(struct wire *wire, const struct filter *filter,
		int (*take)(const struct conn *conn, void *arg), void *arg,
		struct refusal *why)
{
	struct conns_sink sink = { take, arg };
	int err = wire_dump(wire,
			    message_about_conns(wire, IPVS_EXT_CMD_GET_CONN, filter),
			    conns_sink, &sink, why);

	return err == -EAGAIN ? 0 : err;
}

static int count_sink(const struct nlmsghdr *reply, void *arg)
{
	return decode_count(reply, arg);
}

/**
 * query_kill() - end the connections that a filter selects
 * @wire: the socket; wire_has_ext() has said yes
 * @filter: which; an empty one means all
 * @count: how many they were
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_kill(struct wire *wire, const struct filter *filter, uint64_t *count,
	       struct refusal *why)
{
	*count = 0;
	return wire_ask(wire,
			message_about_conns(wire, IPVS_EXT_CMD_KILL_CONN, filter),
			count_sink, count, why);
}

static int drops_sink(const struct nlmsghdr *reply, void *arg)
{
	struct drops drops;
	int err = decode_drops(reply, &drops);

	return err ? err : list_add(arg, &drops, sizeof(drops));
}

/**
 * query_drops() - packets dropped, by reason
 * @wire: the socket; wire_has_ext() has said yes
 * @all: the answer, struct drops
 * @why: set on failure
 *
 * Return: as query_services().
 */
int query_drops(struct wire *wire, struct list *all, struct refusal *why)
{
	int err, tries = RETRIES;

	do {
		list_free(all);
		err = wire_dump(wire,
				wire_ext_request(wire, IPVS_EXT_CMD_GET_DROPS),
				drops_sink, all, why);
	} while (err == -EAGAIN && tries--);
	return refusal_torn(err, why);
}

static int daemon_sink(const struct nlmsghdr *reply, void *arg)
{
	struct daemon dmn;
	int err = decode_daemon(reply, &dmn);

	return err ? err : list_add(arg, &dmn, sizeof(dmn));
}

/**
 * query_daemons() - the sync daemons that run
 * @wire: the socket
 * @daemons: the answer, struct daemon
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_daemons(struct wire *wire, struct list *daemons, struct refusal *why)
{
	return wire_dump(wire, wire_request(wire, IPVS_CMD_GET_DAEMON),
			 daemon_sink, daemons, why);
}

static int timeouts_sink(const struct nlmsghdr *reply, void *arg)
{
	return decode_timeouts(reply, arg);
}

/**
 * query_timeouts() - the protocol timeouts
 * @wire: the socket
 * @t: the answer
 * @why: set on failure
 *
 * Return: 0 or -errno.
 */
int query_timeouts(struct wire *wire, struct timeouts *t, struct refusal *why)
{
	return wire_ask(wire, wire_request(wire, IPVS_CMD_GET_CONFIG),
			timeouts_sink, t, why);
}

#define SEND_SERVICE	1u	/* all of it */
#define NAME_SERVICE	2u
#define SEND_DEST	4u
#define SEND_DAEMON	8u
#define SEND_TIMEOUTS	16u

static const struct {
	int command;
	unsigned int parts;
} orders[CMD_LEGAL_MAX] = {
	[CMD_ADD_SERVICE]  = { IPVS_CMD_NEW_SERVICE, SEND_SERVICE },
	[CMD_EDIT_SERVICE] = { IPVS_CMD_SET_SERVICE, SEND_SERVICE },
	[CMD_DEL_SERVICE]  = { IPVS_CMD_DEL_SERVICE, NAME_SERVICE },
	[CMD_FLUSH]	   = { IPVS_CMD_FLUSH, 0 },
	[CMD_ADD_DEST]	   = { IPVS_CMD_NEW_DEST, NAME_SERVICE | SEND_DEST },
	[CMD_EDIT_DEST]	   = { IPVS_CMD_SET_DEST, NAME_SERVICE | SEND_DEST },
	[CMD_DEL_DEST]	   = { IPVS_CMD_DEL_DEST, NAME_SERVICE | SEND_DEST },
	[CMD_SET]	   = { IPVS_CMD_SET_CONFIG, SEND_TIMEOUTS },
	[CMD_START_DAEMON] = { IPVS_CMD_NEW_DAEMON, SEND_DAEMON },
	[CMD_STOP_DAEMON]  = { IPVS_CMD_DEL_DAEMON, SEND_DAEMON },
	[CMD_ZERO]	   = { IPVS_CMD_ZERO, NAME_SERVICE },
};

static int encode_parts(struct nl_msg *msg, unsigned int parts,
			const struct request *req)
{
	if ((parts & SEND_SERVICE && encode_service(msg, &req->svc)) ||
	    (parts & NAME_SERVICE && encode_service_id(msg, &req->svc)) ||
	    (parts & SEND_DEST && encode_dest(msg, &req->dst)) ||
	    (parts & SEND_DAEMON && encode_daemon(msg, &req->daemon)) ||
	    (parts & SEND_TIMEOUTS && encode_timeouts(msg, &req->timeouts)))
		return -ENOMEM;
	return 0;
}

/**
 * order_command() - what a command that changes something is to the kernel
 * @cmd: any command but list, save and restore
 *
 * Return: IPVS_CMD_*.
 */
int order_command(enum command cmd)
{
	return orders[cmd].command;
}

/**
 * order_message() - the message for a request that changes something
 * @wire: the socket
 * @req: any command but list, save and restore
 *
 * Return: the message, or NULL without memory.
 */
struct nl_msg *order_message(struct wire *wire, const struct request *req)
{
	unsigned int parts = orders[req->cmd].parts;
	struct nl_msg *msg = wire_request(wire, order_command(req->cmd));

	if (req->cmd == CMD_ZERO && !has(req, OPT_SERVICE))
		parts = 0;
	if (msg && encode_parts(msg, parts, req)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}
