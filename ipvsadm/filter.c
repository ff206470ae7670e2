// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which connections to list: key=value, comma-separated, all must match
 */
#include "filter.h"

#include "conn.h"
#include "parse.h"
#include "util.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool read_word(char word[FILTER_WORD], const char *value)
{
	if (!*value || strlen(value) >= FILTER_WORD)
		return false;
	strcpy(word, value);
	return true;
}

static bool read_protocol(struct filter *filter, char *value)
{
	filter->has_protocol = conn_protocol_number(value, &filter->protocol);
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

/* The kernel's names of states are in upper case. */
static bool read_state(struct filter *filter, char *value)
{
	if (!read_word(filter->state, value))
		return false;
	for (char *c = filter->state; *c; c++)
		*c = toupper((unsigned char)*c);
	return true;
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

static const struct {
	const char *key;
	bool (*read)(struct filter *filter, char *value);
} keys[] = {
	{ "client", read_client },
	{ "mark", read_mark },
	{ "protocol", read_protocol },
	{ "server", read_server },
	{ "service", read_service },
	{ "state", read_state },
	{ "template", read_template },
};

static bool read_item(struct filter *filter, const char *item)
{
	size_t len = strcspn(item, "=");
	char value[128];

	if (!item[len] || strlen(item + len + 1) >= sizeof(value))
		return false;
	strcpy(value, item + len + 1);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].key) == len &&
		    !strncmp(item, keys[i].key, len))
			return keys[i].read(filter, value);
	return false;
}

/**
 * filter_parse() - read a filter
 * @filter: zeroed before; receives what the text says
 * @text: key=value, comma-separated; taken apart in place
 * @bad: on failure the item that was wrong, inside @text
 *
 * Return: true when each item is understood.
 */
bool filter_parse(struct filter *filter, char *text, const char **bad)
{
	char *rest, *item;

	for (item = strtok_r(text, ",", &rest); item;
	     item = strtok_r(NULL, ",", &rest)) {
		*bad = item;
		if (!read_item(filter, item))
			return false;
	}
	return true;
}

static bool same_bits(const union ip_addr *a, const union ip_addr *b,
		      uint32_t bits)
{
	const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
	uint32_t rest = bits % 8;

	if (memcmp(x, y, bits / 8))
		return false;
	return !rest || !((x[bits / 8] ^ y[bits / 8]) >> (8 - rest));
}

static bool same_endpoint(const struct endpoint *want,
			  const struct endpoint *ep)
{
	if (!want->af)
		return true;
	if (want->af != ep->af || memcmp(&want->addr, &ep->addr,
					 sizeof(ep->addr)))
		return false;
	return !want->port || want->port == ep->port;
}

static bool same_word(const char *want, const char *word)
{
	return !*want || !strcasecmp(want, word);
}

/**
 * filter_is_empty() - does a filter select everything?
 * @filter: the filter
 *
 * Return: true if it says nothing.
 */
bool filter_is_empty(const struct filter *filter)
{
	return !filter->has_protocol && !filter->state[0] &&
	       !filter->client.af && !filter->service.af &&
	       !filter->server.af && !filter_needs_kernel(filter);
}

/**
 * filter_needs_kernel() - does a filter ask for what procfs does not show?
 * @filter: the filter
 *
 * Return: true if filter_match() cannot answer.
 */
bool filter_needs_kernel(const struct filter *filter)
{
	return filter->mark || filter->templates != TEMPLATES_TOO;
}

/**
 * filter_match() - is a connection among those to be listed?
 * @filter: the filter; what filter_needs_kernel() is about is not looked at
 * @conn: the connection
 *
 * Return: true if it is.
 */
bool filter_match(const struct filter *filter, const struct conn *conn)
{
	if ((filter->has_protocol && filter->protocol != conn->number) ||
	    !same_word(filter->state, conn->state) ||
	    !same_endpoint(&filter->service, &conn->vip) ||
	    !same_endpoint(&filter->server, &conn->dest))
		return false;
	if (!filter->client.af)
		return true;
	return filter->client.af == conn->client.af &&
	       same_bits(&filter->client.addr, &conn->client.addr,
			 filter->prefix);
}
