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
struct rtable;
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

/* xmit/route.c */
void ip_vs_route_forget(struct ip_vs_dest *dest);
struct rtable *ip_vs_route4(struct ip_vs_dest *dest);
bool ip_vs_route_admits4(const struct rtable *rt, const struct sk_buff *skb,
			 bool nat);
bool ip_vs_route_fits4(struct sk_buff *skb, unsigned int mtu);

/* xmit/nat.c */
unsigned int ip_vs_nat_request4(struct ip_vs_net *ivn, struct sk_buff *skb,
				const struct ip_vs_packet *pkt,
				struct ip_vs_conn *c);
bool ip_vs_nat_answer4(struct ip_vs_net *ivn, struct sk_buff *skb,
		       const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
		       unsigned int hooknum);

/* xmit.c */
unsigned int ip_vs_xmit(struct ip_vs_net *ivn, struct sk_buff *skb,
			const struct ip_vs_packet *pkt, struct ip_vs_conn *c);
void ip_vs_xmit_mark(struct sk_buff *skb);
unsigned int ip_vs_xmit_local(struct sk_buff *skb);
unsigned int ip_vs_xmit_remote4(struct ip_vs_net *ivn, struct sk_buff *skb,
				struct rtable *rt);

#endif
