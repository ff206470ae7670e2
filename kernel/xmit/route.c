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

/**
 * ip_vs_route_lookup() - the route to a server, anew
 * @dest: server
 *
 * It is cached from now on.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; NULL: there is no way (or no memory).
 */
const struct ip_vs_route *ip_vs_route_lookup(struct ip_vs_dest *dest)
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

/**
 * ip_vs_route_unbound() - the route to a server that is not configured here
 * @c: its connection
 *
 * It is looked up for each packet.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; NULL: there is no way.
 */
struct dst_entry *ip_vs_route_unbound(const struct ip_vs_conn *c)
{
	struct net *net = c->ivn->net;
	struct ip_vs_conn_view view;
	struct ip_vs_route route;
	u32 method;
	int err;

	ip_vs_conn_view(c, &view);
	method = READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK;
	err = view.daf == AF_INET6 ?
	      lookup6(net, &view.daddr.in6, flow_flags(method), &route) :
	      lookup4(net, view.daddr.ip, flow_flags(method), &route);
	if (err)
		return NULL;
	/* RCU keeps it until the packet has left. */
	dst_release(route.dst);
	return route.dst;
}

/**
 * ip_vs_route_fits() - does what leaves fit?
 * @skb: packet
 * @af: its family
 * @dst: its route
 * @overhead: bytes that encapsulation adds
 *
 * A packet put together from fragments leaves as such: the largest counts.
 *
 * Return: true or false.
 */
bool ip_vs_route_fits(const struct sk_buff *skb, u16 af,
		      const struct dst_entry *dst, unsigned int overhead)
{
	unsigned int mtu = dst_mtu(dst) - overhead;

	if (af == AF_INET6 && IP6CB(skb)->frag_max_size)
		return IP6CB(skb)->frag_max_size <= mtu;
	return likely(skb->len <= mtu) ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
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

/**
 * ip_vs_tell_no_hop() - a packet has travelled far enough
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_tell_no_hop(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		tell6(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
	else
		icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
}

/**
 * ip_vs_tell_size() - a packet does not fit
 * @skb: packet; stays the caller's
 * @af: its family
 * @dst: its route
 * @overhead: bytes that encapsulation adds
 * @tell: its sender wants to know, if it must not be cut
 *
 * One that must not be cut goes no further, and its sender is told (RFC 1191,
 * RFC 8201).
 *
 * Context: RCU read side, in a netfilter hook.
 *
 * Return: true; false: it may be cut.
 */
bool ip_vs_tell_size(struct sk_buff *skb, u16 af, const struct dst_entry *dst,
		     unsigned int overhead, bool tell)
{
	unsigned int mtu = dst_mtu(dst) - overhead;

	if (af == AF_INET6) {
		tell6(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
		return true;
	}
	if (!tell || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return false;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return true;
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

/**
 * ip_vs_tell_unreachable() - there is no way to where a packet was sent
 * @skb: packet; stays the caller's
 * @af: its family
 *
 * Context: RCU read side, in a netfilter hook.
 */
void ip_vs_tell_unreachable(struct sk_buff *skb, u16 af)
{
	if (af == AF_INET6)
		tell6(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	else
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
}
