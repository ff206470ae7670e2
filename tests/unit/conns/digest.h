/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a tuple's hash has to be: hsiphash() of its bytes.  For user space and, with
 * the kernel's own hsiphash(), tests/kunit.
 */
#ifndef DIGEST_H
#define DIGEST_H

#include "conn/digest.h"

/* An end as it is ordered: in IPv4 the address counts for more than the port. */
static inline u32 digest_model4(const struct ip_vs_key4 *key,
				const siphash_key_t *secret)
{
	hsiphash_key_t k = { { secret->key[0], secret->key[1] } };
	u8 source[6], dest[6], bytes[14];
	const u8 *a = source, *b = dest;
	int i;

	memcpy(source, &key->sport, 2);
	memcpy(source + 2, &key->saddr, 4);
	memcpy(dest, &key->dport, 2);
	memcpy(dest + 2, &key->daddr, 4);
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
	hsiphash_key_t k = { { secret->key[0], secret->key[1] } };
	u8 source[18], dest[18], bytes[38];
	const u8 *a = source, *b = dest;
	u64 s, d;
	int i;

	memcpy(source, &key->saddr, 16);
	memcpy(source + 16, &key->sport, 2);
	memcpy(dest, &key->daddr, 16);
	memcpy(dest + 16, &key->dport, 2);
	for (i = 0; i <= 16; i += 8) {
		s = d = 0;
		memcpy(&s, source + i, i < 16 ? 8 : 2);
		memcpy(&d, dest + i, i < 16 ? 8 : 2);
		if (s != d)
			break;
	}
	if (s > d) {
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
