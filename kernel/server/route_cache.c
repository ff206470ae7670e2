// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cached routes of real servers.
 *
 * A server has one for each enum ip_vs_route_kind.  The kernel marks a route
 * obsolete when a route, a device or a path MTU changes, which dst_check()
 * detects for each packet; device.c drops the routes over a device that goes
 * down.
 *
 * All cached routes of a namespace are on one list, under one lock, which is
 * taken when a route is cached or dropped, not for each packet.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/dst.h>

#include "foreign.h"
#include "net.h"
#include "server/dest.h"
#include "server/route_cache.h"

/* Routes examined before the lock is dropped. */
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
 * ip_vs_routes_init() - initialise a namespace's list of cached routes
 * @routes: list to initialise
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

/* Drops the first of the routes on @left, or moves it back to the main list. */
static void forget_first(struct ip_vs_routes *routes, struct list_head *left,
			 const struct net_device *dev)
{
	struct ip_vs_route *route =
		list_first_entry(left, struct ip_vs_route, list);

	/* An obsolete route may no longer refer to the device it led over. */
	if (route->dst->dev == dev || !dst_check(route->dst, route->cookie))
		route_drop(route);
	else
		list_move(&route->list, &routes->all);
}

/**
 * ip_vs_routes_forget_device() - drop cached routes that lead over a device
 * @routes: of the device's namespace
 * @dev: device, down or being removed
 *
 * Obsolete routes are dropped as well.  No route over the device is cached from
 * now on, until it is up again.
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
		/* Others may remove routes from @left while the lock is
		 * dropped.
		 */
		spin_unlock_bh(&routes->lock);
		cond_resched();
		spin_lock_bh(&routes->lock);
	}
	spin_unlock_bh(&routes->lock);
}

/* May the route be cached?  A removal of the server, or the device going down,
 * either finds the route afterwards or is seen here.  The lock is held.
 */
static bool route_lasts(const struct ip_vs_dest *dest,
			const struct ip_vs_route *route)
{
	const struct net_device *dev = route->dst->dev;

	return ip_vs_dest_available(dest) && dev->flags & IFF_UP &&
	       dev->reg_state == NETREG_REGISTERED &&
	       dst_check(route->dst, route->cookie);
}

/**
 * ip_vs_route_store() - cache a route, if it is valid
 * @dest: server
 * @kind: what the route is for
 * @dst: route; a reference of its own is taken
 * @cookie: for dst_check()
 * @saddr: the source address this host uses towards the server
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_route_store(struct ip_vs_dest *dest, enum ip_vs_route_kind kind,
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
