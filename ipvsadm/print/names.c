// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values to words: hosts, ports, masks, scheduler flags
 *
 * Looking up a name may take seconds and a long list asks for few different
 * ones, so answers are kept in tables of fixed size, a newer one displacing
 * an older one.
 */
#include "print/names.h"

#include "model/protocol.h"
#include "model/scheduler.h"
#include "model/signals.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#define SLOTS 1024	/* 2^10: slot_of() keeps as many bits */

static uint32_t slot_of(uint32_t key)
{
	return key * 2654435761u >> 22;
}

/**
 * struct lookup - a question to whoever knows names, which may take long
 * @af: family of @addr, 0 if a port is asked for
 * @addr: the address
 * @port: the port
 * @proto: its protocol
 * @name: the answer, "" if there is none
 */
struct lookup {
	uint16_t af;
	union ip_addr addr;
	uint16_t port;
	const char *proto;
	char name[NI_MAXHOST];
};

static bool find_host(uint16_t af, const union ip_addr *addr, char *name,
		      size_t size)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	const struct sockaddr *sa = (struct sockaddr *)&sin;
	socklen_t len = sizeof(sin);

	if (af == AF_INET6) {
		sin6.sin6_addr = addr->v6;
		sa = (struct sockaddr *)&sin6;
		len = sizeof(sin6);
	} else {
		sin.sin_addr = addr->v4;
	}
	return !getnameinfo(sa, len, name, size, NULL, 0, NI_NAMEREQD);
}

static void lookup_run(void *arg)
{
	struct lookup *l = arg;
	const struct servent *entry;

	if (l->af) {
		if (!find_host(l->af, &l->addr, l->name, sizeof(l->name)))
			l->name[0] = '\0';
		return;
	}
	entry = getservbyport(htons(l->port), l->proto);
	snprintf(l->name, sizeof(l->name), "%s", entry ? entry->s_name : "");
}

/*
 * A lookup that was given up may still be using the static struct; no further
 * one is started then. Only as much of a name as can be shown is kept.
 */
static void find_name(const struct lookup *what, char name[ENDPOINT_TEXT])
{
	static struct lookup lookup;

	name[0] = '\0';
	if (signals_stop_asked())
		return;
	lookup = *what;
	if (signals_errand(lookup_run, &lookup))
		snprintf(name, ENDPOINT_TEXT, "%.*s", ENDPOINT_TEXT - 1,
			 lookup.name);
}

static const char *host_name(uint16_t af, const union ip_addr *addr)
{
	static struct {
		uint16_t af;
		union ip_addr addr;
		char name[ENDPOINT_TEXT];
	} cache[SLOTS], *slot;

	slot = &cache[slot_of(addr->word[0] ^ addr->word[1] ^ addr->word[2] ^
			      addr->word[3])];
	if (slot->af != af || memcmp(&slot->addr, addr, sizeof(*addr))) {
		const struct lookup what = { .af = af, .addr = *addr };

		slot->af = af;
		slot->addr = *addr;
		find_name(&what, slot->name);
	}
	return slot->name[0] ? slot->name : NULL;
}

static const char *port_name(uint16_t port, uint16_t protocol)
{
	static struct {
		uint32_t key;
		char name[ENDPOINT_TEXT];
	} cache[SLOTS], *slot;
	const char *proto = protocol_port_names(protocol);
	uint32_t key = (uint32_t)protocol << 16 | port;

	if (!proto)
		return NULL;
	slot = &cache[slot_of(key)];
	if (slot->key != key) {
		const struct lookup what = { .port = port, .proto = proto };

		slot->key = key;
		find_name(&what, slot->name);
	}
	return slot->name[0] ? slot->name : NULL;
}

/**
 * names_address() - the address of an endpoint in numbers
 * @ep: the endpoint
 * @text: the result, untouched without an address
 * @size: of @text
 *
 * Return: false when the endpoint has no address.
 */
