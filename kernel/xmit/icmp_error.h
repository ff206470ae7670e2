/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMP errors to the sender of a packet that cannot be forwarded.
 */
#ifndef IP_VS_XMIT_ICMP_ERROR_H
#define IP_VS_XMIT_ICMP_ERROR_H

#include <linux/types.h>

struct dst_entry;
struct sk_buff;

void ip_vs_icmp_port_unreach(struct sk_buff *skb, u16 af);
void ip_vs_icmp_host_unreach(struct sk_buff *skb, u16 af);
void ip_vs_icmp_time_exceeded(struct sk_buff *skb, u16 af);
bool ip_vs_icmp_too_big(struct sk_buff *skb, u16 af,
			const struct dst_entry *dst, unsigned int overhead,
			bool tell);

#endif
