// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists as JSON
 *
 * Each element is built and printed on its own, so a list of any length takes
 * the memory of one service. The frame around the elements is written here;
 * everything inside them is json-c's.
 */
#include "json.h"

#include "names.h"
#include "util.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
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
	return ferror(stdout) ? -EIO : 0;
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
 * json_begin_conns() - open the list of connections
 */
void json_begin_conns(void)
{
	begin("[", "]");
}

/**
 * json_begin_daemons() - open the list of daemons
 */
void json_begin_daemons(void)
{
	begin("[", "]");
}

static void add_text(struct json_object *to, const char *key, const char *text)
{
	json_object_object_add(to, key, json_object_new_string(text));
}

static void add_number(struct json_object *to, const char *key, uint64_t number)
{
	json_object_object_add(to, key, json_object_new_uint64(number));
}

static void add_bool(struct json_object *to, const char *key, bool value)
{
	json_object_object_add(to, key, json_object_new_boolean(value));
}

static const char *family_name(uint16_t af)
{
	return af == AF_INET6 ? "ipv6" : "ipv4";
}

static void add_endpoint(struct json_object *to, const struct endpoint *ep)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(ep->af, &ep->addr, text, sizeof(text));
	add_text(to, "family", family_name(ep->af));
	add_text(to, "address", text);
	add_number(to, "port", ep->port);
}

static void add_counters(struct json_object *to, const char *key,
			 const struct stats *stats,
			 enum counter first)
{
	static const char *const names[] = {
		"connections", "in_packets", "out_packets", "in_bytes",
		"out_bytes"
	};
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_number(object, names[i], stats->v[first + i]);
	json_object_object_add(to, key, object);
}

static void add_stats(struct json_object *to, const struct stats *stats)
{
	add_counters(to, "stats", stats, CNT_CONNS);
	add_counters(to, "rates", stats, CNT_CPS);
}

static void add_protocol(struct json_object *to, uint16_t protocol)
{
	const char *name = names_protocol(protocol);
	char number[8];

	snprintf(number, sizeof(number), "%u", protocol);
	add_text(to, "protocol", name ? name : number);
}

static struct json_object *forward_options(const struct dest *dst)
{
	static const char *const types[] = { "ipip", "gue", "gre" };
	static const char *const sums[] = { "none", "full", "remote" };
	struct json_object *object = json_object_new_object();
	uint32_t sum = dst->tun_flags & 3;

	if (dst->tun_type < ARRAY_SIZE(types))
		add_text(object, "type", types[dst->tun_type]);
	add_number(object, "port", dst->tun_port);
	add_text(object, "checksum", sums[sum == 3 ? 1 : sum]);
	return object;
}

static struct json_object *dest_object(const struct dest *dst)
{
	static const char *const methods[] = {
		"masquerade", "local", "tunnel", "direct", "bypass"
	};
	uint32_t fwd = dst->fwd & IP_VS_CONN_F_FWD_MASK;
	struct json_object *object = json_object_new_object();

	add_endpoint(object, &dst->rip);
	add_text(object, "method",
		 fwd < ARRAY_SIZE(methods) ? methods[fwd] : "unknown");
	if (fwd == IP_VS_CONN_F_TUNNEL)
		json_object_object_add(object, "tunnel", forward_options(dst));
	add_number(object, "weight", dst->weight);
	add_number(object, "upper_threshold", dst->u_thresh);
	add_number(object, "lower_threshold", dst->l_thresh);
	add_number(object, "active_connections", dst->active);
	add_number(object, "inactive_connections", dst->inactive);
	add_number(object, "persistent_connections", dst->persist);
	add_stats(object, &dst->stats);
	return object;
}

static struct json_object *sched_flags(const struct service *svc)
{
	struct json_object *array = json_object_new_array();
	char text[64], *rest, *name;

	snprintf(text, sizeof(text), "%s", names_sched_flags(svc));
	for (name = strtok_r(text, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest))
		json_object_array_add(array, json_object_new_string(name));
	return array;
}

static struct json_object *persistence(const struct service *svc)
{
	char mask[INET_ADDRSTRLEN] = "";
	struct json_object *object;

