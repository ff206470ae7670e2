/* SPDX-License-Identifier: GPL-2.0-only */
/* SipHash-1-3 as J.-P. Aumasson and D. J. Bernstein describe it ("SipHash: a
 * fast short-input PRF", 2012), with one and three rounds.
 */
#ifndef SHIM_LINUX_SIPHASH_H
#define SHIM_LINUX_SIPHASH_H

#include <linux/types.h>

typedef struct { unsigned long key[2]; } hsiphash_key_t;

u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key);
u32 hsiphash_1u32(u32 v, const hsiphash_key_t *key);

#endif
