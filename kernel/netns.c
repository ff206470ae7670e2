// SPDX-License-Identifier: GPL-2.0-only
/*
 * One network namespace's state: how it is initialised and destroyed.
 *
 * Every namespace has a state from module load on; it costs a few small tables
 * until the first service (or synchronisation daemon) is added.  What grows
 * with the number of CPUs is allocated then, charged to the control group of
 * the task that adds it, and stays until the namespace is destroyed:
 * connections outlive the last service, and a service that is added and removed
 * repeatedly would cost these allocations each time.
 *
 * When a namespace is destroyed, first the hooks are unregistered, so that no
 * packet comes any more, then the synchronisation daemons are stopped, and the
 * net core waits for a grace period between ->pre_exit and ->exit.  Then
 * services are removed (their servers go to the trash), connections (which
 * release their servers), and last the trash and the tables.
 */
#include <linux/init.h>
#include <net/net_namespace.h>

#include "conn/events.h"
#include "conn/expiry.h"
#include "conn/limit.h"
#include "conn/table.h"
#include "conn/walk.h"
#include "ctl/events.h"
#include "ctl/listeners.h"
#include "ctl/procfs.h"
#include "ctl/sysctl.h"
#include "ctl/transaction.h"
#include "engine/defense.h"
#include "engine/fast.h"
#include "engine/hook.h"
#include "foreign.h"
#include "net.h"
#include "netns.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/drops.h"
#include "server/estimator.h"
#include "server/hooks.h"
#include "server/server_addr.h"
#include "server/service.h"
#include "server/stats.h"
#include "server/trash.h"
#include "server/lanes.h"
#include "sync/daemon.h"
#include "sync/master.h"

/* Number of namespaces so far, for the names of threads. */
static atomic_t nets_seen;

/* The group of the task that adds a foreign namespace's first service is
 * charged.
 */
static int net_equip_payer(struct ip_vs_net *ivn)
{
	if (!ip_vs_net_foreign(ivn))
		return 0;
	ivn->foreign = ip_vs_foreign_new();
	if (!ivn->foreign)
		return -ENOMEM;
	ivn->conns4.foreign = ivn->foreign;
	ivn->conns6.foreign = ivn->foreign;
	return 0;
}

static void net_strip_payer(struct ip_vs_net *ivn)
{
	ivn->conns4.foreign = NULL;
	ivn->conns6.foreign = NULL;
	ip_vs_foreign_free(ivn->foreign);
	ivn->foreign = NULL;
}

/* Allocate what packets need, for ip_vs_net_equip(). */
static int net_equip(struct ip_vs_net *ivn)
{
	int err;

	err = net_equip_payer(ivn);
	if (err)
		return err;
	err = ip_vs_conn_limit_init(&ivn->limit);
	if (err)
		goto err_payer;
	ivn->folded_cpu = __netdev_alloc_pcpu_stats(struct ip_vs_cpu_counters,
						    GFP_KERNEL_ACCOUNT);
	if (!ivn->folded_cpu) {
		err = -ENOMEM;
		goto err_count;
	}
	err = ip_vs_estimator_equip(ivn);
	if (err)
		goto err_stats;
	err = ip_vs_drops_equip(ivn);
	if (err)
		goto err_estimator;
	err = ip_vs_defense_equip(ivn);
	if (err)
		goto err_drops;
	err = ip_vs_fast_equip(ivn);
	if (err)
		goto err_defense;
	err = ip_vs_expiry_equip(ivn);
	if (err)
		goto err_fast;
	return 0;

err_fast:
	ip_vs_fast_strip(ivn);
err_defense:
	ip_vs_defense_strip(ivn);
err_drops:
	ip_vs_drops_strip(ivn);
err_estimator:
	ip_vs_estimator_strip(ivn);
err_stats:
	free_percpu(ivn->folded_cpu);
err_count:
	ip_vs_conn_limit_exit(&ivn->limit);
err_payer:
	net_strip_payer(ivn);
	return err;
}

/* Undo net_equip(): no connection is left. */
static void net_strip(struct ip_vs_net *ivn)
{
	if (!ivn->equipped)
		return;
	ip_vs_expiry_strip(ivn);
	ip_vs_fast_strip(ivn);
	ip_vs_defense_strip(ivn);
	ip_vs_drops_strip(ivn);
	ip_vs_estimator_strip(ivn);
	free_percpu(ivn->folded_cpu);
	ip_vs_conn_limit_exit(&ivn->limit);
	net_strip_payer(ivn);
}

