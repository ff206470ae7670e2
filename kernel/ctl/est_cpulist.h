/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net.ipv4.vs.est_cpulist.
 */
#ifndef IP_VS_CTL_EST_CPULIST_H
#define IP_VS_CTL_EST_CPULIST_H

#include <linux/sysctl.h>

struct ip_vs_net;

int ip_vs_est_cpulist_handler(ip_vs_compat_ctl_table *table, int write,
			      void *buffer, size_t *lenp, loff_t *ppos);
void ip_vs_est_cpulist_free(struct ip_vs_net *ivn);

#endif
