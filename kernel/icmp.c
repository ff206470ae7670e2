// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about our connections, both directions, both families.
 *
 * An error quotes the packet it is about.  That packet was sent by the one who
 * is to hear of it, so the connection is that of an answer to the quote:
 *
 *	quote of a request	(it met trouble on the way to the server): the
 *				error goes on to the client and must look as if
 *				the virtual address had been reached
 *	quote of an answer	(it met trouble on the way to the client): the
 *				error goes to the server, and must quote what
 *				the server had sent
 *
 * No error changes a connection's state or deadline.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "conn_life.h"
#include "conn_table.h"
#include "engine.h"
#include "net.h"
#include "packet.h"
#include "stats.h"
#include "xmit.h"
#include "xmit/path.h"

/* Both protocols' headers have this size. */
#define ICMP_HEADER_LEN 8

/* Which messages of ICMP are errors that we follow. */
static bool is_error4(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
	       type == ICMP_TIME_EXCEEDED;
}

/* All numbers below 128 are errors (RFC 4443). */
static bool is_error6(u8 type)
{
	return !(type & ICMPV6_INFOMSG_MASK);
}

/* Up to the quoted ports, if there are any. */
static unsigned int headers(const struct ip_vs_packet *quote)
{
	return quote->l4_offset +
	       (ip_vs_packet_has_ports(quote) ? 2 * sizeof(__be16) : 0);
}

static unsigned int icmp_offset(const struct ip_vs_packet *quote)
{
	return quote->ip_offset - ICMP_HEADER_LEN;
}

/**
 * ip_vs_icmp_checksum_good4() - is an ICMP packet as its sender wrote it?
 * @skb: packet
 * @offset: where the ICMP header starts
 *
 * Return: true or false.
 */
bool ip_vs_icmp_checksum_good4(struct sk_buff *skb, unsigned int offset)
{
	return skb_csum_unnecessary(skb) ||
	       !csum_fold(skb_checksum(skb, offset, skb->len - offset, 0));
}

static bool checksum_good6(struct sk_buff *skb, unsigned int offset)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	unsigned int len = skb->len - offset;

	return skb_csum_unnecessary(skb) ||
	       !csum_ipv6_magic(&iph->saddr, &iph->daddr, len, IPPROTO_ICMPV6,
				skb_checksum(skb, offset, len, 0));
}

/* Is the error as its sender wrote it?  One of this host's own needs no proof. */
static bool checksum_good(struct sk_buff *skb,
			  const struct ip_vs_packet *quote)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL || !skb->dev)
		return true;
	return quote->af == AF_INET6 ?
	       checksum_good6(skb, icmp_offset(quote)) :
	       ip_vs_icmp_checksum_good4(skb, icmp_offset(quote));
}

static void set_checksum(struct sk_buff *skb,
			 const struct ip_vs_packet *quote)
{
	unsigned int offset = icmp_offset(quote);
	unsigned int len = skb->len - offset;
	void *header = skb->data + offset;

	skb->ip_summed = CHECKSUM_NONE;
	if (quote->af == AF_INET6) {
		struct icmp6hdr *icmp6 = header;

		icmp6->icmp6_cksum = 0;
		icmp6->icmp6_cksum =
			csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					&ipv6_hdr(skb)->daddr, len,
					IPPROTO_ICMPV6,
					skb_checksum(skb, offset, len, 0));
	} else {
		struct icmphdr *icmp = header;

		icmp->checksum = 0;
		icmp->checksum = csum_fold(skb_checksum(skb, offset, len, 0));
	}
}

/**
 * struct face - one end of a packet, as a pair of addresses
 * @addr: address
 * @port: port
 */
struct face {
	union nf_inet_addr addr;
	__be16 port;
};

/* The virtual service, or the server, of a NAT connection. */
static void face_of(const struct ip_vs_conn *c, enum ip_vs_dir whose,
		    struct face *face)
{
	struct ip_vs_conn_view view;

	ip_vs_conn_view(c, &view);
	if (whose == IP_VS_DIR_INPUT) {
		face->addr = view.vaddr;
		face->port = view.vport;
	} else {
		face->addr = view.daddr;
		face->port = view.dport;
	}
}

/* In the quote, replace the end that is not the client's.  The quoted transport
 * checksum may be cut off and is left.
 */
