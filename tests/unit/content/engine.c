// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence engines are found by their names.
 */
#include <linux/in.h>

#include "content/engine.h"
#include "content_tests.h"

static void by_name(void)
{
	const struct ip_vs_pe *pe = ip_vs_pe_find("sip", 3);

	CHECK(pe && !strcmp(pe->name, "sip") && pe->proto == IPPROTO_UDP);
	/* A peer's name has a length instead of an end. */
	CHECK(ip_vs_pe_find("sipper", 3) == pe);
	CHECK(!ip_vs_pe_find("sip", 2));
	CHECK(!ip_vs_pe_find("sip", 4));
	CHECK(!ip_vs_pe_find("SIP", 3));
	CHECK(!ip_vs_pe_find("", 0));
}

const struct test engine_tests[] = {
	{ "engines: found by the whole name", by_name },
	{}
};
