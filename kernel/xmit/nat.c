// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding by network address translation.
 *
 * A request's destination becomes the real server, an answer's source the
 * virtual service; nothing else of a packet changes but the time to live and
 * the checksums.  Segmentation and checksum offload keep working: a sum the
 * device has still to fill in is mended as such.  Fragments arrive put
 * together and leave as they came.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>

#include "net.h"
#include "proto.h"
#include "xmit.h"

/* The head may be reallocated. */
static bool make_writable(struct sk_buff *skb, const struct ip_vs_packet *pkt)
{
	return !skb_ensure_writable(skb, pkt->l4_offset +
				    ip_vs_proto_header_len(pkt->proto));
}

/* Replace one end of a packet whose headers are writable. */
static void rewrite(struct sk_buff *skb, const struct ip_vs_packet *pkt,
		    enum ip_vs_end end, __be32 addr, __be16 port)
{
	struct iphdr *iph = ip_hdr(skb);
	__be32 *field = end == IP_VS_END_SOURCE ? &iph->saddr : &iph->daddr;

	ip_vs_proto_rewrite4(skb, pkt, end, addr, port);
	csum_replace4(&iph->check, *field, addr);
	*field = addr;
}

/* The packet can go no further: drop it, telling its sender why. */
static unsigned int refuse(struct sk_buff *skb, int type, int code)
{
	icmp_send(skb, type, code, 0);
	kfree_skb(skb);
	return NF_STOLEN;
}

static unsigned int drop(struct sk_buff *skb)
{
	kfree_skb(skb);
	return NF_STOLEN;
}

/* A server on this host: it sees the packet as if it had been sent to it. */
static unsigned int deliver_here(struct sk_buff *skb,
				 const struct ip_vs_packet *pkt,
				 const struct ip_vs_key4 *server)
{
	/* 127/8 is for packets of this host. */
	if (ipv4_is_loopback(server->saddr) &&
	    rt_is_input_route(skb_rtable(skb)))
		return drop(skb);
	if (!make_writable(skb, pkt))
		return drop(skb);
	rewrite(skb, pkt, IP_VS_END_DEST, server->saddr, server->sport);
	return ip_vs_xmit_local(skb);
}

/**
 * ip_vs_nat_request4() - send a client's packet to the server
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
unsigned int ip_vs_nat_request4(struct ip_vs_net *ivn, struct sk_buff *skb,
				const struct ip_vs_packet *pkt,
				struct ip_vs_conn *c)
{
	const struct ip_vs_key4 *server =
		&ip_vs_conn4(c)->node[IP_VS_DIR_OUTPUT].key;
	struct rtable *rt = ip_vs_route4(c->dest);

	if (!rt)
		return refuse(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH);
	if (!ip_vs_route_admits4(rt, skb, true))
		return drop(skb);
	if (unlikely(rt->rt_flags & RTCF_LOCAL))
		return deliver_here(skb, pkt, server);
	if (unlikely(ip_hdr(skb)->ttl <= 1))
		return refuse(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL);
	if (!make_writable(skb, pkt))
		return drop(skb);
	/* Decremented before the size is looked at: an error quotes it so. */
	ip_decrease_ttl(ip_hdr(skb));
	if (!ip_vs_route_fits4(skb, dst_mtu(&rt->dst)))
		return drop(skb);
	rewrite(skb, pkt, IP_VS_END_DEST, server->saddr, server->sport);
	return ip_vs_xmit_remote4(ivn, skb, rt);
}

/* The answer was routed as from the server.  From the virtual address it may
 * have to leave another way, but only if some rule looks at the source.
 */
static bool route_answer(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int hooknum)
{
	if (hooknum == NF_INET_LOCAL_IN ||
	    !READ_ONCE(ivn->settings.snat_reroute) ||
	    likely(!fib4_has_custom_rules(ivn->net)) ||
	    skb_rtable(skb)->rt_flags & RTCF_LOCAL)
		return true;
	return !ip_route_me_harder(ivn->net, skb->sk, skb, RTN_LOCAL);
}

/**
 * ip_vs_nat_answer4() - a server's packet becomes the virtual service's
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 * @hooknum: the netfilter hook we are in
 *
 * The head of @skb may be reallocated.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: true; false: it cannot be rewritten or routed, and is the caller's to
 * free.
 */
bool ip_vs_nat_answer4(struct ip_vs_net *ivn, struct sk_buff *skb,
		       const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
		       unsigned int hooknum)
{
	const struct ip_vs_key4 *client =
		&ip_vs_conn4(c)->node[IP_VS_DIR_INPUT].key;

	if (!make_writable(skb, pkt))
		return false;
	rewrite(skb, pkt, IP_VS_END_SOURCE, client->daddr, client->dport);
	skb_forward_csum(skb);
	return route_answer(ivn, skb, hooknum);
}
