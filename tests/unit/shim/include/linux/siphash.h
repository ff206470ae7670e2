/* SPDX-License-Identifier: GPL-2.0-only */
/* SipHash-1-3 as J.-P. Aumasson and D. J. Bernstein describe it ("SipHash: a
 * fast short-input PRF", 2012), with one and three rounds.
 */
#ifndef SHIM_LINUX_SIPHASH_H
#define SHIM_LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct { u64 key[2]; } siphash_key_t;
/* That of a 64-bit kernel, on any machine. */
typedef struct { u64 key[2]; } hsiphash_key_t;

/* For who writes it out himself. */
#define SIPHASH_CONST_0 0x736f6d6570736575ULL
#define SIPHASH_CONST_1 0x646f72616e646f6dULL
#define SIPHASH_CONST_2 0x6c7967656e657261ULL
#define SIPHASH_CONST_3 0x7465646279746573ULL

#define SIPHASH_ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))
#define SIPHASH_PERMUTATION(a, b, c, d)					\
	do {								\
		(a) += (b); (c) += (d);					\
		(b) = SIPHASH_ROTATE(b, 13) ^ (a);			\
		(d) = SIPHASH_ROTATE(d, 16) ^ (c);			\
		(a) = SIPHASH_ROTATE(a, 32);				\
		(c) += (b); (a) += (d);					\
		(b) = SIPHASH_ROTATE(b, 17) ^ (c);			\
		(d) = SIPHASH_ROTATE(d, 21) ^ (a);			\
		(c) = SIPHASH_ROTATE(c, 32);				\
	} while (0)

u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key);
u32 hsiphash_1u32(u32 v, const hsiphash_key_t *key);

#endif
