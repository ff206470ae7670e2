// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing objects as attributes of the IPVS netlink family.
 *
 * Attributes, their order and their sizes are exactly those of the in-tree
 * module: some clients fail on unknown ones.
 */
#include "content/engine.h"
#include "ctl/attrs.h"
#include "ctl/put.h"
#include "net.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/stats.h"
#include "sync/daemon.h"

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

/* Sizes of attributes, a 64-bit number with an empty attribute before it; the
 * sums list the attributes in order.
 */
enum {
	SIZE8	= NLA_HDRLEN + 4,
	SIZE16	= SIZE8,
	SIZE32	= SIZE8,
	SIZE64	= NLA_HDRLEN + NLA_HDRLEN + 8,
	SIZE_ADDR = NLA_HDRLEN + sizeof(union nf_inet_addr),

	STATS32_ROOM = NLA_HDRLEN + 8 * SIZE32 + 2 * SIZE64,
	STATS64_ROOM = NLA_HDRLEN + 10 * SIZE64,
	ID_ROOM = NLA_HDRLEN + SIZE16 + SIZE16 + SIZE_ADDR + SIZE16,
	DEST_ID_ROOM = NLA_HDRLEN + SIZE_ADDR + SIZE16 + SIZE16,
	CONFIG_ROOM = ID_ROOM + NLA_HDRLEN + IP_VS_SCHEDNAME_MAXLEN +
		      NLA_HDRLEN + NLA_ALIGN(IP_VS_PENAME_MAXLEN + 1) +
		      NLA_HDRLEN + sizeof(struct ip_vs_flags) + SIZE32 + SIZE32,
	SERVICE_ROOM = CONFIG_ROOM + STATS32_ROOM + STATS64_ROOM,
	DEST_ROOM = NLA_HDRLEN + SIZE_ADDR + SIZE16 + SIZE32 + SIZE32 + SIZE8 +
		    SIZE16 + SIZE16 + SIZE32 + SIZE32 + 3 * SIZE32 + SIZE16 +
		    STATS32_ROOM + STATS64_ROOM,
};

static void put_u64(struct ip_vs_attrs *w, u16 type, u64 value)
{
	ip_vs_attr_u64(w, type, value, IPVS_STATS_ATTR_PAD);
}

/* In the old nest only byte counters are 64 bits wide. */
static void put_stats32(struct ip_vs_attrs *w, u16 type,
			const struct ip_vs_stats_view *view)
{
	struct nlattr *nest = ip_vs_attr_nest(w, type);
	int i;

	for (i = 0; i < IP_VS_CNT_INBYTES; i++)
		ip_vs_attr_u32(w, COUNTER_ATTR(i), view->count.v[i]);
	for (; i < IP_VS_CNT_MAX; i++)
		put_u64(w, COUNTER_ATTR(i), view->count.v[i]);
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		ip_vs_attr_u32(w, RATE_ATTR(i), view->rate[i]);
	ip_vs_attr_nest_end(w, nest);
}

static void put_stats64(struct ip_vs_attrs *w, u16 type,
			const struct ip_vs_stats_view *view)
{
	struct nlattr *nest = ip_vs_attr_nest(w, type);
	int i;

	for (i = 0; i < IP_VS_CNT_MAX; i++)
		put_u64(w, COUNTER_ATTR(i), view->count.v[i]);
	for (i = 0; i < IP_VS_CNT_MAX; i++)
		put_u64(w, RATE_ATTR(i), view->rate[i]);
	ip_vs_attr_nest_end(w, nest);
}

static void put_id(struct ip_vs_attrs *w, const struct ip_vs_service_key *id)
{
	ip_vs_attr_u16(w, IPVS_SVC_ATTR_AF, id->af);
	if (id->fwmark) {
		ip_vs_attr_u32(w, IPVS_SVC_ATTR_FWMARK, id->fwmark);
		return;
	}
	ip_vs_attr_u16(w, IPVS_SVC_ATTR_PROTOCOL, id->proto);
	ip_vs_attr_data(w, IPVS_SVC_ATTR_ADDR, &id->addr, sizeof(id->addr));
	ip_vs_attr_be16(w, IPVS_SVC_ATTR_PORT, id->port);
}

/**
 * ip_vs_put_service_id() - add a service nest with its identity only
 * @skb: message under construction
 * @id: identity
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room.
 */
int ip_vs_put_service_id(struct sk_buff *skb,
			 const struct ip_vs_service_key *id)
{
	struct ip_vs_attrs w;
	struct nlattr *nest;

	if (!ip_vs_attrs_begin(&w, skb, ID_ROOM))
		return -EMSGSIZE;
	nest = ip_vs_attr_nest(&w, IPVS_CMD_ATTR_SERVICE);
	put_id(&w, id);
	ip_vs_attr_nest_end(&w, nest);
	ip_vs_attrs_end(&w, skb);
	return 0;
}

