// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding by tunnelling: the packet is encapsulated unchanged in another
 * one, addressed to the real server, which decapsulates it and answers the
 * client itself.
 *
 * Either family may carry either.  Segmentation and checksum offload keep
 * working: a GSO packet stays one, with the tunnel's own kind of segmentation
 * added.  A packet that does not fit is fragmented (IPv4, if allowed), or its
 * sender gets an ICMP error with the MTU.
 */
#include <linux/ip.h>
#include <linux/ip_vs.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "net.h"
#include "nfct.h"
#include "packet.h"
#include "server/dest.h"
#include "server/route_cache.h"
#include "writable.h"
#include "xmit/encap.h"
#include "xmit/path.h"
#include "xmit/route.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

static const struct ip_vs_encap *const encaps[] = {
	[IP_VS_CONN_F_TUNNEL_TYPE_IPIP] = &ip_vs_encap_ipip,
	[IP_VS_CONN_F_TUNNEL_TYPE_GUE] = &ip_vs_encap_gue,
	[IP_VS_CONN_F_TUNNEL_TYPE_GRE] = &ip_vs_encap_gre,
};

static const struct ip_vs_encap *encap_of(const struct ip_vs_dest *dest)
{
	u8 type = READ_ONCE(dest->tun_type);

	/* Users may store any number: an unknown one is treated as IPIP. */
	return type < ARRAY_SIZE(encaps) ? encaps[type] : &ip_vs_encap_ipip;
}

static void tunnel_describe(struct ip_vs_tunnel *tun, struct ip_vs_net *ivn,
			    struct sk_buff *skb, u16 inner_af,
			    const struct ip_vs_dest *dest)
{
	u16 flags = READ_ONCE(dest->tun_flags);

	*tun = (struct ip_vs_tunnel) {
		.net = ivn->net,
		.inner_af = inner_af,
		.outer_af = dest->key.af,
		.daddr = &dest->key.addr,
		.port = READ_ONCE(dest->tun_port),
		.csum = flags & (IP_VS_TUNNEL_ENCAP_FLAG_CSUM |
				 IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM),
		.remcsum = flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM &&
			   skb->ip_summed == CHECKSUM_PARTIAL &&
			   !skb_csum_is_sctp(skb),
	};
}

static unsigned int outer_header_len(const struct ip_vs_tunnel *tun)
{
	return tun->outer_af == AF_INET6 ? sizeof(struct ipv6hdr) :
					   sizeof(struct iphdr);
}

/* What the outer header takes over from the inner one. */
struct inherited {
	u8 tos;
	u8 ttl;
	__be16 df;
};

static struct inherited header_inherit(const struct ip_vs_net *ivn,
				       const struct sk_buff *skb, u16 af)
{
	struct inherited inh = {};
	u8 tos;

	if (af == AF_INET6) {
		tos = ipv6_get_dsfield(ipv6_hdr(skb));
		inh.ttl = ipv6_hdr(skb)->hop_limit;
	} else {
		tos = ip_hdr(skb)->tos;
		inh.ttl = ip_hdr(skb)->ttl;
		if (READ_ONCE(ivn->settings.pmtu_disc))
			inh.df = ip_hdr(skb)->frag_off & htons(IP_DF);
	}
	/* Congestion seen before the tunnel is not reported twice (RFC 6040,
	 * compatibility mode).
	 */
	inh.tos = INET_ECN_encapsulate(tos, tos);
	return inh;
}

/* The options were the inner packet's.  The size of its largest fragment, if it
 * was reassembled, is kept: it is fragmented to that size again.
 */
static void forget_options(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	if (tun->inner_af == AF_INET)
		memset(&IPCB(skb)->opt, 0, sizeof(IPCB(skb)->opt));
	else
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
}

static void push_outer4(struct sk_buff *skb, const struct ip_vs_tunnel *tun,
			u8 proto, const struct inherited *inh)
{
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	skb_reset_network_header(skb);
	forget_options(skb, tun);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = inh->tos;
	iph->frag_off = inh->df;
	iph->ttl = inh->ttl;
	iph->protocol = proto;
	iph->saddr = tun->saddr->ip;
	iph->daddr = tun->daddr->ip;
	ip_select_ident_segs(tun->net, skb, NULL,
			     skb_shinfo(skb)->gso_segs ?: 1);
	iph->tot_len = htons(skb->len <= IP_MAX_MTU ? skb->len : 0);
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
}

