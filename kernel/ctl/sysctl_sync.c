// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings of synchronisation that need more than a range check: what is
 * written is parsed into a copy, checked, and takes effect as a whole or not at
 * all.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sysctl.h>

#include "ctl/sysctl_int.h"
#include "ctl/sysctl_sync.h"
#include "ctl/sysctl.h"
#include "net.h"
#include "sync/daemon.h"

/* sync_threshold: 3 of every 50 packets. */
#define PERIOD_DEFAULT	50
/* sync_qlen_max: messages of a page in this fraction of memory. */
#define QUEUE_SHARE	32

static int up_to(ip_vs_compat_ctl_table *table, int write, void *buffer,
		 size_t *lenp, loff_t *ppos, int max)
{
	int *setting = table->data;
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value, 0, max);
	if (write && !err)
		WRITE_ONCE(*setting, value);
	return err;
}

/**
 * ip_vs_sysctl_sync_version() - sync_version: 0 or 1
 * @table: row
 * @write: written, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_sync_version(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos)
{
	return up_to(table, write, buffer, lenp, ppos, 1);
}

/**
 * ip_vs_sysctl_sync_retries() - sync_retries: 0 to 3
 * @table: row
 * @write: written, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_sync_retries(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos)
{
	return up_to(table, write, buffer, lenp, ppos, 3);
}

/**
 * ip_vs_sysctl_sync_ports() - sync_ports: a power of two, in a foreign namespace
 * at most its limit of threads
 * @table: row
 * @write: written, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_sync_ports(ip_vs_compat_ctl_table *table, int write,
			    void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table->extra2;
	int *setting = table->data;
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value, 1,
			       INT_MAX);
	if (err || !write)
		return err;
	if (!is_power_of_2(value))
		return -EINVAL;
	/* With fewer threads than ports, messages to some ports would be lost. */
	if (ip_vs_net_foreign(ivn) && value > ip_vs_sync_threads_max(ivn))
		return -EPERM;
	WRITE_ONCE(*setting, value);
	return 0;
}

/**
 * ip_vs_sysctl_sync_threshold() - sync_threshold: threshold and period in packets
 * @table: row
 * @write: written, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 *
 * Packets may see only one of the two changed, which costs one record more or
 * less.
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_sync_threshold(ip_vs_compat_ctl_table *table, int write,
				void *buffer, size_t *lenp, loff_t *ppos)
{
	int *setting = table->data;
	int value[2] = { READ_ONCE(setting[0]), READ_ONCE(setting[1]) };
	struct ctl_table copy = {
		.data = value,
		.maxlen = sizeof(value),
		.mode = table->mode,
	};
	int err;

	err = proc_dointvec(&copy, write, buffer, lenp, ppos);
	if (err || !write)
		return err;
	if (value[0] < 0 || value[1] < 0 || (value[1] && value[0] >= value[1]))
		return -EINVAL;
	WRITE_ONCE(setting[0], value[0]);
	WRITE_ONCE(setting[1], value[1]);
	return 0;
}

/**
 * ip_vs_sysctl_sync_qlen_max() - sync_qlen_max: an unsigned long
 * @table: row
 * @write: written, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_sync_qlen_max(ip_vs_compat_ctl_table *table, int write,
			       void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ctl_table copy = {
		.data = table->data,
		.maxlen = sizeof(unsigned long),
		.mode = table->mode,
	};

	return proc_doulongvec_minmax(&copy, write, buffer, lenp, ppos);
}

/**
 * ip_vs_sysctl_sync_init() - set the defaults that are computed
 * @settings: filled in
 */
void ip_vs_sysctl_sync_init(struct ip_vs_settings *settings)
{
	settings->sync_threshold[1] = PERIOD_DEFAULT;
	settings->sync_qlen_max = nr_free_buffer_pages() / QUEUE_SHARE;
}
