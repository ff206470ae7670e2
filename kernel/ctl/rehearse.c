// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rehearsal of a list of operations: each is checked against the
 * configuration that the operations before it result in, and all that name one
 * service or server are merged.
 *
 * Additions and edits come first, in their order, then removals, in theirs.
 * Only the plans are changed.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "ctl/daemon.h"
#include "ctl/parse.h"
#include "ctl/plan.h"
#include "net.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"

/* --- plans ---------------------------------------------------------------- */

static struct hlist_head *service_chain(struct ip_vs_commit *c,
					const struct ip_vs_service_key *key)
{
	u64 hash = siphash(key, sizeof(*key), &c->secret);

	return &c->services[hash & (BIT(c->bits) - 1)];
}

static struct hlist_head *dest_chain(struct ip_vs_commit *c,
				     const struct ip_vs_plan *svc,
				     const struct ip_vs_dest_key *key)
{
	const struct {
		unsigned long svc;
		struct ip_vs_dest_key key;
	} name = { (unsigned long)svc, *key };
	u64 hash = siphash(&name, offsetofend(typeof(name), key), &c->secret);

	return &c->dests[hash & (BIT(c->bits) - 1)];
}

/**
 * ip_vs_plan_find() - look up the plan of a service
 * @c: commit
 * @key: hash key of the service
 *
 * Context: process, configuration mutex held.
 *
 * Return: the plan; NULL: no operation names it.
 */
struct ip_vs_plan *ip_vs_plan_find(struct ip_vs_commit *c,
				   const struct ip_vs_service_key *key)
{
	struct ip_vs_plan *plan;

	hlist_for_each_entry(plan, service_chain(c, key), hash)
		if (!memcmp(&plan->key, key, sizeof(*key)))
			return plan;
	return NULL;
}

/* Returns the plan of the service that @op names, a new one if it has none.
 * Its service is NULL if that does not exist.
 */
static struct ip_vs_plan *plan_get(struct ip_vs_commit *c, const struct ip_vs_op *op)
{
	struct ip_vs_service_key key;
	struct ip_vs_plan *plan;

	ip_vs_service_key_of(&key, &op->id);
	plan = ip_vs_plan_find(c, &key);
	if (plan)
		return plan;
	plan = kzalloc(sizeof(*plan), GFP_KERNEL_ACCOUNT);
	if (!plan)
		return ERR_PTR(-ENOMEM);
	plan->key = key;
	plan->svc = ip_vs_service_find(c->ivn, &op->id);
	INIT_LIST_HEAD(&plan->dests);
	hlist_add_head(&plan->hash, service_chain(c, &key));
	list_add_tail(&plan->list, &c->plans);
	return plan;
}

/* The same, for a service that must exist when @op is applied. */
static struct ip_vs_plan *plan_there(struct ip_vs_commit *c,
				     const struct ip_vs_op *op)
{
	struct ip_vs_plan *plan = plan_get(c, op);

	if (IS_ERR(plan) || plan->made || (plan->svc && !plan->gone))
		return plan;
	return ERR_PTR(ip_vs_service_not_found(NULL, c->extack));
}

/* Looks up the plan of a server, NULL: none. */
static struct ip_vs_op_plan *dest_plan(struct ip_vs_commit *c,
				       const struct ip_vs_plan *svc,
				       const struct ip_vs_dest_key *key)
{
	struct ip_vs_op_plan *plan;

	hlist_for_each_entry(plan, dest_chain(c, svc, key), hash)
		if (plan->svc == svc &&
		    !memcmp(&ip_vs_op_of(plan)->dest.key, key, sizeof(*key)))
			return plan;
	return NULL;
}

/* Adds a plan for the server of @op, the first operation that names it. */
static struct ip_vs_op_plan *dest_plan_new(struct ip_vs_commit *c,
					   struct ip_vs_plan *svc,
					   struct ip_vs_op *op)
{
	op->plan.svc = svc;
	hlist_add_head(&op->plan.hash, dest_chain(c, svc, &op->dest.key));
	list_add_tail(&op->plan.list, &svc->dests);
	op->tell = true;
	return &op->plan;
}

