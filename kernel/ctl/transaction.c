// SPDX-License-Identifier: GPL-2.0-only
/*
 * BEGIN, STAGE, COMMIT and ABORT of the family IPVS_EXT: the transaction of a
 * socket.
 *
 * A transaction belongs to its socket, and ends when that is closed, with
 * COMMIT or with ABORT.  Until COMMIT it is only a list of parsed operations,
 * whose number is limited per namespace.
 *
 * A transaction is identified by its socket, to which a reference is held,
 * because the port id can be used by another socket shortly before the notifier
 * reports that it was closed.  That socket has no access to the transaction,
 * and keeps one that it has begun itself.
 */
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "ctl/commit.h"
#include "ctl/ext_policy.h"
#include "ctl/ext_reply.h"
#include "ctl/parse.h"
#include "ctl/transaction.h"
#include "net.h"
#include "server/service.h"

/* Limits per namespace, since operations take memory, and COMMIT holds the
 * configuration mutex for all of them.
 */
#define OPEN_MAX	64
#define OPS_MAX		(1024 * 1024)
/* Registration of any generic netlink family waits for a running COMMIT, and
 * then all users of generic netlink wait for it.  So a foreign namespace gets a
 * lower limit.
 */
#define OPS_MAX_FOREIGN	(128 * 1024)

#define NO_OP		U32_MAX

/**
 * struct transaction - the transaction of a socket
 * @list: in ip_vs_staging.open
 * @sk: the socket, holds a reference
 * @portid: its port id
 * @ops: operations, in order
 */
struct transaction {
	struct list_head list;
	struct sock *sk;
	u32 portid;
	struct ip_vs_ops ops;
};

static struct ip_vs_staging *staging_of(struct genl_info *info)
{
	return &ip_vs_net(genl_info_net(info))->staging;
}

static struct transaction *transaction_find(struct ip_vs_staging *staging,
					    const struct sock *sk)
{
	struct transaction *t;

	lockdep_assert_held(&staging->lock);
	list_for_each_entry(t, &staging->open, list)
		if (t->sk == sk)
			return t;
	return NULL;
}

/* Finds a transaction whose socket is closed and had this port id. */
static struct transaction *find_closed(struct ip_vs_staging *staging,
				       u32 portid)
{
	struct transaction *t;

	lockdep_assert_held(&staging->lock);
	list_for_each_entry(t, &staging->open, list)
		if (t->portid == portid && sock_flag(t->sk, SOCK_DEAD))
			return t;
	return NULL;
}

static int none_open(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "this socket has no transaction open");
	return -EBADFD;
}

/* Unlinks a transaction; it counts for the limits until it is freed. */
static struct transaction *transaction_take(struct ip_vs_staging *staging,
					    const struct sock *sk)
{
	struct transaction *t;

	mutex_lock(&staging->lock);
	t = transaction_find(staging, sk);
	if (t)
		list_del(&t->list);
	mutex_unlock(&staging->lock);
	return t;
}

static void transaction_forget(struct ip_vs_staging *staging, struct transaction *t)
{
	u32 n = t->ops.n;

	ip_vs_ops_truncate(&t->ops, 0);
	sock_put(t->sk);
	kfree(t);
	mutex_lock(&staging->lock);
	staging->n_open--;
	staging->n_ops -= n;
	mutex_unlock(&staging->lock);
}

static int open_one(struct ip_vs_staging *staging, struct transaction *t,
		    struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&staging->lock);
	if (transaction_find(staging, t->sk)) {
		NL_SET_ERR_MSG(extack,
			       "this socket has a transaction open already");
		return -EBUSY;
	}
	if (staging->n_open >= OPEN_MAX) {
		NL_SET_ERR_MSG(extack, "too many transactions are open");
		return -ENOSPC;
	}
	sock_hold(t->sk);
	list_add(&t->list, &staging->open);
	staging->n_open++;
	return 0;
}

/**
 * ip_vs_transaction_begin() - BEGIN
 * @skb: request
 * @info: its attributes
 *
 * Context: process.
 *
 * Return: 0; -EBUSY: one is open; -ENOSPC: too many are; -ENOMEM.
 */
int ip_vs_transaction_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_staging *staging = staging_of(info);
	struct transaction *t;
	int err;

	t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
	if (!t)
		return -ENOMEM;
	t->sk = NETLINK_CB(skb).sk;
	t->portid = info->snd_portid;
	ip_vs_ops_init(&t->ops);
	mutex_lock(&staging->lock);
	err = open_one(staging, t, info->extack);
	mutex_unlock(&staging->lock);
	if (err)
		kfree(t);
	return err;
}

