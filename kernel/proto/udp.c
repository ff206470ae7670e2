// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP: one state, and header rewriting.
 */
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>

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
static __sum16 full_checksum(const struct sk_buff *skb, unsigned int l4_offset,
			     enum ip_vs_end end, __be32 addr)
{
	const struct iphdr *iph = ip_hdr(skb);
	__be32 saddr = end == IP_VS_END_SOURCE ? addr : iph->saddr;
	__be32 daddr = end == IP_VS_END_SOURCE ? iph->daddr : addr;
	unsigned int len = skb->len - l4_offset;

	return csum_tcpudp_magic(saddr, daddr, len, IPPROTO_UDP,
				 skb_checksum(skb, l4_offset, len, 0));
}

/**
 * ip_vs_udp_rewrite4() - replace one port, mend the checksum
 * @skb: packet, its UDP header writable
 * @l4_offset: where that header is
 * @end: which end is replaced
 * @old: that end's address before
 * @addr: that end's address after; the IP header, still with @old, is the
 *	caller's
 * @port: that end's port after
 *
 * A sum of 0 is written 0xffff: 0 means "none" (RFC 768).
 */
void ip_vs_udp_rewrite4(struct sk_buff *skb, unsigned int l4_offset,
			enum ip_vs_end end, __be32 old, __be32 addr,
			__be16 port)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + l4_offset);
	__be16 *field = end == IP_VS_END_SOURCE ? &uh->source : &uh->dest;
	__be16 oldport = *field;

	*field = port;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		uh->check = ip_vs_csum_apply_pseudo(uh->check, old, addr);
		return;
	}
	if (uh->check)
		uh->check = ip_vs_csum_apply(uh->check,
					     ip_vs_csum_diff4(old, addr,
							      oldport, port));
	else
		uh->check = full_checksum(skb, l4_offset, end, addr);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}
