/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LISTEN of the family IPVS_EXT: the sockets that receive events.
 */
#ifndef IP_VS_CTL_LISTENERS_H
#define IP_VS_CTL_LISTENERS_H

#include <linux/types.h>

#include "event_kind.h"

struct genl_info;
struct ip_vs_net;
struct sk_buff;

int ip_vs_listen(struct sk_buff *skb, struct genl_info *info);
bool ip_vs_listeners_tell(struct ip_vs_net *ivn, enum ip_vs_event_kind kind,
			  struct sk_buff *msg);

int ip_vs_listeners_watch(void);
void ip_vs_listeners_unwatch(void);
void ip_vs_listeners_net_init(struct ip_vs_net *ivn);
void ip_vs_listeners_net_exit(struct ip_vs_net *ivn);

#endif
