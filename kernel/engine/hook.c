// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter hooks: which packets are handled, the one parse and the one lookup
 * of a packet, then the engine.
 *
 * They are registered while a namespace has services of the family
 * (server/hooks.c).
 *
 *	PRE_ROUTING	packets that may take the short way, while sysctl
 *			fastpath is on; engine/fast.c
 *	LOCAL_IN	requests to a virtual address; answers to a client on
 *			this host
 *	FORWARD		answers of NAT servers
 *	LOCAL_OUT	requests of clients on this host; answers of servers on
 *			this host
 *
 * At PRE_ROUTING ours comes last.  The other priorities are those of connection
 * tracking's NAT, just before source NAT at LOCAL_IN and just after destination
 * NAT at LOCAL_OUT: filter rules see a packet as its sender wrote it.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>

#include "conn/conn.h"
#include "conn/table.h"
#include "engine/engine.h"
#include "engine/fast.h"
#include "engine/hook.h"
#include "engine/outgoing.h"
#include "net.h"
#include "packet.h"
#include "proto/rows.h"
#include "server/drops.h"

/* Is the packet one we must not touch? */
static bool not_for_us(const struct sk_buff *skb,
		       const struct nf_hook_state *state)
{
	const struct sock *sk = state->sk;

	if (skb->ipvs_property || unlikely(!skb_dst(skb)))
		return true;
	/* The packets of a raw socket that forbids reassembly are not balanced
	 * either.  A SYN-ACK comes from a request socket, which has no such
	 * flag.
	 */
	return state->hook == NF_INET_LOCAL_OUT && sk &&
	       sk->sk_family == PF_INET && sk_fullsock(sk) &&
	       ip_vs_compat_nodefrag(sk);
}

/* Only a packet addressed to this host at link level may be a request. */
static bool may_request(const struct sk_buff *skb, unsigned int hook)
{
	return hook == NF_INET_LOCAL_OUT ||
	       (hook == NF_INET_LOCAL_IN && skb->pkt_type == PACKET_HOST);
}

static u32 defrag_user(unsigned int hook)
{
	switch (hook) {
	case NF_INET_LOCAL_IN:
		return IP_DEFRAG_VS_IN;
	case NF_INET_FORWARD:
		return IP_DEFRAG_VS_FWD;
	}
	return IP_DEFRAG_VS_OUT;
}

/* An ICMP error quotes the ports; ICMP itself is not balanced. */
static bool needs_ports(u8 proto)
{
	return ip_vs_proto_has_ports(proto) || proto == IPPROTO_ICMP;
}

/* A fragment may have no ports to find a connection by.  At LOCAL_IN the stack
 * has reassembled the packet already; elsewhere it is done here, and the output
 * path fragments it again as it came.  The head may be reallocated.  Returns
 * whether the packet is complete; if not it is queued and no longer the
 * caller's.
 */
static bool packet_reassembled4(struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	int err;

	if (likely(!ip_is_fragment(ip_hdr(skb))) ||
	    !needs_ports(ip_hdr(skb)->protocol))
		return true;
	/* LOCAL_OUT runs in process context, the queue's timer in softirq. */
	local_bh_disable();
	err = ip_defrag(state->net, skb, defrag_user(state->hook));
	local_bh_enable();
	/* The fragments fitted as they came, even if DF is set. */
	if (!err)
		skb->ignore_df = 1;
	return !err;
}

/* A packet without a connection, where a service has a persistence engine: does a
 * server of it open one?  Sets the packet's verdict then.
 */
static bool packet_opens_out(struct ip_vs_net *ivn, struct sk_buff *skb,
			     const struct ip_vs_packet *pkt,
			     unsigned int hook, unsigned int *verdict)
{
	struct ip_vs_conn *c;

	if (hook == NF_INET_LOCAL_IN)
		return false;
	c = ip_vs_outgoing(ivn, skb, pkt);
	if (!c)
		return false;
	*verdict = ip_vs_output(ivn, skb, pkt, c, hook);
	ip_vs_conn_done(c);
	return true;
}

/* Handle a packet of a connection; both families. */
static __always_inline unsigned int packet_follow(struct ip_vs_net *ivn,
						  struct sk_buff *skb,
						  const struct ip_vs_packet *pkt,
						  struct ip_vs_match match,
						  const struct nf_hook_state *state)
{
	if (match.dir == IP_VS_DIR_OUTPUT)
		return ip_vs_output(ivn, skb, pkt, match.c, state->hook);
	if (!may_request(skb, state->hook) || ip_vs_standby(ivn))
		return NF_ACCEPT;
	return ip_vs_input(ivn, skb, pkt, match.c, state);
}

/* A packet of a balanced protocol without a connection; @digest is that of the
 * lookup, 0: there was none, as the packet is too short.
 */
static __always_inline unsigned int packet_open(struct ip_vs_net *ivn,
						struct sk_buff *skb,
						const struct ip_vs_packet *pkt,
						u32 digest,
						const struct nf_hook_state *state)
{
	if (!may_request(skb, state->hook) || ip_vs_standby(ivn))
		return NF_ACCEPT;
	return ip_vs_input_open(ivn, skb, pkt, digest);
}

