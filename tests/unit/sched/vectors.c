// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash primitives against the vectors of spec/schedulers.md 16.
 */
#include <linux/siphash.h>

#include "addr.h"
#include "sched/client_hash.h"
#include "host.h"
#include "sched_tests.h"

#define K1 2654435761UL
#define K2 2654446892UL

static void sip(const void *arg)
{
	static const struct { u32 v, k1, k2; } rows[] = {
		{ 0, 492468162, 4169286463 },
		{ 1, 384591538, 2182130385 },
		{ 0x0A010005, 966092367, 4205298310 },
		{ 0x0A020051, 1051007499, 2639224516 },
		{ 0x0A020052, 935863306, 2275754637 },
		{ 0x0A020053, 1696233090, 259622937 },
	};
	hsiphash_key_t k1 = {{ K1, K1 }}, k2 = {{ K2, K2 }};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (hsiphash_1u32(rows[i].v, &k1) != rows[i].k1 ||
		    hsiphash_1u32(rows[i].v, &k2) != rows[i].k2)
			check_fail("HS(%#x)", rows[i].v);
}

static void folds(const void *arg)
{
	static const struct { const char *addr; u32 fold, h8, h10, slot; } rows[] = {
		{ "10.1.0.2", 0x0A010002, 15, 63, 1900 },
		{ "10.1.0.5", 0x0A010005, 53, 212, 1112 },
		{ "10.9.0.1", 0x0A090001, 224, 897, 124 },
		{ "10.2.0.1", 0x0A020001, 52, 209, 400 },
		{ "fd01::10:2", 0xFD110002, 217, 869, 3181 },
	};
	hsiphash_key_t k1 = {{ K1, K1 }};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		union nf_inet_addr a = {};
		u16 af = AF_INET;
		u32 fold;

		if (!inet_pton(AF_INET, rows[i].addr, &a))
			af = inet_pton(AF_INET6, rows[i].addr, &a) ? AF_INET6 : 0;
		fold = ip_vs_addr_fold(af, &a);
		if (fold != rows[i].fold ||
		    ip_vs_hash_number(fold, 8) != rows[i].h8 ||
		    ip_vs_hash_number(fold, 10) != rows[i].h10 ||
		    hsiphash_1u32(fold, &k1) % 4093 != rows[i].slot)
			check_fail("%s: fold %#x", rows[i].addr, fold);
	}
}

void vectors(void)
{
	check_test("SipHash vectors", sip, NULL);
	check_test("address folds and their hashes", folds, NULL);
}
