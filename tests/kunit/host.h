/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before every file of the test module, the schedulers' included: what the
 * tests take from a C library elsewhere, and a clock, random numbers and a log
 * in the test's hand.  Memory, lists, locks, RCU and hashes are the kernel's.
 */
#ifndef KUNIT_HOST_H
#define KUNIT_HOST_H

/* All that uses the names changed below, before they change. */
#include <kunit/test.h>
#include <linux/inet.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

/* --- a C library --- */

#define assert(condition) WARN_ON(!(condition))
#define calloc(n, size) kvcalloc(n, size, GFP_KERNEL)
#define free(p) kvfree(p)
#define realloc(p, size) krealloc(p, size, GFP_KERNEL)
#define strtoul(text, end, base) simple_strtoul(text, end, base)

static inline int atoi(const char *text)
{
	return simple_strtol(text, NULL, 10);
}

static inline char *strtok_r(char *text, const char *ends, char **save)
{
	char *word;

	if (text)
		*save = text;
	do {
		word = strsep(save, ends);
	} while (word && !*word);
	return word;
}

static inline int inet_pton(int af, const char *text, void *to)
{
	return af == AF_INET6 ? in6_pton(text, -1, to, -1, NULL) :
				in4_pton(text, -1, to, -1, NULL);
}

/* --- memory and grace periods --- */

#define shim_alloc(n, size) kvcalloc(n, size, GFP_KERNEL)

/* Now and then: what was freed is gone and its users are caught. */
void shim_grace_period(void);

/* --- time and work --- */

extern unsigned long shim_jiffies;

void shim_advance(unsigned long ticks);
bool shim_queue(struct work_struct *work, unsigned long delay);
bool shim_cancel(struct work_struct *work);

#undef jiffies
#define jiffies shim_jiffies
#define schedule_work(w) shim_queue(w, 0)
#define schedule_delayed_work(w, delay) shim_queue(&(w)->work, delay)
#define queue_delayed_work(wq, w, delay) schedule_delayed_work(w, delay)
#define cancel_work_sync(w) shim_cancel(w)
#define cancel_delayed_work_sync(w) shim_cancel(&(w)->work)

/* --- random numbers: tests/unit/shim/random.c --- */

extern u64 shim_random[8];
extern unsigned int shim_random_n;

u64 shim_random_u64(void);
void shim_random_bytes(void *p, size_t n);

#define get_random_u64 shim_random_u64
#define get_random_bytes shim_random_bytes

/* --- the log --- */

extern char shim_log[256];
extern unsigned int shim_log_lines;

void shim_printk(const char *fmt, ...) __printf(1, 2);

#undef pr_err
#define pr_err(fmt, ...) shim_printk(pr_fmt(fmt), ##__VA_ARGS__)
#undef net_ratelimit
#define net_ratelimit() true

#endif