bool names_address(const struct endpoint *ep, char *text, size_t size)
{
	static const union ip_addr none;

	if (!ep->af || !memcmp(&ep->addr, &none, sizeof(none)))
		return false;
	return inet_ntop(ep->af, &ep->addr, text, size);
}

static void put_numbers(struct line *line, uint16_t af,
			const union ip_addr *addr)
{
	const uint8_t *b = (const uint8_t *)addr;
	char six[INET6_ADDRSTRLEN] = "?";

	if (af == AF_INET6) {
		inet_ntop(AF_INET6, addr, six, sizeof(six));
		line_word(line, six);
		return;
	}
	for (int i = 0; i < 4; i++) {
		if (i)
			line_word(line, ".");
		line_number(line, b[i]);
	}
}

/**
 * names_endpoint() - host:port, or [host]:port for IPv6
 * @line: where to; no more than ENDPOINT_TEXT - 1 bytes
 * @ep: address and port
 * @protocol: where port names are looked up
 * @naming: what to look up
 */
void names_endpoint(struct line *line, const struct endpoint *ep,
		    uint16_t protocol, enum naming naming)
{
	bool six = ep->af == AF_INET6;
	const char *host = NULL, *port = NULL;
	size_t from = line->len;

	if (naming != NAME_NONE)
		host = host_name(ep->af, &ep->addr);
	if (naming == NAME_ALL)
		port = port_name(ep->port, protocol);
	if (six)
		line_word(line, "[");
	if (host)
		line_word(line, host);
	else
		put_numbers(line, ep->af, &ep->addr);
	line_word(line, six ? "]:" : ":");
	if (port)
		line_word(line, port);
	else
		line_number(line, ep->port);
	line_cut(line, from + ENDPOINT_TEXT - 1);
}

/**
 * names_service() - address and port of a service, as a command wants them
 * @line: where to
 * @req: the command; says whether names are looked up
 * @svc: the service, none by mark
 */
void names_service(struct line *line, const struct request *req,
		   const struct service *svc)
{
	names_endpoint(line, &svc->vip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : NAME_ALL);
}

/**
 * names_server() - address and port of a server, as a command wants them
 * @line: where to
 * @req: the command; says whether names are looked up
 * @svc: its service; one by mark has no protocol, so no names of ports
 * @dst: the server
 */
void names_server(struct line *line, const struct request *req,
		  const struct service *svc, const struct dest *dst)
{
	enum naming naming = svc->fwmark ? NAME_HOST : NAME_ALL;

	names_endpoint(line, &dst->rip, svc->protocol,
		       has(req, OPT_NUMERIC) ? NAME_NONE : naming);
}

/**
 * names_daemon_state() - what a sync daemon does
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP
 *
 * Return: a constant.
 */
const char *names_daemon_state(uint32_t state)
{
	return state == IP_VS_STATE_MASTER ? "master" : "backup";
}

/**
 * names_sched_flags() - the scheduler flags of a service, comma-separated
 * @svc: the service
 *
 * Return: a string that the next call overwrites; "" without flags.
 */
const char *names_sched_flags(const struct service *svc)
{
	static char text[64];
	size_t len = 0;

	text[0] = '\0';
	for (int i = 0; i < 3; i++) {
		uint32_t flag = IP_VS_SVC_F_SCHED1 << i;

		if (!(svc->flags & flag))
			continue;
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				len ? "," : "",
				scheduler_flag_name(svc->sched, flag));
	}
	return text;
}

/**
 * names_mask() - the persistence mask of a service
 * @svc: the service
 *
 * Return: a string that the next call overwrites; NULL for the full mask.
 */
const char *names_mask(const struct service *svc)
{
	static char text[INET_ADDRSTRLEN];

	if (service_mask_full(svc))
		return NULL;
	if (svc->vip.af == AF_INET6) {
		snprintf(text, sizeof(text), "%u", svc->netmask);
		return text;
	}
	return inet_ntop(AF_INET, &svc->netmask, text, sizeof(text));
}