/* The server in the present configuration, NULL: none. */
static struct ip_vs_dest *dest_now(const struct ip_vs_plan *svc,
				   const struct ip_vs_op *op)
{
	return svc->svc ? ip_vs_dest_find(svc->svc, &op->dest.key) : NULL;
}

/* --- operations ------------------------------------------------------------ */

static int rehearse_new_service(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *plan = plan_get(c, op);

	if (IS_ERR(plan))
		return PTR_ERR(plan);
	if (plan->made || plan->svc) {
		NL_SET_ERR_MSG(c->extack, "the service exists already");
		return -EEXIST;
	}
	plan->made = true;
	plan->cfg = op->svc;
	plan->at = c->index;
	op->tell = true;
	return ip_vs_service_check(&op->svc, c->extack);
}

/* Merges @cfg into what is already planned. */
static void merge_service(struct ip_vs_plan *plan,
			  const struct ip_vs_service_config *cfg)
{
	const struct ip_vs_service_config was = plan->cfg;

	plan->cfg = *cfg;
	if (plan->made)
		plan->cfg.id = was.id;
	plan->cfg.flags &= cfg->flags_mask;
	plan->cfg.flags |= was.flags & was.flags_mask & ~cfg->flags_mask;
	plan->cfg.flags_mask |= was.flags_mask;
}

static int rehearse_set_service(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *plan = plan_there(c, op);

	if (IS_ERR(plan))
		return PTR_ERR(plan);
	op->tell = !plan->made && !plan->edited;
	merge_service(plan, &op->svc);
	plan->edited = !plan->made;
	plan->at = c->index;
	return ip_vs_service_check(&op->svc, c->extack);
}

static int check_dest(struct ip_vs_commit *c, const struct ip_vs_plan *svc,
		      const struct ip_vs_op *op)
{
	struct ip_vs_service_key svc_key;

	/* The protocol of a mark service may have been set by sockopt. */
	if (svc->svc)
		svc_key = svc->svc->svc_key;
	else
		ip_vs_service_svc_key(&svc_key, &svc->cfg.id);
	return ip_vs_daemons_allow(c->ivn, op->id.af, &op->dest, c->extack) ?:
	       ip_vs_dest_check(c->ivn, &svc_key, &op->dest, c->extack);
}

static int rehearse_new_dest(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *svc = plan_there(c, op);
	struct ip_vs_op_plan *plan;

	if (IS_ERR(svc))
		return PTR_ERR(svc);
	if (dest_plan(c, svc, &op->dest.key) || dest_now(svc, op)) {
		NL_SET_ERR_MSG(c->extack,
			       "the service has this server already");
		return -EEXIST;
	}
	plan = dest_plan_new(c, svc, op);
	plan->made = true;
	/* The first weight is kept even if it is 0. */
	plan->last_weight = op->dest.weight;
	svc->n_added++;
	svc->at = c->index;
	return check_dest(c, svc, op);
}

static int rehearse_set_dest(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *svc = plan_there(c, op);
	struct ip_vs_op_plan *plan;

	if (IS_ERR(svc))
		return PTR_ERR(svc);
	plan = dest_plan(c, svc, &op->dest.key);
	if (!plan) {
		struct ip_vs_dest *dest = dest_now(svc, op);

		if (!dest)
			return ip_vs_dest_not_found(c->extack);
		plan = dest_plan_new(c, svc, op);
		plan->change.dest = dest;
		plan->last_weight = dest->last_weight;
		plan->edited = true;
	}
	ip_vs_op_of(plan)->dest = op->dest;
	if (op->dest.weight)
		plan->last_weight = op->dest.weight;
	return check_dest(c, svc, op);
}

static int rehearse_del_service(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *plan = plan_there(c, op);

	if (IS_ERR(plan))
		return PTR_ERR(plan);
	if (plan->gone)
		return ip_vs_service_not_found(NULL, c->extack);
	plan->gone = true;
	op->tell = !plan->made;
	return 0;
}

