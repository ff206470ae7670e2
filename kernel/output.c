// SPDX-License-Identifier: GPL-2.0-only
/*
 * A real server's answer: translate it back, then state and counters.
 */
#include <linux/skbuff.h>

#include "engine.h"
#include "net.h"
#include "proto.h"
#include "stats.h"
#include "xmit.h"

/**
 * ip_vs_output() - a packet from the server's side
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 * @hooknum: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: NF_ACCEPT: it goes on, rewritten if the method is NAT; NF_STOLEN: it
 * could not be rewritten or routed and was freed.
 */
unsigned int ip_vs_output(struct ip_vs_net *ivn, struct sk_buff *skb,
			  const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
			  unsigned int hooknum)
{
	u32 method = READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK;

	if (likely(method == IP_VS_CONN_F_MASQ) &&
	    !ip_vs_nat_answer(ivn, skb, pkt, c, hooknum)) {
		kfree_skb(skb);
		return NF_STOLEN;
	}
	if (likely(c->dest) && ip_vs_dest_available(c->dest))
		ip_vs_stats_out(c->dest, skb->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_OUTPUT);
	ip_vs_xmit_mark(skb);
	return NF_ACCEPT;
}
