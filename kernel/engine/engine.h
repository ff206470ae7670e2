/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine's entry points, called by the hooks.
 */
#ifndef IP_VS_ENGINE_H
#define IP_VS_ENGINE_H

#include <linux/types.h>

#include "conn/conn.h"
#include "net.h"

struct ip_vs_packet;
struct nf_hook_state;
struct sk_buff;
union ip_vs_key;

unsigned int ip_vs_input(struct ip_vs_net *ivn, struct sk_buff *skb,
			 const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
			 const struct nf_hook_state *state);
unsigned int ip_vs_input_open(struct ip_vs_net *ivn, struct sk_buff *skb,
			      const struct ip_vs_packet *pkt, u32 digest);
/* Is a request of this connection to be counted there, or peers told of it? */
static inline bool ip_vs_input_counts(const struct ip_vs_net *ivn,
				      const struct ip_vs_conn *c)
{
	return unlikely(READ_ONCE(c->in_pkts) < IP_VS_COUNT_ALWAYS ||
			rcu_access_pointer(ivn->master));
}

void ip_vs_input_count(const struct ip_vs_net *ivn, struct ip_vs_conn *c);
struct ip_vs_conn *ip_vs_input_schedule(struct ip_vs_net *ivn,
					struct sk_buff *skb,
					const struct ip_vs_packet *pkt,
					const union ip_vs_key *key, u32 digest,
					unsigned int *verdict);
unsigned int ip_vs_output(struct ip_vs_net *ivn, struct sk_buff *skb,
			  const struct ip_vs_packet *pkt, struct ip_vs_conn *c,
			  unsigned int hooknum);
bool ip_vs_output_unknown(struct ip_vs_net *ivn, struct sk_buff *skb,
			  const struct ip_vs_packet *pkt);
unsigned int ip_vs_icmp4(struct ip_vs_net *ivn, struct sk_buff *skb,
			 unsigned int hooknum);
unsigned int ip_vs_icmp6(struct ip_vs_net *ivn, struct sk_buff *skb,
			 u32 offset, unsigned int hooknum);

/* icmp_quote.c, for icmp.c and icmp_tunnel.c */
bool ip_vs_icmp_checksum_good4(struct sk_buff *skb, u32 offset);
bool ip_vs_icmp_crosses_border(const struct sk_buff *skb,
			       const struct ip_vs_packet *quote);
u32 ip_vs_icmp_quote_end(const struct ip_vs_packet *quote);
/* icmp_tunnel.c: false: not about a tunnel of ours, the packet is untouched. */
bool ip_vs_icmp_tunnel(struct ip_vs_net *ivn, struct sk_buff *skb,
		       u32 offset, u8 type, unsigned int *verdict);

#endif
