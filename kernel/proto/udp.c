// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP: one state, and header rewriting.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "csum.h"
#include "proto.h"

#define UDP_TIMEOUT_SECONDS (5 * 60)

/**
 * ip_vs_udp_timeouts_init() - the default timeout
 * @timeouts: filled in, jiffies
 */
void ip_vs_udp_timeouts_init(u32 timeouts[IP_VS_UDP_MAX])
{
	timeouts[IP_VS_UDP_NORMAL] = UDP_TIMEOUT_SECONDS * HZ;
}

/* A datagram sent without a checksum gets one: once its addresses have been
 * changed nobody else could notice a wrong one.
 */
static __sum16 full_checksum(struct sk_buff *skb, u16 af,
			     unsigned int l4_offset, __wsum addr_diff)
{
	unsigned int len = skb->len - l4_offset;
	__wsum sum = csum_add(skb_checksum(skb, l4_offset, len, 0), addr_diff);

	/* The IP header still has the old address. */
	if (af == AF_INET6)
		return csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
				       &ipv6_hdr(skb)->daddr, len, IPPROTO_UDP,
				       sum);
	return csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len,
				 IPPROTO_UDP, sum);
}

/* Is this header's sum left for the device to fill in?  Of a datagram that
 * carries a tunnel it may be the one inside, unless the tunnel is segmented with
 * sums.
 */
static bool pending(const struct sk_buff *skb, unsigned int l4_offset)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return false;
	return skb_checksum_start_offset(skb) == l4_offset ||
	       (skb_is_gso(skb) && skb_shinfo(skb)->gso_type &
		SKB_GSO_UDP_TUNNEL_CSUM);
}

/**
 * ip_vs_udp_rewrite() - replace one port, mend the checksum
 * @skb: packet, its UDP header writable, its IP header still as it was
 * @af: its family
 * @l4_offset: where the UDP header is
 * @end: which end is replaced
 * @port: that end's port after
 * @addr_diff: what replacing that end's address does to the sum
 *
 * A sum of 0 is written 0xffff: 0 means "none" (RFC 768).
 */
void ip_vs_udp_rewrite(struct sk_buff *skb, u16 af, unsigned int l4_offset,
		       enum ip_vs_end end, __be16 port, __wsum addr_diff)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + l4_offset);
	__be16 *field = end == IP_VS_END_SOURCE ? &uh->source : &uh->dest;
	__be16 oldport = *field;
	__wsum diff;

	*field = port;
	if (pending(skb, l4_offset)) {
		uh->check = ip_vs_csum_apply_pseudo(uh->check, addr_diff);
		return;
	}
	/* What is inside has not got its own sum yet: none for now. */
	if (!uh->check && skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	if (uh->check) {
		diff = csum_add(addr_diff, ip_vs_csum_port(oldport, port));
		uh->check = ip_vs_csum_apply(uh->check, diff);
	} else {
		uh->check = full_checksum(skb, af, l4_offset, addr_diff);
	}
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}
