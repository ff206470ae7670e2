// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parse once: everything later steps need to know of a packet's headers.
 *
 * Nothing here writes to the packet, keeps a pointer into it, or knows of
 * connections and services.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"
#include "proto/rows.h"

/* Ports come first in every transport header that has them. */
struct ports {
	__be16 source;
	__be16 dest;
};

/* The key exchange of IPsec (ISAKMP, RFC 2408) talks from and to this port. */
#define ISAKMP_PORT htons(500)

/* Most extension headers that are followed.  RFC 8200 defines six, of which
 * destination options may occur twice; so many of the longest fill the longest
 * packet.  Of the shortest a packet may hold thousands, and to find each one
 * all of its fragments may have to be searched.
 */
#define EXTENSIONS_MOST 32

/* Byte 13 of a TCP header holds the flags. */
#define TCP_FLAGS_OFFSET 13

static void set_ports(struct ip_vs_packet *pkt, __be16 source, __be16 dest)
{
	if (pkt->af == AF_INET6) {
		pkt->key.v6.sport = source;
		pkt->key.v6.dport = dest;
	} else {
		pkt->key.v4.sport = source;
		pkt->key.v4.dport = dest;
	}
}

static bool read_ports(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	struct ports buf;
	const struct ports *p;

	p = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (!p)
		return false;
	set_ports(pkt, p->source, p->dest);
	return true;
}

static void take_tcp(struct ip_vs_packet *pkt, const struct tcphdr *th)
{
	set_ports(pkt, th->source, th->dest);
	pkt->tcp_flags = ((const u8 *)th)[TCP_FLAGS_OFFSET];
	pkt->has_l4 = true;
}

static void take_udp(struct ip_vs_packet *pkt, const struct udphdr *uh)
{
	set_ports(pkt, uh->source, uh->dest);
	pkt->has_l4 = true;
}

/* The usual case reads the whole header at once; a truncated one may still have
 * its ports, which is all that an existing connection needs.
 */
static bool parse_tcp(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	struct tcphdr buf;
	const struct tcphdr *th;

	th = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (unlikely(!th))
		return read_ports(skb, pkt);
	take_tcp(pkt, th);
	return true;
}

static bool parse_udp(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	struct udphdr buf;
	const struct udphdr *uh;

	uh = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (unlikely(!uh))
		return read_ports(skb, pkt);
	take_udp(pkt, uh);
	return true;
}

/* The common header and the head of the first chunk. */
struct sctp_start {
	struct sctphdr header;
	struct sctp_chunkhdr chunk;
};

/* An ABORT may follow a chunk of the cookie exchange (RFC 9260). */
static bool abort_follows(const struct sk_buff *skb, unsigned int offset,
			  const struct sctp_chunkhdr *first)
{
	unsigned int len = ntohs(first->length);
	const struct sctp_chunkhdr *next;
	struct sctp_chunkhdr buf;

	if ((first->type != SCTP_CID_COOKIE_ECHO &&
	     first->type != SCTP_CID_COOKIE_ACK) || len < sizeof(*first))
		return false;
	next = skb_header_pointer(skb, offset + ALIGN(len, 4), sizeof(buf),
				  &buf);
	return next && next->type == SCTP_CID_ABORT;
}

static bool parse_sctp(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	unsigned int chunk = pkt->l4_offset + sizeof(struct sctphdr);
	const struct sctp_start *start;
	struct sctp_start buf;

	start = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (unlikely(!start))
		return read_ports(skb, pkt);
	set_ports(pkt, start->header.source, start->header.dest);
	pkt->chunk = start->chunk.type;
	pkt->chunk_aborts = abort_follows(skb, chunk, &start->chunk);
	pkt->has_l4 = true;
	return true;
}

/* AH and ESP: the ports are encrypted or absent.  The packet follows the
 * connection of the key exchange between the same two hosts, whose ports are
 * known.
 */
static void follow_ike(struct ip_vs_packet *pkt)
{
	if (pkt->af == AF_INET6)
		pkt->key.v6.proto = IPPROTO_UDP;
	else
		pkt->key.v4.proto = IPPROTO_UDP;
	set_ports(pkt, ISAKMP_PORT, ISAKMP_PORT);
}

