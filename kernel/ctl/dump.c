// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects into attributes of the IPVS netlink family, one or all of them.
 *
 * Exactly the attributes, order and sizes of the in-tree module: some clients
 * fail on anything they do not know.  A dump is made in portions of one
 * message buffer; what lives from its beginning to its end is in it once.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../net.h"
#include "../sched.h"
#include "../sync/daemon.h"
#include "cursor.h"
#include "daemon.h"
#include "dump.h"
#include "genl.h"
#include "parse.h"
#include "policy.h"

/* Attribute numbers follow enum ip_vs_counter, counters first. */
#define COUNTER_ATTR(i)	(IPVS_STATS_ATTR_CONNS + (i))
#define RATE_ATTR(i)	(IPVS_STATS_ATTR_CPS + (i))

static_assert(COUNTER_ATTR(IP_VS_CNT_INPKTS) == IPVS_STATS_ATTR_INPKTS);
static_assert(COUNTER_ATTR(IP_VS_CNT_OUTPKTS) == IPVS_STATS_ATTR_OUTPKTS);
static_assert(COUNTER_ATTR(IP_VS_CNT_INBYTES) == IPVS_STATS_ATTR_INBYTES);
static_assert(COUNTER_ATTR(IP_VS_CNT_OUTBYTES) == IPVS_STATS_ATTR_OUTBYTES);
static_assert(RATE_ATTR(IP_VS_CNT_INPKTS) == IPVS_STATS_ATTR_INPPS);
static_assert(RATE_ATTR(IP_VS_CNT_OUTPKTS) == IPVS_STATS_ATTR_OUTPPS);
static_assert(RATE_ATTR(IP_VS_CNT_INBYTES) == IPVS_STATS_ATTR_INBPS);
static_assert(RATE_ATTR(IP_VS_CNT_OUTBYTES) == IPVS_STATS_ATTR_OUTBPS);

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, IPVS_STATS_ATTR_PAD);
}

