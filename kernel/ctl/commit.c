// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list of operations made the configuration's, all or none.
 *
 * All of it under the configuration mutex, so whoever reads the configuration
 * sees it before or after, and each operation costs a few looks into hashes:
 *
 *	rehearse	every operation is checked against the table as it
 *			will be when its turn comes, and nothing is touched.
 *			What the operations before it make or remove is in a
 *			table of the rehearsal's own
 *	make		additions and edits, in order.  After the rehearsal
 *			only memory can be short, or a scheduler refuse its
 *			servers; what was made is taken back then, last first
 *	remove		removals, in order; they cannot fail
 *
 * Packets see each object change as they do with single commands: services
 * that no operation names are not touched.
 */
#include <linux/delay.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../net.h"
#include "../table.h"
#include "change.h"
#include "commit.h"
#include "daemon.h"
#include "events.h"

/* Memory is asked for so often, and so far apart, to take back an edit. */
#define UNDO_TRIES	100
#define UNDO_PAUSE_MS	20

static_assert(sizeof(struct ip_vs_op_key) % sizeof(u32) == 0);
static_assert(sizeof(struct ip_vs_op_key) ==
	      sizeof(struct ip_vs_service_key) +
	      sizeof(struct ip_vs_dest_key) + sizeof(u32));

static const struct rhashtable_params op_params = {
	.key_len = sizeof(struct ip_vs_op_key),
	.key_offset = offsetof(struct ip_vs_op, key),
	.head_offset = offsetof(struct ip_vs_op, hash),
};

/**
 * struct commit - one under way
 * @ivn: namespace
 * @named: operations that make or remove, by ip_vs_op.key
 * @extack: where to say what is wrong
 */
struct commit {
	struct ip_vs_net *ivn;
	struct rhashtable named;
	struct netlink_ext_ack *extack;
};

/**
 * ip_vs_ops_init() - an empty list
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
 * ip_vs_ops_append() - room for one more operation
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
 * ip_vs_ops_truncate() - forget the last operations
 * @ops: list
 * @n: how many are to stay
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

static bool is_removal(const struct ip_vs_op *op)
{
	return op->command == IPVS_CMD_DEL_SERVICE ||
	       op->command == IPVS_CMD_DEL_DEST;
}

static int no_such_service(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "no such service");
	return -ESRCH;
}

static int no_such_server(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "the service has no such server");
	return -ENOENT;
}

/* --- rehearse ------------------------------------------------------------- */

static void name_op(struct ip_vs_op *op, const struct ip_vs_dest_key *dest,
		    enum ip_vs_op_kind kind)
{
	ip_vs_service_key_of(&op->key.svc, &op->id);
	if (dest)
		op->key.dest = *dest;
	op->key.kind = kind;
}

/* -EEXIST: an operation before it did the same. */
static int enter(struct commit *c, struct ip_vs_op *op,
		 const struct ip_vs_dest_key *dest, enum ip_vs_op_kind kind)
{
	name_op(op, dest, kind);
	return ip_vs_table_insert_new(&c->named, &op->hash, op_params);
}

static bool entered(struct commit *c, const struct ip_vs_service_key *id,
		    const struct ip_vs_dest_key *dest, enum ip_vs_op_kind kind)
{
	struct ip_vs_op_key key = { .kind = kind };

	ip_vs_service_key_of(&key.svc, id);
	if (dest)
		key.dest = *dest;
	return rhashtable_lookup_fast(&c->named, &key, op_params);
}

static bool service_there(struct commit *c, const struct ip_vs_op *op)
{
	return ip_vs_service_find(c->ivn, &op->id) ||
	       entered(c, &op->id, NULL, IP_VS_OP_MADE);
}

static bool dest_there(struct commit *c, const struct ip_vs_op *op)
{
	struct ip_vs_service *svc = ip_vs_service_find(c->ivn, &op->id);

	if (svc && ip_vs_dest_find(svc, &op->dest.key))
		return true;
	return entered(c, &op->id, &op->dest.key, IP_VS_OP_MADE);
}

static int rehearse_new_service(struct commit *c, struct ip_vs_op *op)
{
	int err = -EEXIST;

	if (!ip_vs_service_find(c->ivn, &op->id))
		err = enter(c, op, NULL, IP_VS_OP_MADE);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(c->extack, "the service exists already");
	return err ?: ip_vs_service_check(&op->svc, c->extack);
}

static int rehearse_set_service(struct commit *c, struct ip_vs_op *op)
{
	if (!service_there(c, op))
		return no_such_service(c->extack);
	return ip_vs_service_check(&op->svc, c->extack);
}

static int check_dest(struct commit *c, const struct ip_vs_op *op)
{
	struct ip_vs_service_key home;

	ip_vs_service_home(&home, &op->id);
	return ip_vs_daemons_allow(c->ivn, op->id.af, &op->dest, c->extack) ?:
	       ip_vs_dest_check(c->ivn, &home, &op->dest, c->extack);
}