/* By protocol: each header is read its own way, and each packet is, so that the
 * parsers are called directly.
 */
static noinline enum ip_vs_parse parse_any_l4(const struct sk_buff *skb,
					      struct ip_vs_packet *pkt)
{
	bool found;

	set_ports(pkt, 0, 0);
	switch (pkt->proto) {
	case IPPROTO_TCP:
		found = parse_tcp(skb, pkt);
		break;
	case IPPROTO_UDP:
		found = parse_udp(skb, pkt);
		break;
	case IPPROTO_SCTP:
		found = parse_sctp(skb, pkt);
		break;
	default:
		if (ip_vs_proto_row(pkt->proto)->ports != IP_VS_PORTS_IKE)
			return IP_VS_PARSE_OTHER;
		follow_ike(pkt);
		found = true;
	}
	return likely(found) ? IP_VS_PARSE_OK : IP_VS_PARSE_SHORT;
}

/* TCP and UDP headers in the linear part, as nearly all are, are read in place:
 * a buffer for one that is not has to be zeroed and guarded, so the others are
 * parsed in a function that is not inlined.
 */
static __always_inline enum ip_vs_parse parse_l4(const struct sk_buff *skb,
						 struct ip_vs_packet *pkt)
{
	unsigned int linear = skb_headlen(skb);
	const void *l4 = skb->data + pkt->l4_offset;

	if (likely(pkt->proto == IPPROTO_TCP) &&
	    likely(pkt->l4_offset + sizeof(struct tcphdr) <= linear))
		take_tcp(pkt, l4);
	else if (pkt->proto == IPPROTO_UDP &&
		 likely(pkt->l4_offset + sizeof(struct udphdr) <= linear))
		take_udp(pkt, l4);
	else
		return parse_any_l4(skb, pkt);
	return IP_VS_PARSE_OK;
}

static __always_inline void packet_start(const struct sk_buff *skb,
					 struct ip_vs_packet *pkt, u8 af,
					 unsigned int ip_offset)
{
	pkt->af = af;
	pkt->proto = IPPROTO_NONE;
	pkt->quoted = false;
	pkt->later_fragment = false;
	pkt->has_l4 = false;
	pkt->tcp_flags = 0;
	pkt->chunk = 0;
	pkt->chunk_aborts = false;
	pkt->ip_offset = ip_offset;
	pkt->len = skb->len;
}

static void take_header4(struct ip_vs_packet *pkt, const struct iphdr *iph)
{
	pkt->proto = iph->protocol;
	pkt->l4_offset = pkt->ip_offset + iph->ihl * 4;
	pkt->key.v4.saddr = iph->saddr;
	pkt->key.v4.daddr = iph->daddr;
	pkt->key.v4.proto = iph->protocol;
	pkt->key.v4.kind = IP_VS_KEY_FLOW;
}

/**
 * ip_vs_packet_parse4() - parse an IPv4 packet
 * @skb: packet whose data starts with its IP header, that header linear, as at
 *	every netfilter hook; reassembled
 * @pkt: filled in; the ports only where they could be read
 *
 * Context: any.
 *
 * Return: IP_VS_PARSE_OK, _OTHER or _SHORT.
 */
enum ip_vs_parse ip_vs_packet_parse4(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt)
{
	const struct iphdr *iph = ip_hdr(skb);

	packet_start(skb, pkt, AF_INET, 0);
	/* Raw sockets and queues in user space may send anything. */
	if (unlikely(iph->ihl < 5))
		return IP_VS_PARSE_OTHER;
	take_header4(pkt, iph);
	return parse_l4(skb, pkt);
}

/* How long an extension header is. */
static u32 extension_len(u8 type, const struct ipv6_opt_hdr *ext)
{
	switch (type) {
	case NEXTHDR_FRAGMENT:
		return sizeof(struct frag_hdr);
	case NEXTHDR_AUTH:
		return ipv6_authlen(ext);
	}
	return ipv6_optlen(ext);
}

