/* SPDX-License-Identifier: GPL-2.0-only */
/* One thread does the work, when it is asked to. */
#ifndef THREADS_LINUX_WORKQUEUE_H
#define THREADS_LINUX_WORKQUEUE_H

#include <linux/types.h>

struct workqueue_struct;

struct work_struct {
	void (*func)(struct work_struct *work);
	bool pending;
};

#define INIT_WORK(w, f) (*(w) = (struct work_struct){ .func = (f) })
#define queue_work(wq, w) __atomic_store_n(&(w)->pending, true, __ATOMIC_RELEASE)
#define cancel_work_sync(w) ((w)->pending = false)

#endif
