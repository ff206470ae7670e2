/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection of a request that was forwarded, for other modules.
 */
#ifndef IP_VS_CONN_FORWARDED_H
#define IP_VS_CONN_FORWARDED_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct net;
struct sk_buff;

/**
 * struct ip_vs_forwarded - a request, and the connection it belongs to
 * @vaddr: virtual address, of the packet's family
 * @vport: virtual port
 * @control_vport: virtual port of what controls the connection
 * @controlled: a template or another connection controls it
 * @proto: transport protocol of the packet
 * @method: forwarding method, of IP_VS_CONN_F_FWD_MASK
 */
struct ip_vs_forwarded {
	union nf_inet_addr vaddr;
	__be16 vport;
	__be16 control_vport;
	bool controlled;
	u8 proto;
	u8 method;
};

bool ip_vs_forwarded_find(struct net *net, const struct sk_buff *skb, u8 pf,
			  struct ip_vs_forwarded *fwd);

#endif