/* In the old nest bytes alone are 64 bits wide. */
static int put_counters32(struct sk_buff *skb, const u64 *v)
{
	int i;

	for (i = 0; i < IP_VS_CNT_INBYTES; i++)
		if (nla_put_u32(skb, COUNTER_ATTR(i), v[i]))
			return -EMSGSIZE;
	for (; i < IP_VS_CNT_MAX; i++)
		if (put_u64(skb, COUNTER_ATTR(i), v[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_rates32(struct sk_buff *skb, const u64 *v)
{
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		if (nla_put_u32(skb, RATE_ATTR(i), v[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_stats32(struct sk_buff *skb, int type,
		       const struct ip_vs_stats_view *view)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, type);

	if (!nest || put_counters32(skb, view->count.v) ||
	    put_rates32(skb, view->rate))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_stats64(struct sk_buff *skb, int type,
		       const struct ip_vs_stats_view *view)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, type);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		if (put_u64(skb, COUNTER_ATTR(i), view->count.v[i]))
			return -EMSGSIZE;
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		if (put_u64(skb, RATE_ATTR(i), view->rate[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_id(struct sk_buff *skb, const struct ip_vs_service_key *id)
{
	if (nla_put_u16(skb, IPVS_SVC_ATTR_AF, id->af))
		return -EMSGSIZE;
	if (id->fwmark)
		return nla_put_u32(skb, IPVS_SVC_ATTR_FWMARK, id->fwmark);
	if (nla_put_u16(skb, IPVS_SVC_ATTR_PROTOCOL, id->proto) ||
	    nla_put(skb, IPVS_SVC_ATTR_ADDR, sizeof(id->addr), &id->addr) ||
	    nla_put_be16(skb, IPVS_SVC_ATTR_PORT, id->port))
		return -EMSGSIZE;
	return 0;
}

/**
 * ip_vs_put_service_id() - a service nest with nothing but its identity
 * @skb: message under construction
 * @id: identity
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room, the caller cuts off what was begun.
 */
int ip_vs_put_service_id(struct sk_buff *skb,
			 const struct ip_vs_service_key *id)
{
	struct nlattr *nest;

	nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_SERVICE);
	if (!nest || put_id(skb, id))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static const char *sched_name(const struct ip_vs_service *svc)
{
	const struct ip_vs_scheduler *sched;

	sched = rcu_dereference_protected(svc->sched,
					  lockdep_is_held(&svc->ivn->config));
	return sched ? sched->name : "none";
}

static int put_service_config(struct sk_buff *skb,
			      const struct ip_vs_service *svc)
{
	const struct ip_vs_flags flags = { .flags = svc->flags, .mask = ~0 };

	if (nla_put_string(skb, IPVS_SVC_ATTR_SCHED_NAME, sched_name(svc)) ||
	    nla_put(skb, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags) ||
	    nla_put_u32(skb, IPVS_SVC_ATTR_TIMEOUT, svc->timeout) ||
	    nla_put_be32(skb, IPVS_SVC_ATTR_NETMASK, svc->netmask))
		return -EMSGSIZE;
	return 0;
}

/**
 * ip_vs_put_service() - a service nest
 * @skb: message under construction
 * @svc: service
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EMSGSIZE: no room, the caller cuts off what was begun.
 */
int ip_vs_put_service(struct sk_buff *skb, struct ip_vs_service *svc)
{
	struct ip_vs_stats_view view;
	struct nlattr *nest;

	nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_SERVICE);
	if (!nest || put_id(skb, &svc->id) ||
	    put_service_config(skb, svc))
		return -EMSGSIZE;
	ip_vs_stats_service(svc, &view);
	if (put_stats32(skb, IPVS_SVC_ATTR_STATS, &view) ||
	    put_stats64(skb, IPVS_SVC_ATTR_STATS64, &view))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * ip_vs_put_dest_id() - a server nest with nothing but its identity
 * @skb: message under construction
 * @key: identity
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room, the caller cuts off what was begun.
 */
int ip_vs_put_dest_id(struct sk_buff *skb, const struct ip_vs_dest_key *key)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_DEST);

	if (!nest ||
	    nla_put(skb, IPVS_DEST_ATTR_ADDR, sizeof(key->addr), &key->addr) ||
	    nla_put_be16(skb, IPVS_DEST_ATTR_PORT, key->port) ||
	    nla_put_u16(skb, IPVS_DEST_ATTR_ADDR_FAMILY, key->af))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_dest_config(struct sk_buff *skb, const struct ip_vs_dest *dest)
{
	if (nla_put(skb, IPVS_DEST_ATTR_ADDR, sizeof(dest->key.addr),
		    &dest->key.addr) ||
	    nla_put_be16(skb, IPVS_DEST_ATTR_PORT, dest->key.port) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_FWD_METHOD,
			ip_vs_dest_method(dest)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_WEIGHT, dest->weight) ||
	    nla_put_u8(skb, IPVS_DEST_ATTR_TUN_TYPE, dest->tun_type) ||
	    nla_put_be16(skb, IPVS_DEST_ATTR_TUN_PORT, dest->tun_port) ||
	    nla_put_u16(skb, IPVS_DEST_ATTR_TUN_FLAGS, dest->tun_flags) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_U_THRESH, dest->u_threshold) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_L_THRESH, dest->l_threshold))
		return -EMSGSIZE;
	return 0;
}

static int put_dest_conns(struct sk_buff *skb, const struct ip_vs_dest *dest)
{
	if (nla_put_u32(skb, IPVS_DEST_ATTR_ACTIVE_CONNS,
			atomic_read(&dest->active)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_INACT_CONNS,
			ip_vs_dest_inactive(dest)) ||
	    nla_put_u32(skb, IPVS_DEST_ATTR_PERSIST_CONNS,
			atomic_read(&dest->persist)))
		return -EMSGSIZE;
	return 0;
}

/**
 * ip_vs_put_dest() - a server nest
 * @skb: message under construction
 * @dest: server
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EMSGSIZE: no room, the caller cuts off what was begun.
 */
int ip_vs_put_dest(struct sk_buff *skb, struct ip_vs_dest *dest)
{
	struct ip_vs_stats_view view;
	struct nlattr *nest;

	nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_DEST);
	if (!nest || put_dest_config(skb, dest) || put_dest_conns(skb, dest) ||
	    nla_put_u16(skb, IPVS_DEST_ATTR_ADDR_FAMILY, dest->key.af))
		return -EMSGSIZE;
	ip_vs_stats_dest(dest, &view);
	if (put_stats32(skb, IPVS_DEST_ATTR_STATS, &view) ||
	    put_stats64(skb, IPVS_DEST_ATTR_STATS64, &view))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static void *begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &ip_vs_genl_family, NLM_F_MULTI, cmd);
}

static int finish(struct sk_buff *skb, void *hdr, int err)
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
	void *hdr = begin(skb, cb, IPVS_CMD_NEW_SERVICE);

	return hdr ? finish(skb, hdr, ip_vs_put_service(skb, svc)) : -EMSGSIZE;
}

static int dump_dest(struct sk_buff *skb, struct netlink_callback *cb,
		     struct ip_vs_dest *dest)
{
	void *hdr = begin(skb, cb, IPVS_CMD_NEW_DEST);

	return hdr ? finish(skb, hdr, ip_vs_put_dest(skb, dest)) : -EMSGSIZE;
}

static struct ip_vs_cursor **cursor_of(struct netlink_callback *cb)
{
	return (struct ip_vs_cursor **)cb->ctx;
}

static struct ip_vs_net *net_of(const struct netlink_callback *cb)
{
	return ip_vs_net(sock_net(cb->skb->sk));
}

/**
 * ip_vs_dump_services_start() - begin a dump of all services
 * @cb: the dump; attributes are not looked at
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
 * ip_vs_dump_services() - as many services as fit
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
	struct ip_vs_net *ivn = net_of(cb);
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

/* Which service?  Whatever is wrong with it, the dump is empty. */
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
	struct ip_vs_net *ivn = net_of(cb);
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
 * ip_vs_dump_dests() - as many servers as fit
 * @skb: buffer
 * @cb: the dump
 *
 * It ends when the service is gone.
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done.
 */
int ip_vs_dump_dests(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ip_vs_cursor *cur = *cursor_of(cb);
	struct ip_vs_net *ivn = net_of(cb);
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

static int put_group(struct sk_buff *skb, const struct ip_vs_sync_config *cfg)
{
	if (cfg->af == AF_INET6)
		return nla_put_in6_addr(skb, IPVS_DAEMON_ATTR_MCAST_GROUP6,
					&cfg->group.in6);
	return nla_put_in_addr(skb, IPVS_DAEMON_ATTR_MCAST_GROUP,
			       cfg->group.ip);
}

/**
 * ip_vs_put_daemon() - a daemon nest
 * @skb: message under construction
 * @cfg: what it runs with
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room, the caller cuts off what was begun.
 */
int ip_vs_put_daemon(struct sk_buff *skb, const struct ip_vs_sync_config *cfg)
{
	struct nlattr *nest;

	nest = nla_nest_start_noflag(skb, IPVS_CMD_ATTR_DAEMON);
	if (!nest || nla_put_u32(skb, IPVS_DAEMON_ATTR_STATE, cfg->state) ||
	    nla_put_string(skb, IPVS_DAEMON_ATTR_MCAST_IFN, cfg->ifname) ||
	    nla_put_u32(skb, IPVS_DAEMON_ATTR_SYNC_ID, cfg->syncid) ||
	    nla_put_u16(skb, IPVS_DAEMON_ATTR_SYNC_MAXLEN, cfg->maxlen) ||
	    nla_put_u16(skb, IPVS_DAEMON_ATTR_MCAST_PORT, cfg->port) ||
	    nla_put_u8(skb, IPVS_DAEMON_ATTR_MCAST_TTL, cfg->ttl) ||
	    put_group(skb, cfg))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int dump_daemon(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct ip_vs_sync_config *cfg)
{
	void *hdr = begin(skb, cb, IPVS_CMD_NEW_DAEMON);

	return hdr ? finish(skb, hdr, ip_vs_put_daemon(skb, cfg)) : -EMSGSIZE;
}

/**
 * ip_vs_dump_daemons() - the synchronisation daemons that run
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
		if (ip_vs_daemon_get(net_of(cb), states[cb->args[0]], &cfg) &&
		    dump_daemon(skb, cb, &cfg))
			break;
	return skb->len;
}

/**
 * ip_vs_dump_done() - a dump has ended, or was given up
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
