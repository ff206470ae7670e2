// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding by network address translation.
 *
 * A request's destination becomes the real server, an answer's source the
 * virtual service; nothing else of a packet changes but the TTL and the
 * checksums.  Segmentation and checksum offload keep working: a checksum that
 * the device has still to fill in is updated as such.  Fragments arrive
 * reassembled and are fragmented again as they came.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/ip6_fib.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "conn/extra.h"
#include "net.h"
#include "nfct.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "server/route_cache.h"
#include "writable.h"
#include "xmit/adjust.h"
#include "xmit/path.h"
#include "xmit/send.h"
#include "xmit/xmit.h"

/* The end of the headers that a rewrite changes. */
static u32 headers_end(const struct ip_vs_packet *pkt)
{
	return pkt->l4_offset + ip_vs_proto_row(pkt->proto)->header_len;
}

/* Replace one endpoint of a packet.  Returns false, and has written nothing, if
 * not all of it is writable.
 */
static __always_inline bool header_rewrite4(struct ip_vs_writable w,
					    const struct ip_vs_packet *pkt,
					    enum ip_vs_end end, __be32 addr,
					    __be16 port)
{
	struct iphdr *iph = ip_vs_writable_at(w, 0, sizeof(*iph));
	__be32 *field;

	if (unlikely(!iph || !ip_vs_proto_rewrite4(w, pkt, end, addr, port)))
		return false;
	field = end == IP_VS_END_SOURCE ? &iph->saddr : &iph->daddr;
	csum_replace4(&iph->check, *field, addr);
	*field = addr;
	return true;
}

static __always_inline bool header_rewrite6(struct ip_vs_writable w,
					    const struct ip_vs_packet *pkt,
					    enum ip_vs_end end,
					    const struct in6_addr *addr, __be16 port)
{
	struct ipv6hdr *iph = ip_vs_writable_at(w, 0, sizeof(*iph));

	if (unlikely(!iph || !ip_vs_proto_rewrite6(w, pkt, end, addr, port)))
		return false;
	if (end == IP_VS_END_SOURCE)
		iph->saddr = *addr;
	else
		iph->daddr = *addr;
	return true;
}

/* Must connection tracking know where answers come from? */
static bool nat_tracked(const struct ip_vs_conn *c)
{
	u32 flags = READ_ONCE(c->flags);

	return flags & IP_VS_CONN_F_NFCT &&
	       !(flags & IP_VS_CONN_F_ONE_PACKET);
}

/**
 * ip_vs_nat_to_server() - a request's destination becomes the server
 * @w: what may be written of the packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Context: RCU read side.
 *
 * Return: false: it may not be written, nothing was.
 */
bool ip_vs_nat_to_server(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
			 const struct ip_vs_conn *c)
{
	const struct ip_vs_key4 *server4;
	const struct ip_vs_key6 *server6;

	if (unlikely(nat_tracked(c)))
		ip_vs_nfct_answer_from(w.skb, pkt->af,
				       ip_vs_conn_key(c, IP_VS_DIR_OUTPUT),
				       ip_vs_packet_has_ports(pkt));
	if (pkt->af == AF_INET6) {
		server6 = &ip_vs_conn6(c)->node[IP_VS_DIR_OUTPUT].key;
		return header_rewrite6(w, pkt, IP_VS_END_DEST, &server6->saddr,
				       server6->sport);
	}
	server4 = &ip_vs_conn4(c)->node[IP_VS_DIR_OUTPUT].key;
	return header_rewrite4(w, pkt, IP_VS_END_DEST, server4->saddr,
			       server4->sport);
}

/**
 * ip_vs_nat_from_virtual() - an answer's source becomes the virtual service
 * @w: what may be written of the packet
 * @pkt: the packet, parsed
 * @c: its connection
 *
 * Return: false: it may not be written, nothing was.
 */
