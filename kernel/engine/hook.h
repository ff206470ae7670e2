/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks of a namespace: present while it has services.
 */
#ifndef IP_VS_HOOK_H
#define IP_VS_HOOK_H

#include <linux/types.h>

struct ip_vs_net;

int ip_vs_hooks_register(struct ip_vs_net *ivn, u16 af);
void ip_vs_hooks_unregister(struct ip_vs_net *ivn, u16 af);
void ip_vs_hooks_release(struct ip_vs_net *ivn, u16 af);

#endif