/* The same where a packet of a server may be one without a connection. */
static noinline unsigned int packet_new_slow(struct ip_vs_net *ivn,
					     struct sk_buff *skb,
					     const struct ip_vs_packet *pkt,
					     u32 digest, bool has_ports,
					     const struct nf_hook_state *state)
{
	unsigned int verdict;

	if (READ_ONCE(ivn->n_engines) &&
	    packet_opens_out(ivn, skb, pkt, state->hook, &verdict))
		return verdict;
	if (READ_ONCE(ivn->settings.nat_icmp_send) && has_ports &&
	    ip_vs_output_unknown(ivn, skb, pkt))
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_NO_CONN);
	return packet_open(ivn, skb, pkt, digest, state);
}

/* Handle a packet of a balanced protocol without a connection; both families. */
static __always_inline unsigned int packet_new(struct ip_vs_net *ivn,
					       struct sk_buff *skb,
					       const struct ip_vs_packet *pkt,
					       u32 digest, bool has_ports,
					       const struct nf_hook_state *state)
{
	if (unlikely(READ_ONCE(ivn->n_engines) ||
		     READ_ONCE(ivn->settings.nat_icmp_send)))
		return packet_new_slow(ivn, skb, pkt, digest, has_ports, state);
	return packet_open(ivn, skb, pkt, digest, state);
}

/* A protocol that is not balanced.  It may be a tunnel that ends on this host;
 * with sysctl ignore_tunneled what it carries is not balanced either.
 */
static unsigned int packet_pass(struct ip_vs_net *ivn, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	if (unlikely(READ_ONCE(ivn->settings.ignore_tunneled)) &&
	    may_request(skb, state->hook))
		skb->ipvs_property = 1;
	return NF_ACCEPT;
}

/* Not inlined into the hook: a packet that is not handled, like each forwarded
 * one when it passes LOCAL_OUT, need not pay for zeroing and guarding the
 * parsed packet.
 */
static noinline unsigned int packet_ipv4(struct ip_vs_net *ivn,
					 struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	struct ip_vs_match match;
	struct ip_vs_packet pkt;
	enum ip_vs_parse parsed;

	parsed = ip_vs_packet_parse4(skb, &pkt);
	/* ICMP is not balanced: its errors belong to others' connections. */
	if (unlikely(parsed == IP_VS_PARSE_OTHER))
		return pkt.proto == IPPROTO_ICMP ?
		       ip_vs_icmp4(ivn, skb, state->hook) :
		       packet_pass(ivn, skb, state);
	if (unlikely(parsed == IP_VS_PARSE_SHORT))
		return packet_new(ivn, skb, &pkt, 0, false, state);
	match = ip_vs_conn_find4(ivn, &pkt.key.v4);
	if (ip_vs_fast_teaches(ivn, skb))
		ip_vs_fast_learn(ivn, skb, &pkt, match, state);
	if (likely(match.c))
		return packet_follow(ivn, skb, &pkt, match, state);
	return packet_new(ivn, skb, &pkt, match.digest, true, state);
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (not_for_us(skb, state))
		return NF_ACCEPT;
	if (!packet_reassembled4(skb, state))
		return NF_STOLEN;
	return packet_ipv4(priv, skb, state);
}

static noinline unsigned int packet_ipv6(struct ip_vs_net *ivn,
					 struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	struct ip_vs_match match;
	struct ip_vs_packet pkt;
	enum ip_vs_parse parsed;

	parsed = ip_vs_packet_parse6(skb, &pkt);
	if (unlikely(parsed == IP_VS_PARSE_OTHER))
		return pkt.proto == IPPROTO_ICMPV6 && !pkt.later_fragment ?
		       ip_vs_icmp6(ivn, skb, pkt.l4_offset, state->hook) :
		       packet_pass(ivn, skb, state);
	if (unlikely(parsed == IP_VS_PARSE_SHORT))
		return packet_new(ivn, skb, &pkt, 0, false, state);
	match = ip_vs_conn_find6(ivn, &pkt.key.v6);
	if (likely(match.c))
		return packet_follow(ivn, skb, &pkt, match, state);
	return packet_new(ivn, skb, &pkt, match.digest, true, state);
}

/* Fragments are reassembled before any hook of ours: the first IPv6 service
 * enables that.
 */
static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (not_for_us(skb, state))
		return NF_ACCEPT;
	return packet_ipv6(priv, skb, state);
}

/* The IPv4 hooks; server/hooks.c registers them. */
const struct nf_hook_ops ip_vs_hook_ops4[IP_VS_HOOKS] = {
	{
		.hook = hook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_NAT_SRC - 1,
	}, {
		.hook = hook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_NAT_SRC,
	}, {
		.hook = hook_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_NAT_DST + 2,
	},
	[IP_VS_HOOK_FAST] = {
		.hook = ip_vs_fast4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = INT_MAX,
	},
};

/* The IPv6 hooks; server/hooks.c registers them. */
const struct nf_hook_ops ip_vs_hook_ops6[IP_VS_HOOKS] = {
	{
		.hook = hook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_NAT_SRC - 1,
	}, {
		.hook = hook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP6_PRI_NAT_SRC,
	}, {
		.hook = hook_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_NAT_DST + 2,
	},
};