bool ip_vs_nat_from_virtual(struct ip_vs_writable w,
			    const struct ip_vs_packet *pkt,
			    const struct ip_vs_conn *c)
{
	const struct ip_vs_key4 *client4;
	const struct ip_vs_key6 *client6;

	if (pkt->af == AF_INET6) {
		client6 = &ip_vs_conn6(c)->node[IP_VS_DIR_INPUT].key;
		return header_rewrite6(w, pkt, IP_VS_END_SOURCE, &client6->daddr,
				       client6->dport);
	}
	client4 = &ip_vs_conn4(c)->node[IP_VS_DIR_INPUT].key;
	return header_rewrite4(w, pkt, IP_VS_END_SOURCE, client4->daddr,
			       client4->dport);
}

/* Is the server's address 127/8 or ::1? */
static bool server_is_loopback(const struct ip_vs_conn *c)
{
	const union ip_vs_key *server = ip_vs_conn_key(c, IP_VS_DIR_OUTPUT);

	return c->af == AF_INET6 ? ipv6_addr_loopback(&server->v6.saddr) :
				   ipv4_is_loopback(server->v4.saddr);
}

/**
 * ip_vs_nat_obstacle() - why a packet cannot go to a server on this host
 * @skb: packet
 * @c: its connection
 *
 * 127/8 and ::1 are valid in packets of this host alone.  A connection received
 * from a sync peer was opened there: here connection tracking has a flow to the
 * virtual address, to which the server's answers do not belong.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: why the packet is to be dropped; 0: it can go there.
 */
enum ip_vs_ext_drop ip_vs_nat_obstacle(const struct sk_buff *skb,
				       const struct ip_vs_conn *c)
{
	if (server_is_loopback(c) && skb->dev &&
	    !(skb->dev->flags & IFF_LOOPBACK))
		return IPVS_EXT_DROP_BOUNDARY;
	if (READ_ONCE(c->flags) & IP_VS_CONN_F_SYNC && ip_vs_nfct_has(skb))
		return IPVS_EXT_DROP_CONNTRACK;
	return IPVS_EXT_DROP_UNSPEC;
}

/* Does a request keep its destination, and an answer its source? */
static bool packet_stays(const struct ip_vs_conn *c)
{
	const union ip_vs_key *client = ip_vs_conn_key(c, IP_VS_DIR_INPUT);
	const union ip_vs_key *server = ip_vs_conn_key(c, IP_VS_DIR_OUTPUT);

	if (c->af == AF_INET6)
		return client->v6.dport == server->v6.sport &&
		       ipv6_addr_equal(&client->v6.daddr, &server->v6.saddr);
	return client->v4.dport == server->v4.sport &&
	       client->v4.daddr == server->v4.saddr;
}

/* The server is this host: the rewritten packet is delivered here. */
static noinline unsigned int request_deliver(struct ip_vs_writable w,
					     const struct ip_vs_packet *pkt,
					     const struct ip_vs_conn *c)
{
	struct sk_buff *skb = w.skb;
	enum ip_vs_ext_drop why = ip_vs_nat_obstacle(skb, c);

	if (why)
		return ip_vs_drop_free(c, skb, why);
	/* It came from outside: early demux may have found a socket (connected
	 * or in TIME_WAIT) that does not belong to the new destination.
	 */
	if (skb->dev && !packet_stays(c))
		skb_orphan(skb);
	/* A checksum over the packet as it came is no longer valid. */
	skb_forward_csum(skb);
	if (unlikely(!ip_vs_nat_to_server(w, pkt, c)))
		return ip_vs_drop_free(c, skb, IPVS_EXT_DROP_SHORT);
	return ip_vs_xmit_here(skb, c);
}

/* Send a request to the server.  @extra: the connection has a struct
 * ip_vs_extra.
 */
static __always_inline unsigned int request_send(struct sk_buff *skb,
						 const struct ip_vs_packet *pkt,
						 struct ip_vs_conn *c, bool extra)
{
	struct ip_vs_path path = {
		.conn = c,
		.af = pkt->af,
		.nat = true,
		.may_stay = true,
		.pkt = pkt,
		.end = extra ? ip_vs_adjust_end(skb, pkt) : headers_end(pkt),
		.tell_size = true,
	};

	unsigned int verdict = NF_STOLEN;
	struct ip_vs_writable w;
	enum ip_vs_way way;

