/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connection tracking's entries for the packets and connections of IPVS.
 */
#ifndef IP_VS_NFCT_H
#define IP_VS_NFCT_H

#include <linux/kconfig.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct net;
struct nf_hook_state;
union ip_vs_key;

#if IS_ENABLED(CONFIG_NF_CONNTRACK)

bool ip_vs_nfct_confirmed(const struct sk_buff *skb);
bool ip_vs_nfct_has(const struct sk_buff *skb);
void ip_vs_nfct_untrack(struct sk_buff *skb);
void ip_vs_nfct_answer_from(struct sk_buff *skb, u16 af,
			    const union ip_vs_key *answer, bool ports);
void ip_vs_nfct_answer_to(struct sk_buff *skb, u16 af,
			  const union ip_vs_key *request);
void ip_vs_nfct_prepare(struct sk_buff *skb);
bool ip_vs_nfct_changes(const struct sk_buff *skb);
void ip_vs_nfct_change(struct sk_buff *skb, u32 seq, s32 diff, bool untold);
int ip_vs_nfct_track(struct net *net, u16 af);
void ip_vs_nfct_untrack_net(struct net *net, u16 af);
bool ip_vs_nfct_confirm(struct sk_buff *skb);
void ip_vs_nfct_kill(struct net *net, u16 af, const union ip_vs_key *request);
void ip_vs_nfct_renew(struct sk_buff *skb, const struct nf_hook_state *state);

/* Untrack a packet; one that was not tracked stays as it is. */
static inline void ip_vs_nfct_leave(struct sk_buff *skb)
{
	if (skb_nfct(skb))
		ip_vs_nfct_untrack(skb);
}

#else /* a kernel without connection tracking has nothing to do here */

static inline bool ip_vs_nfct_confirmed(const struct sk_buff *skb)
{
	return false;
}

static inline bool ip_vs_nfct_has(const struct sk_buff *skb)
{
	return false;
}

static inline void ip_vs_nfct_leave(struct sk_buff *skb)
{
}

static inline void ip_vs_nfct_answer_from(struct sk_buff *skb, u16 af,
					  const union ip_vs_key *answer,
					  bool ports)
{
}

static inline void ip_vs_nfct_answer_to(struct sk_buff *skb, u16 af,
					const union ip_vs_key *request)
{
}

static inline void ip_vs_nfct_prepare(struct sk_buff *skb)
{
}

static inline bool ip_vs_nfct_changes(const struct sk_buff *skb)
{
	return false;
}

static inline void ip_vs_nfct_change(struct sk_buff *skb, u32 seq, s32 diff,
				     bool untold)
{
}

static inline int ip_vs_nfct_track(struct net *net, u16 af)
{
	return 0;
}

static inline void ip_vs_nfct_untrack_net(struct net *net, u16 af)
{
}

static inline bool ip_vs_nfct_confirm(struct sk_buff *skb)
{
	return true;
}

static inline void ip_vs_nfct_kill(struct net *net, u16 af,
				   const union ip_vs_key *request)
{
}

static inline void ip_vs_nfct_renew(struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
}

#endif

#endif
