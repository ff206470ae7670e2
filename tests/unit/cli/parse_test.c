// SPDX-License-Identifier: GPL-2.0-only
#include "args/parse.h"
#include "cli_tests.h"

#include <arpa/inet.h>
#include <string.h>

static bool number(const char *text, uint32_t min, uint32_t max, uint32_t want)
{
	uint32_t got = ~want;

	return parse_number(text, min, max, &got) && got == want;
}

static bool no_number(const char *text, uint32_t min, uint32_t max)
{
	uint32_t got = 77;

	return !parse_number(text, min, max, &got) && got == 77;
}

static void test_numbers(void)
{
	CHECK(number("0", 0, 9, 0));
	CHECK(number("007", 0, 9, 7));
	CHECK(number("+5", 0, 9, 5));
	CHECK(number(" 80", 0, 99, 80));
	CHECK(number("-0", 0, 9, 0));
	CHECK(number("2147483647", 0, INT32_MAX, INT32_MAX));
	CHECK(number("4294967295", 1, UINT32_MAX, UINT32_MAX));
	CHECK(no_number("", 0, 9));
	CHECK(no_number(" ", 0, 9));
	CHECK(no_number("80 ", 0, 99));
	CHECK(no_number("1x", 0, 99));
	CHECK(no_number("0x10", 0, 99));
	CHECK(no_number("-1", 0, 99));
	CHECK(no_number("0", 1, 99));
	CHECK(no_number("100", 0, 99));
	CHECK(no_number("4294967296", 0, UINT32_MAX));
	CHECK(no_number("-4294967295", 0, UINT32_MAX));
	CHECK(no_number("99999999999999999999", 0, UINT32_MAX));
	CHECK(no_number("-99999999999999999999", 0, UINT32_MAX));
}

static bool endpoint(const char *text, int af, const char *addr, uint16_t port)
{
	char got[INET6_ADDRSTRLEN];
	struct endpoint ep;

	if (!parse_endpoint(text, IPPROTO_TCP, 7, &ep) || ep.af != af ||
	    ep.port != port)
		return false;
	inet_ntop(af, &ep.addr, got, sizeof(got));
	return !strcmp(got, addr);
}

static bool no_endpoint(const char *text)
{
	struct endpoint ep;

	return !parse_endpoint(text, IPPROTO_TCP, 7, &ep);
}

static void test_endpoints(void)
{
	CHECK(endpoint("192.0.2.1:80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("192.0.2.1:080", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("192.0.2.1:+80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("192.0.2.1: 80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("192.0.2.1", AF_INET, "192.0.2.1", 7));
	CHECK(endpoint("192.0.2:80", AF_INET, "192.0.0.2", 80));
	CHECK(endpoint("192.0.2.010:80", AF_INET, "192.0.2.8", 80));
	CHECK(endpoint("0xC0000201:80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("3221225985:80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("192.0.2.1 x:80", AF_INET, "192.0.2.1", 80));
	CHECK(endpoint("2001:db8::1", AF_INET6, "2001:db8::1", 7));
	CHECK(endpoint("2001:db8::1:80", AF_INET6, "2001:db8::1:80", 7));
	CHECK(endpoint("[2001:DB8::1]:80", AF_INET6, "2001:db8::1", 80));
	CHECK(endpoint("[::ffff:192.0.2.1]:80", AF_INET6, "::ffff:192.0.2.1",
		       80));
	CHECK(endpoint("[192.0.2.1]:80", AF_INET, "192.0.2.1", 80));
	CHECK(no_endpoint(""));
	CHECK(no_endpoint("80"));
	CHECK(no_endpoint("192.0.2.1:"));
	CHECK(no_endpoint("192.0.2.1:65536"));
	CHECK(no_endpoint("192.0.2.1:-1"));
	CHECK(no_endpoint("192.0.2.1:80 "));
	CHECK(no_endpoint("192.0.2.1:nosuchservice"));
	CHECK(no_endpoint("[2001:db8::1]"));
	CHECK(no_endpoint("[2001:db8::1]:"));
	CHECK(no_endpoint("[2001:db8::1]80"));
	CHECK(no_endpoint("[2001:db8::1"));
	CHECK(no_endpoint("[192.0.2.1:81]:80"));
	CHECK(no_endpoint("[fe80::1%lo]:80"));
}

static void test_masks(void)
{
	uint32_t mask = 0;

	CHECK(parse_mask("255.255.255.0", &mask) &&
	      mask == htonl(0xffffff00));
	CHECK(parse_mask("24", &mask) && mask == htonl(24));
	CHECK(parse_mask("0xffffff00", &mask) && mask == htonl(0xffffff00));
	CHECK(parse_prefix("64", &mask) && mask == 64);
	CHECK(parse_prefix("64x", &mask) && mask == 64);
	CHECK(!parse_prefix("0", &mask) && mask == 64);
	CHECK(!parse_prefix("129", &mask));
	CHECK(!parse_prefix("-1", &mask));
	CHECK(!parse_prefix("ffff::", &mask));
	CHECK(!parse_prefix("", &mask));
}

static void test_groups(void)
{
	struct endpoint ep;

	CHECK(parse_group("224.0.0.81", &ep) && ep.af == AF_INET);
	CHECK(parse_group("ff02::81", &ep) && ep.af == AF_INET6);
	CHECK(!parse_group("224.0.0.081", &ep) && ep.af == AF_INET);
	CHECK(!parse_group("192.0.2.1", &ep));
	CHECK(!parse_group("2001:db8::1", &ep) && ep.af == AF_INET6);
	CHECK(!parse_group("", &ep));
	CHECK(!parse_group("255.255.255.255", &ep));
}

static bool flags(const char *list, const char *sched, uint32_t want)
{
	char copy[64];
	const char *bad;
	uint32_t got = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	return parse_sched_flags(copy, sched, &got, &bad) == FLAG_OK &&
	       got == want;
}

static bool no_flags(const char *list, const char *sched, enum flag_error want,
		     const char *what)
{
	char copy[64];
	const char *bad = NULL;
	uint32_t got = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	return parse_sched_flags(copy, sched, &got, &bad) == want &&
	       !strcmp(bad, what);
}

static void test_flags(void)
{
	CHECK(flags("", "rr", 0));
	CHECK(flags(",", "rr", 0));
	CHECK(flags(",,flag-1,", "rr", 8));
	CHECK(flags("flag-1,flag-2,flag-3", "sh", 56));
	CHECK(flags("sh-port,sh-fallback", "sh", 24));
	CHECK(flags("mh-port", "mh", 16));
	CHECK(no_flags("sh-port", "rr", FLAG_FOREIGN, "sh-port"));
	CHECK(no_flags("flag-1,flag-4", "rr", FLAG_UNKNOWN, "flag-4"));
	CHECK(no_flags("x,sh-port", "rr", FLAG_UNKNOWN, "x"));
}

const struct test parse_tests[] = {
	{ "parse: numbers", test_numbers },
	{ "parse: addresses and ports", test_endpoints },
	{ "parse: masks", test_masks },
	{ "parse: multicast groups", test_groups },
	{ "parse: scheduler flags", test_flags },
	{}
};
