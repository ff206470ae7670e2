// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connection tracking's entries for the packets and connections of IPVS.
 *
 * By default a packet that is forwarded is untracked (a tracking entry would
 * double each connection's memory).  With sysctl conntrack on, connections
 * created from then on keep their tracking entry.  That takes three things: the
 * entry of a NAT connection must expect its answers from the real server; it
 * must be removed when the connection ends; and when a client uses a tuple
 * again, the packet must not stay with the flow that has ended.
 */
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "nfct.h"
#include "packet.h"

/**
 * ip_vs_nfct_has() - does connection tracking have an entry for a packet?
 * @skb: packet
 *
 * Return: true or false.
 */
bool ip_vs_nfct_has(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;

	return nf_ct_get(skb, &ctinfo);
}

/**
 * ip_vs_nfct_confirmed() - is a packet part of a flow known before?
 * @skb: packet
 *
 * Return: true or false.
 */
bool ip_vs_nfct_confirmed(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && nf_ct_is_confirmed(ct);
}

/**
 * ip_vs_nfct_untrack() - untrack a packet
 * @skb: packet with a reference to an entry
 */
void ip_vs_nfct_untrack(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

/* A packet's tracking entry, if the source of its answers may still be changed:
 * its flow is new, and this packet is the one that opens it.
 */
static struct nf_conn *tuple_opening(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_confirmed(ct) || nf_ct_is_dying(ct) ||
	    CTINFO2DIR(ctinfo) != IP_CT_DIR_ORIGINAL)
		return NULL;
	return ct;
}

/* One endpoint of a tuple.  Every protocol keeps its port where TCP does. */
static void name_source(struct nf_conntrack_tuple *tuple, u16 af,
			const union ip_vs_key *key)
{
	if (af == AF_INET6) {
		tuple->src.u3.in6 = key->v6.saddr;
		tuple->src.u.all = key->v6.sport;
	} else {
		tuple->src.u3.ip = key->v4.saddr;
		tuple->src.u.all = key->v4.sport;
	}
}

static void name_dest(struct nf_conntrack_tuple *tuple, u16 af,
		      const union ip_vs_key *key)
{
	if (af == AF_INET6) {
		tuple->dst.u3.in6 = key->v6.daddr;
		tuple->dst.u.all = key->v6.dport;
	} else {
		tuple->dst.u3.ip = key->v4.daddr;
		tuple->dst.u.all = key->v4.dport;
	}
}

/**
 * ip_vs_nfct_answer_from() - make a new flow expect answers from the server
 * @skb: the request, not yet rewritten
 * @af: its family
 * @answer: the tuple of the server's packets
 * @ports: the packet has ports
 *
 * A flow known before is left as it is.
 */
void ip_vs_nfct_answer_from(struct sk_buff *skb, u16 af,
			    const union ip_vs_key *answer, bool ports)
{
	struct nf_conn *ct = tuple_opening(skb);
	struct nf_conntrack_tuple reply;
	__be16 port;

	if (!ct)
		return;
	reply = ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	port = reply.src.u.all;
	name_source(&reply, af, answer);
	if (!ports)
		reply.src.u.all = port;
	nf_conntrack_alter_reply(ct, &reply);
}

/**
 * ip_vs_nfct_answer_to() - make a flow that the server opens expect answers to
 * the virtual address
 * @skb: the server's packet, not yet rewritten
 * @af: its family
 * @request: the tuple of the client's packets
 *
 * A flow known before is left as it is.
 */
void ip_vs_nfct_answer_to(struct sk_buff *skb, u16 af,
			  const union ip_vs_key *request)
{
	struct nf_conn *ct = tuple_opening(skb);
	struct nf_conntrack_tuple reply;

	if (!ct)
		return;
	reply = ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	name_dest(&reply, af, request);
	nf_conntrack_alter_reply(ct, &reply);
}

/**
 * ip_vs_nfct_prepare() - make room for changes of sequence numbers
 * @skb: the packet that opens a flow; others are left alone
 *
 * Without memory for it the numbers are changed in xmit/adjust.c.
 */
void ip_vs_nfct_prepare(struct sk_buff *skb)
{
	struct nf_conn *ct = tuple_opening(skb);

	if (ct && !nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);
}

/**
 * ip_vs_nfct_changes() - does connection tracking change a packet's numbers?
 * @skb: packet
 *
 * Return: true or false.
 */
bool ip_vs_nfct_changes(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && test_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
}

/**
 * ip_vs_nfct_change() - the length of a flow's text changes
 * @skb: packet in which it does
 * @seq: its sender's number where it does
 * @diff: by how much
 * @untold: it has changed before; if the tracking entry does not know of that,
 *	it is not told of this either
 *
 * Context: softirq or process.
 */
void ip_vs_nfct_change(struct sk_buff *skb, u32 seq, s32 diff, bool untold)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || !nfct_seqadj(ct))
		return;
	if (untold && !test_bit(IPS_SEQ_ADJUST_BIT, &ct->status))
		return;
	nf_ct_seqadj_set(ct, ctinfo, htonl(seq), diff);
}

