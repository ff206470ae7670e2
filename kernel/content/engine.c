// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of persistence engines.
 *
 * A new one is a reader (reader.h) and a row here.
 */
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "content/engine.h"
#include "content/reader.h"

static const struct ip_vs_pe engines[] = {
	{
		.name = "sip",
		.proto = IPPROTO_UDP,
		.read = ip_vs_read_sip,
		.valid = ip_vs_sip_call_id_valid,
	},
};

/**
 * ip_vs_pe_find() - look up a persistence engine by its name
 * @name: as users write it, not terminated
 * @len: its length
 *
 * Context: any.
 *
 * Return: the engine, valid while the module is loaded; NULL: none.
 */
const struct ip_vs_pe *ip_vs_pe_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(engines); i++)
		if (strlen(engines[i].name) == len &&
		    !memcmp(engines[i].name, name, len))
			return &engines[i];
	return NULL;
}