/* Is the packet, whose fragment header is at @pkt->l4_offset, the first
 * fragment?  Only that one has a transport header.
 */
static bool is_first_fragment(const struct sk_buff *skb,
			      struct ip_vs_packet *pkt)
{
	const __be16 *frag_off;
	__be16 buf;

	frag_off = skb_header_pointer(skb, pkt->l4_offset +
				      offsetof(struct frag_hdr, frag_off),
				      sizeof(buf), &buf);
	if (!frag_off)
		return false;
	pkt->later_fragment = *frag_off & htons(IP6_OFFSET);
	return !pkt->later_fragment;
}

/* @pkt->proto and @pkt->l4_offset are those of the first extension header, and
 * on return those of the transport header.  Authentication headers are skipped
 * like any other.  Returns whether there is a transport header.
 */
static noinline bool skip_extensions(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt)
{
	const struct ipv6_opt_hdr *ext;
	struct ipv6_opt_hdr buf;
	unsigned int n;

	for (n = 0; ipv6_ext_hdr(pkt->proto); n++) {
		if (n == EXTENSIONS_MOST || pkt->proto == NEXTHDR_NONE)
			return false;
		ext = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf),
					 &buf);
		if (!ext)
			return false;
		if (pkt->proto == NEXTHDR_FRAGMENT &&
		    !is_first_fragment(skb, pkt))
			return false;
		pkt->l4_offset += extension_len(pkt->proto, ext);
		pkt->proto = ext->nexthdr;
	}
	/* A first fragment without all extension headers is not ours to drop:
	 * the stack tells its sender (RFC 7112).
	 */
	if (likely(pkt->l4_offset <= skb->len))
		return true;
	pkt->proto = IPPROTO_NONE;
	return false;
}

/* Returns whether there is a transport header behind the extensions. */
static bool take_header6(const struct sk_buff *skb, struct ip_vs_packet *pkt,
			 const struct ipv6hdr *iph)
{
	pkt->proto = iph->nexthdr;
	pkt->l4_offset = pkt->ip_offset + sizeof(*iph);
	pkt->key.v6.saddr = iph->saddr;
	pkt->key.v6.daddr = iph->daddr;
	pkt->key.v6.kind = IP_VS_KEY_FLOW;
	if (unlikely(ipv6_ext_hdr(pkt->proto)) && !skip_extensions(skb, pkt))
		return false;
	pkt->key.v6.proto = pkt->proto;
	return true;
}

/**
 * ip_vs_packet_parse6() - parse an IPv6 packet
 * @skb: packet whose data starts with its IP header, that header linear, as at
 *	every netfilter hook; reassembled
 * @pkt: filled in; the ports only where they could be read
 *
 * Context: any.
 *
 * Return: IP_VS_PARSE_OK, _OTHER or _SHORT.
 */
enum ip_vs_parse ip_vs_packet_parse6(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt)
{
	packet_start(skb, pkt, AF_INET6, 0);
	if (!take_header6(skb, pkt, ipv6_hdr(skb)))
		return IP_VS_PARSE_OTHER;
	return parse_l4(skb, pkt);
}

/* An error quotes at least 8 bytes of transport header (RFC 792), of which only
 * the ports are read.
 */
static enum ip_vs_parse quoted_ports(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt)
{
	set_ports(pkt, 0, 0);
	switch (ip_vs_proto_row(pkt->proto)->ports) {
	case IP_VS_PORTS_OWN:
		return read_ports(skb, pkt) ? IP_VS_PARSE_OK :
					      IP_VS_PARSE_SHORT;
	case IP_VS_PORTS_IKE:
		follow_ike(pkt);
		return IP_VS_PARSE_OK;
	}
	return IP_VS_PARSE_OTHER;
}

/**
 * ip_vs_packet_parse_quote4() - parse the packet quoted in an ICMP error
 * @skb: the error, IPv4
 * @offset: where the quoted IP header starts
 * @pkt: filled in; addresses and ports as the quote says them
 *
 * Context: any.
 *
 * Return: IP_VS_PARSE_OK; _OTHER, _SHORT: not a quote that we could use.
 */
