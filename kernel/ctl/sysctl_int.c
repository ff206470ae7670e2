// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sysctl with one integer.
 */
#include <linux/sysctl.h>

#include "ctl/sysctl_int.h"

/**
 * ip_vs_sysctl_int() - read a setting, or parse a new value for it
 * @table: its row
 * @write: write, else read
 * @buffer: text
 * @lenp: its length
 * @ppos: position in the file
 * @value: set to its value, or to the value written; the setting is not changed
 * @min: least value that may be written
 * @max: greatest
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int ip_vs_sysctl_int(ip_vs_compat_ctl_table *table, int write, void *buffer,
		     size_t *lenp, loff_t *ppos, int *value, int min, int max)
{
	struct ctl_table copy = {
		.data = value,
		.maxlen = sizeof(*value),
		.mode = table->mode,
		.extra1 = &min,
		.extra2 = &max,
	};

	*value = READ_ONCE(*(int *)table->data);
	return proc_dointvec_minmax(&copy, write, buffer, lenp, ppos);
}
