// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values as JSON objects
 */
#include "print/json_parts.h"

#include "model/model.h"
#include "model/protocol.h"
#include "model/util.h"
#include "print/names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/**
 * json_add_text() - add a string
 * @to: where to
 * @key: its key
 * @text: the string
 */
void json_add_text(struct json_object *to, const char *key, const char *text)
{
	json_object_object_add(to, key, json_object_new_string(text));
}

/**
 * json_add_number() - add a number
 * @to: where to
 * @key: its key
 * @number: the number
 */
void json_add_number(struct json_object *to, const char *key, uint64_t number)
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

/**
 * json_add_endpoint() - add an address and a port
 * @to: where to
 * @ep: both
 */
void json_add_endpoint(struct json_object *to, const struct endpoint *ep)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(ep->af, &ep->addr, text, sizeof(text));
	json_add_text(to, "family", family_name(ep->af));
	json_add_text(to, "address", text);
	json_add_number(to, "port", ep->port);
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
		json_add_number(object, names[i], stats->v[first + i]);
	json_object_object_add(to, key, object);
}

static void add_stats(struct json_object *to, const struct stats *stats)
{
	add_counters(to, "stats", stats, CNT_CONNS);
	add_counters(to, "rates", stats, CNT_CPS);
}

static void add_protocol(struct json_object *to, uint16_t protocol)
{
	const char *name = protocol_port_names(protocol);
	char number[8];

	snprintf(number, sizeof(number), "%u", protocol);
	json_add_text(to, "protocol", name ? name : number);
}

static struct json_object *tunnel_of(const struct dest *dst)
{
	static const char *const sums[] = { "none", "full", "remote" };
	struct json_object *object = json_object_new_object();
	uint32_t sum = dst->tun_flags & 3;

	if (tunnel_name(dst->tun_type))
		json_add_text(object, "type", tunnel_name(dst->tun_type));
	json_add_number(object, "port", dst->tun_port);
	json_add_text(object, "checksum", sums[sum == 3 ? 1 : sum]);
	return object;
}

/**
 * json_of_dest() - a server with all its properties
 * @dst: the server
 *
 * Return: the object.
 */
struct json_object *json_of_dest(const struct dest *dst)
{
	static const char *const methods[] = {
		"masquerade", "local", "tunnel", "direct", "bypass"
	};
	uint32_t fwd = dst->fwd & IP_VS_CONN_F_FWD_MASK;
	struct json_object *object = json_object_new_object();

	json_add_endpoint(object, &dst->rip);
	json_add_text(object, "method",
		      fwd < ARRAY_SIZE(methods) ? methods[fwd] : "unknown");
	if (fwd == IP_VS_CONN_F_TUNNEL)
		json_object_object_add(object, "tunnel", tunnel_of(dst));
	json_add_number(object, "weight", dst->weight);
	json_add_number(object, "upper_threshold", dst->u_thresh);
	json_add_number(object, "lower_threshold", dst->l_thresh);
	json_add_number(object, "active_connections", dst->active);
	json_add_number(object, "inactive_connections", dst->inactive);
	json_add_number(object, "persistent_connections", dst->persist);
	add_stats(object, &dst->stats);
	return object;
}

static struct json_object *sched_flags_of(const struct service *svc)
{
	struct json_object *array = json_object_new_array();
	char text[64], *rest, *name;

	snprintf(text, sizeof(text), "%s", names_sched_flags(svc));
	for (name = strtok_r(text, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest))
		json_object_array_add(array, json_object_new_string(name));
	return array;
}

static struct json_object *persistence_of(const struct service *svc)
{
	char mask[INET_ADDRSTRLEN] = "";
	struct json_object *object;

	if (!(svc->flags & IP_VS_SVC_F_PERSISTENT))
		return NULL;
	object = json_object_new_object();
	json_add_number(object, "timeout", svc->timeout);
	if (svc->vip.af == AF_INET6) {
		json_add_number(object, "prefix_length", svc->netmask);
	} else {
		inet_ntop(AF_INET, &svc->netmask, mask, sizeof(mask));
		json_add_text(object, "netmask", mask);
	}
	return object;
}

