/* SPDX-License-Identifier: GPL-2.0-only */
/* Work waits until the test runs it: shim_run_work(), or shim_advance() for
 * what was delayed.
 */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/jiffies.h>

struct work_struct {
	void (*func)(struct work_struct *work);
	struct work_struct *next;
	unsigned long due;
	bool pending;
};

struct workqueue_struct;

struct delayed_work { struct work_struct work; };

#define INIT_WORK(w, f) (*(w) = (struct work_struct){ .func = (f) })
#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)
#define to_delayed_work(w) container_of(w, struct delayed_work, work)
#define queue_work(wq, w) shim_queue(w, 0)
#define schedule_work(w) shim_queue(w, 0)
#define schedule_delayed_work(w, delay) shim_queue(&(w)->work, delay)
#define queue_delayed_work(wq, w, delay) schedule_delayed_work(w, delay)
#define cancel_work_sync(w) shim_cancel(w)
#define cancel_delayed_work_sync(w) shim_cancel(&(w)->work)

bool shim_queue(struct work_struct *work, unsigned long delay);
bool shim_cancel(struct work_struct *work);
/* Run what is due now.  Returns how many. */
unsigned int shim_run_work(void);
/* Let time pass, and run what falls due on the way. */
void shim_advance(unsigned long ticks);

#endif
