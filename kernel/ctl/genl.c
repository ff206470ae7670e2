// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family IPVS: one row a command.
 *
 * A command acts on the network namespace of its socket and needs
 * CAP_NET_ADMIN in the user namespace that owns it.  Commands of different
 * namespaces run in parallel; those of one are serialised by its configuration
 * mutex.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "ctl/change.h"
#include "ctl/daemon.h"
#include "ctl/dump.h"
#include "ctl/family.h"
#include "ctl/genl.h"
#include "ctl/parse.h"
#include "ctl/policy.h"
#include "ctl/put.h"
#include "ctl/timeouts.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"
#include "server/stats.h"
#include "sync/daemon.h"

static struct ip_vs_net *info_net(struct genl_info *info)
{
	return ip_vs_net(genl_info_net(info));
}

/* An error that names no closer attribute points to the nest as a whole; the
 * text says which part.
 */
static int info_set_bad_attr(struct genl_info *info, int type, int err)
{
	struct netlink_ext_ack *extack = info->extack;

	if (err && extack && !extack->bad_attr && !extack->miss_type)
		NL_SET_BAD_ATTR(extack, info->attrs[type]);
	return err;
}

/* Calls @act for the service that a request names, configuration mutex held. */
static int info_on_service(struct genl_info *info, enum ip_vs_parse_form form,
			   int (*act)(struct genl_info *info,
				      struct ip_vs_service *svc,
				      const struct ip_vs_service_config *cfg))
{
	struct ip_vs_net *ivn = info_net(info);
	struct ip_vs_service_config cfg;
	struct ip_vs_service *svc;
	int err;

	err = ip_vs_parse_service(info->attrs[IPVS_CMD_ATTR_SERVICE], form,
				  &cfg, info->extack);
	if (err)
		return err;
	mutex_lock(&ivn->config);
	svc = ip_vs_service_find(ivn, &cfg.id);
	err = svc ? act(info, svc, &cfg) :
		    ip_vs_service_not_found(info->attrs[IPVS_CMD_ATTR_SERVICE],
					    info->extack);
	mutex_unlock(&ivn->config);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_SERVICE, err);
}

static int cmd_new_service(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_net *ivn = info_net(info);
	struct ip_vs_service_config cfg;
	int err;

	err = ip_vs_parse_service(info->attrs[IPVS_CMD_ATTR_SERVICE],
				  IP_VS_FORM_FULL, &cfg, info->extack);
	if (err)
		return err;
	mutex_lock(&ivn->config);
	err = ip_vs_change_service_add(ivn, &cfg, info->extack);
	mutex_unlock(&ivn->config);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_SERVICE, err);
}

static int info_service_edit(struct genl_info *info, struct ip_vs_service *svc,
			     const struct ip_vs_service_config *cfg)
{
	return ip_vs_change_service_edit(svc, cfg, info->extack);
}

static int cmd_set_service(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_FULL, info_service_edit);
}

static int info_service_del(struct genl_info *info, struct ip_vs_service *svc,
			    const struct ip_vs_service_config *cfg)
{
	ip_vs_change_service_del(svc);
	return 0;
}

static int cmd_del_service(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_ID, info_service_del);
}

static struct sk_buff *reply_new(struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, ip_vs_family, 0, cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static int reply_send(struct sk_buff *msg, void *hdr, struct genl_info *info,
		      int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int info_service_show(struct genl_info *info, struct ip_vs_service *svc,
			     const struct ip_vs_service_config *cfg)
{
	struct sk_buff *msg;
	void *hdr;

	msg = reply_new(info, IPVS_CMD_NEW_SERVICE, &hdr);
	if (!msg)
		return -ENOMEM;
	return reply_send(msg, hdr, info, ip_vs_put_service(msg, svc));
}

static int cmd_get_service(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_ID, info_service_show);
}

static int parse_dest(struct genl_info *info, enum ip_vs_parse_form form,
		      const struct ip_vs_service *svc,
		      struct ip_vs_dest_config *dest)
{
	int err;

	err = ip_vs_parse_dest(info->attrs[IPVS_CMD_ATTR_DEST], form,
			       svc->key.af, dest, info->extack);
	if (err || form == IP_VS_FORM_ID)
		return err;
	return ip_vs_daemons_allow(svc->ivn, svc->key.af, dest, info->extack);
}

static int info_dest_add(struct genl_info *info, struct ip_vs_service *svc,
			 const struct ip_vs_service_config *cfg)
{
	struct ip_vs_dest_config dest;
	int err;

	err = parse_dest(info, IP_VS_FORM_FULL, svc, &dest) ?:
	      ip_vs_change_dest_add(svc, &dest, info->extack);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_DEST, err);
}