static int rehearse_del_dest(struct ip_vs_commit *c, struct ip_vs_op *op)
{
	struct ip_vs_plan *svc = plan_there(c, op);
	struct ip_vs_op_plan *plan;

	if (IS_ERR(svc))
		return PTR_ERR(svc);
	if (svc->gone)
		return ip_vs_service_not_found(NULL, c->extack);
	plan = dest_plan(c, svc, &op->dest.key);
	if (!plan) {
		struct ip_vs_dest *dest = dest_now(svc, op);

		if (!dest)
			return ip_vs_dest_not_found(c->extack);
		plan = dest_plan_new(c, svc, op);
		plan->change.dest = dest;
	} else if (plan->gone) {
		return ip_vs_dest_not_found(c->extack);
	}
	plan->gone = true;
	op->tell = !plan->made;
	if (plan->made)
		svc->n_added--;
	else
		svc->n_removed++;
	return 0;
}

/* Plans the scheduler after the commit, and checks whether it takes the
 * servers.
 */
static int rehearse_sched(struct ip_vs_commit *c, struct ip_vs_plan *plan)
{
	const struct mutex *config = &c->ivn->config;
	const struct ip_vs_scheduler *now = NULL;
	u32 n = plan->n_added;

	if (plan->svc) {
		now = rcu_dereference_protected(plan->svc->sched,
						lockdep_is_held(config));
		n += plan->svc->num_dests - plan->n_removed;
	}
	plan->sched = now;
	if (plan->made || plan->edited)
		plan->sched = plan->cfg.sched;
	plan->reschedule = plan->sched != now;
	if (!plan->sched)
		return 0;
	if (!plan->sched->most || n <= plan->sched->most) {
		if (plan->sched->anew && !list_empty(&plan->dests))
			plan->reschedule = true;
		return 0;
	}
	/* Too many already, which single commands permit, but none is added. */
	if (!plan->reschedule && !plan->n_added)
		return 0;
	NL_SET_ERR_MSG(c->extack,
		       "the service has more servers than this scheduler can take");
	return -EINVAL;
}

static int rehearse_scheds(struct ip_vs_commit *c, u32 *at)
{
	struct ip_vs_plan *plan;
	u32 i = 0;
	int err;

	list_for_each_entry(plan, &c->plans, list) {
		if (plan->gone)
			continue;
		err = rehearse_sched(c, plan);
		if (err) {
			*at = plan->at;
			return err;
		}
		err = ip_vs_commit_step(i++);
		if (err)
			return err;
	}
	return 0;
}

static int (*const rehearsals[])(struct ip_vs_commit *c, struct ip_vs_op *op) = {
	[IPVS_CMD_NEW_SERVICE] = rehearse_new_service,
	[IPVS_CMD_SET_SERVICE] = rehearse_set_service,
	[IPVS_CMD_DEL_SERVICE] = rehearse_del_service,
	[IPVS_CMD_NEW_DEST] = rehearse_new_dest,
	[IPVS_CMD_SET_DEST] = rehearse_set_dest,
	[IPVS_CMD_DEL_DEST] = rehearse_del_dest,
};

/* Rehearses either the removals or the other operations; @at is set to the
 * index of the one at fault.
 */
static int rehearse_ops(struct ip_vs_commit *c, struct ip_vs_ops *ops, bool removals,
			u32 *at)
{
	struct ip_vs_op_chunk *chunk;
	u32 i, base = 0;
	int err;

	list_for_each_entry(chunk, &ops->chunks, list) {
		for (i = 0; i < chunk->n; i++) {
			if (ip_vs_op_removes(&chunk->op[i]) != removals)
				continue;
			c->index = base + i;
			err = rehearsals[chunk->op[i].command](c,
							       &chunk->op[i]);
			if (!err)
				continue;
			*at = base + i;
			return err;
		}
		base += chunk->n;
		err = ip_vs_commit_step(IP_VS_COMMIT_BATCH - 1);
		if (err)
			return err;
	}
	return 0;
}

/**
 * ip_vs_rehearse() - check operations, and plan their results
 * @c: commit, without plans so far
 * @ops: operations
 * @at: set to the index of the operation at fault; unchanged when none is
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; as the command of the operation at fault; -EINVAL: a service would
 * have more servers than its scheduler takes; -EINTR: a fatal signal is
 * pending; -ENOMEM.
 */
int ip_vs_rehearse(struct ip_vs_commit *c, struct ip_vs_ops *ops, u32 *at)
{
	return rehearse_ops(c, ops, false, at) ?:
	       rehearse_ops(c, ops, true, at) ?:
	       rehearse_scheds(c, at);
}

