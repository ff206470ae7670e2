/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The short way of a packet of an established connection.
 */
#ifndef IP_VS_FAST_H
#define IP_VS_FAST_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "conn/table.h"
#include "net.h"

struct nf_hook_state;
struct sk_buff;

/* Packets that came to the short way: two kinds that took it, then why the
 * others did not.
 */
enum ip_vs_fast_count {
	IP_VS_FAST_IN,		/* requests that took it */
	IP_VS_FAST_OUT,		/* answers that took it */
	IP_VS_FAST_SLOW,
	IP_VS_SLOW_WATCHED = IP_VS_FAST_SLOW,	/* others have hooks */
	IP_VS_SLOW_PACKET,	/* the stack has to do more with it */
	IP_VS_SLOW_PROTOCOL,	/* neither TCP nor UDP, or TCP with SYN */
	IP_VS_SLOW_NO_CONN,	/* no connection */
	IP_VS_SLOW_CONN,	/* its connection or its server is of a kind */
	IP_VS_SLOW_UNKNOWN,	/* none before it came this way */
	IP_VS_SLOW_ROUTE,	/* routing has to decide */
	IP_VS_SLOW_SIZE,	/* it does not fit */
	IP_VS_FAST_COUNTS
};

/**
 * struct ip_vs_cpu_fast - what one CPU counted, and its present packet
 * @n: by enum ip_vs_fast_count
 * @unknown: the packet that was left to the full path only because none before it
 *	had come this way; never followed
 * @genid: generation of the routing tables before @unknown was routed
 */
struct ip_vs_cpu_fast {
	unsigned long n[IP_VS_FAST_COUNTS];
	const struct sk_buff *unknown;
	u32 genid;
};

unsigned int ip_vs_fast4(void *priv, struct sk_buff *skb,
			 const struct nf_hook_state *state);
void ip_vs_fast_learn(struct ip_vs_net *ivn, struct sk_buff *skb,
		      const struct ip_vs_packet *pkt, struct ip_vs_match match,
		      const struct nf_hook_state *state);
int ip_vs_fast_equip(struct ip_vs_net *ivn);
void ip_vs_fast_strip(struct ip_vs_net *ivn);

/* Has the short way just left this packet to the full path to learn from? */
static inline bool ip_vs_fast_teaches(const struct ip_vs_net *ivn,
				      const struct sk_buff *skb)
{
	return unlikely(this_cpu_read(ivn->fast_cpu->unknown) == skb);
}

#endif
