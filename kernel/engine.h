/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine's entry points, called by the hooks.
 */
#ifndef IP_VS_ENGINE_H
#define IP_VS_ENGINE_H

struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_packet;
struct sk_buff;
union ip_vs_key;

unsigned int ip_vs_input(struct ip_vs_net *ivn, struct sk_buff *skb,
			 const struct ip_vs_packet *pkt, struct ip_vs_conn *c);
struct ip_vs_conn *ip_vs_input_schedule(struct ip_vs_net *ivn,
					struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					const union ip_vs_key *key,
					unsigned int *verdict);
unsigned int ip_vs_output(struct ip_vs_net *ivn, struct sk_buff *skb,
			  const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
			  unsigned int hooknum);
unsigned int ip_vs_icmp4(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int hooknum);
unsigned int ip_vs_icmp6(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int offset, unsigned int hooknum);

#endif