static int cmd_new_dest(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_ID, info_dest_add);
}

static int info_dest_edit(struct genl_info *info, struct ip_vs_service *svc,
			  const struct ip_vs_service_config *cfg)
{
	struct ip_vs_dest_config dest;
	int err;

	err = parse_dest(info, IP_VS_FORM_FULL, svc, &dest) ?:
	      ip_vs_change_dest_edit(svc, &dest, info->extack);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_DEST, err);
}

static int cmd_set_dest(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_ID, info_dest_edit);
}

static int info_dest_del(struct genl_info *info, struct ip_vs_service *svc,
			 const struct ip_vs_service_config *cfg)
{
	struct ip_vs_dest_config dest;
	int err;

	err = parse_dest(info, IP_VS_FORM_ID, svc, &dest) ?:
	      ip_vs_change_dest_del(svc, &dest.key, info->extack);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_DEST, err);
}

static int cmd_del_dest(struct sk_buff *skb, struct genl_info *info)
{
	return info_on_service(info, IP_VS_FORM_ID, info_dest_del);
}

static int cmd_new_daemon(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_sync_config cfg;
	int err;

	err = ip_vs_parse_daemon(info->attrs[IPVS_CMD_ATTR_DAEMON], &cfg,
				 info->extack) ?:
	      ip_vs_daemon_start(info_net(info), &cfg, false, info->extack);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_DAEMON, err);
}

static int cmd_del_daemon(struct sk_buff *skb, struct genl_info *info)
{
	u32 state;
	int err;

	err = ip_vs_parse_daemon_state(info->attrs[IPVS_CMD_ATTR_DAEMON],
				       &state, info->extack) ?:
	      ip_vs_daemon_stop(info_net(info), state, info->extack);
	return info_set_bad_attr(info, IPVS_CMD_ATTR_DAEMON, err);
}

/* Attribute and member of each timeout that users set. */
static const struct {
	u8 attr;
	enum ip_vs_user_timeout which;
} timeout_attrs[] = {
	{ IPVS_CMD_ATTR_TIMEOUT_TCP, IP_VS_USER_TIMEOUT_TCP },
	{ IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, IP_VS_USER_TIMEOUT_TCP_FIN },
	{ IPVS_CMD_ATTR_TIMEOUT_UDP, IP_VS_USER_TIMEOUT_UDP },
};

static int cmd_set_config(struct sk_buff *skb, struct genl_info *info)
{
	u32 seconds[IP_VS_USER_TIMEOUT_MAX] = {};
	struct ip_vs_net *ivn = info_net(info);
	const struct nlattr *attr;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(timeout_attrs); i++) {
		attr = info->attrs[timeout_attrs[i].attr];
		if (!attr)
			continue;
		seconds[timeout_attrs[i].which] = nla_get_u32(attr);
		if (ip_vs_timeout_valid(nla_get_u32(attr)))
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "timeout is too long");
		return -EINVAL;
	}
	mutex_lock(&ivn->config);
	err = ip_vs_change_timeouts(ivn, seconds);
	mutex_unlock(&ivn->config);
	return err;
}

static int put_config(struct sk_buff *msg, struct ip_vs_net *ivn)
{
	u32 seconds[IP_VS_USER_TIMEOUT_MAX];
	size_t i;

	ip_vs_user_timeouts_get(ivn, seconds);
	for (i = 0; i < ARRAY_SIZE(timeout_attrs); i++)
		if (nla_put_u32(msg, timeout_attrs[i].attr,
				seconds[timeout_attrs[i].which]))
			return -EMSGSIZE;
	return 0;
}

static int cmd_get_config(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = reply_new(info, IPVS_CMD_SET_CONFIG, &hdr);
	if (!msg)
		return -ENOMEM;
	return reply_send(msg, hdr, info, put_config(msg, info_net(info)));
}

