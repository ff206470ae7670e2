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

#include "writable.h"

struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_packet;
struct sk_buff;

/* xmit/nat.c */
unsigned int ip_vs_nat_request(struct ip_vs_net *ivn, struct sk_buff *skb,
			       const struct ip_vs_packet *pkt,
			       struct ip_vs_conn *c);
unsigned int ip_vs_nat_request_extra(struct ip_vs_net *ivn,
				     struct sk_buff *skb,
				     const struct ip_vs_packet *pkt,
				     struct ip_vs_conn *c);
enum ip_vs_ext_drop ip_vs_nat_obstacle(const struct sk_buff *skb,
				       const struct ip_vs_conn *c);
enum ip_vs_ext_drop ip_vs_nat_answer(struct ip_vs_net *ivn,
				     struct sk_buff *skb,
				     const struct ip_vs_packet *pkt,
				     struct ip_vs_conn *c,
				     unsigned int hooknum);
enum ip_vs_ext_drop ip_vs_nat_answer_extra(struct ip_vs_net *ivn,
					   struct sk_buff *skb,
					   const struct ip_vs_packet *pkt,
					   struct ip_vs_conn *c,
					   unsigned int hooknum);
bool ip_vs_nat_to_server(struct ip_vs_writable w, const struct ip_vs_packet *pkt,
			 const struct ip_vs_conn *c);
bool ip_vs_nat_from_virtual(struct ip_vs_writable w,
			    const struct ip_vs_packet *pkt,
			    const struct ip_vs_conn *c);
bool ip_vs_nat_policed(const struct net *net);
bool ip_vs_nat_reroute(struct ip_vs_net *ivn, struct sk_buff *skb, u16 af,
		       unsigned int hooknum);

/* xmit/direct.c */
unsigned int ip_vs_direct_request(struct ip_vs_net *ivn, struct sk_buff *skb,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_conn *c);

/* xmit/bypass.c */
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