static void put_service_config(struct ip_vs_attrs *w,
			       const struct ip_vs_service *svc)
{
	const struct ip_vs_flags flags = { .flags = svc->flags, .mask = ~0 };

	ip_vs_attr_string(w, IPVS_SVC_ATTR_SCHED_NAME, ip_vs_sched_name(svc));
	if (svc->pe)
		ip_vs_attr_string(w, IPVS_SVC_ATTR_PE_NAME, svc->pe->name);
	ip_vs_attr_data(w, IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	ip_vs_attr_u32(w, IPVS_SVC_ATTR_TIMEOUT, svc->timeout);
	ip_vs_attr_be32(w, IPVS_SVC_ATTR_NETMASK, svc->netmask);
}

/**
 * ip_vs_put_service_config() - add a service nest without its counters
 * @skb: message under construction
 * @svc: service
 *
 * The cost does not depend on the number of its servers.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EMSGSIZE: no room.
 */
int ip_vs_put_service_config(struct sk_buff *skb, struct ip_vs_service *svc)
{
	struct ip_vs_attrs w;
	struct nlattr *nest;

	if (!ip_vs_attrs_begin(&w, skb, CONFIG_ROOM))
		return -EMSGSIZE;
	nest = ip_vs_attr_nest(&w, IPVS_CMD_ATTR_SERVICE);
	put_id(&w, &svc->id);
	put_service_config(&w, svc);
	ip_vs_attr_nest_end(&w, nest);
	ip_vs_attrs_end(&w, skb);
	return 0;
}

/**
 * ip_vs_put_service() - add a service nest
 * @skb: message under construction
 * @svc: service
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EMSGSIZE: no room.
 */
int ip_vs_put_service(struct sk_buff *skb, struct ip_vs_service *svc)
{
	struct ip_vs_stats_view view;
	struct ip_vs_attrs w;
	struct nlattr *nest;

	if (!ip_vs_attrs_begin(&w, skb, SERVICE_ROOM))
		return -EMSGSIZE;
	ip_vs_stats_service(svc, &view);
	nest = ip_vs_attr_nest(&w, IPVS_CMD_ATTR_SERVICE);
	put_id(&w, &svc->id);
	put_service_config(&w, svc);
	put_stats32(&w, IPVS_SVC_ATTR_STATS, &view);
	put_stats64(&w, IPVS_SVC_ATTR_STATS64, &view);
	ip_vs_attr_nest_end(&w, nest);
	ip_vs_attrs_end(&w, skb);
	return 0;
}

/**
 * ip_vs_put_dest_id() - add a server nest with its identity only
 * @skb: message under construction
 * @key: identity
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room.
 */
int ip_vs_put_dest_id(struct sk_buff *skb, const struct ip_vs_dest_key *key)
{
	struct ip_vs_attrs w;
	struct nlattr *nest;

	if (!ip_vs_attrs_begin(&w, skb, DEST_ID_ROOM))
		return -EMSGSIZE;
	nest = ip_vs_attr_nest(&w, IPVS_CMD_ATTR_DEST);
	ip_vs_attr_data(&w, IPVS_DEST_ATTR_ADDR, &key->addr, sizeof(key->addr));
	ip_vs_attr_be16(&w, IPVS_DEST_ATTR_PORT, key->port);
	ip_vs_attr_u16(&w, IPVS_DEST_ATTR_ADDR_FAMILY, key->af);
	ip_vs_attr_nest_end(&w, nest);
	ip_vs_attrs_end(&w, skb);
	return 0;
}

static void put_dest_config(struct ip_vs_attrs *w,
			    const struct ip_vs_dest *dest)
{
	ip_vs_attr_data(w, IPVS_DEST_ATTR_ADDR, &dest->key.addr,
			sizeof(dest->key.addr));
	ip_vs_attr_be16(w, IPVS_DEST_ATTR_PORT, dest->key.port);
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_FWD_METHOD, ip_vs_dest_method(dest));
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_WEIGHT, dest->weight);
	ip_vs_attr_u8(w, IPVS_DEST_ATTR_TUN_TYPE, dest->tun_type);
	ip_vs_attr_be16(w, IPVS_DEST_ATTR_TUN_PORT, dest->tun_port);
	ip_vs_attr_u16(w, IPVS_DEST_ATTR_TUN_FLAGS, dest->tun_flags);
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_U_THRESH, dest->u_threshold);
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_L_THRESH, dest->l_threshold);
}

static void put_dest_conns(struct ip_vs_attrs *w,
			   const struct ip_vs_dest *dest)
{
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_ACTIVE_CONNS,
		       atomic_read(&dest->active));
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_INACT_CONNS,
		       ip_vs_dest_inactive(dest));
	ip_vs_attr_u32(w, IPVS_DEST_ATTR_PERSIST_CONNS,
		       atomic_read(&dest->persist));
}

/**
 * ip_vs_put_dest() - add a server nest
 * @skb: message under construction
 * @dest: server
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EMSGSIZE: no room.
 */
int ip_vs_put_dest(struct sk_buff *skb, struct ip_vs_dest *dest)
{
	struct ip_vs_stats_view view;
	struct ip_vs_attrs w;
	struct nlattr *nest;

	if (!ip_vs_attrs_begin(&w, skb, DEST_ROOM))
		return -EMSGSIZE;
	ip_vs_stats_dest(dest, &view);
	nest = ip_vs_attr_nest(&w, IPVS_CMD_ATTR_DEST);
	put_dest_config(&w, dest);
	put_dest_conns(&w, dest);
	ip_vs_attr_u16(&w, IPVS_DEST_ATTR_ADDR_FAMILY, dest->key.af);
	put_stats32(&w, IPVS_DEST_ATTR_STATS, &view);
	put_stats64(&w, IPVS_DEST_ATTR_STATS64, &view);
	ip_vs_attr_nest_end(&w, nest);
	ip_vs_attrs_end(&w, skb);
	return 0;
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
 * ip_vs_put_daemon() - add a daemon nest
 * @skb: message under construction
 * @cfg: the daemon's configuration
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room, the caller trims what was begun.
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
