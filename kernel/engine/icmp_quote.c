// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks of an ICMP error and the packet it quotes, which are the same for
 * errors about connections and about tunnels.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/addrconf.h>
#include <net/checksum.h>
#include <net/ipv6.h>

#include "engine/engine.h"
#include "packet.h"

/**
 * ip_vs_icmp_quote_end() - end of the part of a quote that is used
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
 * ip_vs_icmp_crosses_border() - does an error from outside quote loopback?
 * @skb: the error
 * @quote: what it quotes
 *
 * 127/8 and ::1 are valid in packets of this host alone, so no other host can
 * have received one.
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
 * ip_vs_icmp_checksum_good4() - is the checksum of an ICMP packet valid?
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
