// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash of a connection's tuple against the kernel's own hsiphash(), which on a
 * 64-bit machine is SipHash-1-3 as well.
 */
#include <linux/siphash.h>

#include "../unit/conns/digest.h"
#include "../unit/check.h"

#define ROUNDS 2000

static void random4(const void *unused)
{
	siphash_key_t secret;
	struct ip_vs_key4 key;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		get_random_bytes(&secret, sizeof(secret));
		get_random_bytes(&key, sizeof(key));
		if (i % 3 == 0)
			key.daddr = key.saddr;
		if (ip_vs_digest4(&key, &secret) !=
		    digest_model4(&key, &secret))
			check_fail("round %d", i);
	}
}

static void random6(const void *unused)
{
	siphash_key_t secret;
	struct ip_vs_key6 key;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		get_random_bytes(&secret, sizeof(secret));
		get_random_bytes(&key, sizeof(key));
		if (i % 2 == 0)
			memcpy(&key.daddr, &key.saddr, 8);
		if (i % 6 == 0)
			key.daddr = key.saddr;
		if (ip_vs_digest6(&key, &secret) !=
		    digest_model6(&key, &secret))
			check_fail("round %d", i);
	}
}

void digest(void)
{
	check_test("digest: IPv4 tuples as hsiphash()", random4, NULL);
	check_test("digest: IPv6 tuples as hsiphash()", random6, NULL);
}
