/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The legacy sockopt interface.
 */
#ifndef IP_VS_CTL_SOCKOPT_H
#define IP_VS_CTL_SOCKOPT_H

int ip_vs_sockopt_register(void);
void ip_vs_sockopt_unregister(void);

#endif
