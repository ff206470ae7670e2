// SPDX-License-Identifier: GPL-2.0-only
/*
 * race_self - races, so that race_watch has something to find.
 *
 * A thread on each of two CPUs counts, both in the same variable: with plain accesses
 * (plain=1) or with marked ones.  They end when the module goes.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

MODULE_DESCRIPTION("A data race");
MODULE_LICENSE("GPL");

static bool plain;
module_param(plain, bool, 0400);
MODULE_PARM_DESC(plain, "Whether the accesses race");

static unsigned long count;
static struct task_struct *threads[2];

static int count_thread(void *unused)
{
	while (!kthread_should_stop()) {
		unsigned int i;

		for (i = 0; i < 1000; i++) {
			if (plain)
				count++;
			else
				WRITE_ONCE(count, READ_ONCE(count) + 1);
			barrier();
		}
		cond_resched();
	}
	return 0;
}

static void threads_stop(void)
{
	if (!IS_ERR_OR_NULL(threads[1]))
		kthread_stop(threads[1]);
	if (!IS_ERR_OR_NULL(threads[0]))
		kthread_stop(threads[0]);
}

static int __init race_self_init(void)
{
	unsigned int i, cpu = cpumask_first(cpu_online_mask);

	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		if (cpu >= nr_cpu_ids)
			break;
		threads[i] = kthread_create(count_thread, NULL, "race_self/%u", i);
		if (IS_ERR(threads[i]))
			break;
		kthread_bind(threads[i], cpu);
		wake_up_process(threads[i]);
		cpu = cpumask_next(cpu, cpu_online_mask);
	}
	if (i == ARRAY_SIZE(threads))
		return 0;
	threads_stop();
	return -ENODEV;
}

static void __exit race_self_exit(void)
{
	threads_stop();
}

module_init(race_self_init);
module_exit(race_self_exit);
