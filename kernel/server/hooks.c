// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration of a namespace's netfilter hooks.
 *
 * They are registered with the namespace's first service of a family and
 * unregistered with its last, so that a host without services pays nothing.
 * Each registration carries the namespace state, so that packets need not look
 * it up.  The hook functions are handed in when the namespace state is
 * initialised.
 */
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "net.h"
#include "server/hooks.h"

atomic_t ip_vs_own_hooks[2];

/**
 * struct ip_vs_hooks - one registration
 * @ops: as registered with netfilter
 * @rcu: for freeing: netfilter reads hooks under RCU
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
 * ip_vs_hooks_register() - register the hooks of a family
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; does nothing if they are registered
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
 * ip_vs_hooks_unregister() - unregister the hooks of a family
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; does nothing if they are not registered
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
 * ip_vs_hooks_release() - unregister the hooks of a family without services
 * @ivn: namespace
 * @af: AF_INET or AF_INET6; does nothing while it has services
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_hooks_release(struct ip_vs_net *ivn, u16 af)
{
	if (!ivn->n_services[af == AF_INET6])
		ip_vs_hooks_unregister(ivn, af);
}
