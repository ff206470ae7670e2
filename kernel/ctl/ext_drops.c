// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET_DROPS of the family IPVS_EXT: dropped packets by reason, of the
 * namespace first, then of each service with dropped packets.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "ctl/cursor.h"
#include "ctl/ext_drops.h"
#include "ctl/family.h"
#include "ctl/put.h"
#include "net.h"
#include "server/drops.h"
#include "server/service.h"

/**
 * struct listing - a dump in progress
 * @cur: the service it continues with
 * @total_done: the namespace's counters were sent
 */
struct listing {
	struct ip_vs_cursor cur;
	bool total_done;
};

static struct listing **drops_listing(struct netlink_callback *cb)
{
	return (struct listing **)cb->ctx;
}

/* Reasons with a count of 0 are left out. */
static int put_drops(struct sk_buff *skb, const struct ip_vs_drops *drops)
{
	struct nlattr *nest = nla_nest_start(skb, IPVS_EXT_ATTR_DROPS);
	int why;

	if (!nest)
		return -EMSGSIZE;
	for (why = 1; why < IP_VS_DROP_REASONS; why++)
		if (drops->n[why] &&
		    nla_put_u64_64bit(skb, why, drops->n[why],
				      IPVS_EXT_DROP_UNSPEC))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static bool drops_any(const struct ip_vs_drops *drops)
{
	int why;

	for (why = 1; why < IP_VS_DROP_REASONS; why++)
		if (drops->n[why])
			return true;
	return false;
}

/* @svc is NULL for the namespace's counters. */
static int dump_drops_record(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct ip_vs_service *svc,
			     const struct ip_vs_drops *drops)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  ip_vs_ext_family, NLM_F_MULTI,
			  IPVS_EXT_CMD_GET_DROPS);
	if (!hdr)
		return -EMSGSIZE;
	if ((svc && ip_vs_put_service_id(skb, &svc->id)) ||
	    put_drops(skb, drops)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_total(struct sk_buff *skb, struct netlink_callback *cb,
		      struct ip_vs_net *ivn)
{
	struct ip_vs_drops drops;

	ip_vs_drops_total(ivn, &drops);
	return dump_drops_record(skb, cb, NULL, &drops);
}

static int dump_service_drops(struct sk_buff *skb, struct netlink_callback *cb,
			      struct ip_vs_service *svc)
{
	struct ip_vs_drops drops;

	ip_vs_drops_service(svc, &drops);
	return drops_any(&drops) ? dump_drops_record(skb, cb, svc, &drops) : 0;
}

/**
 * ip_vs_ext_drops_start() - begin a dump of drop counters
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_ext_drops_start(struct netlink_callback *cb)
{
	struct listing **l = drops_listing(cb);

	*l = kzalloc(sizeof(**l), GFP_KERNEL_ACCOUNT);
	return *l ? 0 : -ENOMEM;
}

/**
 * ip_vs_ext_drops_dump() - dump as many records as fit
 * @skb: buffer
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_ext_drops_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_net *ivn = ip_vs_net(sock_net(cb->skb->sk));
	struct listing *l = *drops_listing(cb);
	struct ip_vs_service *svc;
	bool same;

	mutex_lock(&ivn->config);
	if (!l->total_done)
		l->total_done = !dump_total(skb, cb, ivn);
	svc = ip_vs_cursor_service(ivn, &l->cur, &same);
	while (svc && !dump_service_drops(skb, cb, svc))
		svc = ip_vs_service_next(svc);
	ip_vs_cursor_at_service(&l->cur, svc);
	mutex_unlock(&ivn->config);
	return skb->len;
}

/**
 * ip_vs_ext_drops_done() - free the state of a dump that ended or was aborted
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_ext_drops_done(struct netlink_callback *cb)
{
	kfree(*drops_listing(cb));
	return 0;
}
