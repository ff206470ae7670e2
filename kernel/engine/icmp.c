// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about our connections, both directions, both families.
 *
 * An error quotes the packet it is about and goes to that packet's sender, so
 * its connection is that of an answer to the quote:
 *
 *	quote of a request	(which failed on the way to the server): the
 *				error goes on to the client and must look as if
 *				the virtual address had been reached
 *	quote of an answer	(which failed on the way to the client): the
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

#include "conn/conn.h"
#include "conn/drop.h"
#include "conn/table.h"
#include "conn/view.h"
#include "engine/engine.h"
#include "net.h"
#include "packet.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/route_cache.h"
#include "server/stats.h"
#include "writable.h"
#include "xmit/path.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/* Both protocols' headers have this size. */
#define ICMP_HEADER_LEN 8

/* Which ICMP messages are handled as errors. */
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

/**
 * struct error - an ICMP error, as it was parsed
 * @quote: the packet it is about
 * @type: of the message
 */
struct error {
	struct ip_vs_packet quote;
	u8 type;
};

static u32 icmp_offset(const struct error *e)
{
	return e->quote.ip_offset - ICMP_HEADER_LEN;
}

static bool checksum_good6(struct sk_buff *skb, u32 offset)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	unsigned int len = skb->len - offset;

	return skb_csum_unnecessary(skb) ||
	       !csum_ipv6_magic(&iph->saddr, &iph->daddr, len, IPPROTO_ICMPV6,
				skb_checksum(skb, offset, len, 0));
}

/* Is the error's checksum valid?  Errors of this host are not checked. */
static bool checksum_good(struct sk_buff *skb, const struct error *e)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL || !skb->dev)
		return true;
	return e->quote.af == AF_INET6 ?
	       checksum_good6(skb, icmp_offset(e)) :
	       ip_vs_icmp_checksum_good4(skb, icmp_offset(e));
}

/**
 * struct endpoint - an endpoint of a packet
 * @addr: address
 * @port: port
 */
struct endpoint {
	union nf_inet_addr addr;
	__be16 port;
};

/* The endpoint of a NAT connection: the virtual service, or the server. */
static void conn_endpoint(const struct ip_vs_conn *c, enum ip_vs_dir whose,
			  struct endpoint *endpoint)
{
	struct ip_vs_conn_view view;

	ip_vs_conn_view(c, &view);
	if (whose == IP_VS_DIR_INPUT) {
		endpoint->addr = view.vaddr;
		endpoint->port = view.vport;
	} else {
		endpoint->addr = view.daddr;
		endpoint->port = view.dport;
	}
}

/* In an IP header, replace one address. */
static void set_addr4(struct iphdr *iph, bool source,
		      const struct endpoint *endpoint)
{
	if (source)
		iph->saddr = endpoint->addr.ip;
	else
		iph->daddr = endpoint->addr.ip;
	/* A router may have quoted the header after changing it. */
	ip_send_check(iph);
}

static void set_addr6(struct ipv6hdr *iph, bool source,
		      const struct endpoint *endpoint)
{
	if (source)
		iph->saddr = endpoint->addr.in6;
	else
		iph->daddr = endpoint->addr.in6;
}

/**
 * struct places - what is rewritten in an error
 * @outer: its own IP header
 * @icmp: its ICMP header
 * @quoted: the IP header it quotes
 * @ports: the ports it quotes, NULL: none
 */
struct places {
	void *outer;
	void *icmp;
	void *quoted;
	__be16 *ports;
};

/* Returns whether all of it may be written. */
static bool find_places(struct ip_vs_writable w, const struct error *e,
			struct places *at)
{
	const struct ip_vs_packet *quote = &e->quote;
	u32 ip_len = quote->af == AF_INET6 ? sizeof(struct ipv6hdr) :
					     sizeof(struct iphdr);

	at->outer = ip_vs_writable_at(w, 0, ip_len);
	at->icmp = ip_vs_writable_at(w, icmp_offset(e), ICMP_HEADER_LEN);
	at->quoted = ip_vs_writable_at(w, quote->ip_offset, ip_len);
	at->ports = NULL;
	if (!at->outer || !at->icmp || !at->quoted)
		return false;
	if (!ip_vs_packet_has_ports(quote))
		return true;
	at->ports = ip_vs_writable_at(w, quote->l4_offset, IP_VS_PORTS_LEN);
	return at->ports;
}

static void error_rewrite4(struct sk_buff *skb, const struct places *at,
			   const struct error *e, bool to_client,
			   const struct endpoint *endpoint)
{
	u32 offset = icmp_offset(e);
	struct icmphdr *icmp = at->icmp;

	set_addr4(at->outer, to_client, endpoint);
	set_addr4(at->quoted, !to_client, endpoint);
	icmp->checksum = 0;
	icmp->checksum = csum_fold(skb_checksum(skb, offset,
						skb->len - offset, 0));
}

