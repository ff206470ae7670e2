/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHIM_LINUX_SEQLOCK_H
#define SHIM_LINUX_SEQLOCK_H

#include <linux/spinlock.h>

typedef struct {
	unsigned int sequence;
	spinlock_t *lock;
} seqcount_spinlock_t;

static inline void seqcount_spinlock_init(seqcount_spinlock_t *s, spinlock_t *l)
{
	s->sequence = 0;
	s->lock = l;
}

static inline unsigned int read_seqcount_begin(const seqcount_spinlock_t *s)
{
	assert(!(s->sequence & 1));
	return s->sequence;
}

static inline bool read_seqcount_retry(const seqcount_spinlock_t *s,
				       unsigned int start)
{
	return s->sequence != start;
}

static inline void write_seqcount_begin(seqcount_spinlock_t *s)
{
	lockdep_assert_held(s->lock);
	s->sequence++;
}

static inline void write_seqcount_end(seqcount_spinlock_t *s)
{
	lockdep_assert_held(s->lock);
	s->sequence++;
}

#endif
