/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settings of synchronisation that need more than a range check.
 */
#ifndef IP_VS_CTL_SYSCTL_SYNC_H
#define IP_VS_CTL_SYSCTL_SYNC_H

#include <linux/types.h>

struct ctl_table;
struct ip_vs_settings;

int ip_vs_sysctl_sync_version(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos);
int ip_vs_sysctl_sync_retries(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos);
int ip_vs_sysctl_sync_ports(ip_vs_compat_ctl_table *table, int write,
			    void *buffer, size_t *lenp, loff_t *ppos);
int ip_vs_sysctl_sync_threshold(ip_vs_compat_ctl_table *table, int write,
				void *buffer, size_t *lenp, loff_t *ppos);
int ip_vs_sysctl_sync_qlen_max(ip_vs_compat_ctl_table *table, int write,
			       void *buffer, size_t *lenp, loff_t *ppos);
void ip_vs_sysctl_sync_init(struct ip_vs_settings *settings);

#endif
