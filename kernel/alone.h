/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who else looks at packets?
 *
 * The arrays read here are netfilter's own.  It replaces the whole array when a
 * hook comes or goes, and frees the old one after a grace period: under RCU it
 * can be read as netfilter does for each packet.  Nothing else of a foreign hook
 * is touched; what registered it may be gone.
 */
#ifndef IP_VS_ALONE_H
#define IP_VS_ALONE_H

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>

static_assert(__same_type(((struct nf_hook_entries *)0)->num_hook_entries, u16));
static_assert(__same_type(((struct nf_hook_entries *)0)->hooks[0],
			  struct nf_hook_entry));
static_assert(__same_type(((struct nf_hook_entry *)0)->priv, void *));
static_assert(__same_type(((struct net *)0)->nf.hooks_ipv4[0],
			  struct nf_hook_entries __rcu *));
static_assert(__same_type(((struct net *)0)->nf.hooks_ipv6[0],
			  struct nf_hook_entries __rcu *));

/**
 * ip_vs_alone() - would a packet that skips a hook be missed by nobody?
 * @slot: the hook that it would skip
 * @last: the hook it is in, where ours is to come last
 * @priv: what our own hooks have as their private pointer, and no others
 *
 * Context: RCU read side.
 *
 * Return: false: others have hooks there.
 */
static inline bool ip_vs_alone(struct nf_hook_entries __rcu *const *slot,
			       struct nf_hook_entries __rcu *const *last,
			       const void *priv)
{
	const struct nf_hook_entries *e = rcu_dereference(*slot);

	if (unlikely(!e || e->num_hook_entries != 1 || e->hooks[0].priv != priv))
		return false;
	e = rcu_dereference(*last);
	return likely(e && e->hooks[e->num_hook_entries - 1].priv == priv);
}

#endif
