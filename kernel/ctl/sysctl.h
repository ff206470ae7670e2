/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net.ipv4.vs.*
 */
#ifndef IP_VS_CTL_SYSCTL_H
#define IP_VS_CTL_SYSCTL_H

#include <linux/types.h>

#include "compat.h"

struct ip_vs_net;

int ip_vs_sysctl_net_init(struct ip_vs_net *ivn);
void ip_vs_sysctl_net_exit(struct ip_vs_net *ivn);

#endif
