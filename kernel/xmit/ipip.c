// SPDX-License-Identifier: GPL-2.0-only
/*
 * IP in IP (RFC 2003, RFC 2473, RFC 4213): nothing between the two headers.
 */
#include <linux/in.h>
#include <linux/skbuff.h>

#include "xmit/encap.h"

static unsigned int ipip_len(const struct ip_vs_tunnel *tun)
{
	return 0;
}

static int ipip_gso_type(const struct ip_vs_tunnel *tun)
{
	return tun->outer_af == AF_INET6 ? SKB_GSO_IPXIP6 : SKB_GSO_IPXIP4;
}

static u8 ipip_push(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	u8 proto = ip_vs_tunnel_proto(tun);

	skb_set_inner_ipproto(skb, proto);
	return proto;
}

const struct ip_vs_encap ip_vs_encap_ipip = {
	.len = ipip_len,
	.gso_type = ipip_gso_type,
	.push = ipip_push,
};
