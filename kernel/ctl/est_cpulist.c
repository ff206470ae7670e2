// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.ipv4.vs.est_cpulist: the CPUs for estimation.
 *
 * Estimation runs on a work queue that is not bound to a CPU, so the list only
 * turns it on or off: an empty one stops estimation, as run_estimation=0 does.
 * Until it is written, it contains the CPUs that the kernel uses for kernel
 * threads.
 */
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/sched/isolation.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ctl/est_cpulist.h"
#include "net.h"
#include "server/estimator.h"

static struct ip_vs_net *table_net(ip_vs_compat_ctl_table *table)
{
	return container_of(table->data, struct ip_vs_net,
			    settings.est_cpulist);
}

static int read_list(struct ip_vs_net *ivn, char *buffer, size_t size)
{
	int n;

	mutex_lock(&ivn->config);
	n = scnprintf(buffer, size, "%*pbl\n",
		      cpumask_pr_args(ivn->est_cpus ?:
				      housekeeping_cpumask(HK_TYPE_KTHREAD)));
	mutex_unlock(&ivn->config);
	return n;
}

static void replace_list(struct ip_vs_net *ivn, struct cpumask *mask)
{
	mutex_lock(&ivn->config);
	swap(ivn->est_cpus, mask);
	ip_vs_estimator_set(ivn, &ivn->settings.est_cpulist,
			    !cpumask_empty(ivn->est_cpus));
	mutex_unlock(&ivn->config);
	kfree(mask);
}

static int write_list(struct ip_vs_net *ivn, char *text)
{
	struct cpumask *mask = kzalloc(cpumask_size(), GFP_KERNEL_ACCOUNT);
	int err;

	if (!mask)
		return -ENOMEM;
	err = cpulist_parse(strim(text), mask);
	if (err) {
		kfree(mask);
		return err;
	}
	cpumask_and(mask, mask, current->cpus_ptr);
	replace_list(ivn, mask);
	return 0;
}

static int copy_and_write(struct ip_vs_net *ivn, const char *buffer,
			  size_t len)
{
	char *text = kmemdup_nul(buffer, len, GFP_KERNEL);
	int err;

	if (!text)
		return -ENOMEM;
	err = write_list(ivn, text);
	kfree(text);
	return err;
}

/**
 * ip_vs_est_cpulist_handler() - read or write the list
 * @table: its entry
 * @write: write, else read
 * @buffer: the text
 * @lenp: its length, or the room for it
 * @ppos: position in the file; other than at 0 nothing is read or written
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: not a list of CPUs; -ERANGE: impossible CPU numbers;
 * -EOVERFLOW: numbers too large to be parsed; -ENOMEM.
 */
int ip_vs_est_cpulist_handler(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table_net(table);

	if (*ppos) {
		if (!write)
			*lenp = 0;
		return 0;
	}
	if (write)
		return copy_and_write(ivn, buffer, *lenp);
	*lenp = read_list(ivn, buffer, *lenp);
	*ppos += *lenp;
	return 0;
}

/**
 * ip_vs_est_cpulist_free() - free a namespace's list, if there is one
 * @ivn: namespace
 *
 * Context: process; the sysctl is unregistered.
 */
void ip_vs_est_cpulist_free(struct ip_vs_net *ivn)
{
	kfree(ivn->est_cpus);
}
