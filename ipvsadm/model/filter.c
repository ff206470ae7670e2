// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which connections are meant
 */
#include "model/filter.h"

#include "model/conn.h"

#include <string.h>
#include <strings.h>

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
	return filter->mark || filter->templates != TEMPLATES_TOO ||
	       filter->made_by;
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
	    (*filter->state && strcasecmp(filter->state, conn->state)) ||
	    !same_endpoint(&filter->service, &conn->vip) ||
	    !same_endpoint(&filter->server, &conn->dest))
		return false;
	if (!filter->client.af)
		return true;
	return filter->client.af == conn->client.af &&
	       same_bits(&filter->client.addr, &conn->client.addr,
			 filter->prefix);
}
