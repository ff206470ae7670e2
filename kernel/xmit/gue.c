// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic UDP encapsulation (draft-ietf-intarea-gue), version 0, data.
 *
 * Without a checksum, with one, or with the remote checksum option: a packet
 * whose own checksum has still to be filled in leaves that to the other end,
 * and only the outer one is computed.
 */
#include <linux/in.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/gue.h>
#include <net/ip6_checksum.h>
#include <net/udp.h>

#include "xmit/encap.h"

/* The remote checksum option; both offsets are from the inner header on. */
struct gue_remcsum {
	__be32 private_flags;
	__be16 start;
	__be16 offset;
};

static unsigned int gue_header_len(const struct ip_vs_tunnel *tun)
{
	return sizeof(struct guehdr) +
	       (tun->remcsum ? sizeof(struct gue_remcsum) : 0);
}

static unsigned int gue_encap_len(const struct ip_vs_tunnel *tun)
{
	return sizeof(struct udphdr) + gue_header_len(tun);
}

static int gue_gso_type(const struct ip_vs_tunnel *tun)
{
	int type = tun->csum ? SKB_GSO_UDP_TUNNEL_CSUM : SKB_GSO_UDP_TUNNEL;

	/* Below UDP it is IP in IP, and is segmented as such. */
	type |= tun->outer_af == AF_INET6 ? SKB_GSO_IPXIP6 : SKB_GSO_IPXIP4;
	return tun->remcsum ? type | SKB_GSO_TUNNEL_REMCSUM : type;
}

/* skb->data is at the inner IP header. */
static void push_gue(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	unsigned int start = skb_checksum_start_offset(skb);
	unsigned int len = gue_header_len(tun);
	struct guehdr *gueh = skb_push(skb, len);
	struct gue_remcsum *opt = (struct gue_remcsum *)(gueh + 1);

	gueh->version = 0;
	gueh->control = 0;
	gueh->hlen = (len - sizeof(*gueh)) / sizeof(u32);
	gueh->flags = tun->remcsum ? GUE_FLAG_PRIV : 0;
	gueh->proto_ctype = ip_vs_tunnel_proto(tun);
	if (!tun->remcsum)
		return;
	opt->private_flags = GUE_PFLAG_REMCSUM;
	opt->start = htons(start);
	opt->offset = htons(start + skb->csum_offset);
	if (!skb_is_gso(skb)) {
		skb->ip_summed = CHECKSUM_NONE;
		skb->encapsulation = 0;
	}
}

static void set_checksum(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	udp_hdr(skb)->check = 0;
	if (tun->outer_af == AF_INET6)
		udp6_set_csum(!tun->csum, skb, &tun->saddr->in6,
			      &tun->daddr->in6, skb->len);
	else
		udp_set_csum(!tun->csum, skb, tun->saddr->ip, tun->daddr->ip,
			     skb->len);
}

static u8 gue_push(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	/* One source port a flow, so that routers can spread flows over several
	 * paths.
	 */
	__be16 sport = udp_flow_src_port(tun->net, skb, 0, 0, false);
	struct udphdr *uh;

	skb_set_inner_ipproto(skb, ip_vs_tunnel_proto(tun));
	push_gue(skb, tun);
	uh = skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh->source = sport;
	uh->dest = tun->port;
	uh->len = htons(skb->len);
	set_checksum(skb, tun);
	return IPPROTO_UDP;
}

const struct ip_vs_encap ip_vs_encap_gue = {
	.len = gue_encap_len,
	.gso_type = gue_gso_type,
	.push = gue_push,
};
