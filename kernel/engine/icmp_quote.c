// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an ICMP error and the packet it quotes have to be like, whether it speaks of
 * a connection or of a tunnel.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/checksum.h>
#include <net/ipv6.h>

#include "engine/engine.h"
#include "packet.h"

/**
 * ip_vs_icmp_quote_end() - where the part of a quote that matters ends
 * @quote: what is quoted
 *
 * Return: offset from skb->data behind the ports; of what has none, behind the
 * headers in front of it.
 */
u32 ip_vs_icmp_quote_end(const struct ip_vs_packet *quote)
{
	return quote->l4_offset +
	       (ip_vs_packet_has_ports(quote) ? IP_VS_PORTS_LEN : 0);
}

/**
 * ip_vs_icmp_crosses_border() - does an error speak of what cannot be outside?
 * @skb: the error
 * @quote: what it quotes
 *
 * 127/8 and ::1 are for packets of this host alone, so nobody else has met one.
 *
 * Return: true or false.
 */
bool ip_vs_icmp_crosses_border(const struct sk_buff *skb,
			       const struct ip_vs_packet *quote)
{
	if (!skb->dev || skb->dev->flags & IFF_LOOPBACK)
		return false;
	if (quote->af == AF_INET6)
		return ipv6_addr_loopback(&quote->key.v6.saddr) ||
		       ipv6_addr_loopback(&quote->key.v6.daddr);
	return ipv4_is_loopback(quote->key.v4.saddr) ||
	       ipv4_is_loopback(quote->key.v4.daddr);
}

/**
 * ip_vs_icmp_checksum_good4() - is an ICMP packet as its sender wrote it?
 * @skb: packet
 * @offset: where the ICMP header starts
 *
 * Return: true or false.
 */
bool ip_vs_icmp_checksum_good4(struct sk_buff *skb, u32 offset)
{
	return skb_csum_unnecessary(skb) ||
	       !csum_fold(skb_checksum(skb, offset, skb->len - offset, 0));
}