/* Which parts of service and server each command needs. */
static const struct form {
	bool known;
	enum ip_vs_parse_form svc;
	bool has_dest;
	enum ip_vs_parse_form dest;
} forms[] = {
	[IPVS_CMD_NEW_SERVICE] = { true, IP_VS_FORM_FULL },
	[IPVS_CMD_SET_SERVICE] = { true, IP_VS_FORM_FULL },
	[IPVS_CMD_DEL_SERVICE] = { true, IP_VS_FORM_ID },
	[IPVS_CMD_NEW_DEST] = { true, IP_VS_FORM_ID, true, IP_VS_FORM_FULL },
	[IPVS_CMD_SET_DEST] = { true, IP_VS_FORM_ID, true, IP_VS_FORM_FULL },
	[IPVS_CMD_DEL_DEST] = { true, IP_VS_FORM_ID, true, IP_VS_FORM_ID },
};

static int parse_command(const struct nlattr *nest, const struct nlattr *attr,
			 struct ip_vs_op *op, struct netlink_ext_ack *extack)
{
	if (!attr) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "operation has no command");
		return -EINVAL;
	}
	op->command = nla_get_u8(attr);
	if (op->command < ARRAY_SIZE(forms) && forms[op->command].known)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "operation neither adds, edits nor removes");
	return -EINVAL;
}

static int parse_objects(struct nlattr **attrs, struct ip_vs_op *op,
			 struct netlink_ext_ack *extack)
{
	const struct form *form = &forms[op->command];
	const struct nlattr *dest = attrs[IPVS_EXT_OP_ATTR_DEST];
	struct ip_vs_service_config cfg;
	int err;

	err = ip_vs_parse_service(attrs[IPVS_EXT_OP_ATTR_SERVICE], form->svc,
				  &cfg, extack);
	if (err)
		return err;
	op->id = cfg.id;
	if (form->has_dest)
		return ip_vs_parse_dest(dest, form->dest, cfg.id.af, &op->dest,
					extack);
	op->svc = cfg;
	if (!dest)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, dest, "operation takes no server");
	return -EINVAL;
}

static int parse_op(const struct nlattr *nest, struct ip_vs_op *op,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_EXT_OP_ATTR_MAX + 1];
	int err;

	if (nla_type(nest) != IPVS_EXT_ATTR_OP) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "not an operation");
		return -EINVAL;
	}
	err = nla_parse_nested(attrs, IPVS_EXT_OP_ATTR_MAX, nest,
			       ip_vs_ext_op_policy, extack);
	if (err)
		return err;
	err = parse_command(nest, attrs[IPVS_EXT_OP_ATTR_COMMAND], op, extack);
	if (err)
		return err;
	return parse_objects(attrs, op, extack);
}

static u32 ops_max(const struct ip_vs_staging *staging)
{
	const struct ip_vs_net *ivn = container_of(staging, struct ip_vs_net,
						   staging);

	return ip_vs_net_foreign(ivn) ? OPS_MAX_FOREIGN : OPS_MAX;
}

/* Appends the operations in @nest; @at is set to the one at fault, if any. */
static int op_stage(struct ip_vs_staging *staging, struct transaction *t,
		    const struct nlattr *nest, u32 *at,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct ip_vs_op *op;
	int err, left;

	nla_for_each_nested(attr, nest, left) {
		if (staging->n_ops + t->ops.n >= ops_max(staging)) {
			NL_SET_ERR_MSG(extack, "too many operations are staged");
			return -E2BIG;
		}
		op = ip_vs_ops_append(&t->ops);
		if (!op)
			return -ENOMEM;
		err = parse_op(attr, op, extack);
		if (!err)
			continue;
		*at = t->ops.n - 1;
		return err;
	}
	if (!left)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, nest, "bytes behind the last operation");
	return -EINVAL;
}

/* Sends the index of the operation at fault; the error itself follows. */
static void send_index(struct genl_info *info, u32 at)
{
	struct sk_buff *msg;
	void *hdr;

	if (at == NO_OP)
		return;
	msg = ip_vs_ext_reply_new(info, &hdr);
	if (msg)
		ip_vs_ext_reply_send(msg, hdr, info,
				     nla_put_u32(msg, IPVS_EXT_ATTR_OP_INDEX,
						 at));
}

/**
 * ip_vs_transaction_stage() - STAGE
 * @skb: request
 * @info: its attributes
 *
 * Context: process.
 *
 * Return: 0; -EBADFD: no transaction is open; -EINVAL: no operations; -E2BIG:
 * too many; -ENOMEM; and the error of one of them, whose index is sent.  On
 * error nothing of the message is staged.
 */
