/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family IPVS.
 */
#ifndef IP_VS_CTL_GENL_H
#define IP_VS_CTL_GENL_H

int ip_vs_genl_register(void);
void ip_vs_genl_unregister(void);

#endif
