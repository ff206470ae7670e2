/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of one packet: may it be forwarded, and does it fit?
 *
 * Inline, because each method knows most of the answers at build time, and each
 * packet would pay for asking.
 */
#ifndef IP_VS_XMIT_PATH_H
#define IP_VS_XMIT_PATH_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "conn/conn.h"
#include "conn/drop.h"
#include "conn/extra.h"
#include "server/dest.h"
#include "server/route_cache.h"
#include "writable.h"
#include "xmit/icmp_error.h"
#include "xmit/route.h"
#include "xmit/xmit.h"

/**
 * struct ip_vs_path - the path of a packet
 * @conn: connection, for counting drops
 * @dst: route, or NULL: there is none; good until the RCU section ends and
 *	ip_vs_path_end() was called
 * @once: @dst if it is not a cached one: ip_vs_path_end() releases it
 * @af: family of @dst
 * @nat: the packet's destination becomes the server's address
 * @may_stay: the server may be this host
 * @pkt: what is going to be rewritten behind the IP header, or NULL
 * @end: offset from skb->data behind the last byte that is going to be written
 * @mtu: of @dst, 0: not read yet
 * @overhead: bytes that encapsulation adds, the outer IP header included
 * @tell_size: send an ICMP error for a packet that does not fit; otherwise it
 *	is fragmented
 */
struct ip_vs_path {
	const struct ip_vs_conn *conn;
	struct dst_entry *dst;
	struct dst_entry *once;
	u16 af;
	bool nat;
	bool may_stay;
	const struct ip_vs_packet *pkt;
	u32 end;
	unsigned int mtu;
	unsigned int overhead;
	bool tell_size;
};

/* Where a path leads. */
enum ip_vs_way {
	IP_VS_WAY_NONE,		/* nowhere: the packet has been freed */
	IP_VS_WAY_HERE,		/* to this host */
	IP_VS_WAY_OUT,		/* out through path->dst */
};

/**
 * ip_vs_path_cached() - the cached route of a connection's requests
 * @c: connection
 * @kind: the kind of route that its method uses
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer; NULL: look it up.
 */
static __always_inline const struct ip_vs_route *
ip_vs_path_cached(const struct ip_vs_conn *c, enum ip_vs_route_kind kind)
{
	const struct ip_vs_route *route;

	if (unlikely(!c->dest))
		return NULL;
	route = rcu_dereference(c->dest->route[kind]);
	return likely(route && dst_check(route->dst, route->cookie)) ? route :
								       NULL;
}

/**
 * ip_vs_path_find() - find the route of a connection's requests
 * @path: to be filled in: @dst, @once
 * @c: connection
 * @kind: the kind of route that its method uses
 *
 * ip_vs_path_end() must follow.
 *
 * Context: RCU read side, softirq or process.
 */
static __always_inline void ip_vs_path_find(struct ip_vs_path *path,
					    const struct ip_vs_conn *c,
					    enum ip_vs_route_kind kind)
{
	const struct ip_vs_route *route = ip_vs_path_cached(c, kind);

	if (likely(route)) {
		path->dst = route->dst;
	} else {
		path->once = ip_vs_route_lookup(c, kind, NULL);
		path->dst = path->once;
	}
}

/**
 * ip_vs_path_find_elsewhere() - ip_vs_path_find(), whatever the server's address
 * @path: to be filled in: @dst, @once
 * @c: connection, perhaps with a struct ip_vs_extra
 * @kind: the kind of route that its method uses
 *
 * Context: RCU read side, softirq or process.
 */
static inline void ip_vs_path_find_elsewhere(struct ip_vs_path *path,
					     const struct ip_vs_conn *c,
					     enum ip_vs_route_kind kind)
{
	if (!ip_vs_conn_elsewhere(c)) {
		ip_vs_path_find(path, c, kind);
		return;
	}
	path->once = ip_vs_route_lookup(c, kind, NULL);
	path->dst = path->once;
}

/**
 * ip_vs_path_end() - release a path, when the packet has left or been dropped
 * @path: the path
 *
 * A packet that is still queued (to user space, at a device) has a reference of
 * its own by now.
 */
static __always_inline void ip_vs_path_end(const struct ip_vs_path *path)
{
	if (unlikely(path->once))
		dst_release(path->once);
}

/* Does the route lead to this host? */
static inline bool ip_vs_path_local(const struct dst_entry *dst, u16 af)
{
	if (af == AF_INET6)
		return dst->dev->flags & IFF_LOOPBACK;
	return dst_rtable(dst)->rt_flags & RTCF_LOCAL;
}

static inline bool ip_vs_path_from_loopback(const struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		return ipv6_addr_loopback(&ipv6_hdr(skb)->saddr);
	return ipv4_is_loopback(ip_hdr(skb)->saddr);
}

/* Loopback addresses are valid on this host only: no packet with one may come
 * in from outside or leave.
 */
static inline bool ip_vs_path_admits(const struct sk_buff *skb, u16 af,
				     const struct ip_vs_path *path, bool here)
{
	if (likely(!here))
		return !ip_vs_path_from_loopback(skb, af);
	return path->may_stay &&
	       (path->nat || ip_vs_path_local(skb_dst(skb), af));
}