static int rehearse_new_dest(struct commit *c, struct ip_vs_op *op)
{
	int err = -EEXIST;

	if (!service_there(c, op))
		return no_such_service(c->extack);
	if (!dest_there(c, op))
		err = enter(c, op, &op->dest.key, IP_VS_OP_MADE);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(c->extack,
			       "the service has this server already");
	return err ?: check_dest(c, op);
}

static int rehearse_set_dest(struct commit *c, struct ip_vs_op *op)
{
	if (!service_there(c, op))
		return no_such_service(c->extack);
	if (!dest_there(c, op))
		return no_such_server(c->extack);
	return check_dest(c, op);
}

static int rehearse_del_service(struct commit *c, struct ip_vs_op *op)
{
	int err = -EEXIST;

	if (service_there(c, op))
		err = enter(c, op, NULL, IP_VS_OP_GONE);
	return err == -EEXIST ? no_such_service(c->extack) : err;
}

static int rehearse_del_dest(struct commit *c, struct ip_vs_op *op)
{
	int err = -EEXIST;

	if (!service_there(c, op) ||
	    entered(c, &op->id, NULL, IP_VS_OP_GONE))
		return no_such_service(c->extack);
	if (dest_there(c, op))
		err = enter(c, op, &op->dest.key, IP_VS_OP_GONE);
	return err == -EEXIST ? no_such_server(c->extack) : err;
}

/* --- make ----------------------------------------------------------------- */

/* The rehearsal has seen that it is there. */
static struct ip_vs_service *service_of(struct commit *c,
					const struct ip_vs_op *op)
{
	return ip_vs_service_find(c->ivn, &op->id);
}

static int make_service(struct commit *c, struct ip_vs_op *op)
{
	return ip_vs_service_add(c->ivn, &op->svc, c->extack);
}

static int edit_service(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);
	struct ip_vs_service_config was;
	int err;

	ip_vs_service_read(svc, &was);
	err = ip_vs_service_edit(svc, &op->svc, c->extack);
	if (!err)
		op->svc = was;
	return err;
}

static int make_dest(struct commit *c, struct ip_vs_op *op)
{
	return ip_vs_dest_add(service_of(c, op), &op->dest, c->extack);
}

static int edit_dest(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);
	struct ip_vs_dest_config was;
	struct ip_vs_dest *dest;
	int err;

	dest = ip_vs_dest_find(svc, &op->dest.key);
	ip_vs_dest_read(dest, &was);
	op->last_weight = dest->last_weight;
	err = ip_vs_dest_edit(svc, &op->dest, c->extack);
	if (!err)
		op->dest = was;
	return err;
}

/* --- take back ------------------------------------------------------------ */

static void unmake_service(struct commit *c, struct ip_vs_op *op)
{
	ip_vs_service_del(service_of(c, op));
}

/* Giving a service its former scheduler back, or a server its method, needs
 * memory, which somebody may be about to free.
 */
static bool again(int *tries)
{
	if (!--*tries) {
		pr_err("no memory: an edit of a refused transaction stays\n");
		return false;
	}
	msleep(UNDO_PAUSE_MS);
	return true;
}

static void unedit_service(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);
	int tries = UNDO_TRIES;

	while (ip_vs_service_edit(svc, &op->svc, NULL) && again(&tries))
		;
}

static void unmake_dest(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);

	ip_vs_dest_remove(svc, ip_vs_dest_find(svc, &op->dest.key));
}

static void unedit_dest(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);
	int tries = UNDO_TRIES;

	while (ip_vs_dest_edit(svc, &op->dest, NULL) && again(&tries))
		;
	WRITE_ONCE(ip_vs_dest_find(svc, &op->dest.key)->last_weight,
		   op->last_weight);
}

/* --- tell ----------------------------------------------------------------- */

static int tell(struct commit *c, struct ip_vs_op *op)
{
	/* Attributes of edited objects are in place, what is here is old; names
	 * are the same.
	 */
	switch (op->command) {
	case IPVS_CMD_NEW_SERVICE:
		ip_vs_event_service(c->ivn, IPVS_EXT_EVENT_SERVICE_NEW,
				    &op->id);
		break;
	case IPVS_CMD_SET_SERVICE:
		ip_vs_event_service(c->ivn, IPVS_EXT_EVENT_SERVICE_SET,
				    &op->id);
		break;
	case IPVS_CMD_DEL_SERVICE:
		ip_vs_event_service(c->ivn, IPVS_EXT_EVENT_SERVICE_DEL,
				    &op->id);
		break;
	case IPVS_CMD_NEW_DEST:
		ip_vs_event_dest(c->ivn, IPVS_EXT_EVENT_DEST_NEW, &op->id,
				 &op->dest.key);
		break;
	case IPVS_CMD_SET_DEST:
		ip_vs_event_dest(c->ivn, IPVS_EXT_EVENT_DEST_SET, &op->id,
				 &op->dest.key);
		break;
	default:
		ip_vs_event_dest(c->ivn, IPVS_EXT_EVENT_DEST_DEL, &op->id,
				 &op->dest.key);
	}
	return 0;
}

