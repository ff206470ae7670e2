// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parse once: everything later steps need to know of a packet's headers.
 *
 * Nothing here writes to the packet, keeps a pointer into it, or knows of
 * connections and services.
 */
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "packet.h"

/* Ports come first in every transport header that has them. */
struct ports {
	__be16 source;
	__be16 dest;
};

/* Byte 13 of a TCP header holds the flags. */
#define TCP_FLAGS_OFFSET 13

static bool read_ports(const struct sk_buff *skb, struct ip_vs_packet *pkt)
{
	struct ports buf;
	const struct ports *p;

	p = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (!p)
		return false;
	pkt->key.v4.sport = p->source;
	pkt->key.v4.dport = p->dest;
	return true;
}

/* The usual case reads the whole header at once; a cut one may still have its
 * ports, which is all that an existing connection needs.
 */
static enum ip_vs_parse parse_tcp(const struct sk_buff *skb,
				  struct ip_vs_packet *pkt)
{
	struct tcphdr buf;
	const struct tcphdr *th;

	th = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (unlikely(!th))
		return read_ports(skb, pkt) ? IP_VS_PARSE_OK :
					      IP_VS_PARSE_SHORT;
	pkt->key.v4.sport = th->source;
	pkt->key.v4.dport = th->dest;
	pkt->tcp_flags = ((const u8 *)th)[TCP_FLAGS_OFFSET];
	pkt->has_l4 = true;
	return IP_VS_PARSE_OK;
}

static enum ip_vs_parse parse_udp(const struct sk_buff *skb,
				  struct ip_vs_packet *pkt)
{
	struct udphdr buf;
	const struct udphdr *uh;

	uh = skb_header_pointer(skb, pkt->l4_offset, sizeof(buf), &buf);
	if (unlikely(!uh))
		return read_ports(skb, pkt) ? IP_VS_PARSE_OK :
					      IP_VS_PARSE_SHORT;
	pkt->key.v4.sport = uh->source;
	pkt->key.v4.dport = uh->dest;
	pkt->has_l4 = true;
	return IP_VS_PARSE_OK;
}

/**
 * ip_vs_packet_parse4() - parse an IPv4 packet
 * @skb: packet whose data starts with its IP header, that header linear, as at
 *	every netfilter hook; reassembled
 * @pkt: filled in, except that a packet that is not ours leaves it undefined
 *
 * Context: any.
 *
 * Return: IP_VS_PARSE_OK, _OTHER or _SHORT.
 */
enum ip_vs_parse ip_vs_packet_parse4(const struct sk_buff *skb,
				     struct ip_vs_packet *pkt)
{
	const struct iphdr *iph = ip_hdr(skb);

	pkt->af = AF_INET;
	pkt->proto = iph->protocol;
	pkt->quoted = false;
	pkt->later_fragment = false;
	pkt->has_l4 = false;
	pkt->tcp_flags = 0;
	pkt->ip_offset = 0;
	pkt->l4_offset = iph->ihl * 4;
	pkt->len = skb->len;
	pkt->key.v4.saddr = iph->saddr;
	pkt->key.v4.daddr = iph->daddr;
	pkt->key.v4.proto = iph->protocol;
	pkt->key.v4.kind = IP_VS_KEY_FLOW;

	switch (iph->protocol) {
	case IPPROTO_TCP:
		return parse_tcp(skb, pkt);
	case IPPROTO_UDP:
		return parse_udp(skb, pkt);
	}
	return IP_VS_PARSE_OTHER;
}
