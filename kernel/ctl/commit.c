// SPDX-License-Identifier: GPL-2.0-only
/*
 * Applies a list of operations to the configuration, all or none.
 *
 * It holds the configuration mutex throughout, so readers of the configuration
 * see the state before or after:
 *
 *	rehearse	every operation is checked, and all that name one
 *			service or server are taken together: what becomes of
 *			it in the end is its plan (rehearse.c)
 *	prepare		all that can fail, without a visible change: services,
 *			servers and addresses are hashed, but look-ups skip
 *			them; schedulers get their memory; hooks are
 *			registered.  On an error all this is undone, and the
 *			configuration has not changed
 *	publish		what cannot fail: services one after the other, each
 *			with its servers and its scheduler complete before
 *			packets find it; then removals
 *	tell		listeners, in the order of the operations
 *
 * What packets see.  A new service appears when it is complete.  A new
 * scheduler is filled with the final servers of its service and published by
 * one pointer.  In a service that keeps its scheduler, servers are added,
 * edited and removed one by one as by single commands, removals last.  Services
 * that no operation names do not change.
 *
 * Cost.  A few hash look-ups for each operation; and one walk over the servers
 * of each service that gets another scheduler, or room for more servers,
 * however many operations name it.  Until publication, a fatal signal aborts
 * the commit.
 */
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "ctl/change.h"
#include "ctl/commit.h"
#include "ctl/events.h"
#include "ctl/plan.h"
#include "net.h"
#include "server/dest.h"
#include "server/hooks.h"
#include "server/sched.h"

/**
 * ip_vs_ops_init() - initialise an empty list
 * @ops: list
 *
 * Context: any.
 */
void ip_vs_ops_init(struct ip_vs_ops *ops)
{
	INIT_LIST_HEAD(&ops->chunks);
	ops->n = 0;
}

static struct ip_vs_op_chunk *last_chunk(struct ip_vs_ops *ops)
{
	return list_last_entry(&ops->chunks, struct ip_vs_op_chunk, list);
}

/**
 * ip_vs_ops_append() - allocate one more operation
 * @ops: list
 *
 * Context: process.
 *
 * Return: the operation, all 0; NULL: no memory.
 */
struct ip_vs_op *ip_vs_ops_append(struct ip_vs_ops *ops)
{
	struct ip_vs_op_chunk *chunk;

	if (!(ops->n % IP_VS_OPS_PER_CHUNK)) {
		chunk = kvzalloc(sizeof(*chunk), GFP_KERNEL_ACCOUNT);
		if (!chunk)
			return NULL;
		list_add_tail(&chunk->list, &ops->chunks);
	}
	chunk = last_chunk(ops);
	ops->n++;
	return &chunk->op[chunk->n++];
}

/**
 * ip_vs_ops_truncate() - free the last operations
 * @ops: list
 * @n: how many to keep
 *
 * Context: process.
 */
void ip_vs_ops_truncate(struct ip_vs_ops *ops, u32 n)
{
	struct ip_vs_op_chunk *chunk;

	while (ops->n > n) {
		chunk = last_chunk(ops);
		chunk->n--;
		ops->n--;
		memset(&chunk->op[chunk->n], 0, sizeof(chunk->op[0]));
		if (chunk->n)
			continue;
		list_del(&chunk->list);
		kvfree(chunk);
		cond_resched();
	}
}

static void plans_free(struct ip_vs_commit *c)
{
	struct ip_vs_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &c->plans, list) {
		kfree(plan);
		cond_resched();
	}
}

/* --- prepare -------------------------------------------------------------- */

static int prepare_dest(struct ip_vs_plan *svc, struct ip_vs_op_plan *plan)
{
	const struct ip_vs_dest_config *cfg = &ip_vs_op_of(plan)->dest;

	if (plan->gone)
		return 0;
	if (plan->made)
		return ip_vs_dest_prepare_add(svc->svc, cfg, &plan->change);
	return ip_vs_dest_prepare_edit(svc->svc, plan->change.dest, cfg,
				       &plan->change);
}

static int prepare_dests(struct ip_vs_plan *svc)
{
	struct ip_vs_op_plan *plan;
	u32 i = 0;
	int err;

	list_for_each_entry(plan, &svc->dests, list) {
		err = prepare_dest(svc, plan) ?: ip_vs_commit_step(i++);
		if (err)
			return err;
	}
	return 0;
}

static int prepare_sched(struct ip_vs_plan *plan)
{
	struct ip_vs_service *svc = plan->svc;
	struct ip_vs_sched_state *state;

	if (!plan->reschedule)
		return ip_vs_sched_reserve(svc, plan->n_added);
	if (!plan->sched)
		return 0;
	state = ip_vs_sched_prepare(svc, plan->sched,
				    svc->num_dests + plan->n_added -
				    plan->n_removed);
	if (IS_ERR(state))
		return PTR_ERR(state);
	plan->state = state;
	return 0;
}