static void push_outer6(struct sk_buff *skb, const struct ip_vs_tunnel *tun,
			u8 proto, const struct inherited *inh)
{
	/* As in forget_options(), but IPv6 keeps the size elsewhere. */
	u16 largest = tun->inner_af == AF_INET6 ? IP6CB(skb)->frag_max_size : 0;
	unsigned int payload = skb->len;
	struct ipv6hdr *iph = skb_push(skb, sizeof(*iph));

	skb_reset_network_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	IP6CB(skb)->frag_max_size = largest;
	IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	ip6_flow_hdr(iph, inh->tos, 0);
	iph->payload_len = htons(payload <= IPV6_MAXPLEN ? payload : 0);
	iph->nexthdr = proto;
	iph->hop_limit = inh->ttl;
	iph->saddr = tun->saddr->in6;
	iph->daddr = tun->daddr->in6;
	skb->protocol = htons(ETH_P_IPV6);
}

/* The outer checksum is computed as if the packet's own were filled in already,
 * which works for sums and not for the CRC of SCTP: that one is filled in
 * here.  A GSO packet gets it at segmentation, before the outer checksum.
 */
static int fill_crc(struct sk_buff *skb, const struct ip_vs_tunnel *tun)
{
	if (!tun->csum || likely(!skb_csum_is_sctp(skb)))
		return 0;
	return skb_csum_hwoffload_help(skb, 0);
}

/* Encapsulate the packet; the head may be reallocated.  Returns 0 or -ENOMEM.
 */
static int packet_wrap(struct ip_vs_net *ivn, struct sk_buff *skb,
		       const struct ip_vs_encap *encap,
		       const struct ip_vs_tunnel *tun, const struct ip_vs_path *path)
{
	struct inherited inh = header_inherit(ivn, skb, tun->inner_af);
	unsigned int head = LL_RESERVED_SPACE(path->dst->dev) +
			    path->dst->header_len + path->overhead;
	u8 proto;
	int err;

	err = skb_cow_head(skb, head);
	if (err)
		return err;
	err = fill_crc(skb, tun);
	if (err)
		return err;
	/* Segmentation measures the tunnel header from where the inner packet
	 * begins, its link header or, as here, its IP header.
	 */
	skb_reset_mac_header(skb);
	err = iptunnel_handle_offloads(skb, encap->gso_type(tun));
	if (err)
		return err;
	proto = encap->push(skb, tun);
	if (tun->outer_af == AF_INET6)
		push_outer6(skb, tun, proto, &inh);
	else
		push_outer4(skb, tun, proto, &inh);
	return 0;
}

/* The outer packet is complete: of ip_local_out() and ip6_local_out() only the
 * handling of VRFs is left to do.
 */
static void tunnel_send(struct ip_vs_net *ivn, struct sk_buff *skb, u16 af,
			struct dst_entry *dst)
{
	ip_vs_xmit_prepare(skb, dst);
	/* The inner packet is no longer tracked; the outer packet is one of
	 * this host's own.
	 */
	nf_reset_ct(skb);
	skb->ipvs_property = 1;
	skb = af == AF_INET6 ? l3mdev_ip6_out(NULL, skb) :
			       l3mdev_ip_out(NULL, skb);
	if (likely(skb))
		ip_vs_xmit_send(ivn, skb, af);
}

/* Is the packet too long for the length field of the outer header?  Fragment
 * offsets would wrap: the rest of a datagram of nearly 64 KiB would leave as a
 * fragment with offset 0.  A GSO packet is segmented before.
 */
static bool too_long(const struct sk_buff *skb, const struct ip_vs_path *path)
{
	unsigned int most = path->af == AF_INET6 ?
			    sizeof(struct ipv6hdr) + IPV6_MAXPLEN : IP_MAX_MTU;

	return unlikely(skb->len + path->overhead > most) && !skb_is_gso(skb);
}

