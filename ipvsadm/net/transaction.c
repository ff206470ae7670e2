// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many changes as one: all of them or none
 *
 * They are staged in messages as large as may be, and those are sent together,
 * so the number of system calls goes by kilobytes.
 */
#include "net/transaction.h"

#include "model/change.h"
#include "model/errors.h"
#include "model/model.h"
#include "net/codec.h"
#include "net/query.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

/**
 * struct transaction - changes on their way
 * @wire: the socket
 * @changes: struct change
 * @next: the first that is not staged yet
 * @culprit: the first that was refused, or NO_CHANGE
 * @why: the first refusal
 */
struct transaction {
	struct wire *wire;
	const struct list *changes;
	size_t next;
	size_t culprit;
	struct refusal *why;
};

/* The index of the failed operation arrives before the error. */
static int index_sink(const struct nlmsghdr *reply, void *arg)
{
	struct transaction *t = arg;
	uint32_t index;

	if (!decode_op_index(reply, &index) && t->culprit == NO_CHANGE)
		t->culprit = index;
	return 0;
}

static void transaction_refused(unsigned int tag, const struct refusal *why, void *arg)
{
	struct transaction *t = arg;

	(void)tag;
	if (!t->why->error)
		*t->why = *why;
}

static int transaction_flush(struct transaction *t)
{
	int err = wire_flush(t->wire, transaction_refused, index_sink, t);

	if (err && !t->why->error)
		t->why->error = -err;
	return -t->why->error;
}

static int transaction_post(struct transaction *t, struct nl_msg *msg)
{
	int err = wire_full(t->wire) ? transaction_flush(t) : 0;

	if (err) {
		nlmsg_free(msg);
		return err;
	}
	err = wire_post(t->wire, msg, 0);
	if (err)
		t->why->error = -err;
	return err;
}

/* Fills one message with as many changes as it holds. */
static int transaction_fill(struct transaction *t, struct nl_msg *msg)
{
	struct nlattr *ops = nla_nest_start(msg, IPVS_EXT_ATTR_OPS);
	size_t first = t->next;

	if (!ops)
		return -ENOMEM;
	while (t->next < t->changes->len) {
		const struct change *change = t->changes->item[t->next];

		if (encode_op(msg, order_command(change->cmd), change->svc,
			      change->dst))
			break;
		t->next++;
	}
	if (t->next == first)
		return -ENOMEM;
	nla_nest_end(msg, ops);
	return 0;
}

static int transaction_stage(struct transaction *t)
{
	struct nl_msg *msg = wire_ext_request(t->wire, IPVS_EXT_CMD_STAGE);

	if (msg && transaction_fill(t, msg)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return transaction_post(t, msg);
}

static int transaction_commit(struct transaction *t, uint32_t generation)
{
	struct nl_msg *msg = wire_ext_request(t->wire, IPVS_EXT_CMD_COMMIT);

	if (msg && nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION, generation)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return wire_ask(t->wire, msg, index_sink, t, t->why);
}

/* Aborts: staged changes are dropped; closing the socket would do that, too. */
static void transaction_forget(struct transaction *t)
{
	struct refusal why;

	wire_ask(t->wire, wire_ext_request(t->wire, IPVS_EXT_CMD_ABORT), NULL,
		 NULL, &why);
}

/**
 * transaction_run() - make all changes at once
 * @wire: the socket; wire_has_ext() has said yes
 * @changes: struct change
 * @generation: the state of the configuration that they start from
 * @culprit: on failure the change that was refused, or NO_CHANGE
 * @why: set on failure
 *
 * Return: 0, or -errno when nothing was changed; -ESTALE when the configuration
 * is not that of @generation any more.
 */
int transaction_run(struct wire *wire, const struct list *changes,
		    uint32_t generation, size_t *culprit, struct refusal *why)
{
	struct transaction t = {
		.wire = wire, .changes = changes, .culprit = NO_CHANGE,
		.why = why
	};
	int err;

	memset(why, 0, sizeof(*why));
	err = transaction_post(&t, wire_ext_request(wire, IPVS_EXT_CMD_BEGIN));
	while (!err && t.next < changes->len)
		err = transaction_stage(&t);
	if (!err)
		err = transaction_flush(&t);
	if (!err)
		err = transaction_commit(&t, generation);
	else
		transaction_forget(&t);
	*culprit = t.culprit;
	return err;
}
