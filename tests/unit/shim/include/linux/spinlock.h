/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks that count, and know who forgot one: taking a held one fails the test. */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <assert.h>
#include <linux/types.h>

typedef struct {
	bool held;
	unsigned long taken;
} spinlock_t;

static inline void spin_lock_init(spinlock_t *l)
{
	*l = (spinlock_t){};
}

#define DEFINE_SPINLOCK(name) spinlock_t name

static inline void spin_lock_bh(spinlock_t *l)
{
	assert(!l->held);
	l->held = true;
	l->taken++;
}

static inline bool spin_trylock_bh(spinlock_t *l)
{
	if (l->held)
		return false;
	spin_lock_bh(l);
	return true;
}

static inline void spin_unlock_bh(spinlock_t *l)
{
	assert(l->held);
	l->held = false;
}

#define spin_lock(l) spin_lock_bh(l)
#define spin_unlock(l) spin_unlock_bh(l)

#define lockdep_is_held(l) ((l)->held)
#define lockdep_assert_held(l) assert((l)->held)
#define lockdep_assert_not_held(l) assert(!(l)->held)

#endif
