// SPDX-License-Identifier: GPL-2.0-only
/*
 * One word of the command line to one value, or a refusal
 *
 * Nothing here prints. Forms that look too generous (octal and short IPv4
 * addresses, a sign before a port) are in use in scripts and stay.
 */
#include "args/parse.h"

#include "model/protocol.h"
#include "model/scheduler.h"
#include "model/util.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

/**
 * parse_number() - a decimal number up to the end of the word
 * @text: optional blanks, optional sign, digits
 * @min: smallest value allowed
 * @max: largest value allowed
 * @out: the value; untouched on failure
 *
 * Return: true when @text is such a number.
 */
bool parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	long long value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return false;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

/**
 * parse_prefix() - an IPv6 prefix length, 1 to 128
 * @text: a number; what follows it is not looked at
 * @prefix: the value; untouched on failure
 *
 * Return: true when @text begins with such a number.
 */
bool parse_prefix(const char *text, uint32_t *prefix)
{
	long value = strtol(text, NULL, 10);

	if (value < 1 || value > 128)
		return false;
	*prefix = value;
	return true;
}

static bool host_look_up(const char *host, int af, union ip_addr *addr)
{
	const struct hostent *h = gethostbyname2(host, af);

	if (!h || h->h_addrtype != af || !h->h_addr_list[0])
		return false;
	memcpy(addr, h->h_addr_list[0], h->h_length);
	return true;
}

static bool parse_host4(const char *text, struct in_addr *addr)
{
	union ip_addr found = { 0 };

	if (inet_aton(text, addr))
		return true;
	if (!host_look_up(text, AF_INET, &found))
		return false;
	*addr = found.v4;
	return true;
}

/**
 * parse_mask() - an IPv4 mask: any form of address, or a host's name
 * @text: the word
 * @mask: the mask in network order; untouched on failure
 *
 * Return: true when @text is an address.
 */
bool parse_mask(const char *text, uint32_t *mask)
{
	struct in_addr addr;

	if (!parse_host4(text, &addr))
		return false;
	*mask = addr.s_addr;
	return true;
}

static bool parse_port(const char *text, uint16_t protocol, uint16_t *port)
{
	const char *name = protocol_port_names(protocol);
	const struct servent *entry;
	uint32_t value;

	if (parse_number(text, 0, UINT16_MAX, &value)) {
		*port = value;
		return true;
	}
	if (!*text || !name)
		return false;
	entry = getservbyname(text, name);
	if (!entry)
		return false;
	*port = ntohs(entry->s_port);
	return true;
}

/**
 * struct split - a word taken apart
 * @host: the part before the port, without brackets
 * @port: the part behind the colon, or NULL
 * @bracketed: @host stood in brackets
 */
struct split {
	char *host;
	char *port;
	bool bracketed;
};

/* Takes off the brackets; the port is split off once the family is known. */
static bool split_brackets(char *text, struct split *s)
{
	char *close;

	s->host = text;
	if (text[0] != '[')
		return true;
	close = strchr(text, ']');
	if (!close || close[1] != ':')
		return false;
	*close = '\0';
	s->host = text + 1;
	s->port = close + 2;
	s->bracketed = true;
	return true;
}

/*
 * Brackets mean IPv6. A saved table has the names of IPv6 services in brackets,
 * so a name in brackets is looked up as IPv6 first.
 */
static bool split_resolve(struct split *s, struct endpoint *out)
{
	if (strchr(s->host, ':') != strrchr(s->host, ':') &&
	    inet_pton(AF_INET6, s->host, &out->addr.v6) == 1) {
		out->af = AF_INET6;
		return true;
	}
	out->af = AF_INET;
	memset(&out->addr, 0, sizeof(out->addr));
	if (s->bracketed) {
		if (strchr(s->host, ':'))
			return false;
		if (inet_aton(s->host, &out->addr.v4))
			return true;
		if (host_look_up(s->host, AF_INET6, &out->addr)) {
			out->af = AF_INET6;
			return true;
		}
		return host_look_up(s->host, AF_INET, &out->addr);
	}
	s->port = strrchr(s->host, ':');
	if (s->port)
		*s->port++ = '\0';
	return parse_host4(s->host, &out->addr.v4);
}

/**
 * parse_endpoint() - host[:port]
 * @text: address or name, IPv6 with a port in brackets; number or service
 * @protocol: where service names are looked up, 0 for nowhere
 * @port: the port when @text has none
 * @out: the result; undefined on failure
 *
 * Return: true when @text names an endpoint.
 */
bool parse_endpoint(const char *text, uint16_t protocol, uint16_t port,
		    struct endpoint *out)
{
	struct split s = { 0 };
	bool ok = false;
	char *copy;

	if (!text[strspn(text, "0123456789")])
		return false;
	copy = strdup(text);
	if (!copy)
		return false;
	memset(out, 0, sizeof(*out));
	out->port = port;
	if (split_brackets(copy, &s) && split_resolve(&s, out))
		ok = !s.port || parse_port(s.port, protocol, &out->port);
	free(copy);
	return ok;
}

/**
 * parse_group() - a multicast group
 * @text: strict IPv4 or IPv6 address; a colon makes it IPv6
 * @out: family and address
 *
 * Return: true when @text is a multicast address.
 */
bool parse_group(const char *text, struct endpoint *out)
{
	memset(out, 0, sizeof(*out));
	out->af = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(out->af, text, &out->addr) != 1)
		return false;
	if (out->af == AF_INET6)
		return IN6_IS_ADDR_MULTICAST(&out->addr.v6);
	return IN_MULTICAST(ntohl(out->addr.v4.s_addr));
}

/**
 * parse_conn_order() - name of an order of connections
 * @text: expire, state or client
 * @order: the order; untouched on failure
 *
 * Return: true when there is such an order.
 */
bool parse_conn_order(const char *text, enum conn_order *order)
{
	static const char *const names[] = {
		[CONN_BY_EXPIRY] = "expire",
		[CONN_BY_STATE] = "state",
		[CONN_BY_CLIENT] = "client",
	};

	for (size_t i = CONN_BY_EXPIRY; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(text, names[i])) {
			*order = i;
			return true;
		}
	}
	return false;
}

/**
 * parse_tun_type() - name of a tunnel type
 * @text: ipip, gue or gre
 * @type: IP_VS_CONN_F_TUNNEL_TYPE_*; untouched on failure
 *
 * Return: true when there is such a type.
 */
bool parse_tun_type(const char *text, uint32_t *type)
{
	for (uint32_t i = 0; tunnel_name(i); i++) {
		if (!strcmp(text, tunnel_name(i))) {
			*type = i;
			return true;
		}
	}
	return false;
}

/**
 * parse_sched_flags() - a list of scheduler flags
 * @text: names with commas between, taken apart in place
 * @sched: the service's scheduler
 * @flags: receives the bits
 * @bad: on failure the name that was wrong, inside @text
 *
 * Return: FLAG_OK, or what was wrong with the first bad name.
 */
enum flag_error parse_sched_flags(char *text, const char *sched,
				  uint32_t *flags, const char **bad)
{
	char *rest, *item;
	uint32_t flag;

	for (item = strtok_r(text, ",", &rest); item;
	     item = strtok_r(NULL, ",", &rest)) {
		enum flag_error err = scheduler_flag(sched, item, &flag);

		if (err) {
			*bad = item;
			return err;
		}
		*flags |= flag;
	}
	return FLAG_OK;
}
