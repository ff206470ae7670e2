// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz a line of the connection list
 */
#include "print/connline.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request req = {
		.given = 1 << OPT_NUMERIC | UINT64_C(1) << OPT_PERSIST_CONN
	};
	char *line = strndup((const char *)data, size);
	static FILE *out;
	struct conn conn;

	if (!out)
		out = fopen("/dev/null", "w");
	if (!line || !out)
		abort();
	if (conn_read(&conn, line))
		connline_print(out, &req, &conn);
	free(line);
	return 0;
}
