// SPDX-License-Identifier: GPL-2.0-only
/*
 * Removed servers, until nothing refers to them.
 *
 * A server stays here while it has connections, and two minutes longer: one
 * that is added again in this time keeps them (dest.c).
 */
#include <linux/workqueue.h>

#include "net.h"
#include "server/dest.h"
#include "server/trash.h"

/* The trash is visited this often while it is not empty, ... */
#define TRASH_PERIOD	(60 * HZ)
/* ... this much later if the configuration mutex is held, ... */
#define TRASH_RETRY	DIV_ROUND_UP(HZ, 10)
/* ... and a server is destroyed when it has been idle for this long. */
#define TRASH_IDLE	(120 * HZ)

/**
 * ip_vs_trash_filled() - schedule the worker after servers were moved to the trash
 * @ivn: namespace
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_trash_filled(struct ip_vs_net *ivn)
{
	if (hlist_empty(&ivn->trash))
		return;
	/* No effect while it is pending already. */
	queue_delayed_work(ip_vs_wq, &ivn->trash_work, TRASH_PERIOD);
	if (READ_ONCE(ivn->settings.expire_nodest_conn))
		ip_vs_net_sweep(ivn);
}

/* Has it neither connections nor templates, and is it referred to only by the
 * trash and the estimator?
 */
static bool dest_idle(const struct ip_vs_dest *dest)
{
	return !atomic_read(&dest->total) && !atomic_read(&dest->persist) &&
	       refcount_read(&dest->refcnt) <= 1 + READ_ONCE(dest->in_estimator);
}

static void trash_visit(struct ip_vs_net *ivn, struct ip_vs_dest *dest)
{
	if (!dest_idle(dest))
		dest->idle_since = 0;
	else if (!dest->idle_since)
		dest->idle_since = jiffies ?: 1;
	else if (time_after_eq(jiffies, dest->idle_since + TRASH_IDLE) &&
		 ip_vs_dest_close(dest))
		ip_vs_dest_destroy(ivn, dest);
}

static void trash_pass(struct ip_vs_net *ivn)
{
	struct hlist_node *next;
	struct ip_vs_dest *dest;

	lockdep_assert_held(&ivn->config);
	hlist_for_each_entry_safe(dest, next, &ivn->trash, trash) {
		trash_visit(ivn, dest);
		cond_resched();
	}
	if (!hlist_empty(&ivn->trash))
		queue_delayed_work(ip_vs_wq, &ivn->trash_work, TRASH_PERIOD);
}

/* All namespaces share the work queue and its limited workers, so none of them
 * may wait for the configuration mutex of a namespace, which its user can hold
 * long.
 */
static void trash_work(struct work_struct *work)
{
	struct ip_vs_net *ivn = container_of(to_delayed_work(work),
					     struct ip_vs_net, trash_work);

	if (!mutex_trylock(&ivn->config)) {
		queue_delayed_work(ip_vs_wq, &ivn->trash_work, TRASH_RETRY);
		return;
	}
	trash_pass(ivn);
	mutex_unlock(&ivn->config);
}

/**
 * ip_vs_trash_init() - initialise a namespace's trash
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_trash_init(struct ip_vs_net *ivn)
{
	INIT_HLIST_HEAD(&ivn->trash);
	INIT_DELAYED_WORK(&ivn->trash_work, trash_work);
}

/**
 * ip_vs_trash_exit() - destroy every server in the trash
 * @ivn: namespace without services and connections
 *
 * Context: process.
 */
void ip_vs_trash_exit(struct ip_vs_net *ivn)
{
	struct hlist_node *next;
	struct ip_vs_dest *dest;

	cancel_delayed_work_sync(&ivn->trash_work);
	mutex_lock(&ivn->config);
	hlist_for_each_entry_safe(dest, next, &ivn->trash, trash)
		ip_vs_dest_destroy(ivn, dest);
	mutex_unlock(&ivn->config);
}
