// SPDX-License-Identifier: GPL-2.0-only
/*
 * softirqs - for how long may no softirq run?
 *
 * A timer interrupts every @period nanoseconds.  If whoever it interrupted has
 * softirqs off, it asks for a tasklet, which runs as soon as they are on again:
 * the time between is a stretch with softirqs off, at most a period too short.
 * A stretch also ends with an interrupt that finds softirqs on, in case the
 * tasklet has to wait for ksoftirqd.  Softirqs that run themselves do not count.
 *
 * Reading /proc/softirqs_off prints the longest stretch in nanoseconds and where
 * it was interrupted last; writing to it starts anew.  With scripts/vm --icount
 * a nanosecond is an instruction.  For one CPU.
 */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/version.h>
#include <asm/irq_regs.h>
#include <asm/ptrace.h>

static unsigned int period = 20000;
module_param(period, uint, 0444);
MODULE_PARM_DESC(period, "nanoseconds between two interrupts");

static struct hrtimer timer;
static struct tasklet_struct tasklet;
static struct proc_dir_entry *entry;

/* Of the stretch that lasts, and of the longest one.  Written by the timer and
 * the tasklet on one CPU, the latter with interrupts off.
 */
static struct stretch {
	u64 since;	/* 0: none */
	u64 length;
	unsigned long where;
	char who[TASK_COMM_LEN];
} now, longest;
static const struct task_struct *whose;

static void stretch_end(void)
{
	if (!now.since)
		return;
	now.length = ktime_get_ns() - now.since;
	if (now.length > longest.length)
		longest = now;
	now.since = 0;
}

static void stretch_go_on(unsigned long where)
{
	if (whose != current)
		stretch_end();
	if (!now.since) {
		now.since = ktime_get_ns();
		whose = current;
		strscpy(now.who, current->comm, sizeof(now.who));
	}
	now.where = where;
	tasklet_hi_schedule(&tasklet);
}

static enum hrtimer_restart timer_fires(struct hrtimer *t)
{
	if (in_serving_softirq() || !in_softirq())
		stretch_end();
	else
		stretch_go_on(instruction_pointer(get_irq_regs()));
	hrtimer_forward_now(t, ns_to_ktime(period));
	return HRTIMER_RESTART;
}

static void tasklet_runs(struct tasklet_struct *unused)
{
	unsigned long flags;

	local_irq_save(flags);
	stretch_end();
	local_irq_restore(flags);
}

static int proc_show(struct seq_file *seq, void *unused)
{
	struct stretch last;
	unsigned long flags;

	local_irq_save(flags);
	last = longest;
	local_irq_restore(flags);
	seq_printf(seq, "%llu %s %ps\n", last.length,
		   last.length ? last.who : "-", (void *)last.where);
	return 0;
}

static int proc_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_show, NULL);
}

static ssize_t proc_write(struct file *file, const char __user *buffer,
			  size_t size, loff_t *pos)
{
	unsigned long flags;

	local_irq_save(flags);
	longest.length = 0;
	local_irq_restore(flags);
	return size;
}

static const struct proc_ops proc_ops = {
	.proc_open = proc_open,
	.proc_read = seq_read,
	.proc_write = proc_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init softirqs_init(void)
{
	entry = proc_create("softirqs_off", 0600, NULL, &proc_ops);
	if (!entry)
		return -ENOMEM;
	tasklet_setup(&tasklet, tasklet_runs);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(&timer, timer_fires, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer.function = timer_fires;
#endif
	hrtimer_start(&timer, ns_to_ktime(period), HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static void __exit softirqs_exit(void)
{
	hrtimer_cancel(&timer);
	tasklet_kill(&tasklet);
	proc_remove(entry);
}

module_init(softirqs_init);
module_exit(softirqs_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("how long softirqs are off");