	if (!(svc->flags & IP_VS_SVC_F_PERSISTENT))
		return NULL;
	object = json_object_new_object();
	add_number(object, "timeout", svc->timeout);
	if (svc->vip.af == AF_INET6) {
		add_number(object, "prefix_length", svc->netmask);
	} else {
		inet_ntop(AF_INET, &svc->netmask, mask, sizeof(mask));
		add_text(object, "netmask", mask);
	}
	return object;
}

static void add_identity(struct json_object *to, const struct service *svc)
{
	if (svc->fwmark) {
		add_number(to, "fwmark", svc->fwmark);
		add_text(to, "family", family_name(svc->vip.af));
		return;
	}
	add_protocol(to, svc->protocol);
	add_endpoint(to, &svc->vip);
}

static struct json_object *service_object(const struct service *svc,
					  const struct list *dests)
{
	struct json_object *object = json_object_new_object();
	struct json_object *servers = json_object_new_array();

	add_identity(object, svc);
	add_text(object, "scheduler", svc->sched);
	json_object_object_add(object, "scheduler_flags", sched_flags(svc));
	json_object_object_add(object, "persistence", persistence(svc));
	json_object_object_add(object, "persistence_engine",
			       svc->pe[0] ? json_object_new_string(svc->pe) :
					    NULL);
	add_bool(object, "one_packet", svc->flags & IP_VS_SVC_F_ONEPACKET);
	add_stats(object, &svc->stats);
	for (size_t i = 0; i < dests->len; i++)
		json_object_array_add(servers, dest_object(dests->item[i]));
	json_object_object_add(object, "servers", servers);
	return object;
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
	return print_element(req, service_object(svc, dests));
}

static void add_side(struct json_object *to, const char *key,
		     const struct endpoint *ep)
{
	struct json_object *object = json_object_new_object();

	add_endpoint(object, ep);
	json_object_object_add(to, key, object);
}

static void add_conn_protocol(struct json_object *to, const char *protocol)
{
	char text[FILTER_WORD];
	size_t i = 0;

	for (; protocol[i] && i + 1 < sizeof(text); i++)
		text[i] = tolower((unsigned char)protocol[i]);
	text[i] = '\0';
	add_text(to, "protocol", text);
}

/**
 * json_conn() - print a connection
 * @req: the list command
 * @conn: the connection
 */
void json_conn(const struct request *req, const struct conn *conn)
{
	struct json_object *object = json_object_new_object();

	add_conn_protocol(object, conn->protocol);
	add_text(object, "state", conn->state);
	add_number(object, "expires", conn->expires);
	add_side(object, "client", &conn->client);
	if (!strcmp(conn->protocol, "IP"))
		add_number(object, "fwmark",
			   ntohl(conn->vip.addr.v4.s_addr));
	else
		add_side(object, "virtual", &conn->vip);
	add_side(object, "server", &conn->dest);
	if (conn->pe_data) {
		add_text(object, "persistence_engine", conn->pe);
		add_text(object, "persistence_data", conn->pe_data);
	}
	print_element(req, object);
}

/**
 * json_count() - print how many connections are in one state
 * @req: the list command
 * @count: the count
 */
void json_count(const struct request *req, const struct conncount *count)
{
	struct json_object *object = json_object_new_object();

	add_conn_protocol(object, count->protocol);
	add_text(object, "state", count->state);
	add_number(object, "connections", count->n);
	print_element(req, object);
}

/**
 * json_daemon() - print a synchronisation daemon
 * @req: the list command
 * @dmn: the daemon
 */
void json_daemon(const struct request *req, const struct daemon *dmn)
{
	struct json_object *object = json_object_new_object();
	char group[INET6_ADDRSTRLEN];

	add_text(object, "state",
		 dmn->state == IP_VS_STATE_MASTER ? "master" : "backup");
	add_text(object, "interface", dmn->ifname);
	add_number(object, "syncid", dmn->syncid);
	add_number(object, "maxlen", dmn->maxlen);
	if (names_address(&dmn->group, group, sizeof(group)))
		add_text(object, "group", group);
	add_number(object, "port", dmn->port);
	add_number(object, "ttl", dmn->ttl);
	print_element(req, object);
}

/**
 * json_timeouts() - print the three timeouts
 * @req: the list command
 * @t: the timeouts
 */
void json_timeouts(const struct request *req, const struct timeouts *t)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "tcp", t->tcp);
	add_number(object, "tcp_fin", t->tcp_fin);
	add_number(object, "udp", t->udp);
	puts(text_of(req, object));
	json_object_put(object);
}