static void error_rewrite6(struct sk_buff *skb, const struct places *at,
			   const struct error *e, bool to_client,
			   const struct endpoint *endpoint)
{
	u32 offset = icmp_offset(e), len = skb->len - offset;
	struct ipv6hdr *outer = at->outer;
	struct icmp6hdr *icmp6 = at->icmp;

	set_addr6(outer, to_client, endpoint);
	set_addr6(at->quoted, !to_client, endpoint);
	icmp6->icmp6_cksum = 0;
	icmp6->icmp6_cksum = csum_ipv6_magic(&outer->saddr, &outer->daddr, len,
					     IPPROTO_ICMPV6,
					     skb_checksum(skb, offset, len, 0));
}

/* @to_client: the error's source becomes the virtual service, else its
 * destination the server; in the quote the other endpoint changes.  The quoted
 * transport checksum may be truncated and is not updated.  Returns 0, or why
 * nothing was written: the error has to be dropped.
 */
static enum ip_vs_ext_drop error_translate(struct ip_vs_writable w,
					   const struct error *e,
					   const struct ip_vs_conn *c,
					   bool to_client)
{
	struct places at;
	struct endpoint endpoint;

	if (!find_places(w, e, &at))
		return IPVS_EXT_DROP_SHORT;
	/* The type is the first byte in both families; like the quote, it was
	 * read from memory that the sender may still write to.
	 */
	if (*(const u8 *)at.icmp != e->type)
		return IPVS_EXT_DROP_CHANGED;
	conn_endpoint(c, to_client ? IP_VS_DIR_INPUT : IP_VS_DIR_OUTPUT,
		      &endpoint);
	if (at.ports)
		at.ports[to_client ? 1 : 0] = endpoint.port;
	if (e->quote.af == AF_INET6)
		error_rewrite6(w.skb, &at, e, to_client, &endpoint);
	else
		error_rewrite4(w.skb, &at, e, to_client, &endpoint);
	w.skb->ip_summed = CHECKSUM_NONE;
	return IPVS_EXT_DROP_UNSPEC;
}

static bool is_nat(const struct ip_vs_conn *c)
{
	return (READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK) ==
	       IP_VS_CONN_F_MASQ;
}

static enum ip_vs_ext_drop nat_to_client(struct ip_vs_net *ivn,
					 struct sk_buff *skb,
					 const struct error *e,
					 const struct ip_vs_conn *c,
					 unsigned int hooknum)
{
	struct ip_vs_writable w;
	enum ip_vs_ext_drop why;

	if (!checksum_good(skb, e))
		return IPVS_EXT_DROP_CHECKSUM;
	why = ip_vs_writable_make(&w, skb, &e->quote,
				  ip_vs_icmp_quote_end(&e->quote));
	if (!why)
		why = error_translate(w, e, c, true);
	if (!why && !ip_vs_nat_reroute(ivn, skb, e->quote.af, hooknum))
		why = IPVS_EXT_DROP_REROUTE;
	return why;
}

static unsigned int to_client(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct error *e, struct ip_vs_conn *c,
			      unsigned int hooknum)
{
	enum ip_vs_ext_drop why;

	if (ip_vs_icmp_crosses_border(skb, &e->quote))
		return ip_vs_drop_of(c, IPVS_EXT_DROP_BOUNDARY);
	if (is_nat(c)) {
		why = nat_to_client(ivn, skb, e, c, hooknum);
		if (why)
			return ip_vs_drop_of(c, why);
	}
	if (c->dest && ip_vs_dest_available(c->dest))
		ip_vs_stats_out(c->dest, skb->len);
	ip_vs_xmit_mark(skb, c);
	return NF_ACCEPT;
}

static unsigned int nat_to_server(struct sk_buff *skb, const struct error *e,
				  struct ip_vs_conn *c, unsigned int hooknum)
{
	struct ip_vs_path path = {
		.conn = c,
		.af = e->quote.af,
		.nat = true,
		.may_stay = hooknum != NF_INET_FORWARD,
		.pkt = &e->quote,
		.end = ip_vs_icmp_quote_end(&e->quote),
	};
	unsigned int verdict = NF_STOLEN;
	struct ip_vs_writable w;
	enum ip_vs_ext_drop why;
	enum ip_vs_way way;