static void rewrite_quote4(struct sk_buff *skb,
			   const struct ip_vs_packet *quote, bool source,
			   const struct face *face)
{
	struct iphdr *iph = (struct iphdr *)(skb->data + quote->ip_offset);
	__be16 *ports = (__be16 *)(skb->data + quote->l4_offset);
	__be32 *field = source ? &iph->saddr : &iph->daddr;

	*field = face->addr.ip;
	/* A router may have quoted the header after changing it. */
	ip_send_check(iph);
	if (ip_vs_packet_has_ports(quote))
		ports[source ? 0 : 1] = face->port;
}

static void rewrite_quote6(struct sk_buff *skb,
			   const struct ip_vs_packet *quote, bool source,
			   const struct face *face)
{
	struct ipv6hdr *iph = (struct ipv6hdr *)(skb->data + quote->ip_offset);
	__be16 *ports = (__be16 *)(skb->data + quote->l4_offset);

	if (source)
		iph->saddr = face->addr.in6;
	else
		iph->daddr = face->addr.in6;
	if (ip_vs_packet_has_ports(quote))
		ports[source ? 0 : 1] = face->port;
}

static void rewrite_outer(struct sk_buff *skb, u16 af, bool source,
			  const struct face *face)
{
	if (af == AF_INET6) {
		struct ipv6hdr *iph = ipv6_hdr(skb);

		if (source)
			iph->saddr = face->addr.in6;
		else
			iph->daddr = face->addr.in6;
	} else {
		struct iphdr *iph = ip_hdr(skb);
		__be32 *field = source ? &iph->saddr : &iph->daddr;

		csum_replace4(&iph->check, *field, face->addr.ip);
		*field = face->addr.ip;
	}
}

/* The headers are writable.  @to_client: the error's sender becomes the virtual
 * service, else its receiver the server; the quote changes at the other end.
 */
static void translate(struct sk_buff *skb, const struct ip_vs_packet *quote,
		      const struct ip_vs_conn *c, bool to_client)
{
	struct face face;

	face_of(c, to_client ? IP_VS_DIR_INPUT : IP_VS_DIR_OUTPUT, &face);
	rewrite_outer(skb, quote->af, to_client, &face);
	if (quote->af == AF_INET6)
		rewrite_quote6(skb, quote, !to_client, &face);
	else
		rewrite_quote4(skb, quote, !to_client, &face);
	set_checksum(skb, quote);
}

static bool is_nat(const struct ip_vs_conn *c)
{
	return (READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK) ==
	       IP_VS_CONN_F_MASQ;
}

static unsigned int to_client(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct ip_vs_packet *quote,
			      struct ip_vs_conn *c, unsigned int hooknum)
{
	if (is_nat(c)) {
		if (!checksum_good(skb, quote))
			return ip_vs_drop_of(c, IPVS_EXT_DROP_CHECKSUM);
		if (skb_ensure_writable(skb, headers(quote)))
			return ip_vs_drop_of(c, IPVS_EXT_DROP_NO_MEMORY);
		translate(skb, quote, c, true);
		if (!ip_vs_nat_reroute(ivn, skb, quote->af, hooknum))
			return ip_vs_drop_of(c, IPVS_EXT_DROP_REROUTE);
	}
	if (c->dest && ip_vs_dest_available(c->dest))
		ip_vs_stats_out(c->dest, skb->len);
	ip_vs_xmit_mark(skb, c);
	return NF_ACCEPT;
}

static unsigned int nat_to_server(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *quote,
				  struct ip_vs_conn *c, unsigned int hooknum)
{
	struct ip_vs_path path = {
		.conn = c,
		.af = quote->af,
		.nat = true,
		.may_stay = hooknum != NF_INET_FORWARD,
		.writable = headers(quote),
	};

	unsigned int verdict = NF_STOLEN;
	enum ip_vs_ext_drop why;

