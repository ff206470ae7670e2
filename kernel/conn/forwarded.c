// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection of a request that was forwarded, for other modules.
 *
 * A forwarded packet carries nothing that says which connection it belongs to.
 * It is found by the packet's headers as they are now: with NAT they name the
 * client and the real server, with all other methods the client and the virtual
 * address.  With source and destination swapped that is the tuple of an answer
 * of the connection, whatever the method.
 *
 * What comes here is whatever the rules of a firewall select, at any hook and
 * in any namespace: also packets that were never forwarded, whose headers a
 * rule or a program has changed since, or that were held back until their
 * namespace is destroyed.
 */
#include <linux/export.h>
#include <linux/ip.h>
#include <linux/ip_vs.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "conn/conn.h"
#include "conn/forwarded.h"
#include "conn/table.h"
#include "net.h"
#include "packet.h"

/* Parse a packet of any protocol that is balanced and whose ports are there. */
static bool packet_parsed(const struct sk_buff *skb, u8 pf,
			  struct ip_vs_packet *pkt)
{
	switch (pf) {
	case NFPROTO_IPV4:
		if (ip_vs_packet_parse4(skb, pkt) != IP_VS_PARSE_OK)
			return false;
		/* A later fragment has no ports.  AH and ESP need none. */
		return !(ip_hdr(skb)->frag_off & htons(IP_OFFSET)) ||
		       !ip_vs_packet_has_ports(pkt);
	case NFPROTO_IPV6:
		return ip_vs_packet_parse6(skb, pkt) == IP_VS_PARSE_OK;
	}
	return false;
}

static void forwarded_fill(struct ip_vs_forwarded *fwd, u8 proto,
			   const struct ip_vs_conn *c)
{
	const union ip_vs_key *key = ip_vs_conn_key(c, IP_VS_DIR_INPUT);
	const struct ip_vs_conn *control = c->control;

	fwd->proto = proto;
	fwd->method = READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK;
	if (c->af == AF_INET6) {
		fwd->vaddr.in6 = key->v6.daddr;
		fwd->vport = key->v6.dport;
	} else {
		fwd->vaddr.ip = key->v4.daddr;
		fwd->vport = key->v4.dport;
	}
	fwd->controlled = control;
	if (!control)
		return;
	key = ip_vs_conn_key(control, IP_VS_DIR_INPUT);
	fwd->control_vport = control->af == AF_INET6 ? key->v6.dport :
						       key->v4.dport;
}

/**
 * ip_vs_forwarded_find() - find the connection of a request after forwarding
 * @net: namespace
 * @skb: packet whose data starts with its IP header, that header linear, as at
 *	every netfilter hook
 * @pf: family of that header, NFPROTO_*
 * @fwd: filled in if there is a connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: true: the packet looks like a request of a connection as it leaves
 * for the server; false: it does not, or its protocol is not balanced.
 */
bool ip_vs_forwarded_find(struct net *net, const struct sk_buff *skb, u8 pf,
			  struct ip_vs_forwarded *fwd)
{
	struct ip_vs_net *ivn = ip_vs_net(net);
	struct ip_vs_packet pkt, answer;
	const struct ip_vs_conn *c;

	/* The tables of a namespace are freed a grace period after this is
	 * set.
	 */
	if (READ_ONCE(ivn->dying))
		return false;
	if (!packet_parsed(skb, pf, &pkt))
		return false;
	ip_vs_packet_turn(&pkt, &answer);
	c = ip_vs_conn_find_answer(ivn, &answer);
	if (!c)
		return false;
	forwarded_fill(fwd, pkt.proto, c);
	return true;
}
EXPORT_SYMBOL_GPL(ip_vs_forwarded_find);
