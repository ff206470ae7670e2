/* SPDX-License-Identifier: GPL-2.0-only */
/* Grace periods between threads: each counts its sections, in and out. */
#ifndef THREADS_LINUX_RCUPDATE_H
#define THREADS_LINUX_RCUPDATE_H

#include <assert.h>
#include <linux/types.h>

extern __thread unsigned long *rcu_here;

static inline void rcu_read_lock(void)
{
	__atomic_add_fetch(rcu_here, 1, __ATOMIC_SEQ_CST);
}

static inline void rcu_read_unlock(void)
{
	__atomic_add_fetch(rcu_here, 1, __ATOMIC_SEQ_CST);
}

void synchronize_rcu(void);

#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_CONSUME)
#define rcu_dereference_protected(p, c) ({ assert(c); READ_ONCE(p); })
#define rcu_assign_pointer(p, v) __atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)

#endif
