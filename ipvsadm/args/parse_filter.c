// SPDX-License-Identifier: GPL-2.0-only
/*
 * A filter of connections: key=value, comma-separated, all must match
 */
#include "args/parse_filter.h"

#include "args/parse.h"
#include "model/filter.h"
#include "model/model.h"
#include "model/protocol.h"
#include "model/util.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool read_protocol(struct filter *filter, char *value)
{
	filter->has_protocol = protocol_number(value, &filter->protocol);
	return filter->has_protocol;
}

static bool read_mark(struct filter *filter, char *value)
{
	return parse_number(value, 1, UINT32_MAX, &filter->mark);
}

static bool read_template(struct filter *filter, char *value)
{
	if (!strcmp(value, "yes"))
		filter->templates = TEMPLATES_ONLY;
	else if (!strcmp(value, "no"))
		filter->templates = TEMPLATES_NOT;
	return filter->templates != TEMPLATES_TOO;
}

/* State names as lists print them: those of TCP, SCTP, UDP and templates. */
static const char *const states[] = {
	"NONE", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT", "TIME_WAIT",
	"CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "SYNACK", "INIT1", "INIT",
	"C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "S-SENT",
	"S-RECEIVED", "S-ACK-SENT", "REJECTED", "CLOSED", "UDP", "ASSURED"
};

/* An unknown state is refused: it would silently select nothing. */
static bool read_state(struct filter *filter, char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcasecmp(value, states[i]))
			strcpy(filter->state, states[i]);
	return *filter->state;
}

static bool read_service(struct filter *filter, char *value)
{
	return parse_endpoint(value, IPPROTO_TCP, 0, &filter->service);
}

static bool read_server(struct filter *filter, char *value)
{
	return parse_endpoint(value, IPPROTO_TCP, 0, &filter->server);
}

static bool read_client(struct filter *filter, char *value)
{
	struct endpoint *client = &filter->client;
	char *slash = strchr(value, '/');
	uint32_t max;

	if (slash)
		*slash++ = '\0';
	memset(client, 0, sizeof(*client));
	client->af = strchr(value, ':') ? AF_INET6 : AF_INET;
	max = client->af == AF_INET6 ? 128 : 32;
	filter->prefix = max;
	if (inet_pton(client->af, value, &client->addr) != 1)
		return false;
	return !slash || parse_number(slash, 0, max, &filter->prefix);
}

#define KEYS	"client, mark, protocol, server, service, state, template"

static const struct {
	const char *key;
	bool (*read)(struct filter *filter, char *value);
	const char *want;
} keys[] = {
	{ "client", read_client, "an address, or address/prefix" },
	{ "mark", read_mark, "a number from 1 to 4294967295" },
	{ "protocol", read_protocol, "tcp, udp, sctp, ah, esp or ip" },
	{ "server", read_server, "host, host:port or [IPv6 address]:port" },
	{ "service", read_service, "host, host:port or [IPv6 address]:port" },
	{ "state", read_state,
	  "a state as listed, such as ESTABLISHED, SYN_RECV or TIME_WAIT" },
	{ "template", read_template, "yes or no" },
};

/* Index of the key that an item begins with, or -1. */
static int find_key(const char *item)
{
	size_t len = strcspn(item, "=");

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (item[len] && strlen(keys[i].key) == len &&
		    !strncmp(item, keys[i].key, len))
			return i;
	return -1;
}

static bool read_item(struct filter *filter, unsigned int *seen,
		      struct filter_fault *fault)
{
	int key = find_key(fault->item);
	char copy[128];
	const char *value;

	fault->want = "key=value with one of the keys " KEYS;
	if (key < 0)
		return false;
	fault->want = "each key once";
	if (*seen & 1u << key)
		return false;
	*seen |= 1u << key;
	fault->want = keys[key].want;
	value = strchr(fault->item, '=') + 1;
	if (strlen(value) >= sizeof(copy))
		return false;
	strcpy(copy, value);
	if (!keys[key].read(filter, copy))
		return false;
	fault->want = "client and service of one address family";
	return !filter->client.af || !filter->service.af ||
	       filter->client.af == filter->service.af;
}

/**
 * parse_filter() - read a filter
 * @filter: zeroed before; receives what the text says
 * @text: key=value, comma-separated; taken apart in place
 * @fault: on failure what was wrong
 *
 * Return: true when each item is understood.
 */
bool parse_filter(struct filter *filter, char *text, struct filter_fault *fault)
{
	unsigned int seen = 0;
	char *rest, *item;

	for (item = strtok_r(text, ",", &rest); item;
	     item = strtok_r(NULL, ",", &rest)) {
		fault->item = item;
		if (!read_item(filter, &seen, fault))
			return false;
	}
	return true;
}