static int __net_init net_init(struct net *net)
{
	struct ip_vs_net *ivn = ip_vs_net(net);
	int err;

	ivn->net = net;
	ivn->equip = net_equip;
	ivn->conn_prolonged = ip_vs_sync_conn_prolonged;
	ivn->hook_ops[0] = ip_vs_hook_ops4;
	ivn->hook_ops[1] = ip_vs_hook_ops6;
	ivn->number = atomic_inc_return(&nets_seen) - 1;
	mutex_init(&ivn->config);
	ivn->generation = 1;
	mutex_init(&ivn->daemons);
	mutex_init(&ivn->readers);
	ip_vs_transactions_net_init(ivn);
	ip_vs_listeners_net_init(ivn);
	ip_vs_events_net_init(ivn);
	ip_vs_timeouts_init(&ivn->timeouts);

	ip_vs_conn_tables_init(ivn);
	ip_vs_conns_sweep_init(ivn);
	ip_vs_lanes_init(ivn);
	ip_vs_defense_init(ivn);
	err = ip_vs_services_init(ivn);
	if (err)
		return err;
	ip_vs_trash_init(ivn);
	err = ip_vs_dests_init(ivn);
	if (err)
		goto err_services;
	err = ip_vs_server_addrs_init(ivn);
	if (err)
		goto err_dests;
	err = ip_vs_sysctl_net_init(ivn);
	if (err)
		goto err_server_addrs;
	err = ip_vs_procfs_net_init(ivn);
	if (err)
		goto err_sysctl;
	return 0;

err_sysctl:
	ip_vs_sysctl_net_exit(ivn);
err_server_addrs:
	ip_vs_server_addrs_exit(ivn);
err_dests:
	ip_vs_dests_exit(ivn);
err_services:
	ip_vs_services_exit(ivn);
	return err;
}

static void __net_exit net_pre_exit(struct net *net)
{
	struct ip_vs_net *ivn = ip_vs_net(net);

	mutex_lock(&ivn->config);
	WRITE_ONCE(ivn->dying, true);
	ip_vs_hooks_unregister(ivn, AF_INET);
	ip_vs_hooks_unregister(ivn, AF_INET6);
	mutex_unlock(&ivn->config);
	/* While the namespace still has the devices they use. */
	ip_vs_sync_net_exit(ivn);
}

static void net_exit(struct ip_vs_net *ivn)
{
	ip_vs_transactions_net_exit(ivn);
	ip_vs_procfs_net_exit(ivn);
	ip_vs_sysctl_net_exit(ivn);
	mutex_lock(&ivn->config);
	ip_vs_service_flush(ivn);
	mutex_unlock(&ivn->config);
	ip_vs_defense_exit(ivn);
	ip_vs_conns_end(ivn);
	ip_vs_conn_events_purge(ivn);
	ip_vs_events_net_exit(ivn);
	ip_vs_listeners_net_exit(ivn);
	ip_vs_estimator_exit(ivn);
	ip_vs_trash_exit(ivn);
	ip_vs_dests_exit(ivn);
	ip_vs_server_addrs_exit(ivn);
	ip_vs_services_exit(ivn);
	ip_vs_conn_tables_exit(ivn);
	ip_vs_lanes_drop(ivn, AF_INET);
	ip_vs_lanes_drop(ivn, AF_INET6);
	net_strip(ivn);
}

/* All namespaces that are destroyed together share one wait for RCU callbacks:
 * cached routes must be released before the namespace's routing is.
 */
static void __net_exit net_exit_batch(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		net_exit(ip_vs_net(net));
	rcu_barrier();
}

/* Every namespace has one: keep to this size class of kmalloc(). */
static_assert(SMP_CACHE_BYTES > 64 || sizeof(struct mutex) > 32 ||
	      sizeof(spinlock_t) > 4 || sizeof(struct ip_vs_net) <= 2048);

static struct pernet_operations net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit_batch = net_exit_batch,
	.id = &ip_vs_net_id,
	.size = sizeof(struct ip_vs_net),
};

/**
 * ip_vs_nets_register() - set up each namespace, present and future
 *
 * Return: 0 or -errno.
 */
int __init ip_vs_nets_register(void)
{
	return register_pernet_subsys(&net_ops);
}

/**
 * ip_vs_nets_unregister() - undo ip_vs_nets_register()
 */
void ip_vs_nets_unregister(void)
{
	unregister_pernet_subsys(&net_ops);
}
