/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_H
#define IP_VS_CTL_EXT_H

#include <linux/ip_vs_ext.h>

int ip_vs_ext_register(void);
void ip_vs_ext_unregister(void);

#endif
