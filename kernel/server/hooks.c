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
#include "server/lanes.h"

atomic_t ip_vs_own_hooks[2];

/**
 * struct ip_vs_hooks - one registration
 * @ops: as registered with netfilter
 * @fast: the one at PRE_ROUTING is registered as well
 * @rcu: for freeing: netfilter reads hooks under RCU
 */
struct ip_vs_hooks {
	struct nf_hook_ops ops[IP_VS_HOOKS];
	bool fast;
	struct rcu_head rcu;
};

static struct ip_vs_hooks **slot_of(struct ip_vs_net *ivn, u16 af)
{
	return &ivn->hooks[af == AF_INET6];
}

static int fast_register(struct ip_vs_net *ivn, struct ip_vs_hooks *mine)
{
	struct nf_hook_ops *ops = &mine->ops[IP_VS_HOOK_FAST];
	int err;

	if (mine->fast || !ops->hook)
		return 0;
	err = nf_register_net_hook(ivn->net, ops);
	mine->fast = !err;
	return err;
}

static void fast_unregister(struct ip_vs_net *ivn, struct ip_vs_hooks *mine,
			    u16 af)
{
	if (!mine->fast)
		return;
	mine->fast = false;
	nf_unregister_net_hook(ivn->net, &mine->ops[IP_VS_HOOK_FAST]);
	ip_vs_lanes_drop(ivn, af);
}

/**
 * ip_vs_hooks_fast() - register or unregister the hooks at PRE_ROUTING
 * @ivn: namespace
 * @on: register
 *
 * Where the others are registered, now or later.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0 or an error of netfilter.
 */
int ip_vs_hooks_fast(struct ip_vs_net *ivn, bool on)
{
	static const u16 families[] = { AF_INET, AF_INET6 };
	struct ip_vs_hooks *mine;
	size_t i;
	int err;

	lockdep_assert_held(&ivn->config);
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		mine = *slot_of(ivn, families[i]);
		if (!mine)
			continue;
		err = on ? fast_register(ivn, mine) : 0;
		if (err)
			return err;
		if (!on)
			fast_unregister(ivn, mine, families[i]);
	}
	return 0;
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
	err = nf_register_net_hooks(ivn->net, mine->ops, IP_VS_HOOK_FAST);
	if (err)
		goto err_mine;
	err = ivn->settings.fastpath ? fast_register(ivn, mine) : 0;
	if (err)
		goto err_hooks;
	atomic_inc(&ip_vs_own_hooks[af == AF_INET6]);
	*slot_of(ivn, af) = mine;
	return 0;

err_hooks:
	nf_unregister_net_hooks(ivn->net, mine->ops, IP_VS_HOOK_FAST);
err_mine:
	kfree_rcu(mine, rcu);
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
	fast_unregister(ivn, mine, af);
	nf_unregister_net_hooks(ivn->net, mine->ops, IP_VS_HOOK_FAST);
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
