// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bring the kernel's table to the state that a file describes
 *
 * The file is read as a whole, the difference to the kernel's table found, and
 * that is carried out as one transaction, which starts from exactly the table
 * that was read: if somebody else changes it meanwhile, all is done again.
 */
#include "cmd/replace.h"

#include "cmd/diff.h"
#include "cmd/orders.h"
#include "cmd/rule_input.h"
#include "cmd/ruleset.h"
#include "model/change.h"
#include "model/errors.h"
#include "model/model.h"
#include "model/request.h"
#include "model/table.h"
#include "net/query.h"
#include "net/transaction.h"
#include "print/saveline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often to retry when the configuration was changed by others. */
#define RETRIES 16

/**
 * struct replace - one attempt
 * @wire: the socket
 * @want: the table of the file
 * @have: the table of the kernel
 * @changes: from one to the other
 * @generation: the state of the configuration that @have is
 */
struct replace {
	struct wire *wire;
	struct table want;
	struct table have;
	struct list changes;
	uint32_t generation;
};

static void forget_attempt(struct replace *r)
{
	list_free(&r->changes);
	table_free(&r->have);
}

static int read_rules(struct replace *r, const char *prog)
{
	struct rule_input in = { 0 };
	int err;

	do
		err = rule_input_read(&in);
	while (err > 0);
	if (err)
		complain("ipvsadm: cannot read the input: %s", strerror(-err));
	else
		err = ruleset_parse(&r->want, prog, in.data, in.len, stderr);
	if (err == -ENOMEM)
		complain("%s", refusal_text(CMD_MAX, ENOMEM));
	free(in.data);
	return err;
}

/*
 * The generation is read before the table: a change in between makes the commit
 * fail.
 */
static int find_changes(struct replace *r, struct refusal *why)
{
	int err = 0;

	memset(why, 0, sizeof(*why));
	if (wire_has_ext(r->wire))
		err = query_generation(r->wire, &r->generation, why);
	if (!err)
		err = query_table(r->wire, &r->have, why);
	if (err)
		return err;
	err = diff_make(&r->changes, &r->have, &r->want);
	why->error = -err;
	return err;
}

static int replace_check(struct replace *r)
{
	struct refusal why;

	if (find_changes(r, &why) ||
	    orders_settle(r->wire, &r->want.orders, &why)) {
		refusal_print(CMD_MAX, &why);
		return EXIT_LIST;
	}
	diff_print(stdout, &r->changes);
	orders_print(stdout, &r->want.orders);
	return r->changes.len || r->want.orders.len ? EXIT_DIFFERS : EXIT_OK;
}

static int replace_unsupported(void)
{
	complain("ipvsadm: this kernel's ip_vs cannot replace a table as a whole; %s",
		 "--check shows the changes, -R alone makes them one by one");
	return EXIT_KERNEL;
}

static void replace_explain(const struct replace *r, size_t culprit,
			    const struct refusal *why)
{
	const struct request numeric = { .given = 1 << OPT_NUMERIC };
	const struct change *change;

	if (culprit >= r->changes.len) {
		if (why->error == EOPNOTSUPP)
			replace_unsupported();
		else
			refusal_print(CMD_MAX, why);
		return;
	}
	change = r->changes.item[culprit];
	refusal_print(change->cmd, why);
	if (change->line) {
		complain("ipvsadm: in line %u of the input; nothing was changed",
			 change->line);
		return;
	}
	fputs("ipvsadm: nothing was changed; refused was: ", stderr);
	saveline_change(stderr, &numeric, change->cmd, change->svc, change->dst);
}

static void retry_pause(void)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

static int replace_orders(struct replace *r)
{
	struct refusal why;

	if (!orders_settle(r->wire, &r->want.orders, &why))
		return orders_run(r->wire, &r->want.orders);
	refusal_print(CMD_MAX, &why);
	return EXIT_KERNEL;
}

static int replace_table(struct replace *r)
{
	size_t culprit = NO_CHANGE;
	int err, tries = RETRIES;
	struct refusal why;

	while (!(err = find_changes(r, &why)) && r->changes.len) {
		err = transaction_run(r->wire, &r->changes, r->generation,
				      &culprit, &why);
		if (err != -ESTALE || !tries--)
			break;
		forget_attempt(r);
		retry_pause();
	}
	if (!err)
		return replace_orders(r);
	if (err == -ESTALE)
		complain("ipvsadm: others keep changing the table; nothing was changed");
	else
		replace_explain(r, culprit, &why);
	return EXIT_KERNEL;
}

/**
 * replace_run() - execute -R with --replace or --check
 * @wire: the socket
 * @req: the command
 *
 * Return: exit status; messages are printed.
 */
int replace_run(struct wire *wire, const struct request *req)
{
	struct replace r = { .wire = wire };
	int status = EXIT_LIST;

	if (!has(req, OPT_CHECK) && !wire_has_ext(wire))
		return replace_unsupported();
	if (!read_rules(&r, req->prog))
		status = has(req, OPT_CHECK) ? replace_check(&r) : replace_table(&r);
	forget_attempt(&r);
	table_free(&r.want);
	return status;
}
