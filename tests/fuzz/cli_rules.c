// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz a file of rules, and the plan to get there
 *
 * The plan from nothing to an accepted table, carried out, is that table: so
 * it is read again as a file of rules, and then nothing is left to do.
 */
#include "cmd/diff.h"
#include "cmd/ruleset.h"

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

static char *plan(struct table *have, struct table *want, size_t *len)
{
	struct list changes = { 0 };
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (!out || diff_make(&changes, have, want))
		abort();
	diff_print(out, &changes);
	fclose(out);
	list_free(&changes);
	return text;
}

/* Names that a line of rules cannot carry. */
static bool odd_names(const struct table *table)
{
	for (size_t i = 0; i < table->entries.len; i++) {
		const struct svc_entry *entry = table->entries.item[i];

		if (!strcmp(entry->svc.sched, "ipvsadm") ||
		    !strcmp(entry->svc.pe, "ipvsadm"))
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct table want = { 0 }, again = { 0 }, nothing = { 0 };
	static FILE *null;
	char *text, *rest;
	size_t len;

	if (!null)
		null = fopen("/dev/null", "w");
	if (!null)
		abort();
	if (!ruleset_parse(&want, "ipvsadm", (const char *)data, size, null) &&
	    !odd_names(&want)) {
		text = plan(&nothing, &want, &len);
		if (ruleset_parse(&again, "ipvsadm", text, len, stderr))
			abort();
		free(text);
		rest = plan(&again, &want, &len);
		if (len)
			abort();
		free(rest);
		free(plan(&want, &nothing, &len));
	}
	table_free(&nothing);
	table_free(&again);
	table_free(&want);
	return 0;
}
