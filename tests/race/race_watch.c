// SPDX-License-Identifier: GPL-2.0-only
/*
 * race_watch - tells of data races of a module that was compiled with
 * -fsanitize=thread, on a kernel that was not.
 *
 * The compiler has put a call of ours before each access to memory.  One access in so
 * many is watched: its address stands in a slot of its CPU while it waits a little.
 * Whoever accesses the same bytes meanwhile, on any CPU or in an interrupt, sees it
 * there; if one of the two writes and not both are marked (READ_ONCE(), WRITE_ONCE(),
 * atomics), they race.  What is not compiled like this (the rest of the kernel) is
 * noticed if it changes the bytes meanwhile.
 *
 * That is what KCSAN does with its strict rules, but for barriers.  Its interface,
 * linux/kcsan-checks.h, is implemented here.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>

#include "watch.h"

MODULE_DESCRIPTION("Data races of instrumented modules");
MODULE_LICENSE("GPL");

static unsigned int every = 300;
module_param(every, uint, 0600);
MODULE_PARM_DESC(every, "One access in about so many is watched");
static unsigned int delay_us = 200;
module_param(delay_us, uint, 0600);
MODULE_PARM_DESC(delay_us, "For so long, in tasks; a quarter of it in interrupts");
static unsigned int reports;
module_param(reports, uint, 0400);
MODULE_PARM_DESC(reports, "How many were told of");
static bool quiet;
module_param(quiet, bool, 0600);
MODULE_PARM_DESC(quiet, "They are counted only");
static unsigned long watched;
module_param(watched, ulong, 0400);
MODULE_PARM_DESC(watched, "How many accesses were watched, about");

enum {
	CPUS = 8,
	FRAMES = 14,
	CONTEXTS = 1024,	/* of tasks, by pid */
	PAIRS = 256,		/* of places that were told of */
	WIDEST = 8,		/* bytes whose change is noticed */
};

/* Who accesses, and how. */
struct party {
	int type, cpu, pid;
	size_t size;
	unsigned int frames;
	unsigned long frame[FRAMES];
};

enum { FREE, SETTING, WATCHING, MET };

/* One watched access.  @state leads; the party that meets it writes @other. */
struct slot {
	atomic_t state;
	atomic_t met;		/* @other is complete */
	unsigned long addr;
	size_t size;
	int type;
	struct party other;
} ____cacheline_aligned_in_smp;

static struct slot slots[CPUS];

/* What a task, or an interrupt of a CPU, does not want to be told of. */
struct context {
	atomic_t off;		/* inside data_race() */
	atomic_t marked;	/* writes under a sequence counter */
	atomic_t next;		/* so many reads under one are marked */
};

static struct context tasks[CONTEXTS], softirqs[CPUS], hardirqs[CPUS];
static DEFINE_PER_CPU(int, skip);
static DEFINE_PER_CPU(u32, chance) = 1;

static DEFINE_RAW_SPINLOCK(report_lock);
static struct { unsigned long one, two; } pairs[PAIRS];
static unsigned int pairs_used;

static struct context *context_mine(void)
{
	if (in_task())
		return &tasks[current->pid % CONTEXTS];
	if (in_hardirq() || in_nmi())
		return &hardirqs[raw_smp_processor_id() % CPUS];
	return &softirqs[raw_smp_processor_id() % CPUS];
}

static void party_note(struct party *who, int type, size_t size)
{
	who->type = type;
	who->size = size;
	who->cpu = raw_smp_processor_id();
	who->pid = in_task() ? current->pid : 0;
	/* Past us; how deep the compiler has made that is seen by eye. */
	who->frames = stack_trace_save(who->frame, FRAMES, 1);
}

/* The first function outside this file. */
static unsigned long party_place(const struct party *who)
{
	unsigned int i;

	for (i = 0; i < who->frames; i++)
		if (!within_module(who->frame[i], THIS_MODULE))
			return who->frame[i];
	return 0;
}

static void party_print(const struct party *who)
{
	unsigned int first = 0;

	while (first < who->frames && within_module(who->frame[first], THIS_MODULE))
		first++;
	pr_err("%s%s of %zu bytes, CPU %d, task %d:\n",
	       who->type & KCSAN_ACCESS_ATOMIC ? "marked " : "",
	       who->type & KCSAN_ACCESS_WRITE ? "write" : "read",
	       who->size, who->cpu, who->pid);
	stack_trace_print(who->frame + first, who->frames - first, 2);
}

