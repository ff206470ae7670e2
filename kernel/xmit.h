/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forwarding: how a packet of a connection leaves.
 */
#ifndef IP_VS_XMIT_H
#define IP_VS_XMIT_H

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct dst_entry;
struct ip_vs_conn;
struct ip_vs_dest;
struct ip_vs_net;
struct ip_vs_packet;
struct net_device;
struct sk_buff;

/**
 * struct ip_vs_route - a route to a real server, cached
 * @dst: the route; holds a reference
 * @cookie: for dst_check()
 * @saddr: the address this host would use to talk to the server
 * @rcu: for freeing
 */
struct ip_vs_route {
	struct dst_entry *dst;
	u32 cookie;
	union nf_inet_addr saddr;
	struct rcu_head rcu;
};

/**
 * struct ip_vs_path - the way a packet is to take
 * @conn: connection, for counting what is lost
 * @route: route, or NULL: there is none; good until the RCU section ends
 * @af: family of @route
 * @nat: the packet's destination becomes the server's address
 * @may_stay: the server may be this host
 * @writable: how many bytes from skb->data on are going to be written
 * @overhead: bytes that encapsulation adds, the outer IP header included
 * @tell_size: tell the sender of a packet that does not fit; otherwise it is
 *	cut
 */
struct ip_vs_path {
	const struct ip_vs_conn *conn;
	const struct ip_vs_route *route;
	u16 af;
	bool nat;
	bool may_stay;
	unsigned int writable;
	unsigned int overhead;
	bool tell_size;
};

/* Where a path leads. */
enum ip_vs_way {
	IP_VS_WAY_NONE,		/* nowhere: the packet has been freed */
	IP_VS_WAY_HERE,		/* to this host */
	IP_VS_WAY_OUT,		/* out through path->route */
};

/* xmit/route.c */
void ip_vs_route_forget(struct ip_vs_dest *dest);
void ip_vs_route_forget_device(struct ip_vs_dest *dest,
			       const struct net_device *dev);
void ip_vs_route_free(struct ip_vs_dest *dest);
const struct ip_vs_route *ip_vs_conn_route(const struct ip_vs_conn *c,
					   struct ip_vs_route *own);
enum ip_vs_way ip_vs_path_take(struct sk_buff *skb, u16 af,
			       const struct ip_vs_path *path);
void ip_vs_tell_no_port(struct sk_buff *skb, u16 af);

/* xmit/nat.c */
unsigned int ip_vs_nat_request(struct ip_vs_net *ivn, struct sk_buff *skb,
			       const struct ip_vs_packet *pkt,
			       struct ip_vs_conn *c);
bool ip_vs_nat_answer(struct ip_vs_net *ivn, struct sk_buff *skb,
		      const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
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
void ip_vs_xmit_mark(struct sk_buff *skb, const struct ip_vs_conn *c);
void ip_vs_xmit_prepare(struct sk_buff *skb, struct dst_entry *dst);
unsigned int ip_vs_xmit_here(struct sk_buff *skb, const struct ip_vs_conn *c);
unsigned int ip_vs_xmit_out(struct sk_buff *skb, const struct ip_vs_conn *c,
			    u16 af, struct dst_entry *dst);

#endif
