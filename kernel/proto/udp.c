// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP: header rewriting.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "proto/csum.h"
#include "proto/proto.h"

/* A datagram sent without a checksum gets one: once its addresses have been
 * changed nobody else could notice a wrong one.  Not inlined, so that a
 * datagram with a checksum saves no registers for this.
 */
static noinline __sum16 full_checksum(struct sk_buff *skb,
				      const struct ip_vs_packet *pkt,
				      __wsum addr_diff)
{
	unsigned int len = skb->len - pkt->l4_offset;
	__wsum sum;

	/* Most such datagrams are short and in one piece. */
	if (likely(!skb_is_nonlinear(skb)))
		sum = csum_partial(skb->data + pkt->l4_offset, len, addr_diff);
	else
		sum = skb_checksum(skb, pkt->l4_offset, len, addr_diff);
	/* The IP header still has the old address. */
	if (pkt->af == AF_INET6)
		return csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
				       &ipv6_hdr(skb)->daddr, len, IPPROTO_UDP,
				       sum);
	return csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len,
				 IPPROTO_UDP, sum);
}

/* Is the checksum of this header left for the device to fill in?  If the
 * datagram carries a tunnel it may be the inner one that is left, unless
 * segmentation fills in the outer one as well.
 */
static bool sum_pending(const struct sk_buff *skb, u32 l4_offset)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return false;
	return skb_checksum_start_offset(skb) == l4_offset ||
	       (skb_is_gso(skb) && skb_shinfo(skb)->gso_type &
		SKB_GSO_UDP_TUNNEL_CSUM);
}

/**
 * ip_vs_udp_rewrite() - replace one port, update the checksum
 * @w: what may be written of the packet, whose IP header is still as it was
 * @pkt: the packet, parsed
 * @end: which end is replaced
 * @port: that end's port after
 * @addr_diff: what replacing that end's address does to the sum
 *
 * A sum of 0 is written 0xffff: 0 means "none" (RFC 768).
 *
 * Return: true; false: the header may not be written, nothing was.
 */
bool ip_vs_udp_rewrite(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
		       enum ip_vs_end end, __be16 port, __wsum addr_diff)
{
	struct udphdr *uh = ip_vs_writable_at(w, pkt->l4_offset, sizeof(*uh));
	__be16 *field, oldport;
	__wsum diff;

	if (unlikely(!uh))
		return false;
	field = end == IP_VS_END_SOURCE ? &uh->source : &uh->dest;
	oldport = *field;
	*field = port;
	if (sum_pending(w.skb, pkt->l4_offset)) {
		uh->check = ip_vs_csum_apply_pseudo(uh->check, addr_diff);
		return true;
	}
	/* The inner checksum is still missing: the outer one cannot be
	 * computed.
	 */
	if (!uh->check && w.skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	if (uh->check) {
		diff = csum_add(addr_diff, ip_vs_csum_port(oldport, port));
		uh->check = ip_vs_csum_apply(uh->check, diff);
	} else {
		uh->check = full_checksum(w.skb, pkt, addr_diff);
	}
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	return true;
}
