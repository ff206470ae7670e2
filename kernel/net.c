// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every file needs of a namespace's state: how to find it, and the work
 * queues for deferred or slow work.  netns.c initialises and destroys it.
 */
#include <linux/module.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "net.h"

/* Bounds of conn_tab_bits. */
#define TAB_BITS_MIN 8
#define TAB_BITS_MAX 27
#define TAB_BITS_DEFAULT 12

int ip_vs_conn_tab_bits = TAB_BITS_DEFAULT;
module_param_named(conn_tab_bits, ip_vs_conn_tab_bits, int, 0444);
MODULE_PARM_DESC(conn_tab_bits,
		 "table size that listings print, as a power of two; tables size themselves");

struct workqueue_struct *ip_vs_wq;
struct workqueue_struct *ip_vs_expiry_wq;
struct workqueue_struct *ip_vs_fill_wq;
struct workqueue_struct *ip_vs_room_wq;

/* Groups in which memory is reclaimed at a time. */
#define ROOM_WORKERS 16

unsigned int ip_vs_net_id __read_mostly;

/**
 * ip_vs_net() - the state of a namespace
 * @net: network namespace
 *
 * Return: its state; exists from module start to the namespace's end.
 */
struct ip_vs_net *ip_vs_net(const struct net *net)
{
	return net_generic(net, ip_vs_net_id);
}

/**
 * ip_vs_net_equip() - allocate what packets need
 * @ivn: namespace
 *
 * To be called before packets or connections can come; only the first call does
 * anything.
 *
 * Context: process, configuration mutex held; charged to the caller's control
 * group.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_net_equip(struct ip_vs_net *ivn)
{
	int err;

	lockdep_assert_held(&ivn->config);
	if (ivn->equipped)
		return 0;
	err = ivn->equip(ivn);
	if (err)
		return err;
	/* Pairs with ip_vs_equipped(). */
	smp_store_release(&ivn->equipped, true);
	return 0;
}

/**
 * ip_vs_conn_tab_bits_check() - replace an invalid conn_tab_bits
 */
void __init ip_vs_conn_tab_bits_check(void)
{
	if (ip_vs_conn_tab_bits >= TAB_BITS_MIN &&
	    ip_vs_conn_tab_bits <= TAB_BITS_MAX)
		return;
	pr_info("conn_tab_bits not in [%d, %d]. Using default value\n",
		TAB_BITS_MIN, TAB_BITS_MAX);
	ip_vs_conn_tab_bits = TAB_BITS_DEFAULT;
}

/**
 * ip_vs_queues_free() - undo ip_vs_queues_alloc(), all or part of it
 */
void ip_vs_queues_free(void)
{
	if (ip_vs_room_wq)
		destroy_workqueue(ip_vs_room_wq);
	if (ip_vs_fill_wq)
		destroy_workqueue(ip_vs_fill_wq);
	if (ip_vs_expiry_wq)
		destroy_workqueue(ip_vs_expiry_wq);
	if (ip_vs_wq)
		destroy_workqueue(ip_vs_wq);
}

/**
 * ip_vs_queues_alloc() - allocate the work queues, at module start
 *
 * Return: 0 or -ENOMEM.
 */
int __init ip_vs_queues_alloc(void)
{
	ip_vs_wq = alloc_workqueue("ip_vs", WQ_UNBOUND, 0);
	ip_vs_expiry_wq = alloc_workqueue("ip_vs_expiry", WQ_CPU_INTENSIVE |
					  ip_vs_compat_wq_percpu, 0);
	ip_vs_fill_wq = alloc_workqueue("ip_vs_fill", WQ_UNBOUND, 1);
	ip_vs_room_wq = alloc_workqueue("ip_vs_room", WQ_UNBOUND, ROOM_WORKERS);
	if (ip_vs_wq && ip_vs_expiry_wq && ip_vs_fill_wq && ip_vs_room_wq)
		return 0;
	ip_vs_queues_free();
	return -ENOMEM;
}
