/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FILTER_H
#define FILTER_H

#include "model/model.h"

struct conn;

#define FILTER_WORD 16

/** enum templates - are persistence templates meant, too? */
enum templates {
	TEMPLATES_TOO,
	TEMPLATES_ONLY,
	TEMPLATES_NOT
};

/**
 * struct filter - which connections to list; what is empty matches all
 * @protocol: IPPROTO_*, 0 for templates of mark services
 * @has_protocol: @protocol counts
 * @state: name of the state
 * @client: client's address; family 0 for any
 * @prefix: how many bits of it count
 * @service: virtual address; port 0 for any port
 * @server: server's address; port 0 for any port
 * @mark: firewall mark of the first packet, or 0
 * @templates: whether persistence templates are meant
 * @made_by: the service that made them, or NULL; our module only
 */
struct filter {
	uint8_t protocol;
	bool has_protocol;
	char state[FILTER_WORD];
	struct endpoint client;
	uint32_t prefix;
	struct endpoint service;
	struct endpoint server;
	uint32_t mark;
	enum templates templates;
	const struct service *made_by;
};

bool filter_is_empty(const struct filter *filter);
bool filter_needs_kernel(const struct filter *filter);
bool filter_match(const struct filter *filter, const struct conn *conn);

#endif