static int put_version(struct sk_buff *msg)
{
	return nla_put_u32(msg, IPVS_INFO_ATTR_VERSION, IP_VS_VERSION_CODE) ?:
	       nla_put_u32(msg, IPVS_INFO_ATTR_CONN_TAB_SIZE,
			   1 << ip_vs_conn_tab_bits);
}

static int cmd_info(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = reply_new(info, IPVS_CMD_SET_INFO, &hdr);
	if (!msg)
		return -ENOMEM;
	return reply_send(msg, hdr, info, put_version(msg));
}

static int info_service_zero(struct genl_info *info, struct ip_vs_service *svc,
			     const struct ip_vs_service_config *cfg)
{
	ip_vs_stats_zero_service(svc);
	return 0;
}

static int cmd_zero(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_net *ivn = info_net(info);

	if (info->attrs[IPVS_CMD_ATTR_SERVICE])
		return info_on_service(info, IP_VS_FORM_ID, info_service_zero);
	mutex_lock(&ivn->config);
	ip_vs_stats_zero_all(ivn);
	mutex_unlock(&ivn->config);
	return 0;
}

static int cmd_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_net *ivn = info_net(info);

	mutex_lock(&ivn->config);
	ip_vs_change_flush(ivn);
	mutex_unlock(&ivn->config);
	return 0;
}

/* Attributes of requests are validated as leniently as in the in-tree module,
 * those of dumps by the dump itself.
 */
#define OP(_cmd)							\
	.cmd = (_cmd),							\
	.flags = GENL_UNS_ADMIN_PERM,					\
	.validate = GENL_DONT_VALIDATE_STRICT | GENL_DONT_VALIDATE_DUMP

static const struct genl_ops ops[] = {
	{ OP(IPVS_CMD_NEW_SERVICE), .doit = cmd_new_service },
	{ OP(IPVS_CMD_SET_SERVICE), .doit = cmd_set_service },
	{ OP(IPVS_CMD_DEL_SERVICE), .doit = cmd_del_service },
	{
		OP(IPVS_CMD_GET_SERVICE),
		.doit	= cmd_get_service,
		.start	= ip_vs_dump_services_start,
		.dumpit	= ip_vs_dump_services,
		.done	= ip_vs_dump_done,
	},
	{ OP(IPVS_CMD_NEW_DEST), .doit = cmd_new_dest },
	{ OP(IPVS_CMD_SET_DEST), .doit = cmd_set_dest },
	{ OP(IPVS_CMD_DEL_DEST), .doit = cmd_del_dest },
	{
		OP(IPVS_CMD_GET_DEST),
		.start	= ip_vs_dump_dests_start,
		.dumpit	= ip_vs_dump_dests,
		.done	= ip_vs_dump_done,
	},
	{ OP(IPVS_CMD_NEW_DAEMON), .doit = cmd_new_daemon },
	{ OP(IPVS_CMD_DEL_DAEMON), .doit = cmd_del_daemon },
	{ OP(IPVS_CMD_GET_DAEMON), .dumpit = ip_vs_dump_daemons },
	{ OP(IPVS_CMD_SET_CONFIG), .doit = cmd_set_config },
	{ OP(IPVS_CMD_GET_CONFIG), .doit = cmd_get_config },
	{ OP(IPVS_CMD_GET_INFO), .doit = cmd_info },
	{ OP(IPVS_CMD_ZERO), .doit = cmd_zero },
	{ OP(IPVS_CMD_FLUSH), .doit = cmd_flush },
};

static struct genl_family genl_family __ro_after_init = {
	.name		= IPVS_GENL_NAME,
	.version	= IPVS_GENL_VERSION,
	.maxattr	= IPVS_CMD_ATTR_MAX,
	.policy		= ip_vs_cmd_policy,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
	.resv_start_op	= IPVS_CMD_FLUSH + 1,
};

/**
 * ip_vs_genl_register() - register the family
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int __init ip_vs_genl_register(void)
{
	ip_vs_family = &genl_family;
	return genl_register_family(&genl_family);
}

/**
 * ip_vs_genl_unregister() - unregister the family
 *
 * No command runs when this returns.
 *
 * Context: process.
 */
void ip_vs_genl_unregister(void)
{
	genl_unregister_family(&genl_family);
}