enum ip_vs_parse ip_vs_packet_parse_quote4(const struct sk_buff *skb,
					   unsigned int offset,
					   struct ip_vs_packet *pkt)
{
	const struct iphdr *iph;
	struct iphdr buf;

	iph = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return IP_VS_PARSE_SHORT;
	packet_start(skb, pkt, AF_INET, offset);
	pkt->quoted = true;
	take_header4(pkt, iph);
	if (iph->frag_off & htons(IP_OFFSET) && ip_vs_packet_has_ports(pkt))
		return IP_VS_PARSE_OTHER;
	return quoted_ports(skb, pkt);
}

/**
 * ip_vs_packet_parse_quote6() - parse the packet quoted in an ICMPv6 error
 * @skb: the error, IPv6
 * @offset: where the quoted IP header starts
 * @pkt: filled in; addresses and ports as the quote says them
 *
 * Context: any.
 *
 * Return: IP_VS_PARSE_OK; _OTHER, _SHORT: not a quote that we could use.
 */
enum ip_vs_parse ip_vs_packet_parse_quote6(const struct sk_buff *skb,
					   unsigned int offset,
					   struct ip_vs_packet *pkt)
{
	const struct ipv6hdr *iph;
	struct ipv6hdr buf;

	iph = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!iph || iph->version != 6)
		return IP_VS_PARSE_SHORT;
	packet_start(skb, pkt, AF_INET6, offset);
	pkt->quoted = true;
	if (!take_header6(skb, pkt, iph))
		return IP_VS_PARSE_OTHER;
	return quoted_ports(skb, pkt);
}

static bool same_key(const struct ip_vs_packet *a, const struct ip_vs_packet *b)
{
	size_t len = a->af == AF_INET6 ?
		     offsetofend(struct ip_vs_key6, kind) :
		     offsetofend(struct ip_vs_key4, kind);

	return !memcmp(&a->key, &b->key, len);
}

/**
 * ip_vs_packet_unchanged() - is a packet still as it was parsed?
 * @skb: packet
 * @pkt: the packet as it was parsed, with success
 *
 * The sender may still write to parts that are not linear (a packet ring, pages
 * sent without a copy) after they were parsed and before they are copied.
 *
 * Context: any.
 *
 * Return: true or false.
 */
bool ip_vs_packet_unchanged(const struct sk_buff *skb,
			    const struct ip_vs_packet *pkt)
{
	struct ip_vs_packet now;
	enum ip_vs_parse parsed;

	if (pkt->af == AF_INET6)
		parsed = pkt->quoted ?
			 ip_vs_packet_parse_quote6(skb, pkt->ip_offset, &now) :
			 ip_vs_packet_parse6(skb, &now);
	else
		parsed = pkt->quoted ?
			 ip_vs_packet_parse_quote4(skb, pkt->ip_offset, &now) :
			 ip_vs_packet_parse4(skb, &now);
	return parsed == IP_VS_PARSE_OK && now.l4_offset == pkt->l4_offset &&
	       now.proto == pkt->proto && now.has_l4 == pkt->has_l4 &&
	       now.tcp_flags == pkt->tcp_flags && now.chunk == pkt->chunk &&
	       now.chunk_aborts == pkt->chunk_aborts && same_key(&now, pkt);
}

/**
 * ip_vs_packet_turn() - swap source and destination of a parsed packet
 * @pkt: packet
 * @turned: filled in: @pkt with source and destination swapped
 *
 * An ICMP error goes to the sender of the packet that it quotes, so its
 * connection is found as that of an answer to the quote.
 */
void ip_vs_packet_turn(const struct ip_vs_packet *pkt,
		       struct ip_vs_packet *turned)
{
	*turned = *pkt;
	if (pkt->af == AF_INET6) {
		swap(turned->key.v6.saddr, turned->key.v6.daddr);
		swap(turned->key.v6.sport, turned->key.v6.dport);
		return;
	}
	swap(turned->key.v4.saddr, turned->key.v4.daddr);
	swap(turned->key.v4.sport, turned->key.v4.dport);
}
