// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz the parsers of single words
 */
#include "args/parse.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct hostent *gethostbyname2(const char *name, int af)
{
	(void)name;
	(void)af;
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct endpoint ep;
	const char *bad;
	uint32_t value;

	if (!text)
		abort();
	if (parse_endpoint(text, IPPROTO_TCP, 0, &ep) &&
	    ep.af != AF_INET && ep.af != AF_INET6)
		abort();
	if (parse_number(text, 3, 9, &value) && (value < 3 || value > 9))
		abort();
	if (parse_prefix(text, &value) && (value < 1 || value > 128))
		abort();
	parse_mask(text, &value);
	parse_group(text, &ep);
	parse_tun_type(text, &value);
	value = 0;
	parse_sched_flags(text, "sh", &value, &bad);
	if (value & ~(uint32_t)SVC_SCHED_FLAGS)
		abort();
	free(text);
	return 0;
}