/**
 * json_add_identity() - add what names a service
 * @to: where to
 * @svc: the service
 */
void json_add_identity(struct json_object *to, const struct service *svc)
{
	if (svc->fwmark) {
		json_add_number(to, "fwmark", svc->fwmark);
		json_add_text(to, "family", family_name(svc->vip.af));
		return;
	}
	add_protocol(to, svc->protocol);
	json_add_endpoint(to, &svc->vip);
}

/**
 * json_of_service() - a service with its servers
 * @svc: the service
 * @dests: its servers, struct dest
 *
 * Return: the object.
 */
struct json_object *json_of_service(const struct service *svc,
				    const struct list *dests)
{
	struct json_object *object = json_object_new_object();
	struct json_object *servers = json_object_new_array();

	json_add_identity(object, svc);
	json_add_text(object, "scheduler", svc->sched);
	json_object_object_add(object, "scheduler_flags", sched_flags_of(svc));
	json_object_object_add(object, "persistence", persistence_of(svc));
	json_object_object_add(object, "persistence_engine",
			       svc->pe[0] ? json_object_new_string(svc->pe) :
					    NULL);
	add_bool(object, "one_packet", svc->flags & IP_VS_SVC_F_ONEPACKET);
	add_stats(object, &svc->stats);
	for (size_t i = 0; i < dests->len; i++)
		json_object_array_add(servers, json_of_dest(dests->item[i]));
	json_object_object_add(object, "servers", servers);
	return object;
}

static void add_side(struct json_object *to, const char *key,
		     const struct endpoint *ep)
{
	struct json_object *object = json_object_new_object();

	json_add_endpoint(object, ep);
	json_object_object_add(to, key, object);
}

/**
 * json_add_protocol() - add the name of a connection's protocol
 * @to: where to
 * @protocol: the name, in upper case
 */
void json_add_protocol(struct json_object *to, const char *protocol)
{
	char text[16];
	size_t i = 0;

	for (; protocol[i] && i + 1 < sizeof(text); i++)
		text[i] = tolower((unsigned char)protocol[i]);
	text[i] = '\0';
	json_add_text(to, "protocol", text);
}

/**
 * json_of_conn() - a connection
 * @conn: the connection
 *
 * Return: the object.
 */
struct json_object *json_of_conn(const struct conn *conn)
{
	struct json_object *object = json_object_new_object();

	json_add_protocol(object, conn->protocol);
	json_add_text(object, "state", conn->state);
	json_add_number(object, "expires", conn->expires);
	add_side(object, "client", &conn->client);
	if (conn->number == IPPROTO_IP)
		json_add_number(object, "fwmark",
				ntohl(conn->vip.addr.v4.s_addr));
	else
		add_side(object, "virtual", &conn->vip);
	add_side(object, "server", &conn->dest);
	if (conn->pe_data) {
		json_add_text(object, "persistence_engine", conn->pe);
		json_add_text(object, "persistence_data", conn->pe_data);
	}
	return object;
}

/**
 * json_of_daemon() - a synchronisation daemon
 * @dmn: the daemon
 *
 * Return: the object.
 */
struct json_object *json_of_daemon(const struct daemon *dmn)
{
	struct json_object *object = json_object_new_object();
	char group[INET6_ADDRSTRLEN];

	json_add_text(object, "state",
		      names_daemon_state(dmn->state));
	json_add_text(object, "interface", dmn->ifname);
	json_add_number(object, "syncid", dmn->syncid);
	json_add_number(object, "maxlen", dmn->maxlen);
	if (names_address(&dmn->group, group, sizeof(group)))
		json_add_text(object, "group", group);
	json_add_number(object, "port", dmn->port);
	json_add_number(object, "ttl", dmn->ttl);
	return object;
}

/**
 * json_of_timeouts() - the three timeouts
 * @t: the timeouts
 *
 * Return: the object.
 */
struct json_object *json_of_timeouts(const struct timeouts *t)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "tcp", t->tcp);
	json_add_number(object, "tcp_fin", t->tcp_fin);
	json_add_number(object, "udp", t->udp);
	return object;
}
