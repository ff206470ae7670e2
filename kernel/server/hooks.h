/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks of a namespace: registered while it has services.
 */
#ifndef IP_VS_HOOKS_H
#define IP_VS_HOOKS_H

#include <linux/atomic.h>
#include <linux/netfilter.h>
#include <linux/types.h>

struct ip_vs_net;

/* One at LOCAL_IN, FORWARD and LOCAL_OUT, and behind them one at PRE_ROUTING,
 * which a family may not have.
 */
#define IP_VS_HOOK_FAST 3
#define IP_VS_HOOKS 4

int ip_vs_hooks_register(struct ip_vs_net *ivn, u16 af);
void ip_vs_hooks_unregister(struct ip_vs_net *ivn, u16 af);
int ip_vs_hooks_fast(struct ip_vs_net *ivn, bool on);
void ip_vs_hooks_release(struct ip_vs_net *ivn, u16 af);

/* Number of IPVS hooks at LOCAL_OUT in all namespaces: [0] IPv4, [1] IPv6.
 * Never counts one that is not registered.
 */
extern atomic_t ip_vs_own_hooks[2];

#endif