	if (extra)
		ip_vs_path_find_elsewhere(&path, c, IP_VS_ROUTE_NAT);
	else
		ip_vs_path_find(&path, c, IP_VS_ROUTE_NAT);
	way = ip_vs_path_take(skb, pkt->af, &path, &w);
	if (extra && way != IP_VS_WAY_NONE &&
	    !ip_vs_adjust(w, pkt, c, IP_VS_DIR_INPUT)) {
		ip_vs_drop_free(c, skb, IPVS_EXT_DROP_SHORT);
		way = IP_VS_WAY_NONE;
	}
	switch (way) {
	case IP_VS_WAY_NONE:
		break;
	case IP_VS_WAY_HERE:
		/* A server names the address; this host's is not for it to give:
		 * firewall rules have passed the packet as the service's.
		 */
		if (extra && ip_vs_conn_elsewhere(c)) {
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_BOUNDARY);
			break;
		}
		verdict = request_deliver(w, pkt, c);
		break;
	case IP_VS_WAY_OUT:
		if (likely(ip_vs_nat_to_server(w, pkt, c)))
			verdict = ip_vs_xmit_out(skb, c, pkt->af, path.dst);
		else
			ip_vs_drop_free(c, skb, IPVS_EXT_DROP_SHORT);
		break;
	}
	ip_vs_path_end(&path);
	return verdict;
}

/**
 * ip_vs_nat_request() - send a client's packet to the server
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
unsigned int ip_vs_nat_request(struct ip_vs_net *ivn, struct sk_buff *skb,
			       const struct ip_vs_packet *pkt,
			       struct ip_vs_conn *c)
{
	return request_send(skb, pkt, c, false);
}

/**
 * ip_vs_nat_request_extra() - ip_vs_nat_request() with a helper
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection, with IP_VS_CONN_F_EXTRA
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: as ip_vs_nat_request().
 */
unsigned int ip_vs_nat_request_extra(struct ip_vs_net *ivn,
				     struct sk_buff *skb,
				     const struct ip_vs_packet *pkt,
				     struct ip_vs_conn *c)
{
	enum ip_vs_ext_drop why;

	why = ip_vs_adjust_text(skb, pkt, c, IP_VS_DIR_INPUT, NF_INET_LOCAL_IN);
	if (why)
		return ip_vs_drop_free(c, skb, why);
	if (nat_tracked(c))
		ip_vs_nfct_prepare(skb);
	return request_send(skb, pkt, c, true);
}

#ifdef CONFIG_XFRM

/* May IPsec treat a packet from the virtual address differently from one from
 * the server?  By policies of the namespace, by those of sockets, or by a
 * default that does not accept.
 */
static bool has_policies(const struct net *net)
{
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]) ||
	       READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_MAX +
						XFRM_POLICY_OUT]) ||
	       READ_ONCE(net->xfrm.policy_default[XFRM_POLICY_OUT]) !=
			XFRM_USERPOLICY_ACCEPT;
}

static bool has_forward_policies(const struct net *net)
{
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_FWD]) ||
	       READ_ONCE(net->xfrm.policy_default[XFRM_POLICY_FWD]) !=
			XFRM_USERPOLICY_ACCEPT;
}

#else

static bool has_forward_policies(const struct net *net)
{
	return false;
}

static bool has_policies(const struct net *net)
{
	return false;
}

#endif

/**
 * ip_vs_nat_policed() - may IPsec have something to say to answers?
 * @net: namespace
 *
 * To forwarding them, to their source, or to where they go.
 *
 * Return: true or false.
 */
bool ip_vs_nat_policed(const struct net *net)
{
	return has_policies(net) || has_forward_policies(net);
}

static bool answer_reroute4(struct net *net, struct sk_buff *skb)
{
	if (likely(!fib4_has_custom_rules(net) && !has_policies(net)) ||
	    skb_rtable(skb)->rt_flags & RTCF_LOCAL)
		return true;
	return !ip_route_me_harder(net, skb->sk, skb, RTN_LOCAL);
}

static bool answer_reroute6(struct net *net, struct sk_buff *skb)
{
	if (likely(!fib6_has_custom_rules(net) &&
		   !fib6_routes_require_src(net) && !has_policies(net)) ||
	    skb_dst(skb)->dev->flags & IFF_LOOPBACK)
		return true;
	return !ip6_route_me_harder(net, skb->sk, skb);
}

