// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET_TABLE of the family IPVS_EXT: every service, followed by its servers, in
 * one dump.
 *
 * Made in portions of one message buffer; an object that exists from the dump's
 * beginning to its end is in it once (cursor.h).  When the configuration
 * changed between portions, messages have NLM_F_DUMP_INTR set.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "ctl/cursor.h"
#include "ctl/ext_table.h"
#include "ctl/family.h"
#include "ctl/parse.h"
#include "ctl/put.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"

/* The nests of the family IPVS are used under the same numbers. */
static_assert((int)IPVS_EXT_ATTR_SERVICE == (int)IPVS_CMD_ATTR_SERVICE);
static_assert((int)IPVS_EXT_ATTR_DEST == (int)IPVS_CMD_ATTR_DEST);
static_assert((int)IPVS_EXT_ATTR_DAEMON == (int)IPVS_CMD_ATTR_DAEMON);

/**
 * struct listing - a dump in progress
 * @cur: where it continues
 * @only: serial of the one service wanted, 0: all of them
 * @svc: service of the current record, NULL: no more
 * @dest: its server in the current record, NULL: the service itself
 *
 * @svc and @dest are valid while the configuration mutex is held.
 */
struct listing {
	struct ip_vs_cursor cur;
	u64 only;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;
};

static struct listing **table_listing(struct netlink_callback *cb)
{
	return (struct listing **)cb->ctx;
}

static struct ip_vs_net *listing_net(const struct netlink_callback *cb)
{
	return ip_vs_net(sock_net(cb->skb->sk));
}

static struct ip_vs_service *listing_following(const struct listing *l)
{
	return l->only ? NULL : ip_vs_service_next(l->svc);
}

/* Advances to the next record. */
static void listing_advance(struct listing *l)
{
	l->dest = l->dest ? ip_vs_dest_next(l->svc, l->dest) :
			    list_first_entry_or_null(&l->svc->dest_list,
						     struct ip_vs_dest, list);
	if (!l->dest)
		l->svc = listing_following(l);
}

/* Continues where the last portion ended, or after it if that was deleted. */
static void listing_resume(struct ip_vs_net *ivn, struct listing *l)
{
	bool same;

	l->dest = NULL;
	l->svc = ip_vs_cursor_service(ivn, &l->cur, &same);
	if (!same && l->only)
		l->svc = NULL;
	if (!same || !l->cur.in_dests)
		return;
	l->dest = ip_vs_cursor_dest(l->svc, &l->cur);
	if (!l->dest)
		l->svc = listing_following(l);
}

static void listing_remember(struct listing *l)
{
	if (l->dest)
		ip_vs_cursor_at_dest(&l->cur, l->svc, l->dest);
	else
		ip_vs_cursor_at_service(&l->cur, l->svc);
}

static int put_record(struct sk_buff *skb, const struct listing *l)
{
	if (!l->dest)
		return ip_vs_put_service(skb, l->svc);
	return ip_vs_put_service_id(skb, &l->svc->id) ?:
	       ip_vs_put_dest(skb, l->dest);
}

static int dump_table_record(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct listing *l)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  ip_vs_ext_family, NLM_F_MULTI,
			  IPVS_EXT_CMD_GET_TABLE);
	if (!hdr)
		return -EMSGSIZE;
	if (put_record(skb, l)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

/* Starts at the service that a request names. */
static int listing_seek(struct ip_vs_net *ivn, const struct nlattr *nest,
			struct listing *l, struct netlink_ext_ack *extack)
{
	struct ip_vs_service_config cfg;
	struct ip_vs_service *svc;
	int err;

	err = ip_vs_parse_service(nest, IP_VS_FORM_ID, &cfg, extack);
	if (err)
		return err;
	mutex_lock(&ivn->config);
	svc = ip_vs_service_find(ivn, &cfg.id);
	if (svc) {
		ip_vs_cursor_at_service(&l->cur, svc);
		l->only = svc->serial;
	}
	mutex_unlock(&ivn->config);
	if (svc)
		return 0;
	return ip_vs_service_not_found(nest, extack);
}

/**
 * ip_vs_ext_table_start() - begin a dump of services and servers
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0; -ENOMEM; -ESRCH: no such service; as ip_vs_parse_service().
 */
int ip_vs_ext_table_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = ip_vs_compat_dump_attrs(cb);
	struct listing *l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
	int err = 0;

	if (!l)
		return -ENOMEM;
	if (attrs[IPVS_EXT_ATTR_SERVICE])
		err = listing_seek(listing_net(cb), attrs[IPVS_EXT_ATTR_SERVICE], l,
				   cb->extack);
	if (err) {
		kfree(l);
		return err;
	}
	*table_listing(cb) = l;
	return 0;
}

/**
 * ip_vs_ext_table_dump() - dump as many services and servers as fit
 * @skb: buffer
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_ext_table_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct listing *l = *table_listing(cb);
	struct ip_vs_net *ivn = listing_net(cb);

	mutex_lock(&ivn->config);
	cb->seq = ivn->generation;
	listing_resume(ivn, l);
	while (l->svc && !dump_table_record(skb, cb, l))
		listing_advance(l);
	listing_remember(l);
	mutex_unlock(&ivn->config);
	return skb->len;
}

/**
 * ip_vs_ext_table_done() - free the state of a dump that ended or was aborted
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_ext_table_done(struct netlink_callback *cb)
{
	kfree(*table_listing(cb));
	return 0;
}
