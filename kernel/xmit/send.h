/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every forwarding method does to a packet before it leaves.
 */
#ifndef IP_VS_XMIT_SEND_H
#define IP_VS_XMIT_SEND_H

#include <linux/types.h>

struct dst_entry;
struct ip_vs_conn;
struct ip_vs_net;
struct sk_buff;

void ip_vs_xmit_mark(struct sk_buff *skb, const struct ip_vs_conn *c);
void ip_vs_xmit_prepare(struct sk_buff *skb, struct dst_entry *dst);
void ip_vs_xmit_send(const struct ip_vs_net *ivn, struct sk_buff *skb, u16 af);
unsigned int ip_vs_xmit_here(struct sk_buff *skb, const struct ip_vs_conn *c);
unsigned int ip_vs_xmit_out(struct sk_buff *skb, const struct ip_vs_conn *c,
			    u16 af, struct dst_entry *dst);

#endif
