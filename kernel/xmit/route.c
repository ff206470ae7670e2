// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to a real server: its route, cached; whether a packet may take it;
 * whether it fits, and who is told if not.
 *
 * Routes are looked up by the server's address alone, and cached for each server
 * by what they are for.  The kernel marks a route obsolete when anything on the
 * way changes (a route, a device, a path MTU), which dst_check() sees before each
 * packet; device.c drops the routes over a device that goes.
 *
 * All cached routes of a namespace are on one list, under one short lock, which
 * is taken for each lookup and not for packets.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "foreign.h"
#include "net.h"
#include "xmit/xmit.h"

/* So many routes are looked at before others get the lock. */
#define FORGET_BATCH 64

static void route_free(struct rcu_head *rcu)
{
	struct ip_vs_route *route = container_of(rcu, struct ip_vs_route, rcu);

	dst_release(route->dst);
	kfree(route);
}

/* Packets may use it until a grace period has passed.  The lock is held. */
static void route_drop(struct ip_vs_route *route)
{
	RCU_INIT_POINTER(*route->slot, NULL);
	list_del(&route->list);
	call_rcu(&route->rcu, route_free);
}

static struct ip_vs_route *slot_route(struct ip_vs_routes *routes,
				      struct ip_vs_route __rcu **slot)
{
	return rcu_dereference_protected(*slot,
					 lockdep_is_held(&routes->lock));
}

/**
 * ip_vs_routes_init() - a namespace's cached routes, none so far
 * @routes: what to make ready
 */
void ip_vs_routes_init(struct ip_vs_routes *routes)
{
	spin_lock_init(&routes->lock);
	INIT_LIST_HEAD(&routes->all);
}

/**
 * ip_vs_route_forget_all() - drop the cached routes of a server
 * @dest: server
 *
 * Context: any but hard interrupts.
 */
void ip_vs_route_forget_all(struct ip_vs_dest *dest)
{
	struct ip_vs_routes *routes = &dest->ivn->routes;
	struct ip_vs_route *route;
	unsigned int kind;

	spin_lock_bh(&routes->lock);
	for (kind = 0; kind < IP_VS_ROUTE_KINDS; kind++) {
		route = slot_route(routes, &dest->route[kind]);
		if (route)
			route_drop(route);
	}
	spin_unlock_bh(&routes->lock);
}

/* The first of the routes on @left: dropped, or back to the others. */
static void forget_first(struct ip_vs_routes *routes, struct list_head *left,
			 const struct net_device *dev)
{
	struct ip_vs_route *route =
		list_first_entry(left, struct ip_vs_route, list);

	/* One that leads nowhere any more may have been taken its device. */
	if (route->dst->dev == dev || !dst_check(route->dst, route->cookie))
		route_drop(route);
	else
		list_move(&route->list, &routes->all);
}

/**
 * ip_vs_routes_forget_device() - drop cached routes that lead over a device
 * @routes: of the device's namespace
 * @dev: device, down or going away; routes that lead nowhere any more go as well
 *
 * None over it is cached from now on, until it is up again.
 *
 * Context: process, the RTNL held, which keeps others from doing the same.
 */
void ip_vs_routes_forget_device(struct ip_vs_routes *routes,
				const struct net_device *dev)
{
	LIST_HEAD(left);
	unsigned int n;

	spin_lock_bh(&routes->lock);
	list_splice_init(&routes->all, &left);
	while (!list_empty(&left)) {
		rcu_read_lock();
		for (n = 0; n < FORGET_BATCH && !list_empty(&left); n++)
			forget_first(routes, &left, dev);
		rcu_read_unlock();
		/* Others may meanwhile take theirs from @left as well. */
		spin_unlock_bh(&routes->lock);
		cond_resched();
		spin_lock_bh(&routes->lock);
	}
	spin_unlock_bh(&routes->lock);
}

/**
 * ip_vs_route_free() - free the cached routes of a server that is being freed
 * @dest: server that nobody can reach any more
 *
 * Context: any but hard interrupts; the namespace is still there.
 */
void ip_vs_route_free(struct ip_vs_dest *dest)
{
	ip_vs_route_forget(dest);
}