static u8 nfct_family(u16 af)
{
	return af == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}

/**
 * ip_vs_nfct_track() - have a namespace's packets tracked
 * @net: namespace
 * @af: of this family
 *
 * Context: process, may sleep.
 *
 * Return: 0, to be undone by ip_vs_nfct_untrack_net(), or -errno.
 */
int ip_vs_nfct_track(struct net *net, u16 af)
{
	return nf_ct_netns_get(net, nfct_family(af));
}

/**
 * ip_vs_nfct_untrack_net() - undo ip_vs_nfct_track()
 * @net: namespace
 * @af: family
 *
 * Context: process, may sleep.
 */
void ip_vs_nfct_untrack_net(struct net *net, u16 af)
{
	nf_ct_netns_put(net, nfct_family(af));
}

/**
 * ip_vs_nfct_confirm() - confirm the flow of a packet to be encapsulated
 * @skb: packet
 *
 * Return: false: connection tracking refuses it, the packet is to be dropped.
 */
bool ip_vs_nfct_confirm(struct sk_buff *skb)
{
	return nf_conntrack_confirm(skb) == NF_ACCEPT;
}

/**
 * ip_vs_nfct_kill() - remove the tracking entry of an ended connection
 * @net: namespace
 * @af: family
 * @request: the tuple of the client's packets
 *
 * Context: any but hard interrupts.
 */
void ip_vs_nfct_kill(struct net *net, u16 af, const union ip_vs_key *request)
{
	struct nf_conntrack_tuple tuple = {};
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct;

	tuple.src.l3num = af;
	tuple.dst.protonum = af == AF_INET6 ? request->v6.proto :
					      request->v4.proto;
	tuple.dst.dir = IP_CT_DIR_ORIGINAL;
	name_source(&tuple, af, request);
	name_dest(&tuple, af, request);
	h = nf_conntrack_find_get(net, &nf_ct_zone_dflt, &tuple);
	if (!h)
		return;
	ct = nf_ct_tuplehash_to_ctrack(h);
	nf_ct_kill(ct);
	nf_ct_put(ct);
}

/**
 * ip_vs_nfct_renew() - track a packet as the first of a new flow
 * @skb: packet, whose flow has ended; its old entry is removed, it gets a new
 *	one
 * @state: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_nfct_renew(struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct nf_hook_state at = *state;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct)
		return;
	nf_ct_kill(ct);
	nf_reset_ct(skb);
	/* Flows begin at PRE_ROUTING: tracked as if it had just come in. */
	if (at.hook != NF_INET_LOCAL_OUT)
		at.hook = NF_INET_PRE_ROUTING;
	nf_conntrack_in(skb, &at);
}
