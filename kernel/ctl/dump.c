// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of the IPVS netlink family: all services, or all servers of one.
 *
 * A dump is made in portions of one message buffer; an object that exists from
 * its beginning to its end is in it once.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "ctl/cursor.h"
#include "ctl/daemon.h"
#include "ctl/dump.h"
#include "ctl/family.h"
#include "ctl/parse.h"
#include "ctl/policy.h"
#include "ctl/put.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"
#include "sync/daemon.h"

static void *record_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   ip_vs_family, NLM_F_MULTI, cmd);
}

static int record_finish(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return err;
}

static int dump_service(struct sk_buff *skb, struct netlink_callback *cb,
			struct ip_vs_service *svc)
{
	void *hdr = record_begin(skb, cb, IPVS_CMD_NEW_SERVICE);

	return hdr ? record_finish(skb, hdr, ip_vs_put_service(skb, svc)) : -EMSGSIZE;
}

static int dump_dest(struct sk_buff *skb, struct netlink_callback *cb,
		     struct ip_vs_dest *dest)
{
	void *hdr = record_begin(skb, cb, IPVS_CMD_NEW_DEST);

	return hdr ? record_finish(skb, hdr, ip_vs_put_dest(skb, dest)) : -EMSGSIZE;
}

static struct ip_vs_cursor **cursor_of(struct netlink_callback *cb)
{
	return (struct ip_vs_cursor **)cb->ctx;
}

static struct ip_vs_net *dump_net(const struct netlink_callback *cb)
{
	return ip_vs_net(sock_net(cb->skb->sk));
}

/**
 * ip_vs_dump_services_start() - begin a dump of all services
 * @cb: the dump; attributes are ignored
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_dump_services_start(struct netlink_callback *cb)
{
	struct ip_vs_cursor **cur = cursor_of(cb);

	*cur = kzalloc(sizeof(**cur), GFP_KERNEL);
	return *cur ? 0 : -ENOMEM;
}

/**
 * ip_vs_dump_services() - dump as many services as fit
 * @skb: buffer
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_dump_services(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_cursor *cur = *cursor_of(cb);
	struct ip_vs_net *ivn = dump_net(cb);
	struct ip_vs_service *svc;
	bool same;

	mutex_lock(&ivn->config);
	svc = ip_vs_cursor_service(ivn, cur, &same);
	while (svc && !dump_service(skb, cb, svc))
		svc = ip_vs_service_next(svc);
	ip_vs_cursor_at_service(cur, svc);
	mutex_unlock(&ivn->config);
	return skb->len;
}

/* Parses the service that is asked for.  If it is invalid, the dump is empty. */
static bool dests_of(struct netlink_callback *cb, struct ip_vs_service_key *id)
{
	struct nlattr *attrs[IPVS_CMD_ATTR_MAX + 1];
	struct ip_vs_service_config cfg;

	if (nlmsg_parse_deprecated(cb->nlh, GENL_HDRLEN, attrs,
				   IPVS_CMD_ATTR_MAX, ip_vs_cmd_policy, NULL))
		return false;
	if (ip_vs_parse_service(attrs[IPVS_CMD_ATTR_SERVICE], IP_VS_FORM_ID,
				&cfg, NULL))
		return false;
	*id = cfg.id;
	return true;
}

/**
 * ip_vs_dump_dests_start() - begin a dump of a service's servers
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_dump_dests_start(struct netlink_callback *cb)
{
	struct ip_vs_net *ivn = dump_net(cb);
	struct ip_vs_service_key id;
	struct ip_vs_service *svc;
	struct ip_vs_cursor *cur;
	int err;

	err = ip_vs_dump_services_start(cb);
	if (err)
		return err;
	cur = *cursor_of(cb);
	cur->end = true;
	if (!dests_of(cb, &id))
		return 0;
	mutex_lock(&ivn->config);
	svc = ip_vs_service_find(ivn, &id);
	ip_vs_cursor_at_service(cur, svc);
	mutex_unlock(&ivn->config);
	return 0;
}

/**
 * ip_vs_dump_dests() - dump as many servers as fit
 * @skb: buffer
 * @cb: the dump
 *
 * The dump ends when the service is deleted.
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_dump_dests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_cursor *cur = *cursor_of(cb);
	struct ip_vs_net *ivn = dump_net(cb);
	struct ip_vs_dest *dest = NULL;
	struct ip_vs_service *svc;
	bool same;

	mutex_lock(&ivn->config);
	svc = ip_vs_cursor_service(ivn, cur, &same);
	if (same)
		dest = ip_vs_cursor_dest(svc, cur);
	while (dest && !dump_dest(skb, cb, dest))
		dest = ip_vs_dest_next(svc, dest);
	ip_vs_cursor_at_dest(cur, svc, dest);
	mutex_unlock(&ivn->config);
	return skb->len;
}

static int dump_daemon(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct ip_vs_sync_config *cfg)
{
	void *hdr = record_begin(skb, cb, IPVS_CMD_NEW_DAEMON);

	return hdr ? record_finish(skb, hdr, ip_vs_put_daemon(skb, cfg)) : -EMSGSIZE;
}

/**
 * ip_vs_dump_daemons() - dump the synchronisation daemons that run
 * @skb: buffer, with room for two
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb)
{
	static const u32 states[] = { IP_VS_STATE_MASTER, IP_VS_STATE_BACKUP };
	struct ip_vs_sync_config cfg;

	for (; cb->args[0] < ARRAY_SIZE(states); cb->args[0]++)
		if (ip_vs_daemon_get(dump_net(cb), states[cb->args[0]], &cfg) &&
		    dump_daemon(skb, cb, &cfg))
			break;
	return skb->len;
}

/**
 * ip_vs_dump_done() - free the state of a dump that ended or was aborted
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_dump_done(struct netlink_callback *cb)
{
	kfree(*cursor_of(cb));
	return 0;
}
