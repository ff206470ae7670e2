// SPDX-License-Identifier: GPL-2.0-only
#include "model/conn.h"
#include "args/parse_filter.h"
#include "model/filter.h"
#include "cli_tests.h"

#include <string.h>

static bool read_filter(const char *text, struct filter *filter)
{
	char copy[128];
	struct filter_fault fault;

	memset(filter, 0, sizeof(*filter));
	snprintf(copy, sizeof(copy), "%s", text);
	return parse_filter(filter, copy, &fault);
}

static bool matches(const char *text, const char *line)
{
	struct filter filter;
	struct conn conn;
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	CHECK(read_filter(text, &filter));
	CHECK(conn_read(&conn, copy));
	return filter_match(&filter, &conn);
}

static bool refused(const char *text)
{
	struct filter filter;

	return !read_filter(text, &filter);
}

#define FOUR "TCP 0A090002 9C44 C000020A 1F91 0A080002 1F92 ESTABLISHED 898"
#define SIX "UDP 2001:0db8:0009:0000:0000:0000:0000:0002 0000 " \
	    "2001:0db8:0000:0000:0000:0000:0000:0010 0050 " \
	    "2001:0db8:0008:0000:0000:0000:0000:0002 0050 UDP 75"

static void test_matches(void)
{
	CHECK(matches("", FOUR));
	CHECK(matches("state=established", FOUR));
	CHECK(!matches("state=time_wait", FOUR));
	CHECK(matches("protocol=tcp,state=ESTABLISHED", FOUR));
	CHECK(!matches("protocol=udp,state=ESTABLISHED", FOUR));
	CHECK(matches("client=10.9.0.2", FOUR));
	CHECK(matches("client=10.9.0.3/31", FOUR));
	CHECK(!matches("client=10.9.0.3", FOUR));
	CHECK(!matches("client=10.9.128.0/17", FOUR));
	CHECK(matches("client=10.9.128.0/16", FOUR));
	CHECK(matches("client=0.0.0.0/0", FOUR));
	CHECK(!matches("client=::/0", FOUR));
	CHECK(matches("service=192.0.2.10", FOUR));
	CHECK(matches("service=192.0.2.10:8081", FOUR));
	CHECK(!matches("service=192.0.2.10:8082", FOUR));
	CHECK(matches("server=10.8.0.2:8082", FOUR));
	CHECK(!matches("server=10.8.0.3", FOUR));
	CHECK(matches("client=2001:db8:9::/48,service=[2001:db8::10]:80", SIX));
	CHECK(matches("server=2001:db8:8::2", SIX));
	CHECK(!matches("client=2001:db8:8::/48", SIX));
}

static void test_refusals(void)
{
	CHECK(refused("x"));
	CHECK(refused("x=1"));
	CHECK(refused("state="));
	CHECK(refused("client=1.2.3"));
	CHECK(refused("client=1.2.3.4/33"));
	CHECK(refused("client=::/129"));
	CHECK(refused("service=1.2.3.4:"));
	CHECK(refused("state=0123456789012345"));
	CHECK(refused("state=ESTABLISHD"));
	CHECK(refused("client=10.9.0.2,client=10.9.0.3"));
	CHECK(refused("template=no,template=yes"));
	CHECK(refused("protocol=tcp,server"));
}

const struct test filter_tests[] = {
	{ "filter: which connections match", test_matches },
	{ "filter: what is no filter is refused", test_refusals },
	{}
};
