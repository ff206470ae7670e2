// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family IPVS_EXT: one row a command.
 *
 * As in the family IPVS, a command acts on the network namespace of its socket
 * and needs CAP_NET_ADMIN in the user namespace that owns it.  Unlike there,
 * requests are validated strictly, and every error has a message.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "conn/limit.h"
#include "ctl/events.h"
#include "ctl/ext_conns.h"
#include "ctl/ext_drops.h"
#include "ctl/ext_policy.h"
#include "ctl/ext_reply.h"
#include "ctl/ext_table.h"
#include "ctl/ext.h"
#include "ctl/family.h"
#include "ctl/listeners.h"
#include "ctl/transaction.h"
#include "net.h"

static int put_ext_info(struct sk_buff *msg, struct ip_vs_net *ivn)
{
	u64 conns = 0;

	if (ip_vs_equipped(ivn))
		conns = ip_vs_conn_limit_count(&ivn->limit);
	return nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION,
			   READ_ONCE(ivn->generation)) ?:
	       nla_put_u64_64bit(msg, IPVS_EXT_ATTR_CONNS, conns,
				 IPVS_EXT_ATTR_PAD) ?:
	       nla_put_u64_64bit(msg, IPVS_EXT_ATTR_CONN_MAX,
				 READ_ONCE(ivn->settings.conn_max),
				 IPVS_EXT_ATTR_PAD);
}

static int cmd_get_info(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = ip_vs_ext_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	return ip_vs_ext_reply_send(msg, hdr, info,
				    put_ext_info(msg,
						 ip_vs_net(genl_info_net(info))));
}

/* A new listener gets no earlier events: these are sent first. */
static int cmd_listen(struct sk_buff *skb, struct genl_info *info)
{
	if (!info->attrs[IPVS_EXT_ATTR_EVENTS]) {
		NL_SET_ERR_MSG(info->extack, "events are missing");
		return -EINVAL;
	}
	ip_vs_events_flush(ip_vs_net(genl_info_net(info)));
	return ip_vs_listen(skb, info);
}

#define OP(_cmd, _takes)						\
	.cmd = IPVS_EXT_CMD_##_cmd,					\
	.flags = GENL_UNS_ADMIN_PERM,					\
	.policy = ip_vs_ext_##_takes##_policy,				\
	.maxattr = IPVS_EXT_ATTR_MAX

static const struct genl_ops ops[] = {
	{ OP(GET_INFO, none), .doit = cmd_get_info },
	{
		OP(GET_TABLE, table),
		.start	= ip_vs_ext_table_start,
		.dumpit	= ip_vs_ext_table_dump,
		.done	= ip_vs_ext_table_done,
	},
	{
		OP(GET_CONN, conns),
		.start	= ip_vs_ext_conns_start,
		.dumpit	= ip_vs_ext_conns_dump,
		.done	= ip_vs_ext_conns_done,
	},
	{ OP(KILL_CONN, conns), .doit = ip_vs_ext_conns_kill },
	{
		OP(GET_DROPS, none),
		.start	= ip_vs_ext_drops_start,
		.dumpit	= ip_vs_ext_drops_dump,
		.done	= ip_vs_ext_drops_done,
	},
	{ OP(BEGIN, none), .doit = ip_vs_transaction_begin },
	{ OP(STAGE, stage), .doit = ip_vs_transaction_stage },
	{ OP(COMMIT, commit), .doit = ip_vs_transaction_commit },
	{ OP(ABORT, none), .doit = ip_vs_transaction_abort },
	{ OP(LISTEN, listen), .doit = cmd_listen },
};

static struct genl_family ext_family __ro_after_init = {
	.name		= IPVS_EXT_GENL_NAME,
	.version	= IPVS_EXT_GENL_VERSION,
	.maxattr	= IPVS_EXT_ATTR_MAX,
	.policy		= ip_vs_ext_none_policy,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
};

/**
 * ip_vs_ext_register() - register the family
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int __init ip_vs_ext_register(void)
{
	int err = ip_vs_transactions_watch();

	ip_vs_ext_family = &ext_family;
	if (err)
		return err;
	err = ip_vs_listeners_watch();
	if (err)
		goto err_transactions;
	err = genl_register_family(&ext_family);
	if (err)
		goto err_listeners;
	return 0;

err_listeners:
	ip_vs_listeners_unwatch();
err_transactions:
	ip_vs_transactions_unwatch();
	return err;
}

/**
 * ip_vs_ext_unregister() - unregister the family
 *
 * No command runs and no event is sent when this returns.
 *
 * Context: process, may sleep.
 */
void ip_vs_ext_unregister(void)
{
	/* Afterwards another family may get its number. */
	ip_vs_events_close();
	genl_unregister_family(&ext_family);
	ip_vs_listeners_unwatch();
	ip_vs_transactions_unwatch();
}
