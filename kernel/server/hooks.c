// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration of a namespace's netfilter hooks.
 *
 * They are registered with the namespace's first service of a family and go with
 * its last, so that a host without services pays nothing.  Each registration
 * carries its namespace's director: no packet has to look for it.  What the hooks
 * do is not known here: the director is told at its birth.
 */
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "net.h"
#include "server/hooks.h"

atomic_t ip_vs_own_hooks[2];

/**
 * struct ip_vs_hooks - one registration
 * @ops: as netfilter has them
 * @rcu: for freeing: lists of hooks are read under RCU
 */
struct ip_vs_hooks {
	struct nf_hook_ops ops[IP_VS_HOOKS];
	struct rcu_head rcu;
};

static struct ip_vs_hooks **slot_of(struct ip_vs_net *ivn, u16 af)
{
	return &ivn->hooks[af == AF_INET6];
}

/**
 * ip_vs_hooks_register() - let packets of a family come
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; if there are hooks nothing happens
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0, -ENOMEM, or an error of netfilter.
 */
int ip_vs_hooks_register(struct ip_vs_net *ivn, u16 af)
{
	struct ip_vs_hooks *mine;
	size_t i;
	int err;

	lockdep_assert_held(&ivn->config);
	if (*slot_of(ivn, af))
		return 0;
	err = ip_vs_net_equip(ivn);
	if (err)
		return err;
	if (af == AF_INET6) {
		err = nf_defrag_ipv6_enable(ivn->net);
		if (err)
			return err;
	}
	mine = kzalloc(sizeof(*mine), GFP_KERNEL_ACCOUNT);
	if (!mine) {
		err = -ENOMEM;
		goto err_defrag;
	}
	memcpy(mine->ops, ivn->hook_ops[af == AF_INET6], sizeof(mine->ops));
	for (i = 0; i < IP_VS_HOOKS; i++)
		mine->ops[i].priv = ivn;
	err = nf_register_net_hooks(ivn->net, mine->ops, IP_VS_HOOKS);
	if (err)
		goto err_mine;
	atomic_inc(&ip_vs_own_hooks[af == AF_INET6]);
	*slot_of(ivn, af) = mine;
	return 0;

err_mine:
	kfree(mine);
err_defrag:
	if (af == AF_INET6)
		nf_defrag_ipv6_disable(ivn->net);
	return err;
}

/**
 * ip_vs_hooks_unregister() - no more packets of a family
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; without hooks nothing happens
 *
 * Packets already inside a hook may go on until a grace period has passed.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_hooks_unregister(struct ip_vs_net *ivn, u16 af)
{
	struct ip_vs_hooks *mine = *slot_of(ivn, af);

	lockdep_assert_held(&ivn->config);
	if (!mine)
		return;
	*slot_of(ivn, af) = NULL;
	atomic_dec(&ip_vs_own_hooks[af == AF_INET6]);
	nf_unregister_net_hooks(ivn->net, mine->ops, IP_VS_HOOKS);
	kfree_rcu(mine, rcu);
	if (af == AF_INET6)
		nf_defrag_ipv6_disable(ivn->net);
}

/**
 * ip_vs_hooks_release() - no packets of a family without services
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; while it has services nothing happens
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_hooks_release(struct ip_vs_net *ivn, u16 af)
{
	if (!ivn->n_services[af == AF_INET6])
		ip_vs_hooks_unregister(ivn, af);
}
