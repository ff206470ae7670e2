// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding to the packet's own destination (cache bypass), as no server is
 * available for it.
 */
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "conn/conn.h"
#include "net.h"
#include "packet.h"
#include "writable.h"
#include "xmit/path.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/* By the packet's own header: the parsed one may be the one it quotes. */
static struct dst_entry *own_route(struct net *net, const struct sk_buff *skb,
				   u16 af)
{
	struct flowi4 fl4 = {};
	struct flowi6 fl6 = {};
	struct dst_entry *dst;
	struct rtable *rt;

	if (af == AF_INET) {
		fl4.daddr = ip_hdr(skb)->daddr;
		rt = ip_route_output_key(net, &fl4);
		return IS_ERR(rt) ? NULL : &rt->dst;
	}
	fl6.daddr = ipv6_hdr(skb)->daddr;
	dst = ip6_route_output(net, NULL, &fl6);
	if (!dst->error)
		return dst;
	dst_release(dst);
	return NULL;
}

/**
 * ip_vs_bypass_request() - forward a packet to its own destination
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_bypass_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c)
{
	struct ip_vs_path path = {
		.conn = c,
		.af = pkt->af,
		.end = pkt->af == AF_INET6 ? sizeof(struct ipv6hdr) :
					     sizeof(struct iphdr),
		.tell_size = true,
	};
	struct ip_vs_writable w;

	path.once = own_route(ivn->net, skb, pkt->af);
	path.dst = path.once;
	/* Only on the way out: a packet for this host is not bypassed. */
	if (ip_vs_path_take(skb, pkt->af, &path, &w) == IP_VS_WAY_OUT)
		ip_vs_xmit_out(skb, c, pkt->af, path.dst);
	ip_vs_path_end(&path);
	return NF_STOLEN;
}
