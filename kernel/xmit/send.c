// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every forwarding method does to a packet before it leaves.
 */
#include <linux/atomic.h>
#include <linux/ip_vs.h>
#include <linux/jump_label.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>

#include "conn/conn.h"
#include "net.h"
#include "nfct.h"
#include "server/hooks.h"
#include "xmit/send.h"

static __always_inline void packet_mark(struct sk_buff *skb,
					const struct ip_vs_conn *c)
{
	skb->ipvs_property = 1;
	if (likely(!(READ_ONCE(c->flags) & IP_VS_CONN_F_NFCT)))
		ip_vs_nfct_leave(skb);
}

/**
 * ip_vs_xmit_mark() - mark a packet as processed by IPVS
 * @skb: packet
 * @c: its connection
 *
 * No hook of ours handles it again in this namespace, and it is untracked
 * unless the connection is to be tracked.
 */
void ip_vs_xmit_mark(struct sk_buff *skb, const struct ip_vs_conn *c)
{
	packet_mark(skb, c);
}

/**
 * ip_vs_xmit_here() - deliver a packet on this host
 * @skb: packet, rewritten if need be
 * @c: its connection
 *
 * Return: NF_ACCEPT: it keeps its route and goes on.
 */
unsigned int ip_vs_xmit_here(struct sk_buff *skb, const struct ip_vs_conn *c)
{
	packet_mark(skb, c);
	return NF_ACCEPT;
}

static __always_inline void packet_prepare(struct sk_buff *skb, struct dst_entry *dst)
{
	if (likely(skb->dev)) {
		/* It came from outside: early demux may have found a socket of
		 * the virtual address here, and the timestamp is that of
		 * receipt, not of sending.
		 */
		skb_orphan(skb);
		skb_clear_tstamp(skb);
	}
	skb_forward_csum(skb);
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	skb->ignore_df = 1;
}

/**
 * ip_vs_xmit_prepare() - give a packet its new route
 * @skb: packet, complete
 * @dst: route, good until the packet has left
 *
 * From here on the output path may fragment it: the ICMP error for one that
 * does not fit has been sent.
 */
void ip_vs_xmit_prepare(struct sk_buff *skb, struct dst_entry *dst)
{
	packet_prepare(skb, dst);
}

#ifdef CONFIG_JUMP_LABEL

/* Is any other hook registered at LOCAL_OUT, in any namespace?  Netfilter
 * counts all hooks, and we count ours: never one that is not registered.  If
 * there is no other, a packet need not pass our own, which would only see its
 * mark.
 */
static bool output_watched(u8 pf)
{
	return static_key_count(&nf_hooks_needed[pf][NF_INET_LOCAL_OUT]) !=
	       atomic_read(&ip_vs_own_hooks[pf == NFPROTO_IPV6]);
}

#else

static bool output_watched(u8 pf)
{
	return true;
}

#endif

static noinline void send_watched(struct net *net, struct sk_buff *skb, u8 pf)
{
	NF_HOOK(pf, NF_INET_LOCAL_OUT, net, NULL, skb, NULL, skb_dst(skb)->dev,
		dst_output);
}

static __always_inline void packet_send(const struct ip_vs_net *ivn,
					struct sk_buff *skb, u8 pf)
{
	if (unlikely(output_watched(pf)))
		send_watched(ivn->net, skb, pf);
	else
		dst_output(ivn->net, NULL, skb);
}

/**
 * ip_vs_xmit_send() - send a packet that is ready
 * @ivn: namespace
 * @skb: packet with its route, marked; not the caller's any more
 * @af: family of its header
 *
 * It passes LOCAL_OUT and POST_ROUTING like any packet of this host.
 */
void ip_vs_xmit_send(const struct ip_vs_net *ivn, struct sk_buff *skb, u16 af)
{
	packet_send(ivn, skb, af == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
}

/**
 * ip_vs_xmit_out() - send through a route
 * @skb: packet, complete
 * @c: its connection
 * @af: the packet's family
 * @dst: route, good until the packet has left
 *
 * It passes LOCAL_OUT and POST_ROUTING like any packet of this host.
 *
 * Return: NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_xmit_out(struct sk_buff *skb, const struct ip_vs_conn *c,
			    u16 af, struct dst_entry *dst)
{
	packet_prepare(skb, dst);
	packet_mark(skb, c);
	packet_send(c->ivn, skb, af == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
	return NF_STOLEN;
}