	ip_vs_path_find(&path, c, IP_VS_ROUTE_NAT);
	switch (ip_vs_path_take(skb, quote->af, &path)) {
	case IP_VS_WAY_NONE:
		break;
	case IP_VS_WAY_HERE:
		why = ip_vs_nat_obstacle(skb, c);
		if (why) {
			ip_vs_drop_free(c, skb, why);
			break;
		}
		translate(skb, quote, c, false);
		verdict = ip_vs_xmit_here(skb, c);
		break;
	case IP_VS_WAY_OUT:
		translate(skb, quote, c, false);
		verdict = ip_vs_xmit_out(skb, c, quote->af, path.dst);
		break;
	}
	ip_vs_path_end(&path);
	return verdict;
}

static unsigned int to_server(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct ip_vs_packet *quote,
			      struct ip_vs_conn *c, unsigned int hooknum)
{
	if (is_nat(c) && !checksum_good(skb, quote))
		return ip_vs_drop_of(c, IPVS_EXT_DROP_CHECKSUM);
	if (c->dest && ip_vs_dest_available(c->dest))
		ip_vs_stats_in(c->dest, skb->len);
	if (is_nat(c))
		return nat_to_server(ivn, skb, quote, c, hooknum);
	ip_vs_conn_count(c);
	return ip_vs_xmit(ivn, skb, quote, c);
}

/* An error about an answer of which we know nothing: if told to, we let it open
 * the connection that the answer would have belonged to.
 */
static unsigned int open(struct ip_vs_net *ivn, struct sk_buff *skb,
			 const struct ip_vs_packet *quote,
			 const struct ip_vs_packet *answer,
			 unsigned int hooknum)
{
	struct ip_vs_conn *c;
	unsigned int verdict;

	if (!READ_ONCE(ivn->settings.schedule_icmp) ||
	    !ip_vs_packet_has_ports(quote))
		return NF_ACCEPT;
	c = ip_vs_input_schedule(ivn, skb, quote, &answer->key, &verdict);
	if (!c)
		return verdict;
	verdict = to_server(ivn, skb, quote, c, hooknum);
	ip_vs_conn_done(c);
	return verdict;
}

static unsigned int follow(struct ip_vs_net *ivn, struct sk_buff *skb,
			   const struct ip_vs_packet *quote,
			   unsigned int hooknum)
{
	struct ip_vs_packet answer;
	struct ip_vs_match match;

	ip_vs_packet_turn(quote, &answer);
	match = ip_vs_conn_find(ivn, &answer);
	if (match.dir == IP_VS_DIR_OUTPUT)
		return to_client(ivn, skb, quote, match.c, hooknum);
	if (ip_vs_standby(ivn))
		return NF_ACCEPT;
	return match.c ? to_server(ivn, skb, quote, match.c, hooknum) :
			 open(ivn, skb, quote, &answer, hooknum);
}

/**
 * ip_vs_icmp4() - an ICMP packet
 * @ivn: namespace
 * @skb: packet, reassembled
 * @hooknum: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: a netfilter verdict.  NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_icmp4(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int hooknum)
{
	unsigned int offset = ip_hdrlen(skb);
	const struct icmphdr *icmp;
	struct ip_vs_packet quote;
	unsigned int verdict;
	struct icmphdr buf;

	icmp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!icmp)
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_ICMP);
	if (!is_error4(icmp->type))
		return NF_ACCEPT;
	if (ip_vs_icmp_tunnel(ivn, skb, offset, &verdict))
		return verdict;
	if (ip_vs_packet_parse_quote4(skb, offset + ICMP_HEADER_LEN, &quote) !=
	    IP_VS_PARSE_OK)
		return NF_ACCEPT;
	return follow(ivn, skb, &quote, hooknum);
}

/**
 * ip_vs_icmp6() - an ICMPv6 packet
 * @ivn: namespace
 * @skb: packet, reassembled
 * @offset: where the ICMPv6 header starts
 * @hooknum: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: a netfilter verdict.  NF_STOLEN: @skb was sent or freed.
 */
unsigned int ip_vs_icmp6(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int offset, unsigned int hooknum)
{
	const struct icmp6hdr *icmp;
	struct ip_vs_packet quote;
	struct icmp6hdr buf;

	icmp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!icmp)
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_ICMP);
	if (!is_error6(icmp->icmp6_type) ||
	    ip_vs_packet_parse_quote6(skb, offset + ICMP_HEADER_LEN, &quote) !=
	    IP_VS_PARSE_OK)
		return NF_ACCEPT;
	return follow(ivn, skb, &quote, hooknum);
}