int ip_vs_transaction_stage(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[IPVS_EXT_ATTR_OPS];
	struct ip_vs_staging *staging = staging_of(info);
	struct transaction *t;
	u32 before, at = NO_OP;
	int err;

	if (!nest) {
		NL_SET_ERR_MSG(info->extack, "operations are missing");
		return -EINVAL;
	}
	mutex_lock(&staging->lock);
	t = transaction_find(staging, NETLINK_CB(skb).sk);
	if (t) {
		before = t->ops.n;
		staging->n_ops -= before;
		err = op_stage(staging, t, nest, &at, info->extack);
		if (err)
			ip_vs_ops_truncate(&t->ops, before);
		staging->n_ops += t->ops.n;
	} else {
		err = none_open(info->extack);
	}
	mutex_unlock(&staging->lock);
	send_index(info, at);
	return err;
}

static int generation_stale(const struct nlattr *wanted, struct ip_vs_net *ivn,
			    struct netlink_ext_ack *extack)
{
	if (!wanted || nla_get_u32(wanted) == ivn->generation)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, wanted,
			    "the configuration has changed meanwhile");
	return -ESTALE;
}

/**
 * ip_vs_transaction_commit() - COMMIT
 * @skb: request
 * @info: its attributes
 *
 * Context: process.
 *
 * Return: 0; -EBADFD: no transaction is open; -ESTALE: the generation has
 * changed; -EINTR: a fatal signal is pending; -ENOMEM; else as ip_vs_commit(),
 * and the index of the operation at fault is sent.
 */
int ip_vs_transaction_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_net *ivn = ip_vs_net(genl_info_net(info));
	u32 generation = 0, at = NO_OP;
	struct transaction *t;
	struct sk_buff *msg;
	void *hdr;
	int err;

	t = transaction_take(&ivn->staging, NETLINK_CB(skb).sk);
	if (!t)
		return none_open(info->extack);
	/* Allocate first, since a commit cannot be undone. */
	msg = ip_vs_ext_reply_new(info, &hdr);
	if (!msg) {
		transaction_forget(&ivn->staging, t);
		return -ENOMEM;
	}
	err = mutex_lock_killable(&ivn->config);
	if (!err) {
		err = generation_stale(info->attrs[IPVS_EXT_ATTR_GENERATION], ivn,
				       info->extack);
		if (!err)
			err = ip_vs_commit(ivn, &t->ops, &at, info->extack);
		generation = ivn->generation;
		mutex_unlock(&ivn->config);
	}
	transaction_forget(&ivn->staging, t);
	if (err)
		send_index(info, at);
	else
		nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION, generation);
	/* If the socket has no room for the reply, the transaction has been
	 * applied all the same: that is no error.
	 */
	ip_vs_ext_reply_send(msg, hdr, info, err);
	return err;
}

/**
 * ip_vs_transaction_abort() - ABORT
 * @skb: request
 * @info: its attributes
 *
 * Context: process.
 *
 * Return: 0; -EBADFD: no transaction is open.
 */
int ip_vs_transaction_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_staging *staging = staging_of(info);
	struct transaction *t = transaction_take(staging, NETLINK_CB(skb).sk);

	if (!t)
		return none_open(info->extack);
	transaction_forget(staging, t);
	return 0;
}

/* Called when a netlink socket is closed. */
static int socket_released(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct ip_vs_staging *staging;
	struct transaction *t;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	staging = &ip_vs_net(n->net)->staging;
	do {
		mutex_lock(&staging->lock);
		t = find_closed(staging, n->portid);
		if (t)
			list_del(&t->list);
		mutex_unlock(&staging->lock);
		if (t)
			transaction_forget(staging, t);
	} while (t);
	return NOTIFY_DONE;
}

static struct notifier_block release_watch = {
	.notifier_call = socket_released,
};

/**
 * ip_vs_transactions_watch() - register the notifier for closed sockets
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int ip_vs_transactions_watch(void)
{
	return netlink_register_notifier(&release_watch);
}

/**
 * ip_vs_transactions_unwatch() - undo ip_vs_transactions_watch()
 *
 * Context: process.
 */
void ip_vs_transactions_unwatch(void)
{
	netlink_unregister_notifier(&release_watch);
}

/**
 * ip_vs_transactions_net_init() - initialise the transactions of a namespace
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_transactions_net_init(struct ip_vs_net *ivn)
{
	mutex_init(&ivn->staging.lock);
	INIT_LIST_HEAD(&ivn->staging.open);
}

/**
 * ip_vs_transactions_net_exit() - free the transactions of a namespace
 * @ivn: namespace; no command runs in it any more
 *
 * A namespace outlives its sockets, so there are some only when the module is
 * unloaded.
 *
 * Context: process.
 */
void ip_vs_transactions_net_exit(struct ip_vs_net *ivn)
{
	struct transaction *t, *next;

	list_for_each_entry_safe(t, next, &ivn->staging.open, list) {
		list_del(&t->list);
		transaction_forget(&ivn->staging, t);
	}
}
