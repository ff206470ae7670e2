// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz a connection filter against one connection of each family
 */
#include "model/conn.h"
#include "args/parse_filter.h"
#include "model/filter.h"

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

static void match(const struct filter *filter, const char *line)
{
	char copy[256];
	struct conn conn;

	strcpy(copy, line);
	if (!conn_read(&conn, copy))
		abort();
	filter_match(filter, &conn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct filter filter = { 0 };
	struct filter_fault fault;

	if (!text)
		abort();
	if (parse_filter(&filter, text, &fault)) {
		match(&filter, "TCP 0A090002 9C44 C000020A 1F91 0A080002 1F92 A 8");
		match(&filter, "UDP ::1 0000 ::2 0050 ::3 0050 UDP 75");
	}
	free(text);
	return 0;
}
