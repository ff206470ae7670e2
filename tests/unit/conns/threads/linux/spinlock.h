/* SPDX-License-Identifier: GPL-2.0-only */
/* Locks between threads. */
#ifndef THREADS_LINUX_SPINLOCK_H
#define THREADS_LINUX_SPINLOCK_H

#include <assert.h>
#include <sched.h>
#include <linux/types.h>

typedef struct { bool held; } spinlock_t;

#define DEFINE_SPINLOCK(name) spinlock_t name
#define spin_lock_init(l) ((l)->held = false)

static inline void spin_lock_bh(spinlock_t *l)
{
	while (__atomic_exchange_n(&l->held, true, __ATOMIC_ACQUIRE))
		sched_yield();
}

static inline void spin_unlock_bh(spinlock_t *l)
{
	__atomic_store_n(&l->held, false, __ATOMIC_RELEASE);
}

#define spin_lock(l) spin_lock_bh(l)
#define spin_unlock(l) spin_unlock_bh(l)
#define lockdep_is_held(l) ((l)->held)
#define lockdep_assert_held(l) assert((l)->held)

#endif
