/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a tuple's hash has to be: hsiphash() of its bytes.  For user space and, with
 * the kernel's own hsiphash(), tests/kunit.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "conn/digest.h"

/* A number's bytes, the lowest first. */
static inline void digest_put(u8 *to, u64 number, int size)
{
	for (; size; size--, number >>= 8)
		*to++ = number;
}

/* The words of an address, one by one. */
static inline void digest_put_addr6(u8 *to, const struct in6_addr *addr)
{
	int i;

	for (i = 0; i < 4; i++)
		digest_put(to + 4 * i, (__force u32)addr->s6_addr32[i], 4);
}

/* An end as it is ordered: in IPv4 the address counts for more than the port. */
static inline u32 digest_model4(const struct ip_vs_key4 *key,
				const siphash_key_t *secret)
{
	hsiphash_key_t k = { { secret->key[0], secret->key[1] } };
	u8 source[6], dest[6], bytes[14];
	const u8 *a = source, *b = dest;
	int i;

	digest_put(source, (__force u16)key->sport, 2);
	digest_put(source + 2, (__force u32)key->saddr, 4);
	digest_put(dest, (__force u16)key->dport, 2);
	digest_put(dest + 2, (__force u32)key->daddr, 4);
	/* As little-endian numbers: from the last byte on. */
	for (i = 5; i > 0 && source[i] == dest[i]; i--)
		;
	if (source[i] > dest[i]) {
		a = dest;
		b = source;
	}
	memcpy(bytes, a, 6);
	bytes[6] = key->proto;
	bytes[7] = key->kind;
	memcpy(bytes + 8, b, 6);
	return hsiphash(bytes, sizeof(bytes), &k);
}

static inline u32 digest_model6(const struct ip_vs_key6 *key,
				const siphash_key_t *secret)
{
	/* Three little-endian numbers, the first counts for most. */
	static const u8 order[] = { 7, 6, 5, 4, 3, 2, 1, 0,
				    15, 14, 13, 12, 11, 10, 9, 8, 17, 16 };
	hsiphash_key_t k = { { secret->key[0], secret->key[1] } };
	u8 source[18], dest[18], bytes[38];
	const u8 *a = source, *b = dest;
	int i;

	digest_put_addr6(source, &key->saddr);
	digest_put(source + 16, (__force u16)key->sport, 2);
	digest_put_addr6(dest, &key->daddr);
	digest_put(dest + 16, (__force u16)key->dport, 2);
	for (i = 0; i < 17 && source[order[i]] == dest[order[i]]; i++)
		;
	if (source[order[i]] > dest[order[i]]) {
		a = dest;
		b = source;
	}
	memcpy(bytes, a, 16);
	memcpy(bytes + 16, b, 16);
	memcpy(bytes + 32, a + 16, 2);
	memcpy(bytes + 34, b + 16, 2);
	bytes[36] = key->proto;
	bytes[37] = key->kind;
	return hsiphash(bytes, sizeof(bytes), &k);
}

#endif