/* --- remove --------------------------------------------------------------- */

static int remove_service(struct commit *c, struct ip_vs_op *op)
{
	ip_vs_service_del(service_of(c, op));
	tell(c, op);
	return 0;
}

static int remove_dest(struct commit *c, struct ip_vs_op *op)
{
	struct ip_vs_service *svc = service_of(c, op);

	ip_vs_dest_remove(svc, ip_vs_dest_find(svc, &op->dest.key));
	tell(c, op);
	return 0;
}

/* --- all together --------------------------------------------------------- */

static const struct {
	int (*rehearse)(struct commit *c, struct ip_vs_op *op);
	int (*act)(struct commit *c, struct ip_vs_op *op);
	void (*undo)(struct commit *c, struct ip_vs_op *op);
} rows[] = {
	[IPVS_CMD_NEW_SERVICE] = {
		rehearse_new_service, make_service, unmake_service,
	},
	[IPVS_CMD_SET_SERVICE] = {
		rehearse_set_service, edit_service, unedit_service,
	},
	[IPVS_CMD_DEL_SERVICE] = { rehearse_del_service, remove_service },
	[IPVS_CMD_NEW_DEST] = { rehearse_new_dest, make_dest, unmake_dest },
	[IPVS_CMD_SET_DEST] = { rehearse_set_dest, edit_dest, unedit_dest },
	[IPVS_CMD_DEL_DEST] = { rehearse_del_dest, remove_dest },
};

static int rehearse_op(struct commit *c, struct ip_vs_op *op)
{
	return rows[op->command].rehearse(c, op);
}

static int act_op(struct commit *c, struct ip_vs_op *op)
{
	return rows[op->command].act(c, op);
}

/* Do @step with each removal, or with each of the others; stops at an error,
 * @at is then the index of whose.
 */
static int each(struct commit *c, struct ip_vs_ops *ops, bool removals,
		int (*step)(struct commit *c, struct ip_vs_op *op), u32 *at)
{
	struct ip_vs_op_chunk *chunk;
	u32 i, base = 0;
	int err;

	list_for_each_entry(chunk, &ops->chunks, list) {
		for (i = 0; i < chunk->n; i++) {
			if (is_removal(&chunk->op[i]) != removals)
				continue;
			err = step(c, &chunk->op[i]);
			if (!err)
				continue;
			*at = base + i;
			return err;
		}
		base += chunk->n;
		cond_resched();
	}
	return 0;
}

/* Take back all that was made before operation @at, last first. */
static void undo(struct commit *c, struct ip_vs_ops *ops, u32 at)
{
	struct ip_vs_op_chunk *chunk;
	struct ip_vs_op *op;
	u32 i, base = ops->n;

	list_for_each_entry_reverse(chunk, &ops->chunks, list) {
		base -= chunk->n;
		for (i = chunk->n; i-- > 0; ) {
			op = &chunk->op[i];
			if (base + i < at && !is_removal(op))
				rows[op->command].undo(c, op);
		}
		cond_resched();
	}
}

static int rehearse(struct commit *c, struct ip_vs_ops *ops, u32 *at)
{
	struct rhashtable_params params = op_params;
	int err;

	params.nelem_hint = ops->n;
	err = rhashtable_init(&c->named, &params);
	if (err)
		return err;
	err = each(c, ops, false, rehearse_op, at) ?:
	      each(c, ops, true, rehearse_op, at);
	rhashtable_destroy(&c->named);
	return err;
}

static int make(struct commit *c, struct ip_vs_ops *ops, u32 *at)
{
	int err = each(c, ops, false, act_op, at);

	if (err) {
		undo(c, ops, *at);
		return err;
	}
	/* From here on nothing fails. */
	ip_vs_changed(c->ivn);
	each(c, ops, false, tell, at);
	each(c, ops, true, act_op, at);
	return 0;
}

/**
 * ip_vs_commit() - do all operations of a list, or none
 * @ivn: namespace
 * @ops: operations, complete and well-formed; used up
 * @at: set to the index of the operation at fault; left alone when none is
 * @extack: where to say what is wrong with it
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; as the command of the operation at fault; -ENOMEM.
 */
int ip_vs_commit(struct ip_vs_net *ivn, struct ip_vs_ops *ops, u32 *at,
		 struct netlink_ext_ack *extack)
{
	struct commit *c;
	int err;

	lockdep_assert_held(&ivn->config);
	if (!ops->n)
		return 0;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->ivn = ivn;
	c->extack = extack;
	err = rehearse(c, ops, at) ?: make(c, ops, at);
	kfree(c);
	return err;
}
