// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values to netlink attributes
 *
 * The byte orders are the kernel interface's own: ports of services, servers
 * and tunnels are big endian, the daemon's port and IPv6 prefixes are not.
 */
#include "net/codec.h"

#include "model/filter.h"
#include "model/model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs_ext.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

static int put_identity(struct nl_msg *msg, const struct service *svc)
{
	if (nla_put_u16(msg, IPVS_SVC_ATTR_AF, svc->vip.af))
		return -ENOMEM;
	if (svc->fwmark)
		return nla_put_u32(msg, IPVS_SVC_ATTR_FWMARK, svc->fwmark);
	if (nla_put_u16(msg, IPVS_SVC_ATTR_PROTOCOL, svc->protocol) ||
	    nla_put(msg, IPVS_SVC_ATTR_ADDR, sizeof(svc->vip.addr),
		    &svc->vip.addr) ||
	    nla_put_u16(msg, IPVS_SVC_ATTR_PORT, htons(svc->vip.port)))
		return -ENOMEM;
	return 0;
}

static int put_properties(struct nl_msg *msg, const struct service *svc)
{
	struct ip_vs_flags flags = { .flags = svc->flags, .mask = ~0u };

	if (nla_put_string(msg, IPVS_SVC_ATTR_SCHED_NAME, svc->sched) ||
	    (svc->pe[0] &&
	     nla_put_string(msg, IPVS_SVC_ATTR_PE_NAME, svc->pe)) ||
	    nla_put(msg, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags) ||
	    nla_put_u32(msg, IPVS_SVC_ATTR_TIMEOUT, svc->timeout) ||
	    nla_put_u32(msg, IPVS_SVC_ATTR_NETMASK, svc->netmask))
		return -ENOMEM;
	return 0;
}

static int put_service(struct nl_msg *msg, int attr, const struct service *svc,
		       bool full)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest || put_identity(msg, svc))
		return -ENOMEM;
	if (full && put_properties(msg, svc))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * encode_service() - a service with all its properties
 * @msg: where to
 * @svc: the service
 *
 * Return: 0 or -ENOMEM.
 */
int encode_service(struct nl_msg *msg, const struct service *svc)
{
	return put_service(msg, IPVS_CMD_ATTR_SERVICE, svc, true);
}

/**
 * encode_service_id() - just enough to name a service
 * @msg: where to
 * @svc: the service
 *
 * Return: 0 or -ENOMEM.
 */
int encode_service_id(struct nl_msg *msg, const struct service *svc)
{
	return put_service(msg, IPVS_CMD_ATTR_SERVICE, svc, false);
}

/* Absent attributes mean zero to every kernel; few servers have any of them. */
static int put_tunnel(struct nl_msg *msg, const struct dest *dst)
{
	if (!dst->tun_type && !dst->tun_port && !dst->tun_flags)
		return 0;
	if (nla_put_u8(msg, IPVS_DEST_ATTR_TUN_TYPE, dst->tun_type) ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_TUN_PORT, htons(dst->tun_port)) ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_TUN_FLAGS, dst->tun_flags))
		return -ENOMEM;
	return 0;
}

static int put_dest(struct nl_msg *msg, int attr, const struct dest *dst)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_ADDR_FAMILY, dst->rip.af) ||
	    nla_put(msg, IPVS_DEST_ATTR_ADDR, sizeof(dst->rip.addr),
		    &dst->rip.addr) ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_PORT, htons(dst->rip.port)) ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_FWD_METHOD, dst->fwd) ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_WEIGHT, dst->weight) ||
	    put_tunnel(msg, dst) ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_U_THRESH, dst->u_thresh) ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_L_THRESH, dst->l_thresh))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * encode_dest() - a server with all its properties
 * @msg: where to
 * @dst: the server
 *
 * Return: 0 or -ENOMEM.
 */
int encode_dest(struct nl_msg *msg, const struct dest *dst)
{
	return put_dest(msg, IPVS_CMD_ATTR_DEST, dst);
}

/**
 * encode_op() - one operation of a transaction
 * @msg: where to
 * @command: IPVS_CMD_NEW_SERVICE ... IPVS_CMD_DEL_DEST
 * @svc: the service
 * @dst: the server, or NULL
 *
 * Return: 0 or -ENOMEM; the message is as before then.
 */
int encode_op(struct nl_msg *msg, int command, const struct service *svc,
	      const struct dest *dst)
{
	struct nlattr *nest = nla_nest_start(msg, IPVS_EXT_ATTR_OP);

	if (!nest)
		return -ENOMEM;
	if (nla_put_u8(msg, IPVS_EXT_OP_ATTR_COMMAND, command) ||
	    put_service(msg, IPVS_EXT_OP_ATTR_SERVICE, svc, !dst) ||
	    (dst && put_dest(msg, IPVS_EXT_OP_ATTR_DEST, dst))) {
		nla_nest_cancel(msg, nest);
		return -ENOMEM;
	}
	nla_nest_end(msg, nest);
	return 0;
}

static int put_port(struct nl_msg *msg, int attr, const struct endpoint *ep)
{
	return ep->port ? nla_put_u16(msg, attr, htons(ep->port)) : 0;
}

