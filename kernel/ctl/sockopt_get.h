/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The legacy sockopt interface: reading.
 */
#ifndef IP_VS_CTL_SOCKOPT_GET_H
#define IP_VS_CTL_SOCKOPT_GET_H

#include <linux/compiler_types.h>

struct ip_vs_net;

int ip_vs_sockopt_get(struct ip_vs_net *ivn, int opt, void __user *user,
		      int *len);

#endif
