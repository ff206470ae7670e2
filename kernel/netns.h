/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Setting up namespaces at module start, and undoing it at its end.
 */
#ifndef IP_VS_NETNS_H
#define IP_VS_NETNS_H

int ip_vs_nets_register(void);
void ip_vs_nets_unregister(void);

#endif
