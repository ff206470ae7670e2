// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock, the work queue and the log of host.h.
 */
#include "host.h"

/* Callbacks of RCU run when a grace period is waited for; waiting at each step
 * of a history would take most of its time.
 */
#define STEPS_A_WAIT 32

void shim_grace_period(void)
{
	static unsigned int steps;

	if (++steps % STEPS_A_WAIT == 0)
		rcu_barrier();
}

/* --- time and work --- */

unsigned long shim_jiffies = 4294667296UL;

/* Few at a time: a service has one. */
static struct {
	struct work_struct *work;
	unsigned long due;
} queue[8];

static int place_of(const struct work_struct *work)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(queue); i++)
		if (queue[i].work == work)
			return i;
	return -1;
}

bool shim_queue(struct work_struct *work, unsigned long delay)
{
	int i;

	if (place_of(work) >= 0)
		return false;
	i = place_of(NULL);
	if (WARN_ON(i < 0))
		return false;
	queue[i].work = work;
	queue[i].due = shim_jiffies + delay;
	return true;
}

bool shim_cancel(struct work_struct *work)
{
	int i = place_of(work);

	if (i < 0)
		return false;
	queue[i].work = NULL;
	return true;
}

static int first_due(unsigned long by)
{
	int i, first = -1;

	for (i = 0; i < ARRAY_SIZE(queue); i++)
		if (queue[i].work && !time_after(queue[i].due, by) &&
		    (first < 0 || time_after(queue[first].due, queue[i].due)))
			first = i;
	return first;
}

void shim_advance(unsigned long ticks)
{
	unsigned long end = shim_jiffies + ticks;
	struct work_struct *work;
	int i;

	while ((i = first_due(end)) >= 0) {
		if (time_after(queue[i].due, shim_jiffies))
			shim_jiffies = queue[i].due;
		work = queue[i].work;
		queue[i].work = NULL;
		work->func(work);
	}
	shim_jiffies = end;
}

/* --- the log --- */

char shim_log[256];
unsigned int shim_log_lines;

void shim_printk(const char *fmt, ...)
{
	va_list args;

	shim_log_lines++;
	va_start(args, fmt);
	vsnprintf(shim_log, sizeof(shim_log), fmt, args);
	va_end(args);
	shim_log[strcspn(shim_log, "\n")] = 0;
}
