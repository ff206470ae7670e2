/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sysctl with one integer.
 */
#ifndef IP_VS_CTL_SYSCTL_INT_H
#define IP_VS_CTL_SYSCTL_INT_H

#include <linux/types.h>

#include "compat.h"

struct ctl_table;

int ip_vs_sysctl_int(ip_vs_compat_ctl_table *table, int write, void *buffer,
		     size_t *lenp, loff_t *ppos, int *value, int min, int max);

#endif
