// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors about our tunnels: a router on the way to a real server could not
 * forward the outer packet, whose source is this host.  The client has to get
 * an error about the packet that it has sent itself, above all if its packets
 * are too large.
 *
 *	IP | ICMP | quoted: IP | [UDP GUE | GRE] | IP | ports ...
 *	                    ^ the tunnel           ^ the client's packet
 *
 * Only IPv4 in IPv4: an IPv6 error about a tunnel is not handled, nor one that
 * quotes an inner IPv6 packet.
 */
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/gre.h>
#include <net/gue.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "conn/table.h"
#include "conn/view.h"
#include "engine/engine.h"
#include "net.h"
#include "packet.h"
#include "server/dest.h"
#include "server/route_cache.h"
#include "server/server_addr.h"
#include "server/stats.h"
#include "xmit/xmit.h"

/* The rest of the GRE header, if it has a checksum. */
#define GRE_CSUM_LEN 4

/* The quoted packet is UDP: is it GUE of our tunnel?  Returns the length of
 * both headers, 0: no.
 */
static u32 inner_gue_len(struct ip_vs_net *ivn, const struct sk_buff *skb,
			 u32 offset, __be32 server)
{
	const struct guehdr *gueh;
	const struct udphdr *uh;
	struct guehdr gbuf;
	struct udphdr buf;

	uh = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!uh || !ip_vs_server_addr_is_tunnel(ivn, server,
						IP_VS_CONN_F_TUNNEL_TYPE_GUE,
						uh->dest))
		return 0;
	gueh = skb_header_pointer(skb, offset + sizeof(buf), sizeof(gbuf),
				  &gbuf);
	if (!gueh || gueh->version || gueh->control ||
	    gueh->proto_ctype != IPPROTO_IPIP)
		return 0;
	return sizeof(buf) + sizeof(gbuf) + gueh->hlen * 4;
}

static u32 inner_gre_len(struct ip_vs_net *ivn, const struct sk_buff *skb,
			 u32 offset, __be32 server)
{
	const struct gre_base_hdr *greh;
	struct gre_base_hdr buf;

	greh = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!greh || !ip_vs_server_addr_is_tunnel(ivn, server,
						  IP_VS_CONN_F_TUNNEL_TYPE_GRE, 0) ||
	    greh->flags & ~GRE_CSUM || greh->protocol != htons(ETH_P_IP))
		return 0;
	return sizeof(buf) + (greh->flags & GRE_CSUM ? GRE_CSUM_LEN : 0);
}

/* By the tunnel's protocol, which is not one that is balanced: how long is
 * everything in front of the client's packet, from the quoted outer
 * header on?  0: this is no tunnel of ours.
 */
static u32 tunnel_overhead(struct ip_vs_net *ivn, const struct sk_buff *skb,
			   u32 offset)
{
	const struct iphdr *iph;
	u32 ihl, encap;
	struct iphdr buf;

	iph = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5 ||
	    iph->frag_off & htons(IP_OFFSET))
		return 0;
	ihl = iph->ihl * 4;
	switch (iph->protocol) {
	case IPPROTO_IPIP:
		return ip_vs_server_addr_is_tunnel(ivn, iph->daddr,
						   IP_VS_CONN_F_TUNNEL_TYPE_IPIP, 0) ?
		       ihl : 0;
	case IPPROTO_UDP:
		encap = inner_gue_len(ivn, skb, offset + ihl, iph->daddr);
		return encap ? ihl + encap : 0;
	case IPPROTO_GRE:
		encap = inner_gre_len(ivn, skb, offset + ihl, iph->daddr);
		return encap ? ihl + encap : 0;
	}
	return 0;
}

/**
 * struct error - the error to be sent to the client
 * @type: of the ICMP message
 * @code: of the ICMP message
 * @info: the 32 bits behind the checksum
 * @outer: offset of the quoted outer header
 * @inner: offset of the client's packet
 */
struct error {
	u8 type;
	u8 code;
	__be32 info;
	u32 outer;
	u32 inner;
};

/* Does a connection's tunnel lead to the destination of the quoted outer
 * packet?  An attacker that only knows the tuple of some connection must not
 * change the path MTU to other servers.
 */
static bool tunnels_to(const struct ip_vs_conn *c, const struct sk_buff *skb,
		       u32 outer)
{
	struct ip_vs_conn_view view;
	const struct iphdr *iph;
	struct iphdr buf;

	iph = skb_header_pointer(skb, outer, sizeof(buf), &buf);
	if (!iph || (READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK) !=
		    IP_VS_CONN_F_TUNNEL)
		return false;
	ip_vs_conn_view(c, &view);
	return view.daf == AF_INET && view.daddr.ip == iph->daddr;
}

/* Lower the path MTU to the server, for all packets to it. */
static void learn_mtu(struct ip_vs_net *ivn, struct sk_buff *skb,
		      const struct error *e, u32 mtu)
{
	/* ipv4_update_pmtu() expects the quoted header at skb->data. */
	__skb_pull(skb, e->outer);
	ipv4_update_pmtu(skb, ivn->net, mtu, 0, 0);
	__skb_push(skb, e->outer);
}

