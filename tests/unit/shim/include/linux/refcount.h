/* SPDX-License-Identifier: GPL-2.0-only */
/* A count that has reached zero, or would run over, is a failed test. */
#ifndef SHIM_LINUX_REFCOUNT_H
#define SHIM_LINUX_REFCOUNT_H

#include <assert.h>
#include <linux/types.h>

typedef struct { int refs; } refcount_t;

static inline void refcount_set(refcount_t *r, int n)
{
	r->refs = n;
}

static inline int refcount_read(const refcount_t *r)
{
	return r->refs;
}

static inline void refcount_inc(refcount_t *r)
{
	assert(r->refs > 0);
	r->refs++;
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	assert(r->refs >= 0);
	if (r->refs)
		r->refs++;
	return r->refs;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	assert(r->refs > 0);
	return !--r->refs;
}

#endif