/* Does a checksum still to be filled in begin before the end of the packet's
 * own IP header?  A sender of raw frames can set that, and the outer checksum
 * would be computed over memory in front of the packet, with a negative length.
 */
static bool sum_outside(const struct sk_buff *skb,
			const struct ip_vs_path *path)
{
	return unlikely(skb->ip_summed == CHECKSUM_PARTIAL &&
			skb_checksum_start_offset(skb) < (int)path->end);
}

/* Report the MTU that the tunnel leaves to a socket of this host. */
static void tell_socket(const struct sk_buff *skb, unsigned int mtu)
{
	struct dst_entry *dst = skb_dst(skb);

	/* Without the packet, which has no device yet: the socket is enough. */
	if (!skb->dev && skb->sk && sk_fullsock(skb->sk) &&
	    dst->ops->update_pmtu)
		dst->ops->update_pmtu(dst, skb->sk, NULL, mtu, false);
}

/* Does the path leave packets less than the minimum MTU of their family? */
static bool too_narrow(const struct sk_buff *skb, const struct ip_vs_path *path)
{
	unsigned int least = ip_vs_min_mtu(path->af);

	if (unlikely(!path->dst))
		return false;
	if (unlikely(path->mtu < least + path->overhead))
		return true;
	tell_socket(skb, path->mtu - path->overhead);
	return false;
}

/**
 * ip_vs_tunnel_request() - send a client's packet to the server
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: NF_STOLEN: @skb was sent or freed; NF_ACCEPT: the server is this
 * host.
 */
unsigned int ip_vs_tunnel_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c)
{
	const struct ip_vs_encap *encap = encap_of(c->dest);
	u16 inner_af = c->af;
	const struct ip_vs_route *route =
		ip_vs_path_cached(c, IP_VS_ROUTE_TUNNEL);
	unsigned int verdict = NF_STOLEN;
	struct ip_vs_writable w;
	union nf_inet_addr saddr;
	struct ip_vs_tunnel tun;
	struct ip_vs_path path = {
		.conn = c,
		.dst = likely(route) ? route->dst : NULL,
		.af = c->dest->key.af,
		.may_stay = true,
		.end = inner_af == AF_INET6 ? sizeof(struct ipv6hdr) :
					      sizeof(struct iphdr),
		.tell_size = READ_ONCE(ivn->settings.pmtu_disc),
	};

	tunnel_describe(&tun, ivn, skb, inner_af, c->dest);
	if (likely(route)) {
		tun.saddr = &route->saddr;
	} else {
		path.once = ip_vs_route_lookup(c, IP_VS_ROUTE_TUNNEL, &saddr);
		path.dst = path.once;
		tun.saddr = &saddr;
	}
	if (likely(path.dst))
		path.mtu = dst_mtu(path.dst);
	path.overhead = outer_header_len(&tun) + encap->len(&tun);
	if (too_narrow(skb, &path)) {
		ip_vs_drop_free(c, skb, IPVS_EXT_DROP_NARROW);
		goto out;
	}
	switch (ip_vs_path_take(skb, inner_af, &path, &w)) {
	case IP_VS_WAY_NONE:
		break;
	case IP_VS_WAY_HERE:
		verdict = ip_vs_xmit_here(skb, c);
		break;
	case IP_VS_WAY_OUT:
		/* The flow of a tracked packet is confirmed here; the outer
		 * packet is tracked as one of this host's own.
		 */
		if (too_long(skb, &path))
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_TOO_BIG);
		else if (sum_outside(skb, &path))
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_CHECKSUM);
		else if (unlikely(READ_ONCE(c->flags) & IP_VS_CONN_F_NFCT) &&
			 !ip_vs_nfct_confirm(skb))
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_CONNTRACK);
		else if (packet_wrap(ivn, skb, encap, &tun, &path))
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_NO_MEMORY);
		else
			tunnel_send(ivn, skb, tun.outer_af, path.dst);
		break;
	}
out:
	ip_vs_path_end(&path);
	return verdict;
}