/* Two places are told of once. */
static bool pair_is_new(unsigned long one, unsigned long two)
{
	unsigned int i;

	if (one > two)
		swap(one, two);
	for (i = 0; i < pairs_used; i++)
		if (pairs[i].one == one && pairs[i].two == two)
			return false;
	if (pairs_used == PAIRS)
		return false;
	pairs[pairs_used].one = one;
	pairs[pairs_used++].two = two;
	return true;
}

/* @two is NULL if nobody knows who it was, but that @before became @after. */
static void race_report(unsigned long addr, const struct party *one,
			const struct party *two, u64 before, u64 after)
{
	unsigned long there = two ? party_place(two) : 0, flags;

	raw_spin_lock_irqsave(&report_lock, flags);
	if (quiet) {
		reports++;
	} else if (pair_is_new(party_place(one), there)) {
		reports++;
		pr_err("BUG: data race in %pS / %pS\n", (void *)party_place(one),
		       (void *)there);
		party_print(one);
		if (two)
			party_print(two);
		else
			pr_err("changed meanwhile from %#llx to %#llx\n", before, after);
		pr_err("address %px\n", (void *)addr);
	}
	raw_spin_unlock_irqrestore(&report_lock, flags);
}

/* Does this access race with one that is being watched? */
static void watches_meet(unsigned long addr, size_t size, int type)
{
	struct slot *slot;

	for (slot = slots; slot < slots + CPUS; slot++) {
		if (atomic_read(&slot->state) != WATCHING)
			continue;
		if (addr >= slot->addr + slot->size || slot->addr >= addr + size ||
		    !((type | slot->type) & KCSAN_ACCESS_WRITE))
			continue;
		/* The watcher may be done with it, and another one have begun. */
		if (atomic_cmpxchg(&slot->state, WATCHING, MET) != WATCHING)
			continue;
		if (addr < slot->addr + slot->size && slot->addr < addr + size) {
			party_note(&slot->other, type, size);
			atomic_set_release(&slot->met, 1);
		} else {
			atomic_set_release(&slot->met, 2);
		}
	}
}

static u64 bytes_at(unsigned long addr, size_t size)
{
	switch (size) {
	case 1:
		return *(volatile u8 *)addr;
	case 2:
		return *(volatile u16 *)addr;
	case 4:
		return *(volatile u32 *)addr;
	case WIDEST:
		return *(volatile u64 *)addr;
	}
	return 0;
}

static bool watch_now(void)
{
	u32 x;

	if (this_cpu_dec_return(skip) > 0)
		return false;
	x = this_cpu_read(chance) * 1664525 + 1013904223;
	this_cpu_write(chance, x);
	this_cpu_write(skip, every / 2 + (x >> 16) % (every + 1));
	return true;
}

static void access_watch(unsigned long addr, size_t size, int type)
{
	struct slot *slot = &slots[raw_smp_processor_id() % CPUS];
	struct party me;
	u64 before, after;
	int met;

	/* One that we have interrupted, or whose task has moved. */
	if (atomic_cmpxchg(&slot->state, FREE, SETTING) != FREE)
		return;
	slot->addr = addr;
	slot->size = size;
	slot->type = type;
	atomic_set(&slot->met, 0);
	before = bytes_at(addr, size);
	atomic_set_release(&slot->state, WATCHING);
	watched++;
	udelay(in_task() ? delay_us : delay_us / 4);
	after = bytes_at(addr, size);
	if (atomic_cmpxchg(&slot->state, WATCHING, SETTING) == WATCHING) {
		if (before != after) {
			party_note(&me, type, size);
			race_report(addr, &me, NULL, before, after);
		}
	} else {
		while (!(met = atomic_read_acquire(&slot->met)))
			cpu_relax();
		if (met == 1) {
			party_note(&me, type, size);
			race_report(addr, &me, &slot->other, before, after);
		}
	}
	atomic_set_release(&slot->state, FREE);
}