/* Does the TTL allow another hop? */
static inline bool ip_vs_path_may_hop(const struct sk_buff *skb, u16 af)
{
	return af == AF_INET6 ? ipv6_hdr(skb)->hop_limit > 1 :
				ip_hdr(skb)->ttl > 1;
}

/* Returns false, and has written nothing, if the IP header is not writable. */
static inline bool ip_vs_path_hop(struct ip_vs_writable w, u16 af)
{
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (af == AF_INET6) {
		ip6h = ip_vs_writable_at(w, 0, sizeof(*ip6h));
		if (unlikely(!ip6h))
			return false;
		ip6h->hop_limit--;
		return true;
	}
	iph = ip_vs_writable_at(w, 0, sizeof(*iph));
	if (unlikely(!iph))
		return false;
	ip_decrease_ttl(iph);
	/* The stack has filled in options (a recorded route) without updating
	 * the checksum.
	 */
	if (unlikely(iph->ihl > 5))
		ip_send_check(iph);
	return true;
}

/* The minimum MTU of a link (RFC 791, RFC 8200). */
static inline unsigned int ip_vs_min_mtu(u16 af)
{
	return af == AF_INET6 ? IPV6_MIN_MTU : IPV4_MIN_MTU;
}

/* Does the packet fit?  A reassembled one is fragmented again as it came: its
 * largest fragment counts.  Most of what clients send is no larger than the
 * minimum MTU and fits without a look at the route.
 */
static inline bool ip_vs_path_fits(const struct sk_buff *skb, u16 af,
				   const struct ip_vs_path *path)
{
	unsigned int least = ip_vs_min_mtu(path->af);
	unsigned int mtu = path->mtu;

	if (af == AF_INET6 && unlikely(IP6CB(skb)->frag_max_size))
		return ip_vs_route_fits(skb, af, path->dst, path->overhead);
	if (!mtu && skb->len + path->overhead <= least)
		return true;
	if (!mtu)
		mtu = dst_mtu(path->dst);
	return likely(skb->len + path->overhead <= mtu) ||
	       ip_vs_route_fits(skb, af, path->dst, path->overhead);
}

/* Why a packet cannot be forwarded, its ICMP error being sent; 0: it can. */
static __always_inline enum ip_vs_ext_drop
ip_vs_path_obstacle(struct sk_buff *skb, u16 af,
		    const struct ip_vs_path *path, struct ip_vs_writable *w,
		    bool *here)
{
	enum ip_vs_ext_drop why;

	if (unlikely(!path->dst)) {
		ip_vs_icmp_host_unreach(skb, af);
		return IPVS_EXT_DROP_NO_ROUTE;
	}
	*here = ip_vs_path_local(path->dst, path->af);
	if (unlikely(!ip_vs_path_admits(skb, af, path, *here)))
		return IPVS_EXT_DROP_BOUNDARY;
	if (likely(!*here) && unlikely(!ip_vs_path_may_hop(skb, af))) {
		ip_vs_icmp_time_exceeded(skb, af);
		return IPVS_EXT_DROP_TTL;
	}
	why = ip_vs_writable_make(w, skb, path->pkt, path->end);
	if (unlikely(why))
		return why;
	if (unlikely(*here))
		return IPVS_EXT_DROP_UNSPEC;
	/* Before the size is checked: an ICMP error quotes the TTL after this
	 * hop.
	 */
	if (unlikely(!ip_vs_path_hop(*w, af)))
		return IPVS_EXT_DROP_SHORT;
	if (unlikely(!ip_vs_path_fits(skb, af, path)) &&
	    ip_vs_icmp_too_big(skb, af, path->dst, path->overhead,
			       path->tell_size))
		return IPVS_EXT_DROP_TOO_BIG;
	return IPVS_EXT_DROP_UNSPEC;
}

/**
 * ip_vs_path_take() - check a packet against its path and make it writable
 * @skb: packet; its head may be reallocated
 * @af: its family
 * @path: the path
 * @w: result if the packet may go: what may be written.  Apart from @path, which
 *	the compiler keeps in registers as long as nobody writes to it
 *
 * Checks in this order: a route; no loopback address entering or leaving the
 * host; the TTL, which is decremented; the size.  A failure is counted, and the
 * ICMP error that it calls for is sent.
 *
 * Context: RCU read side.
 *
 * Return: where the path leads.
 */
static __always_inline enum ip_vs_way
ip_vs_path_take(struct sk_buff *skb, u16 af, const struct ip_vs_path *path,
		struct ip_vs_writable *w)
{
	enum ip_vs_ext_drop why;
	bool here;

	why = likely(af == AF_INET) ?
	      ip_vs_path_obstacle(skb, AF_INET, path, w, &here) :
	      ip_vs_path_obstacle(skb, AF_INET6, path, w, &here);
	if (likely(!why))
		return unlikely(here) ? IP_VS_WAY_HERE : IP_VS_WAY_OUT;
	ip_vs_drop_free(path->conn, skb, why);
	return IP_VS_WAY_NONE;
}

#endif
