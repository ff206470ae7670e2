// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to a real server: its route, cached; whether a packet may take it;
 * whether it fits, and who is told if not.
 *
 * One route is cached for each server, whatever the method, looked up by the
 * server's address alone.  The kernel marks a route obsolete when anything on
 * the way changes (a route, a device, a path MTU), which dst_check() sees, so
 * there is nothing to listen to.
 */
#include <linux/icmp.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/icmp.h>
#include <net/ip.h>
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

static struct rtable *route_lookup4(struct ip_vs_dest *dest)
{
	struct flowi4 fl4 = { .daddr = dest->key.addr.ip };
	struct ip_vs_route *route;
	struct rtable *rt;

	rt = ip_route_output_key(dest->ivn->net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	route = kmalloc(sizeof(*route), GFP_ATOMIC | __GFP_NOWARN);
	if (!route) {
		ip_rt_put(rt);
		return NULL;
	}
	route->dst = &rt->dst;
	route->cookie = 0;
	route_replace(dest, route);
	return rt;
}

/**
 * ip_vs_route4() - the route to a server
 * @dest: server with an IPv4 address
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer, or NULL: there is no way (or no memory).
 */
struct rtable *ip_vs_route4(struct ip_vs_dest *dest)
{
	struct ip_vs_route *route = rcu_dereference(dest->route);

	if (likely(route && dst_check(route->dst, route->cookie)))
		return dst_rtable(route->dst);
	return route_lookup4(dest);
}

static bool is_local4(const struct rtable *rt)
{
	return rt->rt_flags & RTCF_LOCAL;
}

/**
 * ip_vs_route_admits4() - may a packet change over to this route?
 * @rt: route to the server
 * @skb: packet with its present route
 * @nat: the packet's destination becomes the server's address
 *
 * Loopback addresses are this host's own business: none may come in from
 * outside or leave.
 *
 * Return: true or false.
 */
bool ip_vs_route_admits4(const struct rtable *rt, const struct sk_buff *skb,
			 bool nat)
{
	const struct rtable *old = skb_rtable(skb);

	if (!is_local4(rt))
		return !ipv4_is_loopback(ip_hdr(skb)->saddr);
	if (nat)
		return true;
	return is_local4(old);
}

/**
 * ip_vs_route_fits4() - does a packet fit, or may it be cut to fit?
 * @skb: packet
 * @mtu: of the way ahead
 *
 * If not, its sender is told (RFC 1191).
 *
 * Return: true, or false: the packet must go no further.
 */
bool ip_vs_route_fits4(struct sk_buff *skb, unsigned int mtu)
{
	if (likely(skb->len <= mtu) ||
	    (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu)) ||
	    !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return true;
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return false;
}
