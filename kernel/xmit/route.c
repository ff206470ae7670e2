// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to a real server: its route, cached; whether a packet may take it;
 * whether it fits, and who is told if not.
 *
 * One route is cached for each server, looked up by the server's address alone.
 * The kernel marks a route obsolete when anything on the way changes (a route, a device, a path
 * MTU), which dst_check() sees before each packet; device.c drops the routes
 * over a device that goes.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "net.h"
#include "xmit.h"

static void route_free(struct rcu_head *rcu)
{
	struct ip_vs_route *route = container_of(rcu, struct ip_vs_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

/* @route takes the place of the cached one, which goes after a grace period. */
static void route_replace(struct ip_vs_dest *dest, struct ip_vs_route *route)
{
	struct ip_vs_route *old;

	spin_lock_bh(&dest->lock);
	old = rcu_dereference_protected(dest->route,
					lockdep_is_held(&dest->lock));
	rcu_assign_pointer(dest->route, route);
	spin_unlock_bh(&dest->lock);
	if (old)
		call_rcu(&old->rcu, route_free);
}

/**
 * ip_vs_route_forget() - drop the cached route of a server
 * @dest: server
 *
 * Context: any but hard interrupts.
 */
void ip_vs_route_forget(struct ip_vs_dest *dest)
{
	if (rcu_access_pointer(dest->route))
		route_replace(dest, NULL);
}

/**
 * ip_vs_route_forget_device() - drop a cached route that leads over a device
 * @dest: server
 * @dev: device; routes that lead nowhere any more go as well: theirs may have
 *	been taken from them already
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_route_forget_device(struct ip_vs_dest *dest,
			       const struct net_device *dev)
{
	const struct ip_vs_route *route;
	bool over;

	rcu_read_lock();
	route = rcu_dereference(dest->route);
	over = route && (route->dst->dev == dev ||
			 !dst_check(route->dst, route->cookie));
	rcu_read_unlock();
	if (over)
		ip_vs_route_forget(dest);
}

/**
 * ip_vs_route_free() - free the cached route of a server that is being freed
 * @dest: server that nobody can reach any more
 *
 * Context: any.
 */
void ip_vs_route_free(struct ip_vs_dest *dest)
{
	struct ip_vs_route *route = rcu_dereference_raw(dest->route);

	if (route)
		route_free(&route->rcu);
}

static int lookup4(struct net *net, __be32 daddr, u8 flags,
		   struct ip_vs_route *route)
{
	struct flowi4 fl4 = { .daddr = daddr, .flowi4_flags = flags };
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return PTR_ERR(rt);
	route->dst = &rt->dst;
	route->cookie = 0;
	route->saddr.ip = fl4.saddr;
	return 0;
}

static int lookup6(struct net *net, const struct in6_addr *daddr, u8 flags,
		   struct ip_vs_route *route)
{
	struct flowi6 fl6 = { .daddr = *daddr, .flowi6_flags = flags };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	int err = dst->error;

	/* A way without an address to answer to is none. */
	if (!err && ipv6_addr_any(&fl6.saddr))
		err = ipv6_dev_get_saddr(net, ip6_dst_idev(dst)->dev, daddr, 0,
					 &fl6.saddr);
	if (err) {
		dst_release(dst);
		return err;
	}
	route->dst = dst;
	route->cookie = rt6_get_cookie(dst_rt6_info(dst));
	route->saddr.in6 = fl6.saddr;
	return 0;
}

/* With direct routing the packet keeps the virtual address, so the route has to
 * name the server's.
 */
static u8 flow_flags(u32 method)
{
	return method == IP_VS_CONN_F_DROUTE ? FLOWI_FLAG_KNOWN_NH : 0;
}

static struct ip_vs_route *route_lookup(struct ip_vs_dest *dest)
{
	u8 flags = flow_flags(ip_vs_dest_method(dest));
	struct net *net = dest->ivn->net;
	struct ip_vs_route *route;
	int err;

	route = kmalloc(sizeof(*route), GFP_ATOMIC | __GFP_NOWARN);
	if (!route)
		return NULL;
	err = dest->key.af == AF_INET6 ?
	      lookup6(net, &dest->key.addr.in6, flags, route) :
	      lookup4(net, dest->key.addr.ip, flags, route);
	if (err) {
		kfree(route);
		return NULL;
	}
	route_replace(dest, route);
	return route;
}

/* A server that is not configured here: its route is looked up for each packet. */
static const struct ip_vs_route *route_unbound(const struct ip_vs_conn *c,
					       struct ip_vs_route *own)
{
	struct net *net = c->ivn->net;
	struct ip_vs_conn_view view;
	u32 method;
	int err;

	ip_vs_conn_view(c, &view);
	method = READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK;
	err = view.daf == AF_INET6 ?
	      lookup6(net, &view.daddr.in6, flow_flags(method), own) :
	      lookup4(net, view.daddr.ip, flow_flags(method), own);
	if (err)
		return NULL;
	/* RCU keeps it until the packet has left. */
	dst_release(own->dst);
	return own;
}

/**
 * ip_vs_conn_route() - the route of a connection's requests
 * @c: connection
 * @own: room for the route of a connection whose server is not configured here
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer, perhaps @own; NULL: there is no way (or no memory).
 */
const struct ip_vs_route *ip_vs_conn_route(const struct ip_vs_conn *c,
					   struct ip_vs_route *own)
{
	struct ip_vs_dest *dest = c->dest;
	struct ip_vs_route *route;

	if (unlikely(!dest))
		return route_unbound(c, own);
	route = rcu_dereference(dest->route);
	if (likely(route && dst_check(route->dst, route->cookie)))
		return route;
	return route_lookup(dest);
}

/* Does the route lead to this host? */
static bool is_local(const struct dst_entry *dst, u16 af)
{
	if (af == AF_INET6)
		return dst->dev->flags & IFF_LOOPBACK;
	return dst_rtable(dst)->rt_flags & RTCF_LOCAL;
}

static bool from_loopback(const struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		return ipv6_addr_loopback(&ipv6_hdr(skb)->saddr);
	return ipv4_is_loopback(ip_hdr(skb)->saddr);
}

/* Loopback addresses are this host's own business: none may come in from
 * outside or leave.
 */
static bool admits(const struct sk_buff *skb, u16 af,
		   const struct ip_vs_path *path, bool here)
{
	if (!here)
		return !from_loopback(skb, af);
	return path->may_stay &&
	       (path->nat || is_local(skb_dst(skb), af));
}

/* Tell the sender of a packet that is going to be freed.  icmpv6_send() wants a
 * device, which a packet of this host does not have yet.
 */
static void tell6(struct sk_buff *skb, u8 type, u8 code, u32 info)
{
	if (!skb->dev)
		skb->dev = skb_dst(skb)->dev;
	icmpv6_send(skb, type, code, info);
}

/* Is there a hop left?  If not, the sender is told. */
static bool may_hop(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6) {
		if (likely(ipv6_hdr(skb)->hop_limit > 1))
			return true;
		tell6(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
		return false;
	}
	if (likely(ip_hdr(skb)->ttl > 1))
		return true;
	icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	return false;
}

static void hop(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6) {
		ipv6_hdr(skb)->hop_limit--;
		return;
	}
	ip_decrease_ttl(ip_hdr(skb));
	/* The host has filled in options (a route recorded) without a thought
	 * for the sum.
	 */
	if (unlikely(ip_hdr(skb)->ihl > 5))
		ip_send_check(ip_hdr(skb));
}

/* Does what leaves fit?  A packet put together from fragments leaves as such:
 * the largest counts.
 */
static bool fits(const struct sk_buff *skb, u16 af, unsigned int mtu)
{
	if (af == AF_INET6 && IP6CB(skb)->frag_max_size)
		return IP6CB(skb)->frag_max_size <= mtu;
	return likely(skb->len <= mtu) ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

/* A packet too large that must not be cut: its sender is told (RFC 1191,
 * RFC 8201).  Returns whether it may go on.
 */
static bool settle_size(struct sk_buff *skb, u16 af, unsigned int mtu,
			bool tell)
{
	if (fits(skb, af, mtu))
		return true;
	if (af == AF_INET6) {
		tell6(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		return false;
	}
	if (!tell || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return true;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return false;
}

/**
 * ip_vs_tell_no_port() - nobody listens where a packet was sent
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_tell_no_port(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		tell6(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
}

static void tell_unreachable(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		tell6(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
}

/* What keeps a packet from its way, and who has been told; 0: nothing. */
static enum ip_vs_ext_drop obstacle(struct sk_buff *skb, u16 af,
				    const struct ip_vs_path *path, bool *here)
{
	const struct dst_entry *dst;

	if (unlikely(!path->route)) {
		tell_unreachable(skb, af);
		return IPVS_EXT_DROP_NO_ROUTE;
	}
	dst = path->route->dst;
	*here = is_local(dst, path->af);
	if (unlikely(!admits(skb, af, path, *here)))
		return IPVS_EXT_DROP_BOUNDARY;
	if (!*here && !may_hop(skb, af))
		return IPVS_EXT_DROP_TTL;
	if (skb_ensure_writable(skb, path->writable))
		return IPVS_EXT_DROP_NO_MEMORY;
	if (*here)
		return IPVS_EXT_DROP_UNSPEC;
	/* Before the size is looked at: an error quotes it so. */
	hop(skb, af);
	if (!settle_size(skb, af, dst_mtu(dst) - path->overhead,
			 path->tell_size))
		return IPVS_EXT_DROP_TOO_BIG;
	return IPVS_EXT_DROP_UNSPEC;
}

/**
 * ip_vs_path_take() - send a packet on its way
 * @skb: packet; its head may be reallocated
 * @af: its family
 * @path: the way
 *
 * Checks in this order: a route; no loopback address crossing the host's
 * border; a hop left, which is taken; the size.  A failure is counted, and
 * whoever has to hear of it is told.
 *
 * Context: RCU read side.
 *
 * Return: where the path leads.
 */
enum ip_vs_way ip_vs_path_take(struct sk_buff *skb, u16 af,
			       const struct ip_vs_path *path)
{
	enum ip_vs_ext_drop why;
	bool here;

	why = obstacle(skb, af, path, &here);
	if (likely(!why))
		return here ? IP_VS_WAY_HERE : IP_VS_WAY_OUT;
	ip_vs_drop_free(path->conn, skb, why);
	return IP_VS_WAY_NONE;
}