static int prepare_service(struct ip_vs_commit *c, struct ip_vs_plan *plan)
{
	struct ip_vs_service *svc;

	if (plan->made) {
		svc = ip_vs_service_prepare(c->ivn, &plan->cfg, c->extack);
		if (IS_ERR(svc))
			return PTR_ERR(svc);
		plan->svc = svc;
		c->families[plan->key.af == AF_INET6] = true;
	}
	return prepare_dests(plan) ?: prepare_sched(plan);
}

/* The last step, since packets can arrive from then on. */
static int prepare_hooks(struct ip_vs_commit *c)
{
	int err = 0;

	if (c->families[0])
		err = ip_vs_hooks_register(c->ivn, AF_INET);
	if (!err && c->families[1])
		err = ip_vs_hooks_register(c->ivn, AF_INET6);
	return err;
}

static int commit_prepare(struct ip_vs_commit *c)
{
	struct ip_vs_plan *plan;
	u32 i = 0;
	int err;

	list_for_each_entry(plan, &c->plans, list) {
		if (plan->gone)
			continue;
		err = prepare_service(c, plan) ?: ip_vs_commit_step(i++);
		if (err)
			return err;
	}
	return prepare_hooks(c);
}

static void discard_service(struct ip_vs_commit *c, struct ip_vs_plan *plan)
{
	struct ip_vs_op_plan *dest;
	u32 i = 0;

	list_for_each_entry(dest, &plan->dests, list) {
		ip_vs_dest_discard(c->ivn, &dest->change);
		ip_vs_sched_yield(i++);
	}
	ip_vs_sched_free(plan->state);
	if (plan->made && plan->svc)
		ip_vs_service_discard(plan->svc);
}

/* Undoes what was prepared. */
static void commit_discard(struct ip_vs_commit *c)
{
	struct ip_vs_plan *plan;

	list_for_each_entry(plan, &c->plans, list) {
		discard_service(c, plan);
		cond_resched();
	}
	ip_vs_hooks_release(c->ivn, AF_INET);
	ip_vs_hooks_release(c->ivn, AF_INET6);
}

/* --- publish -------------------------------------------------------------- */

static void publish_dest(struct ip_vs_plan *svc, struct ip_vs_op_plan *plan)
{
	const struct ip_vs_dest_config *cfg = &ip_vs_op_of(plan)->dest;
	struct ip_vs_dest *dest = plan->change.dest;

	if (plan->made)
		ip_vs_dest_publish_add(svc->svc, cfg, &plan->change);
	else
		ip_vs_dest_publish_edit(cfg, &plan->change);
	WRITE_ONCE(dest->last_weight, plan->last_weight);
	if (svc->reschedule)
		return;
	if (plan->made)
		ip_vs_sched_dest_added(svc->svc, dest);
	else
		ip_vs_sched_dest_edited(svc->svc, dest);
}

static void publish_dests(struct ip_vs_plan *svc)
{
	struct ip_vs_op_plan *plan;
	u32 i = 0;

	list_for_each_entry(plan, &svc->dests, list) {
		if (!plan->gone)
			publish_dest(svc, plan);
		ip_vs_sched_yield(i++);
	}
}

/* Removed servers leave the list before the new scheduler is filled from it;
 * packets that hold the old state may still choose them.
 */
static void publish_sched(struct ip_vs_plan *svc)
{
	struct ip_vs_op_plan *plan;
	u32 i = 0;

	if (!svc->reschedule)
		return;
	list_for_each_entry(plan, &svc->dests, list) {
		if (plan->gone && !plan->made)
			ip_vs_dest_unlist(svc->svc, plan->change.dest);
		ip_vs_sched_yield(i++);
	}
	ip_vs_sched_publish(svc->svc, svc->state);
}

static void publish_service(struct ip_vs_plan *plan)
{
	publish_dests(plan);
	if (plan->edited)
		ip_vs_service_publish_edit(plan->svc, &plan->cfg);
	publish_sched(plan);
	if (plan->made)
		ip_vs_service_publish(plan->svc);
}

static void remove_dests(struct ip_vs_plan *svc)
{
	struct ip_vs_op_plan *plan;
	u32 i = 0;

	list_for_each_entry(plan, &svc->dests, list) {
		if (!plan->gone || plan->made)
			continue;
		if (svc->reschedule)
			ip_vs_dest_retire(svc->svc, plan->change.dest);
		else
			ip_vs_dest_remove(svc->svc, plan->change.dest);
		ip_vs_sched_yield(i++);
	}
}