/* Both ends are known in the end, as for any packet of this host. */
static struct dst_entry *lookup4(struct net *net, __be32 daddr,
				 enum ip_vs_route_kind kind,
				 union nf_inet_addr *saddr)
{
	u8 flags = kind == IP_VS_ROUTE_DIRECT ? FLOWI_FLAG_KNOWN_NH : 0;
	struct flowi4 fl4 = { .daddr = daddr, .flowi4_flags = flags };
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (!IS_ERR(rt) && kind == IP_VS_ROUTE_TUNNEL &&
	    fib4_has_custom_rules(net)) {
		__be32 source = fl4.saddr;

		ip_rt_put(rt);
		fl4 = (struct flowi4){ .daddr = daddr, .saddr = source };
		rt = ip_route_output_key(net, &fl4);
	}
	if (IS_ERR(rt))
		return NULL;
	saddr->ip = fl4.saddr;
	return &rt->dst;
}

/* The outer packet of a tunnel is this host's own: IPsec policies are asked,
 * which hide the route they cover.
 */
static struct dst_entry *policed6(struct net *net, struct dst_entry *dst,
				  struct flowi6 *fl6)
{
	dst = xfrm_lookup(net, dst, flowi6_to_flowi(fl6), NULL, 0);
	return IS_ERR(dst) ? NULL : dst;
}

static struct dst_entry *lookup6(struct net *net, const struct in6_addr *daddr,
				 enum ip_vs_route_kind kind,
				 union nf_inet_addr *saddr, u32 *cookie)
{
	u8 flags = kind == IP_VS_ROUTE_DIRECT ? FLOWI_FLAG_KNOWN_NH : 0;
	struct flowi6 fl6 = { .daddr = *daddr, .flowi6_flags = flags };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	int err = dst->error;

	/* A way without an address to answer to is none. */
	if (!err && ipv6_addr_any(&fl6.saddr))
		err = ipv6_dev_get_saddr(net, ip6_dst_idev(dst)->dev, daddr, 0,
					 &fl6.saddr);
	if (err) {
		dst_release(dst);
		return NULL;
	}
	saddr->in6 = fl6.saddr;
	*cookie = rt6_get_cookie(dst_rt6_info(dst));
	return kind == IP_VS_ROUTE_TUNNEL ? policed6(net, dst, &fl6) : dst;
}

/* May a route stay?  Whoever removes the server, or takes the device down, and
 * looks for routes afterwards, finds it; or we see here what they have done.
 * The lock is held.
 */
static bool route_lasts(const struct ip_vs_dest *dest,
			const struct ip_vs_route *route)
{
	const struct net_device *dev = route->dst->dev;

	return ip_vs_dest_available(dest) && dev->flags & IFF_UP &&
	       dev->reg_state == NETREG_REGISTERED &&
	       dst_check(route->dst, route->cookie);
}

static void route_store(struct ip_vs_dest *dest, enum ip_vs_route_kind kind,
			struct dst_entry *dst, u32 cookie,
			const union nf_inet_addr *saddr)
{
	struct ip_vs_routes *routes = &dest->ivn->routes;
	struct ip_vs_route *route, *old;

	route = ip_vs_packet_kmalloc(dest->ivn->foreign, sizeof(*route));
	if (!route)
		return;
	dst_hold(dst);
	*route = (struct ip_vs_route){
		.dst = dst,
		.cookie = cookie,
		.saddr = *saddr,
		.slot = &dest->route[kind],
	};
	spin_lock_bh(&routes->lock);
	if (unlikely(!route_lasts(dest, route))) {
		spin_unlock_bh(&routes->lock);
		route_free(&route->rcu);
		return;
	}
	old = slot_route(routes, route->slot);
	if (old)
		route_drop(old);
	list_add(&route->list, &routes->all);
	rcu_assign_pointer(*route->slot, route);
	spin_unlock_bh(&routes->lock);
}

/**
 * ip_vs_route_lookup() - the route of a connection's requests, anew
 * @c: connection; with a server that is configured here it is cached from now
 *	on, if it lasts
 * @kind: what the connection's method asks for
 * @saddr: result: the address this host would use to talk to the server; or
 *	NULL
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: a reference, to be given back when the packet has left; NULL: there is
 * no way.
 */
struct dst_entry *ip_vs_route_lookup(const struct ip_vs_conn *c,
				     enum ip_vs_route_kind kind,
				     union nf_inet_addr *saddr)
{
	union nf_inet_addr source = {};
	struct net *net = c->ivn->net;
	struct ip_vs_conn_view view;
	struct dst_entry *dst;
	u32 cookie = 0;

	ip_vs_conn_view(c, &view);
	dst = view.daf == AF_INET6 ?
	      lookup6(net, &view.daddr.in6, kind, &source, &cookie) :
	      lookup4(net, view.daddr.ip, kind, &source);
	if (!dst)
		return NULL;
	if (c->dest)
		route_store(c->dest, kind, dst, cookie, &source);
	if (saddr)
		*saddr = source;
	return dst;
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