/* The MTU that is left for the client's packets. */
static u32 mtu_inside(const struct ip_vs_conn *c, const struct error *e,
		      u32 mtu)
{
	u32 around = e->inner - e->outer;
	const struct ip_vs_route *route = NULL;

	if (c->dest)
		route = rcu_dereference(c->dest->route[IP_VS_ROUTE_TUNNEL]);
	if (route)
		mtu = min(mtu, dst_mtu(route->dst));
	return mtu > IPV4_MIN_MTU + around ? mtu - around : mtu;
}

/* Everything in front of the client's packet is removed; what is left is
 * answered like a packet that has just come in.
 */
static void tell_client(struct sk_buff *skb, const struct error *e)
{
	if (!pskb_pull(skb, e->inner))
		return;
	skb_reset_network_header(skb);
	memset(&IPCB(skb)->opt, 0, sizeof(IPCB(skb)->opt));
	icmp_send(skb, e->type, e->code, e->info);
}

static void error_relay(struct ip_vs_net *ivn, struct sk_buff *skb,
			const struct ip_vs_conn *c, struct error *e)
{
	const struct iphdr *inner = (void *)(skb->data + e->inner);
	u32 mtu;

	if (e->type == ICMP_DEST_UNREACH && e->code == ICMP_FRAG_NEEDED) {
		mtu = ntohl(e->info) & 0xffff;
		learn_mtu(ivn, skb, e, mtu);
		/* A packet without DF will be fragmented from now on. */
		if (!(inner->frag_off & htons(IP_DF)))
			return;
		e->info = htonl(mtu_inside(c, e, mtu));
	}
	tell_client(skb, e);
	if (c->dest && ip_vs_dest_available(c->dest))
		ip_vs_stats_out(c->dest, skb->len);
}

/* Everything up to the client's ports becomes linear: error_relay() moves
 * skb->data, and headers must not change after they have been checked.  Returns
 * 0, or why the error has to be dropped.
 */
static enum ip_vs_ext_drop error_take(struct ip_vs_net *ivn,
				      struct sk_buff *skb, u32 offset, u8 type,
				      const struct ip_vs_packet *pkt,
				      struct error *e)
{
	u32 outer = offset + sizeof(struct icmphdr), inner = pkt->ip_offset;
	const struct icmphdr *icmp;

	if (ip_vs_icmp_crosses_border(skb, pkt))
		return IPVS_EXT_DROP_BOUNDARY;
	if (!pskb_may_pull(skb, ip_vs_icmp_quote_end(pkt)))
		return ip_vs_icmp_quote_end(pkt) > skb->len ?
		       IPVS_EXT_DROP_ICMP : IPVS_EXT_DROP_NO_MEMORY;
	icmp = (void *)(skb->data + offset);
	if (icmp->type != type || outer + tunnel_overhead(ivn, skb, outer) != inner ||
	    !ip_vs_packet_unchanged(skb, pkt))
		return IPVS_EXT_DROP_CHANGED;
	if (!ip_vs_icmp_checksum_good4(skb, offset))
		return IPVS_EXT_DROP_CHECKSUM;
	*e = (struct error) {
		.type = type,
		.code = icmp->code,
		.info = icmp->un.gateway,
		.outer = outer,
		.inner = inner,
	};
	return IPVS_EXT_DROP_UNSPEC;
}

/**
 * ip_vs_icmp_tunnel() - handle an ICMP error that may be about a tunnel of ours
 * @ivn: namespace
 * @skb: packet, reassembled
 * @offset: where the ICMP header starts; readable
 * @type: of the message, an error
 * @verdict: set to the packet's verdict if it is about one
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: false: it is not, @skb is untouched.
 */
bool ip_vs_icmp_tunnel(struct ip_vs_net *ivn, struct sk_buff *skb,
		       u32 offset, u8 type, unsigned int *verdict)
{
	u32 around, outer = offset + sizeof(struct icmphdr);
	enum ip_vs_ext_drop why;
	struct ip_vs_packet pkt;
	struct ip_vs_conn *c;
	struct error e;

	/* The source of our outer packets is this host: so is the error's
	 * destination.
	 */
	if (!(skb_rtable(skb)->rt_flags & RTCF_LOCAL))
		return false;
	around = tunnel_overhead(ivn, skb, outer);
	if (!around)
		return false;
	*verdict = NF_ACCEPT;
	if (ip_vs_packet_parse_quote4(skb, outer + around, &pkt) !=
	    IP_VS_PARSE_OK)
		return true;
	c = ip_vs_conn_find_request(ivn, pkt.af, &pkt.key);
	if (!c || !tunnels_to(c, skb, outer))
		return true;
	why = error_take(ivn, skb, offset, type, &pkt, &e);
	if (why) {
		*verdict = ip_vs_drop_of(c, why);
		return true;
	}
	error_relay(ivn, skb, c, &e);
	consume_skb(skb);
	*verdict = NF_STOLEN;
	return true;
}