static int put_address(struct nl_msg *msg, int attr, const struct endpoint *ep)
{
	int len = ep->af == AF_INET6 ? sizeof(ep->addr.v6) :
				       sizeof(ep->addr.v4);

	return ep->af ? nla_put(msg, attr, len, &ep->addr) : 0;
}

static int put_filter_words(struct nl_msg *msg, const struct filter *filter)
{
	if ((filter->has_protocol &&
	     nla_put_u8(msg, IPVS_EXT_FILTER_ATTR_PROTOCOL,
			filter->protocol)) ||
	    (filter->state[0] &&
	     nla_put_string(msg, IPVS_EXT_FILTER_ATTR_STATE, filter->state)) ||
	    (filter->mark &&
	     nla_put_u32(msg, IPVS_EXT_FILTER_ATTR_FWMARK, filter->mark)) ||
	    (filter->templates != TEMPLATES_TOO &&
	     nla_put_u8(msg, IPVS_EXT_FILTER_ATTR_TEMPLATES,
			filter->templates == TEMPLATES_ONLY)) ||
	    (filter->made_by &&
	     put_service(msg, IPVS_EXT_FILTER_ATTR_SERVICE, filter->made_by,
			 false)))
		return -ENOMEM;
	return 0;
}

static int put_filter_ends(struct nl_msg *msg, const struct filter *filter)
{
	const struct endpoint *client = &filter->client;
	const struct endpoint *service = &filter->service;
	const struct endpoint *server = &filter->server;
	uint16_t af = client->af ? client->af : service->af;

	if ((af && nla_put_u16(msg, IPVS_EXT_FILTER_ATTR_AF, af)) ||
	    put_address(msg, IPVS_EXT_FILTER_ATTR_VADDR, service) ||
	    put_port(msg, IPVS_EXT_FILTER_ATTR_VPORT, service) ||
	    (server->af && nla_put_u16(msg, IPVS_EXT_FILTER_ATTR_DEST_AF,
				       server->af)) ||
	    put_address(msg, IPVS_EXT_FILTER_ATTR_DADDR, server) ||
	    put_port(msg, IPVS_EXT_FILTER_ATTR_DPORT, server) ||
	    put_address(msg, IPVS_EXT_FILTER_ATTR_CADDR, client) ||
	    (client->af && nla_put_u8(msg, IPVS_EXT_FILTER_ATTR_CPREFIX,
				      filter->prefix)))
		return -ENOMEM;
	return 0;
}

/**
 * encode_filter() - which connections are meant
 * @msg: where to
 * @filter: the filter; an empty one means all
 *
 * Return: 0 or -ENOMEM.
 */
int encode_filter(struct nl_msg *msg, const struct filter *filter)
{
	struct nlattr *nest = nla_nest_start(msg, IPVS_EXT_ATTR_FILTER);

	if (!nest || put_filter_ends(msg, filter) ||
	    put_filter_words(msg, filter))
		return -ENOMEM;
	/*
	 * An empty filter is sent as an empty nest: no filter at all is another
	 * request.
	 */
	nla_nest_end_keep_empty(msg, nest);
	return 0;
}

static int put_group(struct nl_msg *msg, const struct endpoint *group)
{
	switch (group->af) {
	case AF_INET:
		return nla_put_u32(msg, IPVS_DAEMON_ATTR_MCAST_GROUP,
				   group->addr.v4.s_addr);
	case AF_INET6:
		return nla_put(msg, IPVS_DAEMON_ATTR_MCAST_GROUP6,
			       sizeof(group->addr.v6), &group->addr.v6);
	}
	return 0;
}

static int put_channel(struct nl_msg *msg, const struct daemon *dmn)
{
	if ((dmn->maxlen &&
	     nla_put_u16(msg, IPVS_DAEMON_ATTR_SYNC_MAXLEN, dmn->maxlen)) ||
	    (dmn->port &&
	     nla_put_u16(msg, IPVS_DAEMON_ATTR_MCAST_PORT, dmn->port)) ||
	    (dmn->ttl &&
	     nla_put_u8(msg, IPVS_DAEMON_ATTR_MCAST_TTL, dmn->ttl)))
		return -ENOMEM;
	return put_group(msg, &dmn->group);
}

/**
 * encode_daemon() - a sync daemon; what was not given is left out
 * @msg: where to
 * @dmn: the daemon
 *
 * Return: 0 or -ENOMEM.
 */
int encode_daemon(struct nl_msg *msg, const struct daemon *dmn)
{
	struct nlattr *nest = nla_nest_start(msg, IPVS_CMD_ATTR_DAEMON);

	if (!nest ||
	    nla_put_u32(msg, IPVS_DAEMON_ATTR_STATE, dmn->state) ||
	    nla_put_string(msg, IPVS_DAEMON_ATTR_MCAST_IFN, dmn->ifname) ||
	    nla_put_u32(msg, IPVS_DAEMON_ATTR_SYNC_ID, dmn->syncid) ||
	    put_channel(msg, dmn))
		return -ENOMEM;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * encode_timeouts() - the three timeouts
 * @msg: where to
 * @t: seconds, 0 for unchanged
 *
 * Return: 0 or -ENOMEM.
 */
int encode_timeouts(struct nl_msg *msg, const struct timeouts *t)
{
	if (nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_TCP, t->tcp) ||
	    nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, t->tcp_fin) ||
	    nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_UDP, t->udp))
		return -ENOMEM;
	return 0;
}
