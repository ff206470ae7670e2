/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hash of a connection's tuple: SipHash-1-3 with a secret key, so that nobody
 * outside can tell which tuples share a bucket.
 *
 * It covers the whole tuple but does not depend on the order of its endpoints:
 * the lower endpoint is hashed first, as the bytes
 *
 *	IPv4	endpoint (6), protocol, kind, endpoint (6)
 *	IPv6	address (16), address (16), port (2), port (2), protocol, kind
 *
 * An endpoint of IPv4 is its port and then its address, each as it lies in
 * memory; the addresses and ports of IPv6 are those of the lower endpoint
 * first.  (On a big-endian machine the same numbers in other bytes.)
 *
 * The value is that of the kernel's hsiphash() on a 64-bit machine, which is a
 * function call and reads these bytes from memory.  Written out here, with the
 * words in registers, it is cheaper, and each packet computes it.
 * tests/unit/conns and tests/kunit compare the two.
 */
#ifndef IP_VS_CONN_DIGEST_H
#define IP_VS_CONN_DIGEST_H

#include <linux/minmax.h>
#include <linux/siphash.h>

#include "packet.h"

struct ip_vs_sip {
	u64 v0, v1, v2, v3;
};

static __always_inline void ip_vs_sip_start(struct ip_vs_sip *s,
					    const siphash_key_t *key)
{
	s->v0 = SIPHASH_CONST_0 ^ key->key[0];
	s->v1 = SIPHASH_CONST_1 ^ key->key[1];
	s->v2 = SIPHASH_CONST_2 ^ key->key[0];
	s->v3 = SIPHASH_CONST_3 ^ key->key[1];
}

static __always_inline void ip_vs_sip_word(struct ip_vs_sip *s, u64 word)
{
	s->v3 ^= word;
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	s->v0 ^= word;
}

/* The last 0 to 7 bytes of an input of @len bytes. */
static __always_inline u32 ip_vs_sip_end(struct ip_vs_sip *s, u64 tail, u64 len)
{
	ip_vs_sip_word(s, tail | len << 56);
	s->v2 ^= 0xff;
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	SIPHASH_PERMUTATION(s->v0, s->v1, s->v2, s->v3);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* One endpoint of an IPv4 tuple as a number: 48 bits. */
static inline u64 ip_vs_end4(__be32 addr, __be16 port)
{
	return (u64)(__force u32)addr << 16 | (__force u16)port;
}

static __always_inline u32 ip_vs_digest4(const struct ip_vs_key4 *key,
					 const siphash_key_t *secret)
{
	u64 s = ip_vs_end4(key->saddr, key->sport);
	u64 d = ip_vs_end4(key->daddr, key->dport);
	struct ip_vs_sip sip;

	ip_vs_sip_start(&sip, secret);
	ip_vs_sip_word(&sip, min(s, d) | (u64)key->proto << 48 |
			     (u64)key->kind << 56);
	return ip_vs_sip_end(&sip, max(s, d), 14);
}

/* One endpoint of an IPv6 tuple as numbers; any total order will do. */
struct ip_vs_end6 {
	u64 high;
	u64 low;
	u64 port;
};

static inline struct ip_vs_end6 ip_vs_end6(const struct in6_addr *addr,
					   __be16 port)
{
	return (struct ip_vs_end6) {
		.high = (u64)(__force u32)addr->s6_addr32[1] << 32 |
			(__force u32)addr->s6_addr32[0],
		.low = (u64)(__force u32)addr->s6_addr32[3] << 32 |
		       (__force u32)addr->s6_addr32[2],
		.port = (__force u16)port,
	};
}

static inline bool ip_vs_end6_before(const struct ip_vs_end6 *a,
				     const struct ip_vs_end6 *b)
{
	if (a->high != b->high)
		return a->high < b->high;
	if (a->low != b->low)
		return a->low < b->low;
	return a->port < b->port;
}

static __always_inline u32 ip_vs_digest6(const struct ip_vs_key6 *key,
					 const siphash_key_t *secret)
{
	struct ip_vs_end6 a = ip_vs_end6(&key->saddr, key->sport);
	struct ip_vs_end6 b = ip_vs_end6(&key->daddr, key->dport);
	struct ip_vs_sip sip;

	if (ip_vs_end6_before(&b, &a))
		swap(a, b);
	ip_vs_sip_start(&sip, secret);
	ip_vs_sip_word(&sip, a.high);
	ip_vs_sip_word(&sip, a.low);
	ip_vs_sip_word(&sip, b.high);
	ip_vs_sip_word(&sip, b.low);
	return ip_vs_sip_end(&sip, a.port | b.port << 16 |
				   (u64)key->proto << 32 |
				   (u64)key->kind << 40, 38);
}

#endif
