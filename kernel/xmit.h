/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forwarding: how a packet of a connection leaves.
 */
#ifndef IP_VS_XMIT_H
#define IP_VS_XMIT_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct dst_entry;
struct ip_vs_conn;
struct ip_vs_dest;
struct ip_vs_net;
struct ip_vs_packet;
struct sk_buff;

/**
 * struct ip_vs_route - a route to a real server, cached
 * @dst: the route; holds a reference
 * @cookie: for dst_check()
 * @rcu: for freeing
 */
struct ip_vs_route {
	struct dst_entry *dst;
	u32 cookie;
	struct rcu_head rcu;
};

/* Forget the cached route of @dest.  Any context; configuration mutex not
 * needed.
 */
void ip_vs_route_forget(struct ip_vs_dest *dest);

unsigned int ip_vs_xmit(struct ip_vs_net *ivn, struct sk_buff *skb,
			const struct ip_vs_packet *pkt, struct ip_vs_conn *c);

#endif
