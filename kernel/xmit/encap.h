/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a tunnel type provides: one file each.
 */
#ifndef IP_VS_XMIT_ENCAP_H
#define IP_VS_XMIT_ENCAP_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct net;
struct sk_buff;

/**
 * struct ip_vs_tunnel - one packet's tunnel
 * @net: namespace
 * @inner_af: family of the packet
 * @outer_af: family of the tunnel
 * @saddr: this host, of family @outer_af
 * @daddr: the server
 * @port: port of GUE
 * @csum: IP_VS_TUNNEL_ENCAP_FLAG_CSUM was asked for
 * @remcsum: IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM was asked for, and the packet's own
 *	checksum is still to be filled in (and is no CRC, which the other end
 *	would not fill in)
 */
struct ip_vs_tunnel {
	struct net *net;
	u16 inner_af;
	u16 outer_af;
	const union nf_inet_addr *saddr;
	const union nf_inet_addr *daddr;
	__be16 port;
	bool csum;
	bool remcsum;
};

/**
 * struct ip_vs_encap - one tunnel type
 * @len: bytes between the outer IP header and the packet
 * @gso_type: SKB_GSO_* bits that a segmented packet gets
 * @push: write them in front of a packet with enough writable head room.
 *	Returns the protocol that the outer IP header names
 */
struct ip_vs_encap {
	unsigned int (*len)(const struct ip_vs_tunnel *tun);
	int (*gso_type)(const struct ip_vs_tunnel *tun);
	u8 (*push)(struct sk_buff *skb, const struct ip_vs_tunnel *tun);
};

/* The protocol number of the packet in an outer header. */
static inline u8 ip_vs_tunnel_proto(const struct ip_vs_tunnel *tun)
{
	return tun->inner_af == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
}

extern const struct ip_vs_encap ip_vs_encap_ipip;
extern const struct ip_vs_encap ip_vs_encap_gue;
extern const struct ip_vs_encap ip_vs_encap_gre;

#endif
