// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash of a tuple against SipHash-1-3 as its authors describe it.
 */
#include "conns_tests.h"
#include "digest.h"

static void fill(void *p, size_t n)
{
	u8 *b = p;

	while (n--)
		*b++ = rand() >> 7;
}

static void random4(void)
{
	struct ip_vs_key4 key, turned;
	siphash_key_t secret;
	int i;

	for (i = 0; i < 10000; i++) {
		fill(&secret, sizeof(secret));
		fill(&key, sizeof(key));
		if (i % 3 == 0)
			key.daddr = key.saddr;
		if (i % 9 == 0)
			key.dport = key.sport;
		CHECK(ip_vs_digest4(&key, &secret) ==
		      digest_model4(&key, &secret));
		turned = key;
		swap(turned.saddr, turned.daddr);
		swap(turned.sport, turned.dport);
		CHECK(ip_vs_digest4(&key, &secret) ==
		      ip_vs_digest4(&turned, &secret));
		key.kind ^= 1;
		CHECK(ip_vs_digest4(&key, &secret) !=
		      ip_vs_digest4(&turned, &secret));
	}
}

static void random6(void)
{
	struct ip_vs_key6 key, turned;
	siphash_key_t secret;
	int i;

	for (i = 0; i < 10000; i++) {
		fill(&secret, sizeof(secret));
		fill(&key, sizeof(key));
		if (i % 2 == 0)
			memcpy(&key.daddr, &key.saddr, 8);
		if (i % 6 == 0)
			key.daddr = key.saddr;
		if (i % 12 == 0)
			key.dport = key.sport;
		CHECK(ip_vs_digest6(&key, &secret) ==
		      digest_model6(&key, &secret));
		turned = key;
		swap(turned.saddr, turned.daddr);
		swap(turned.sport, turned.dport);
		CHECK(ip_vs_digest6(&key, &secret) ==
		      ip_vs_digest6(&turned, &secret));
		key.proto ^= 1;
		CHECK(ip_vs_digest6(&key, &secret) !=
		      ip_vs_digest6(&turned, &secret));
	}
}

const struct test digest_tests[] = {
	{ "digest: IPv4 tuples as SipHash-1-3, either way round", random4 },
	{ "digest: IPv6 tuples as SipHash-1-3, either way round", random6 },
	{}
};