/* Every access comes here, before it is done. */
static void access_note(const volatile void *ptr, size_t size, int type)
{
	struct context *mine = context_mine();
	unsigned long addr = (unsigned long)ptr;

	if (atomic_read(&mine->off) > 0)
		return;
	if (atomic_read(&mine->marked) > 0) {
		type |= KCSAN_ACCESS_ATOMIC;
	} else if (atomic_read(&mine->next) > 0) {
		atomic_dec(&mine->next);
		type |= KCSAN_ACCESS_ATOMIC;
	}
	/* Two marked ones do not race, and who watches is not marked. */
	watches_meet(addr, size, type);
	if (!(type & KCSAN_ACCESS_ATOMIC) && watch_now())
		access_watch(addr, size, type);
}

#define ACCESS(name, size, type)						\
void name(void *ptr);								\
void name(void *ptr)								\
{										\
	access_note(ptr, size, type);						\
}										\
EXPORT_SYMBOL_GPL(name)

#define ACCESSES(size)								\
ACCESS(__tsan_read##size, size, 0);						\
ACCESS(__tsan_write##size, size, KCSAN_ACCESS_WRITE);				\
ACCESS(__tsan_unaligned_read##size, size, 0);					\
ACCESS(__tsan_unaligned_write##size, size, KCSAN_ACCESS_WRITE);			\
ACCESS(__tsan_volatile_read##size, size, KCSAN_ACCESS_ATOMIC);			\
ACCESS(__tsan_volatile_write##size, size,					\
       KCSAN_ACCESS_ATOMIC | KCSAN_ACCESS_WRITE);				\
ACCESS(__tsan_unaligned_volatile_read##size, size, KCSAN_ACCESS_ATOMIC);	\
ACCESS(__tsan_unaligned_volatile_write##size, size,				\
       KCSAN_ACCESS_ATOMIC | KCSAN_ACCESS_WRITE)

ACCESSES(1);
ACCESSES(2);
ACCESSES(4);
ACCESSES(8);
ACCESSES(16);

void __tsan_read_range(void *ptr, size_t size);
void __tsan_read_range(void *ptr, size_t size)
{
	access_note(ptr, size, 0);
}
EXPORT_SYMBOL_GPL(__tsan_read_range);

void __tsan_write_range(void *ptr, size_t size);
void __tsan_write_range(void *ptr, size_t size)
{
	access_note(ptr, size, KCSAN_ACCESS_WRITE);
}
EXPORT_SYMBOL_GPL(__tsan_write_range);

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
}
EXPORT_SYMBOL_GPL(__tsan_func_entry);

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_func_exit);

void __tsan_init(void);
void __tsan_init(void)
{
}
EXPORT_SYMBOL_GPL(__tsan_init);

void __kcsan_check_access(const volatile void *ptr, size_t size, int type)
{
	access_note(ptr, size, type);
}
EXPORT_SYMBOL_GPL(__kcsan_check_access);

void kcsan_disable_current(void)
{
	atomic_inc(&context_mine()->off);
}
EXPORT_SYMBOL_GPL(kcsan_disable_current);

void kcsan_enable_current(void)
{
	atomic_dec(&context_mine()->off);
}
EXPORT_SYMBOL_GPL(kcsan_enable_current);

void kcsan_enable_current_nowarn(void)
{
	atomic_dec(&context_mine()->off);
}
EXPORT_SYMBOL_GPL(kcsan_enable_current_nowarn);

void kcsan_nestable_atomic_begin(void)
{
	atomic_inc(&context_mine()->marked);
}
EXPORT_SYMBOL_GPL(kcsan_nestable_atomic_begin);

void kcsan_nestable_atomic_end(void)
{
	atomic_dec(&context_mine()->marked);
}
EXPORT_SYMBOL_GPL(kcsan_nestable_atomic_end);

void kcsan_flat_atomic_begin(void)
{
	atomic_inc(&context_mine()->marked);
}
EXPORT_SYMBOL_GPL(kcsan_flat_atomic_begin);

void kcsan_flat_atomic_end(void)
{
	atomic_dec(&context_mine()->marked);
}
EXPORT_SYMBOL_GPL(kcsan_flat_atomic_end);

void kcsan_atomic_next(int n)
{
	atomic_set(&context_mine()->next, n);
}
EXPORT_SYMBOL_GPL(kcsan_atomic_next);

/* Nothing of it stays: who uses it is unloaded first. */
static int __init race_watch_init(void)
{
	return nr_cpu_ids <= CPUS ? 0 : -E2BIG;
}

static void __exit race_watch_exit(void)
{
}

module_init(race_watch_init);
module_exit(race_watch_exit);
