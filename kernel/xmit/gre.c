// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic routing encapsulation (RFC 2784), with or without a checksum.
 */
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/skbuff.h>
#include <net/gre.h>

#include "xmit/encap.h"

/* The checksum and 16 bits reserved. */
struct gre_csum {
	__sum16 csum;
	__be16 reserved;
};

static unsigned int gre_header_len(const struct ip_vs_tunnel *tun)
{
	return sizeof(struct gre_base_hdr) +
	       (tun->csum ? sizeof(struct gre_csum) : 0);
}

static int gre_gso_type(const struct ip_vs_tunnel *tun)
{
	return tun->csum ? SKB_GSO_GRE_CSUM : SKB_GSO_GRE;
}

/* Over everything behind the outer IP header; the inner packet's own sum may be
 * left for the device to fill in.
 */
static __sum16 gre_checksum(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return csum_fold(lco_csum(skb));
	return csum_fold(skb_checksum(skb, 0, skb->len, 0));
}

static u8 gre_push(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	__be16 proto = tun->inner_af == AF_INET6 ? htons(ETH_P_IPV6) :
						   htons(ETH_P_IP);
	struct gre_base_hdr *greh = skb_push(skb, gre_header_len(tun));
	struct gre_csum *opt = (struct gre_csum *)(greh + 1);

	skb_set_inner_protocol(skb, proto);
	skb_reset_transport_header(skb);
	greh->flags = tun->csum ? GRE_CSUM : 0;
	greh->protocol = proto;
	if (tun->csum) {
		opt->reserved = 0;
		opt->csum = 0;
		/* Segmentation fills in each segment's. */
		if (!skb_is_gso(skb))
			opt->csum = gre_checksum(skb);
	}
	return IPPROTO_GRE;
}

const struct ip_vs_encap ip_vs_encap_gre = {
	.len = gre_header_len,
	.gso_type = gre_gso_type,
	.push = gre_push,
};