	ip_vs_path_find_elsewhere(&path, c, IP_VS_ROUTE_NAT);
	way = ip_vs_path_take(skb, e->quote.af, &path, &w);
	if (way != IP_VS_WAY_NONE) {
		why = way == IP_VS_WAY_HERE ? ip_vs_nat_obstacle(skb, c) :
					      IPVS_EXT_DROP_UNSPEC;
		if (!why)
			why = error_translate(w, e, c, false);
		if (why)
			ip_vs_drop_free(c, skb, why);
		else if (way == IP_VS_WAY_HERE)
			verdict = ip_vs_xmit_here(skb, c);
		else
			verdict = ip_vs_xmit_out(skb, c, e->quote.af,
						 path.dst);
	}
	ip_vs_path_end(&path);
	return verdict;
}

static unsigned int to_server(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct error *e, struct ip_vs_conn *c,
			      unsigned int hooknum)
{
	if (ip_vs_icmp_crosses_border(skb, &e->quote))
		return ip_vs_drop_of(c, IPVS_EXT_DROP_BOUNDARY);
	if (is_nat(c) && !checksum_good(skb, e))
		return ip_vs_drop_of(c, IPVS_EXT_DROP_CHECKSUM);
	if (c->dest && ip_vs_dest_available(c->dest))
		ip_vs_stats_in(c->dest, skb->len);
	if (is_nat(c))
		return nat_to_server(skb, e, c, hooknum);
	ip_vs_conn_count(c);
	return ip_vs_xmit(ivn, skb, &e->quote, c);
}

/* Could a client with this address have sent a request?  The stack would not
 * have let one in from any other.
 */
static bool may_be_client(const struct ip_vs_net *ivn,
			  const struct ip_vs_packet *quote)
{
	const union nf_inet_addr *client = ip_vs_packet_caddr(quote);
	unsigned int type;

	if (quote->af == AF_INET6)
		return ipv6_addr_type(&client->in6) & IPV6_ADDR_UNICAST;
	type = inet_addr_type(ivn->net, client->ip);
	return type == RTN_UNICAST || type == RTN_LOCAL;
}

/* An error about an answer without a connection: with sysctl schedule_icmp it
 * opens the connection that the answer would have belonged to.
 */
static unsigned int error_open(struct ip_vs_net *ivn, struct sk_buff *skb,
			       const struct error *e,
			       const struct ip_vs_packet *answer, u32 digest,
			       unsigned int hooknum)
{
	struct ip_vs_conn *c;
	unsigned int verdict;

	if (!READ_ONCE(ivn->settings.schedule_icmp) ||
	    !ip_vs_packet_has_ports(&e->quote) ||
	    ip_vs_icmp_crosses_border(skb, &e->quote) ||
	    !may_be_client(ivn, &e->quote))
		return NF_ACCEPT;
	c = ip_vs_input_schedule(ivn, skb, &e->quote, &answer->key,
				 digest, &verdict);
	if (!c)
		return verdict;
	verdict = to_server(ivn, skb, e, c, hooknum);
	ip_vs_conn_done(c);
	return verdict;
}

static unsigned int error_follow(struct ip_vs_net *ivn, struct sk_buff *skb,
				 const struct error *e, unsigned int hooknum)
{
	struct ip_vs_packet answer;
	struct ip_vs_match match;

	ip_vs_packet_turn(&e->quote, &answer);
	match = ip_vs_conn_find(ivn, &answer);
	if (match.dir == IP_VS_DIR_OUTPUT)
		return to_client(ivn, skb, e, match.c, hooknum);
	if (ip_vs_standby(ivn))
		return NF_ACCEPT;
	return match.c ? to_server(ivn, skb, e, match.c, hooknum) :
			 error_open(ivn, skb, e, &answer, match.digest,
				    hooknum);
}

/**
 * ip_vs_icmp4() - handle an ICMP packet
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
	unsigned int verdict;
	struct icmphdr buf;
	struct error e;

	icmp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!icmp)
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_ICMP);
	e.type = icmp->type;
	if (!is_error4(e.type))
		return NF_ACCEPT;
	if (ip_vs_icmp_tunnel(ivn, skb, offset, e.type, &verdict))
		return verdict;
	if (ip_vs_packet_parse_quote4(skb, offset + ICMP_HEADER_LEN,
				      &e.quote) != IP_VS_PARSE_OK)
		return NF_ACCEPT;
	return error_follow(ivn, skb, &e, hooknum);
}

/**
 * ip_vs_icmp6() - handle an ICMPv6 packet
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
			 u32 offset, unsigned int hooknum)
{
	const struct icmp6hdr *icmp;
	struct icmp6hdr buf;
	struct error e;

	icmp = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!icmp)
		return ip_vs_drop(ivn, NULL, IPVS_EXT_DROP_ICMP);
	e.type = icmp->icmp6_type;
	if (!is_error6(e.type) ||
	    ip_vs_packet_parse_quote6(skb, offset + ICMP_HEADER_LEN,
				      &e.quote) != IP_VS_PARSE_OK)
		return NF_ACCEPT;
	return error_follow(ivn, skb, &e, hooknum);
}
