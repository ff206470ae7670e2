// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of a kernel as pure units need, for user space and one thread: time,
 * work, grace periods, memory, random numbers and the log, all in the test's
 * hand.  Declarations are under include/, in files named like the kernel's.
 */
#include <assert.h>
#include <arpa/inet.h>
#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bitmap.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

/* --- memory and grace periods --- */

unsigned int shim_fail_in;

void *shim_alloc(size_t n, size_t size)
{
	size_t bytes = (n * size + 64) / 64 * 64;
	void *p;

	if (shim_fail_in && !--shim_fail_in)
		return NULL;
	p = aligned_alloc(64, bytes);
	assert(p);
	return memset(p, 0, bytes);
}

void kfree(const void *p)
{
	free((void *)p);
}

static void **later;
static size_t n_later, max_later;
static struct rcu_head *callbacks;

void shim_free_later(void *p)
{
	if (n_later == max_later) {
		max_later = 2 * max_later + 64;
		later = realloc(later, max_later * sizeof(*later));
		assert(later);
	}
	later[n_later++] = p;
}

void shim_call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->next = callbacks;
	callbacks = head;
}

void shim_grace_period(void)
{
	struct rcu_head *head;

	while ((head = callbacks)) {
		callbacks = head->next;
		head->func(head);
	}
	while (n_later)
		free(later[--n_later]);
	free(later);
	later = NULL;
	max_later = 0;
}

/* --- bits --- */

unsigned long shim_bits_tested;

/* --- time and work --- */

unsigned long jiffies = 4294667296UL;
static struct work_struct *works;

bool shim_queue(struct work_struct *work, unsigned long delay)
{
	if (work->pending)
		return false;
	work->pending = true;
	work->due = jiffies + delay;
	work->next = works;
	works = work;
	return true;
}

bool shim_cancel(struct work_struct *work)
{
	struct work_struct **p;

	for (p = &works; *p; p = &(*p)->next)
		if (*p == work) {
			*p = work->next;
			work->pending = false;
			return true;
		}
	return false;
}

static struct work_struct *first_due(unsigned long by)
{
	struct work_struct *w, *first = NULL;

	for (w = works; w; w = w->next)
		if (!time_after(w->due, by) &&
		    (!first || time_after(first->due, w->due)))
			first = w;
	return first;
}

unsigned int shim_run_work(void)
{
	struct work_struct *w;
	unsigned int n = 0;

	while ((w = first_due(jiffies))) {
		shim_cancel(w);
		w->func(w);
		n++;
	}
	return n;
}

void shim_advance(unsigned long ticks)
{
	unsigned long end = jiffies + ticks;
	struct work_struct *w;

	while ((w = first_due(end))) {
		if (time_after(w->due, jiffies))
			jiffies = w->due;
		shim_cancel(w);
		w->func(w);
	}
	jiffies = end;
}

/* --- SipHash-1-3 --- */

static u64 rotl(u64 x, int n)
{
	return x << n | x >> (64 - n);
}

static void sip_round(u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] = rotl(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] = rotl(v[2], 32);
}

static void sip_word(u64 v[4], u64 m)
{
	v[3] ^= m;
	sip_round(v);
	v[0] ^= m;
}

u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key)
{
	u64 v[4] = {
		key->key[0] ^ 0x736f6d6570736575, key->key[1] ^ 0x646f72616e646f6d,
		key->key[0] ^ 0x6c7967656e657261, key->key[1] ^ 0x7465646279746573,
	};
	const u8 *p = data;
	size_t i;
	u64 m;

	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&m, p + i, 8);
		sip_word(v, le64toh(m));
	}
	m = (u64)len << 56;
	for (; i < len; i++)
		m |= (u64)p[i] << 8 * (i % 8);
	sip_word(v, m);
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

u32 hsiphash_1u32(u32 v, const hsiphash_key_t *key)
{
	u8 le[4] = { v, v >> 8, v >> 16, v >> 24 };

	return hsiphash(le, sizeof(le), key);
}

/* --- the log --- */

char shim_log[256];
unsigned int shim_log_lines;

static int put_address(char *to, size_t room, const char *spec, const void *p)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(spec[2] == '6' ? AF_INET6 : AF_INET, p, text, sizeof(text));
	return snprintf(to, room, "%s", text);
}

void shim_printk(const char *fmt, ...)
{
	char *to = shim_log, spec[8];
	va_list args;
	size_t room, n;

	shim_log_lines++;
	va_start(args, fmt);
	for (; *fmt; fmt++) {
		room = shim_log + sizeof(shim_log) - to;
		if (*fmt != '%') {
			to += snprintf(to, room, "%c", *fmt);
			continue;
		}
		if (!strncmp(fmt, "%pI4", 4)) {
			to += put_address(to, room, fmt + 1, va_arg(args, void *));
			fmt += 3;
			continue;
		}
		if (!strncmp(fmt, "%pI6c", 5)) {
			to += put_address(to, room, fmt + 1, va_arg(args, void *));
			fmt += 4;
			continue;
		}
		n = strcspn(fmt, "suXd") + 1;
		assert(n < sizeof(spec));
		memcpy(spec, fmt, n);
		spec[n] = 0;
		fmt += n - 1;
		if (*fmt == 's')
			to += snprintf(to, room, spec, va_arg(args, char *));
		else
			to += snprintf(to, room, spec, va_arg(args, int));
	}
	va_end(args);
	n = strlen(shim_log);
	if (n && shim_log[n - 1] == '\n')
		shim_log[n - 1] = 0;
}
