/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cached routes of real servers.
 */
#ifndef IP_VS_ROUTE_CACHE_H
#define IP_VS_ROUTE_CACHE_H

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct dst_entry;
struct ip_vs_dest;
struct net_device;

/* Forwarding methods need different routes to a server, and a connection keeps
 * its method when the server's is changed.
 */
enum ip_vs_route_kind {
	IP_VS_ROUTE_NAT,	/* the server is the packet's destination */
	IP_VS_ROUTE_DIRECT,	/* the server is only the next hop */
	IP_VS_ROUTE_TUNNEL,	/* a packet sent by this host */
	IP_VS_ROUTE_KINDS
};

/**
 * struct ip_vs_routes - the cached routes of a namespace's servers
 * @lock: @all, and ip_vs_dest.route of every server; taken by RCU callbacks
 * @all: every cached route
 */
struct ip_vs_routes {
	spinlock_t lock;	/* @all, ip_vs_dest.route */
	struct list_head all;
};

/**
 * struct ip_vs_route - a route to a real server, cached
 * @dst: the route; holds a reference
 * @cookie: for dst_check()
 * @saddr: the source address this host uses towards the server
 * @slot: the pointer to it in the server
 * @list: in ivn->routes.all
 * @rcu: for freeing
 */
struct ip_vs_route {
	struct dst_entry *dst;
	u32 cookie;
	union nf_inet_addr saddr;
	struct ip_vs_route __rcu **slot;
	struct list_head list;
	struct rcu_head rcu;
};

void ip_vs_routes_init(struct ip_vs_routes *routes);
void ip_vs_routes_forget_device(struct ip_vs_routes *routes,
				const struct net_device *dev);
void ip_vs_route_store(struct ip_vs_dest *dest, enum ip_vs_route_kind kind,
		       struct dst_entry *dst, u32 cookie,
		       const union nf_inet_addr *saddr);
void ip_vs_route_forget_all(struct ip_vs_dest *dest);

#endif
