/* SPDX-License-Identifier: GPL-2.0-only */
/* One thread: what is freed by RCU goes when the test ends a grace period, so
 * that the address sanitizer sees who still used it.
 */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#include <linux/types.h>

#define rcu_read_lock() do { } while (0)
#define rcu_read_unlock() do { } while (0)
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_dereference_protected(p, c) ({ assert(c); READ_ONCE(p); })
#define rcu_assign_pointer(p, v) __atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)

void shim_free_later(void *p);
void shim_call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void shim_grace_period(void);

#define synchronize_rcu() shim_grace_period()
#define kfree_rcu(p, member) shim_free_later(p)
#define kvfree_rcu(p, member) shim_free_later(p)
#define call_rcu(head, func) shim_call_rcu(head, func)

#endif
