/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forwarding: how a packet of a connection leaves.
 */
#ifndef IP_VS_XMIT_H
#define IP_VS_XMIT_H

#include <linux/ip_vs_ext.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "server/dest.h"

struct dst_entry;
struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_packet;
struct ip_vs_routes;
struct net_device;
struct sk_buff;

/**
 * struct ip_vs_route - a route to a real server, cached
 * @dst: the route; holds a reference
 * @cookie: for dst_check()
 * @saddr: the address this host would use to talk to the server
 * @slot: where the server has it
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

/* xmit/route.c */
void ip_vs_routes_init(struct ip_vs_routes *routes);
void ip_vs_routes_forget_device(struct ip_vs_routes *routes,
				const struct net_device *dev);
void ip_vs_route_forget_all(struct ip_vs_dest *dest);
void ip_vs_route_free(struct ip_vs_dest *dest);
struct dst_entry *ip_vs_route_lookup(const struct ip_vs_conn *c,
				     enum ip_vs_route_kind kind,
				     union nf_inet_addr *saddr);
bool ip_vs_route_fits(const struct sk_buff *skb, u16 af,
		      const struct dst_entry *dst, unsigned int overhead);
void ip_vs_tell_no_port(struct sk_buff *skb, u16 af);
void ip_vs_tell_unreachable(struct sk_buff *skb, u16 af);
void ip_vs_tell_no_hop(struct sk_buff *skb, u16 af);
bool ip_vs_tell_size(struct sk_buff *skb, u16 af, const struct dst_entry *dst,
		     unsigned int overhead, bool tell);

/* Drop the cached routes of a server: hardly anything for one that has none.
 * Any context but hard interrupts.
 *
 * It looks without the lock, so a packet that is just now storing a route may be
 * missed, also by whoever removes the server.  Such a route is as good as any: each
 * packet asks whether it still leads anywhere, it is on the list of those that a
 * device takes along, and a server that is freed is reached by no packet any more,
 * so ip_vs_route_free() finds what there is.
 */
static inline void ip_vs_route_forget(struct ip_vs_dest *dest)
{
	if (rcu_access_pointer(dest->route[IP_VS_ROUTE_NAT]) ||
	    rcu_access_pointer(dest->route[IP_VS_ROUTE_DIRECT]) ||
	    rcu_access_pointer(dest->route[IP_VS_ROUTE_TUNNEL]))
		ip_vs_route_forget_all(dest);
}

/* xmit/nat.c */
unsigned int ip_vs_nat_request(struct ip_vs_net *ivn, struct sk_buff *skb,
			       const struct ip_vs_packet *pkt,
			       struct ip_vs_conn *c);
enum ip_vs_ext_drop ip_vs_nat_obstacle(const struct sk_buff *skb,
				       const struct ip_vs_conn *c);
enum ip_vs_ext_drop ip_vs_nat_answer(struct ip_vs_net *ivn,
				     struct sk_buff *skb,
				     const struct ip_vs_packet *pkt,
				     struct ip_vs_conn *c,
				     unsigned int hooknum);
bool ip_vs_nat_reroute(struct ip_vs_net *ivn, struct sk_buff *skb, u16 af,
		       unsigned int hooknum);

/* xmit/direct.c */
unsigned int ip_vs_direct_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c);

/* xmit/local.c */
unsigned int ip_vs_bypass_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c);

/* xmit/tunnel.c */
unsigned int ip_vs_tunnel_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c);

/* xmit.c */
unsigned int ip_vs_xmit(struct ip_vs_net *ivn, struct sk_buff *skb,
			const struct ip_vs_packet *pkt, struct ip_vs_conn *c);

#endif
