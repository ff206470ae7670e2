// SPDX-License-Identifier: GPL-2.0-only
/*
 * A real server's answer: translate its source back, then state and counters.
 */
#include <linux/skbuff.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "engine/engine.h"
#include "net.h"
#include "packet.h"
#include "proto/proto.h"
#include "server/dest.h"
#include "server/server_addr.h"
#include "server/stats.h"
#include "xmit/icmp_error.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/**
 * ip_vs_output() - handle a packet from the server's side
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
	u32 how = READ_ONCE(c->flags) &
		  (IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_EXTRA |
		   IP_VS_CONN_F_NFCT);
	enum ip_vs_ext_drop why = IPVS_EXT_DROP_UNSPEC;

	if (likely(how == IP_VS_CONN_F_MASQ))
		why = ip_vs_nat_answer(ivn, skb, pkt, c, hooknum);
	else if ((how & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ)
		why = ip_vs_nat_answer_extra(ivn, skb, pkt, c, hooknum);
	if (unlikely(why))
		return ip_vs_drop_free(c, skb, why);
	/* As it goes to the client: its text may have changed, so pkt->len will
	 * not do.  A request is counted before it is forwarded, as it came.
	 */
	if (likely(c->dest) && ip_vs_dest_available(c->dest))
		ip_vs_stats_out(c->dest, skb->len);
	ip_vs_proto_track(ivn, c, pkt, IP_VS_DIR_OUTPUT);
	ip_vs_xmit_mark(skb, c);
	return NF_ACCEPT;
}

/**
 * ip_vs_output_unknown() - answer a NAT server's packet without a connection
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 *
 * sysctl nat_icmp_send.  Untranslated the packet would reach a receiver that
 * does not know its source, and the server would go on sending: an ICMP error
 * tells the server that the client is not there.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: true: it was a server's, and an ICMP error was sent; the packet is to
 * be dropped.
 */
bool ip_vs_output_unknown(struct ip_vs_net *ivn, struct sk_buff *skb,
			  const struct ip_vs_packet *pkt)
{
	if (!ip_vs_packet_has_ports(pkt) || ip_vs_proto_aborts(pkt) ||
	    !ip_vs_server_addr_is_nat(ivn, pkt->af, ip_vs_packet_saddr(pkt),
				      ip_vs_packet_sport(pkt), pkt->proto))
		return false;
	ip_vs_icmp_port_unreach(skb, pkt->af);
	return true;
}