/**
 * ip_vs_nat_reroute() - route a translated answer again
 * @ivn: namespace
 * @skb: packet, its source already the virtual address
 * @af: its family
 * @hooknum: the netfilter hook we are in
 *
 * It was routed as from the server.  From the virtual address it may have to
 * take another route, but only if something depends on the source: a rule, a
 * source-specific route, an IPsec policy.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: false: there is no route from the virtual address.
 */
bool ip_vs_nat_reroute(struct ip_vs_net *ivn, struct sk_buff *skb, u16 af,
		       unsigned int hooknum)
{
	if (hooknum == NF_INET_LOCAL_IN ||
	    !READ_ONCE(ivn->settings.snat_reroute))
		return true;
	return af == AF_INET6 ? answer_reroute6(ivn->net, skb) :
				answer_reroute4(ivn->net, skb);
}

static __always_inline enum ip_vs_ext_drop
answer_rewrite(struct ip_vs_net *ivn, struct sk_buff *skb,
	       const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
	       unsigned int hooknum, bool extra)
{
	struct ip_vs_writable w;
	enum ip_vs_ext_drop why;

	why = ip_vs_writable_make(&w, skb, pkt, extra ?
				  ip_vs_adjust_end(skb, pkt) :
				  headers_end(pkt));
	if (unlikely(why))
		return why;
	if (extra && !ip_vs_adjust(w, pkt, c, IP_VS_DIR_OUTPUT))
		return IPVS_EXT_DROP_SHORT;
	if (unlikely(!ip_vs_nat_from_virtual(w, pkt, c)))
		return IPVS_EXT_DROP_SHORT;
	/* The client is on this host: early demux may have found a socket (in
	 * TIME_WAIT) of a connection to the server itself.
	 */
	if (unlikely(hooknum == NF_INET_LOCAL_IN) && !packet_stays(c))
		skb_orphan(skb);
	skb_forward_csum(skb);
	if (unlikely(!ip_vs_nat_reroute(ivn, skb, pkt->af, hooknum)))
		return IPVS_EXT_DROP_REROUTE;
	return IPVS_EXT_DROP_UNSPEC;
}

/**
 * ip_vs_nat_answer() - replace the source of a server's packet
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection
 * @hooknum: the netfilter hook we are in
 *
 * The head of @skb may be reallocated.
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: 0, or why it has to be dropped: it cannot be rewritten or routed, and
 * is the caller's to free.
 */
enum ip_vs_ext_drop ip_vs_nat_answer(struct ip_vs_net *ivn,
				     struct sk_buff *skb,
				     const struct ip_vs_packet *pkt,
				     struct ip_vs_conn *c,
				     unsigned int hooknum)
{
	return answer_rewrite(ivn, skb, pkt, c, hooknum, false);
}

/**
 * ip_vs_nat_answer_extra() - ip_vs_nat_answer() with a helper, or tracked
 * @ivn: namespace
 * @skb: packet
 * @pkt: the packet, parsed
 * @c: its connection, with IP_VS_CONN_F_EXTRA or IP_VS_CONN_F_NFCT
 * @hooknum: the netfilter hook we are in
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: as ip_vs_nat_answer().
 */
enum ip_vs_ext_drop ip_vs_nat_answer_extra(struct ip_vs_net *ivn,
					   struct sk_buff *skb,
					   const struct ip_vs_packet *pkt,
					   struct ip_vs_conn *c,
					   unsigned int hooknum)
{
	enum ip_vs_ext_drop why;

	/* A data connection that the server opens. */
	if (nat_tracked(c) && ip_vs_packet_has_ports(pkt))
		ip_vs_nfct_answer_to(skb, pkt->af,
				     ip_vs_conn_key(c, IP_VS_DIR_INPUT));
	if (!(READ_ONCE(c->flags) & IP_VS_CONN_F_EXTRA))
		return answer_rewrite(ivn, skb, pkt, c, hooknum, false);
	why = ip_vs_adjust_text(skb, pkt, c, IP_VS_DIR_OUTPUT, hooknum);
	return why ?: answer_rewrite(ivn, skb, pkt, c, hooknum, true);
}
