// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding by direct routing: the packet goes to the real server's link
 * address as it is.
 *
 * Both addresses of the packet stay; the server has the virtual address too and
 * answers the client itself.  Nothing is written but the TTL, so offloads and
 * fragments need no handling.
 */
#include <linux/ip_vs.h>
#include <linux/skbuff.h>
#include <net/dst.h>

#include "conn/conn.h"
#include "net.h"
#include "packet.h"
#include "server/route_cache.h"
#include "writable.h"
#include "xmit/path.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/**
 * ip_vs_direct_request() - send a client's packet to the server
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: NF_STOLEN: @skb was sent or freed; NF_ACCEPT: the server is this
 * host.
 */
unsigned int ip_vs_direct_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c)
{
	struct ip_vs_path path = {
		.conn = c,
		.af = pkt->af,
		.may_stay = true,
		.end = pkt->af == AF_INET6 ? sizeof(struct ipv6hdr) :
					     sizeof(struct iphdr),
		.tell_size = true,
	};

	unsigned int verdict = NF_STOLEN;
	struct ip_vs_writable w;

	ip_vs_path_find(&path, c, IP_VS_ROUTE_DIRECT);
	switch (ip_vs_path_take(skb, pkt->af, &path, &w)) {
	case IP_VS_WAY_NONE:
		break;
	case IP_VS_WAY_HERE:
		verdict = ip_vs_xmit_here(skb, c);
		break;
	case IP_VS_WAY_OUT:
		verdict = ip_vs_xmit_out(skb, c, pkt->af, path.dst);
		break;
	}
	ip_vs_path_end(&path);
	return verdict;
}