static void commit_publish(struct ip_vs_commit *c)
{
	struct ip_vs_plan *plan;

	list_for_each_entry(plan, &c->plans, list) {
		if (!plan->gone)
			publish_service(plan);
		cond_resched();
	}
	list_for_each_entry(plan, &c->plans, list) {
		if (!plan->gone)
			remove_dests(plan);
		else if (!plan->made)
			ip_vs_service_del(plan->svc);
		cond_resched();
	}
	ip_vs_config_changed(c->ivn);
}

/* --- tell ----------------------------------------------------------------- */

static const enum ip_vs_ext_event events[] = {
	[IPVS_CMD_NEW_SERVICE] = IPVS_EXT_EVENT_SERVICE_NEW,
	[IPVS_CMD_SET_SERVICE] = IPVS_EXT_EVENT_SERVICE_SET,
	[IPVS_CMD_DEL_SERVICE] = IPVS_EXT_EVENT_SERVICE_DEL,
	[IPVS_CMD_NEW_DEST] = IPVS_EXT_EVENT_DEST_NEW,
	[IPVS_CMD_SET_DEST] = IPVS_EXT_EVENT_DEST_SET,
	[IPVS_CMD_DEL_DEST] = IPVS_EXT_EVENT_DEST_DEL,
};

/* Several edits of one service or server are one event; what was added and
 * removed again is none.
 */
static bool worth_telling(struct ip_vs_commit *c, const struct ip_vs_op *op)
{
	struct ip_vs_service_key key;

	if (!op->tell || ip_vs_op_removes(op))
		return op->tell;
	if (op->plan.svc)
		return !op->plan.gone && !op->plan.svc->gone;
	ip_vs_service_key_of(&key, &op->id);
	return !ip_vs_plan_find(c, &key)->gone;
}

static void tell_op(struct ip_vs_commit *c, const struct ip_vs_op *op)
{
	enum ip_vs_ext_event event = events[op->command];

	if (!worth_telling(c, op))
		return;
	if (op->plan.svc || op->command == IPVS_CMD_DEL_DEST)
		ip_vs_event_dest(c->ivn, event, &op->id, &op->dest.key);
	else
		ip_vs_event_service(c->ivn, event, &op->id);
}

static void commit_tell(struct ip_vs_commit *c, struct ip_vs_ops *ops,
			bool removals)
{
	struct ip_vs_op_chunk *chunk;
	u32 i;

	list_for_each_entry(chunk, &ops->chunks, list) {
		for (i = 0; i < chunk->n; i++)
			if (ip_vs_op_removes(&chunk->op[i]) == removals)
				tell_op(c, &chunk->op[i]);
		cond_resched();
	}
}

/* --- all together --------------------------------------------------------- */

static int commit_run(struct ip_vs_commit *c, struct ip_vs_ops *ops, u32 *at)
{
	int err = ip_vs_rehearse(c, ops, at);

	if (err)
		return err;
	err = commit_prepare(c);
	if (err) {
		commit_discard(c);
		return err;
	}
	/* From here on nothing can fail. */
	commit_publish(c);
	commit_tell(c, ops, false);
	commit_tell(c, ops, true);
	return 0;
}

static struct ip_vs_commit *commit_new(struct ip_vs_net *ivn, u32 n_ops)
{
	struct ip_vs_commit *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	c->ivn = ivn;
	INIT_LIST_HEAD(&c->plans);
	get_random_bytes(&c->secret, sizeof(c->secret));
	c->bits = order_base_2(n_ops);
	c->services = kvcalloc(2UL << c->bits, sizeof(*c->services),
			       GFP_KERNEL_ACCOUNT);
	if (!c->services) {
		kfree(c);
		return NULL;
	}
	c->dests = c->services + (1UL << c->bits);
	return c;
}

static void commit_free(struct ip_vs_commit *c)
{
	plans_free(c);
	kvfree(c->services);
	kfree(c);
}

/**
 * ip_vs_commit() - apply all operations of a list, or none
 * @ivn: namespace
 * @ops: operations, complete and well-formed; consumed
 * @at: set to the index of the operation at fault; unchanged when none is
 * @extack: for the error message
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; as the command of the operation at fault; -EINTR: a fatal signal
 * is pending; -ENOMEM.
 */
int ip_vs_commit(struct ip_vs_net *ivn, struct ip_vs_ops *ops, u32 *at,
		 struct netlink_ext_ack *extack)
{
	struct ip_vs_commit *c;
	int err;

	lockdep_assert_held(&ivn->config);
	if (!ops->n)
		return 0;
	c = commit_new(ivn, ops->n);
	if (!c)
		return -ENOMEM;
	c->extack = extack;
	err = commit_run(c, ops, at);
	commit_free(c);
	return err;
}
