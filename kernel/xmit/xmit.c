// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding, by the method of the connection.
 */
#include <linux/ip_vs.h>
#include <linux/netfilter.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "packet.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/**
 * ip_vs_xmit() - forward a client's packet
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Context: RCU read side.
 *
 * Return: NF_STOLEN: @skb was sent or freed; NF_ACCEPT: the server is this
 * host.
 */
unsigned int ip_vs_xmit(struct ip_vs_net *ivn, struct sk_buff *skb,
			const struct ip_vs_packet *pkt, struct ip_vs_conn *c)
{
	switch (READ_ONCE(c->flags) &
		(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_EXTRA)) {
	case IP_VS_CONN_F_MASQ:
		return ip_vs_nat_request(ivn, skb, pkt, c);
	case IP_VS_CONN_F_MASQ | IP_VS_CONN_F_EXTRA:
		return ip_vs_nat_request_extra(ivn, skb, pkt, c);
	case IP_VS_CONN_F_TUNNEL:
		/* Only a server that is configured here has a tunnel type. */
		if (unlikely(!c->dest))
			return ip_vs_drop_free(c, skb,
					       IPVS_EXT_DROP_NO_ROUTE);
		return ip_vs_tunnel_request(ivn, skb, pkt, c);
	case IP_VS_CONN_F_DROUTE:
		return ip_vs_direct_request(ivn, skb, pkt, c);
	case IP_VS_CONN_F_BYPASS:
		return ip_vs_bypass_request(ivn, skb, pkt, c);
	case IP_VS_CONN_F_LOCALNODE:
		return ip_vs_xmit_here(skb, c);
	}
	return NF_ACCEPT;
}
