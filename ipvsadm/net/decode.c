// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink replies to values
 *
 * Lengths are checked before anything is read; unknown attributes are passed
 * over, so that a newer kernel does no harm.
 */
#include "net/codec.h"

#include "model/model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <string.h>

static struct nla_policy svc_policy[IPVS_SVC_ATTR_MAX + 1] = {
	[IPVS_SVC_ATTR_AF]		= { .type = NLA_U16 },
	[IPVS_SVC_ATTR_PROTOCOL]	= { .type = NLA_U16 },
	[IPVS_SVC_ATTR_ADDR]		= { .type = NLA_UNSPEC,
					    .minlen = 4, .maxlen = 16 },
	[IPVS_SVC_ATTR_PORT]		= { .type = NLA_U16 },
	[IPVS_SVC_ATTR_FWMARK]		= { .type = NLA_U32 },
	[IPVS_SVC_ATTR_SCHED_NAME]	= { .type = NLA_STRING },
	[IPVS_SVC_ATTR_FLAGS]		= { .type = NLA_UNSPEC,
				.minlen = sizeof(struct ip_vs_flags) },
	[IPVS_SVC_ATTR_TIMEOUT]		= { .type = NLA_U32 },
	[IPVS_SVC_ATTR_NETMASK]		= { .type = NLA_U32 },
	[IPVS_SVC_ATTR_STATS]		= { .type = NLA_NESTED },
	[IPVS_SVC_ATTR_PE_NAME]		= { .type = NLA_STRING },
	[IPVS_SVC_ATTR_STATS64]		= { .type = NLA_NESTED },
};

static struct nla_policy dest_policy[IPVS_DEST_ATTR_MAX + 1] = {
	[IPVS_DEST_ATTR_ADDR]		= { .type = NLA_UNSPEC,
					    .minlen = 4, .maxlen = 16 },
	[IPVS_DEST_ATTR_PORT]		= { .type = NLA_U16 },
	[IPVS_DEST_ATTR_FWD_METHOD]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_WEIGHT]		= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_U_THRESH]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_L_THRESH]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_ACTIVE_CONNS]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_INACT_CONNS]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_PERSIST_CONNS]	= { .type = NLA_U32 },
	[IPVS_DEST_ATTR_STATS]		= { .type = NLA_NESTED },
	[IPVS_DEST_ATTR_ADDR_FAMILY]	= { .type = NLA_U16 },
	[IPVS_DEST_ATTR_STATS64]	= { .type = NLA_NESTED },
	[IPVS_DEST_ATTR_TUN_TYPE]	= { .type = NLA_U8 },
	[IPVS_DEST_ATTR_TUN_PORT]	= { .type = NLA_U16 },
	[IPVS_DEST_ATTR_TUN_FLAGS]	= { .type = NLA_U16 },
};

static struct nla_policy daemon_policy[IPVS_DAEMON_ATTR_MAX + 1] = {
	[IPVS_DAEMON_ATTR_STATE]	= { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_MCAST_IFN]	= { .type = NLA_STRING },
	[IPVS_DAEMON_ATTR_SYNC_ID]	= { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_SYNC_MAXLEN]	= { .type = NLA_U16 },
	[IPVS_DAEMON_ATTR_MCAST_GROUP]	= { .type = NLA_U32 },
	[IPVS_DAEMON_ATTR_MCAST_GROUP6]	= { .type = NLA_UNSPEC,
				.minlen = sizeof(struct in6_addr) },
	[IPVS_DAEMON_ATTR_MCAST_PORT]	= { .type = NLA_U16 },
	[IPVS_DAEMON_ATTR_MCAST_TTL]	= { .type = NLA_U8 },
};

static struct nla_policy cmd_policy[IPVS_CMD_ATTR_MAX + 1] = {
	[IPVS_CMD_ATTR_SERVICE]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DEST]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_DAEMON]		= { .type = NLA_NESTED },
	[IPVS_CMD_ATTR_TIMEOUT_TCP]	= { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]	= { .type = NLA_U32 },
	[IPVS_CMD_ATTR_TIMEOUT_UDP]	= { .type = NLA_U32 },
};

static struct nla_policy info_policy[IPVS_INFO_ATTR_MAX + 1] = {
	[IPVS_INFO_ATTR_VERSION]	= { .type = NLA_U32 },
	[IPVS_INFO_ATTR_CONN_TAB_SIZE]	= { .type = NLA_U32 },
};

static bool all_present(struct nlattr **tb, const uint8_t *needed, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!tb[needed[i]])
			return false;
	return true;
}

static int parse_top(const struct nlmsghdr *nlh, struct nlattr **tb, int max,
		     struct nla_policy *policy)
{
	if (!nlmsg_valid_hdr(message_unconst(nlh), GENL_HDRLEN))
		return -EINVAL;
	if (nlmsg_parse(message_unconst(nlh), GENL_HDRLEN, tb, max, policy) < 0)
		return -EINVAL;
	return 0;
}

/* The nested attribute of a reply, or NULL. */
static struct nlattr *find_nest(const struct nlmsghdr *nlh, int nest)
{
	struct nlattr *top[IPVS_CMD_ATTR_MAX + 1];

	if (parse_top(nlh, top, IPVS_CMD_ATTR_MAX, cmd_policy))
		return NULL;
	return top[nest];
}

static int parse_nest(struct nlattr *nest, struct nlattr **tb, int max,
		      struct nla_policy *policy)
{
	if (!nest || nla_parse_nested(tb, max, nest, policy) < 0)
		return -EINVAL;
	return 0;
}

/* A counter is 32 or 64 bits wide; the attribute's length tells. */
static bool get_counter(const struct nlattr *attr, uint64_t *out)
{
	const void *value = (const char *)attr + NLA_HDRLEN;
	uint32_t narrow;

	if (attr->nla_len >= NLA_HDRLEN + sizeof(*out)) {
		memcpy(out, value, sizeof(*out));
	} else if (attr->nla_len >= NLA_HDRLEN + sizeof(narrow)) {
		memcpy(&narrow, value, sizeof(narrow));
		*out = narrow;
	} else {
		return false;
	}
	return true;
}

/* By attribute: which counter it is, plus one; 0 for none. */
static const uint8_t counters[IPVS_STATS_ATTR_MAX + 1] = {
	[IPVS_STATS_ATTR_CONNS]		= CNT_CONNS + 1,
	[IPVS_STATS_ATTR_INPKTS]	= CNT_INPKTS + 1,
	[IPVS_STATS_ATTR_OUTPKTS]	= CNT_OUTPKTS + 1,
	[IPVS_STATS_ATTR_INBYTES]	= CNT_INBYTES + 1,
	[IPVS_STATS_ATTR_OUTBYTES]	= CNT_OUTBYTES + 1,
	[IPVS_STATS_ATTR_CPS]		= CNT_CPS + 1,
	[IPVS_STATS_ATTR_INPPS]		= CNT_INPPS + 1,
	[IPVS_STATS_ATTR_OUTPPS]	= CNT_OUTPPS + 1,
	[IPVS_STATS_ATTR_INBPS]		= CNT_INBPS + 1,
	[IPVS_STATS_ATTR_OUTBPS]	= CNT_OUTBPS + 1,
};

/*
 * Most of a long dump are statistics, so they are read in one pass and not by
 * nla_parse() into a table first.
 */
static int get_stats(struct nlattr *wide, struct nlattr *narrow,
		     struct stats *stats)
{
	const struct nlattr *nest = wide ? wide : narrow;
	const struct nlattr *attr = (const void *)(nest + 1);
	unsigned int seen = 0;
	int left;

	if (!nest)
		return -EINVAL;
	left = nest->nla_len - NLA_HDRLEN;
	while (left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= left) {
		unsigned int type = attr->nla_type & NLA_TYPE_MASK;
		int i = type <= IPVS_STATS_ATTR_MAX ? counters[type] - 1 : -1;

		if (i >= 0 && get_counter(attr, &stats->v[i]))
			seen |= 1u << i;
		left -= NLA_ALIGN(attr->nla_len);
		attr = (const void *)((const char *)attr +
				      NLA_ALIGN(attr->nla_len));
	}
	return seen == (1u << CNT_MAX) - 1 ? 0 : -EINVAL;
}

static void get_addr(struct nlattr *attr, union ip_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	nla_memcpy(addr, attr, sizeof(*addr));
}

static int get_identity(struct nlattr **tb, struct service *svc)
{
	static const uint8_t address[] = {
		IPVS_SVC_ATTR_PROTOCOL, IPVS_SVC_ATTR_ADDR, IPVS_SVC_ATTR_PORT
	};

	svc->vip.af = nla_get_u16(tb[IPVS_SVC_ATTR_AF]);
	if (tb[IPVS_SVC_ATTR_FWMARK]) {
		svc->protocol = IPPROTO_TCP;
		svc->fwmark = nla_get_u32(tb[IPVS_SVC_ATTR_FWMARK]);
		return 0;
	}
	if (!all_present(tb, address, sizeof(address)))
		return -EINVAL;
	svc->protocol = nla_get_u16(tb[IPVS_SVC_ATTR_PROTOCOL]);
	get_addr(tb[IPVS_SVC_ATTR_ADDR], &svc->vip.addr);
	svc->vip.port = ntohs(nla_get_u16(tb[IPVS_SVC_ATTR_PORT]));
	return 0;
}

/**
 * decode_service_id() - which service a nest names
 * @nest: IPVS_SVC_ATTR_*, or NULL
 * @svc: the result, without properties
 *
 * Return: 0 or -EINVAL.
 */
int decode_service_id(struct nlattr *nest, struct service *svc)
{
	struct nlattr *tb[IPVS_SVC_ATTR_MAX + 1];

	service_init(svc);
	if (parse_nest(nest, tb, IPVS_SVC_ATTR_MAX, svc_policy) ||
	    !tb[IPVS_SVC_ATTR_AF])
		return -EINVAL;
	return get_identity(tb, svc);
}

static void get_properties(struct nlattr **tb, struct service *svc)
{
	struct ip_vs_flags flags;

	nla_strlcpy(svc->sched, tb[IPVS_SVC_ATTR_SCHED_NAME],
		    sizeof(svc->sched));
	if (tb[IPVS_SVC_ATTR_PE_NAME])
		nla_strlcpy(svc->pe, tb[IPVS_SVC_ATTR_PE_NAME],
			    sizeof(svc->pe));
	nla_memcpy(&flags, tb[IPVS_SVC_ATTR_FLAGS], sizeof(flags));
	svc->flags = flags.flags & flags.mask;
	svc->timeout = nla_get_u32(tb[IPVS_SVC_ATTR_TIMEOUT]);
	svc->netmask = nla_get_u32(tb[IPVS_SVC_ATTR_NETMASK]);
}

/* A service without its statistics, which are left in @tb. */
static int get_config(struct nlattr *nest, struct nlattr **tb,
		      struct service *svc)
{
	static const uint8_t needed[] = {
		IPVS_SVC_ATTR_AF, IPVS_SVC_ATTR_SCHED_NAME,
		IPVS_SVC_ATTR_NETMASK, IPVS_SVC_ATTR_TIMEOUT,
		IPVS_SVC_ATTR_FLAGS
	};

	memset(svc, 0, sizeof(*svc));
	if (parse_nest(nest, tb, IPVS_SVC_ATTR_MAX, svc_policy) ||
	    !all_present(tb, needed, sizeof(needed)) || get_identity(tb, svc))
		return -EINVAL;
	get_properties(tb, svc);
	return 0;
}

/**
 * decode_service_config() - a service without its figures
 * @nest: IPVS_SVC_ATTR_*, or NULL
 * @svc: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_service_config(struct nlattr *nest, struct service *svc)
{
	struct nlattr *tb[IPVS_SVC_ATTR_MAX + 1];

	return get_config(nest, tb, svc);
}

/**
 * decode_service_nest() - a service with all its properties
 * @nest: IPVS_SVC_ATTR_*, or NULL
 * @svc: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_service_nest(struct nlattr *nest, struct service *svc)
{
	struct nlattr *tb[IPVS_SVC_ATTR_MAX + 1];

	if (get_config(nest, tb, svc))
		return -EINVAL;
	return get_stats(tb[IPVS_SVC_ATTR_STATS64], tb[IPVS_SVC_ATTR_STATS],
			 &svc->stats);
}

/**
 * decode_service() - one service from a NEW_SERVICE message
 * @nlh: the reply
 * @svc: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_service(const struct nlmsghdr *nlh, struct service *svc)
{
	return decode_service_nest(find_nest(nlh, IPVS_CMD_ATTR_SERVICE), svc);
}

static void get_tunnel(struct nlattr **tb, struct dest *dst)
{
	if (tb[IPVS_DEST_ATTR_TUN_TYPE])
		dst->tun_type = nla_get_u8(tb[IPVS_DEST_ATTR_TUN_TYPE]);
	if (tb[IPVS_DEST_ATTR_TUN_PORT])
		dst->tun_port = ntohs(nla_get_u16(tb[IPVS_DEST_ATTR_TUN_PORT]));
	if (tb[IPVS_DEST_ATTR_TUN_FLAGS])
		dst->tun_flags = nla_get_u16(tb[IPVS_DEST_ATTR_TUN_FLAGS]);
}

static void get_dest_id(struct nlattr **tb, uint16_t af, struct dest *dst)
{
	dst->rip.af = af;
	if (tb[IPVS_DEST_ATTR_ADDR_FAMILY])
		dst->rip.af = nla_get_u16(tb[IPVS_DEST_ATTR_ADDR_FAMILY]);
	get_addr(tb[IPVS_DEST_ATTR_ADDR], &dst->rip.addr);
	dst->rip.port = ntohs(nla_get_u16(tb[IPVS_DEST_ATTR_PORT]));
}

/**
 * decode_dest_id() - which server a nest names
 * @nest: IPVS_DEST_ATTR_*, or NULL
 * @af: family of its service, for kernels that do not tell the server's
 * @dst: the result, without properties
 *
 * Return: 0 or -EINVAL.
 */
int decode_dest_id(struct nlattr *nest, uint16_t af, struct dest *dst)
{
	static const uint8_t needed[] = {
		IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT
	};
	struct nlattr *tb[IPVS_DEST_ATTR_MAX + 1];

	dest_init(dst);
	if (parse_nest(nest, tb, IPVS_DEST_ATTR_MAX, dest_policy) ||
	    !all_present(tb, needed, sizeof(needed)))
		return -EINVAL;
	get_dest_id(tb, af, dst);
	return 0;
}

/**
 * decode_dest_nest() - a server with all its properties
 * @nest: IPVS_DEST_ATTR_*, or NULL
 * @af: family of its service, for kernels that do not tell the server's
 * @dst: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_dest_nest(struct nlattr *nest, uint16_t af, struct dest *dst)
{
	static const uint8_t needed[] = {
		IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT,
		IPVS_DEST_ATTR_FWD_METHOD, IPVS_DEST_ATTR_WEIGHT,
		IPVS_DEST_ATTR_U_THRESH, IPVS_DEST_ATTR_L_THRESH,
		IPVS_DEST_ATTR_ACTIVE_CONNS, IPVS_DEST_ATTR_INACT_CONNS,
		IPVS_DEST_ATTR_PERSIST_CONNS
	};
	struct nlattr *tb[IPVS_DEST_ATTR_MAX + 1];

	memset(dst, 0, sizeof(*dst));
	if (parse_nest(nest, tb, IPVS_DEST_ATTR_MAX, dest_policy) ||
	    !all_present(tb, needed, sizeof(needed)) ||
	    get_stats(tb[IPVS_DEST_ATTR_STATS64], tb[IPVS_DEST_ATTR_STATS],
		      &dst->stats))
		return -EINVAL;
	get_dest_id(tb, af, dst);
	dst->fwd = nla_get_u32(tb[IPVS_DEST_ATTR_FWD_METHOD]);
	dst->weight = nla_get_u32(tb[IPVS_DEST_ATTR_WEIGHT]);
	dst->u_thresh = nla_get_u32(tb[IPVS_DEST_ATTR_U_THRESH]);
	dst->l_thresh = nla_get_u32(tb[IPVS_DEST_ATTR_L_THRESH]);
	dst->active = nla_get_u32(tb[IPVS_DEST_ATTR_ACTIVE_CONNS]);
	dst->inactive = nla_get_u32(tb[IPVS_DEST_ATTR_INACT_CONNS]);
	dst->persist = nla_get_u32(tb[IPVS_DEST_ATTR_PERSIST_CONNS]);
	get_tunnel(tb, dst);
	return 0;
}

/**
 * decode_dest() - one server from a NEW_DEST message
 * @nlh: the reply
 * @af: family of its service, for kernels that do not tell the server's
 * @dst: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_dest(const struct nlmsghdr *nlh, uint16_t af, struct dest *dst)
{
	return decode_dest_nest(find_nest(nlh, IPVS_CMD_ATTR_DEST), af, dst);
}

static void get_channel(struct nlattr **tb, struct daemon *dmn)
{
	if (tb[IPVS_DAEMON_ATTR_SYNC_MAXLEN])
		dmn->maxlen = nla_get_u16(tb[IPVS_DAEMON_ATTR_SYNC_MAXLEN]);
	if (tb[IPVS_DAEMON_ATTR_MCAST_PORT])
		dmn->port = nla_get_u16(tb[IPVS_DAEMON_ATTR_MCAST_PORT]);
	if (tb[IPVS_DAEMON_ATTR_MCAST_TTL])
		dmn->ttl = nla_get_u8(tb[IPVS_DAEMON_ATTR_MCAST_TTL]);
	if (tb[IPVS_DAEMON_ATTR_MCAST_GROUP6]) {
		dmn->group.af = AF_INET6;
		get_addr(tb[IPVS_DAEMON_ATTR_MCAST_GROUP6], &dmn->group.addr);
	} else if (tb[IPVS_DAEMON_ATTR_MCAST_GROUP]) {
		dmn->group.af = AF_INET;
		get_addr(tb[IPVS_DAEMON_ATTR_MCAST_GROUP], &dmn->group.addr);
	}
}

/**
 * decode_daemon_nest() - a sync daemon
 * @nest: IPVS_DAEMON_ATTR_*, or NULL
 * @dmn: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_daemon_nest(struct nlattr *nest, struct daemon *dmn)
{
	static const uint8_t needed[] = {
		IPVS_DAEMON_ATTR_STATE, IPVS_DAEMON_ATTR_MCAST_IFN,
		IPVS_DAEMON_ATTR_SYNC_ID
	};
	struct nlattr *tb[IPVS_DAEMON_ATTR_MAX + 1];

	memset(dmn, 0, sizeof(*dmn));
	if (parse_nest(nest, tb, IPVS_DAEMON_ATTR_MAX, daemon_policy) ||
	    !all_present(tb, needed, sizeof(needed)))
		return -EINVAL;
	dmn->state = nla_get_u32(tb[IPVS_DAEMON_ATTR_STATE]);
	dmn->syncid = nla_get_u32(tb[IPVS_DAEMON_ATTR_SYNC_ID]);
	nla_strlcpy(dmn->ifname, tb[IPVS_DAEMON_ATTR_MCAST_IFN],
		    sizeof(dmn->ifname));
	get_channel(tb, dmn);
	return 0;
}

/**
 * decode_daemon() - one sync daemon from a NEW_DAEMON message
 * @nlh: the reply
 * @dmn: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_daemon(const struct nlmsghdr *nlh, struct daemon *dmn)
{
	return decode_daemon_nest(find_nest(nlh, IPVS_CMD_ATTR_DAEMON), dmn);
}

static uint32_t get_u32_or_0(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

/**
 * decode_timeouts() - the three timeouts from a SET_CONFIG message
 * @nlh: the reply
 * @t: the result; 0 for a protocol this kernel lacks
 *
 * Return: 0 or -EINVAL.
 */
int decode_timeouts(const struct nlmsghdr *nlh, struct timeouts *t)
{
	struct nlattr *tb[IPVS_CMD_ATTR_MAX + 1];

	if (parse_top(nlh, tb, IPVS_CMD_ATTR_MAX, cmd_policy))
		return -EINVAL;
	t->tcp = get_u32_or_0(tb[IPVS_CMD_ATTR_TIMEOUT_TCP]);
	t->tcp_fin = get_u32_or_0(tb[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]);
	t->udp = get_u32_or_0(tb[IPVS_CMD_ATTR_TIMEOUT_UDP]);
	return 0;
}

/**
 * decode_info() - version and size from a SET_INFO message
 * @nlh: the reply
 * @info: the result
 *
 * Return: 0 or -EINVAL.
 */
int decode_info(const struct nlmsghdr *nlh, struct info *info)
{
	struct nlattr *tb[IPVS_INFO_ATTR_MAX + 1];

	if (parse_top(nlh, tb, IPVS_INFO_ATTR_MAX, info_policy) ||
	    !tb[IPVS_INFO_ATTR_VERSION] ||
	    !tb[IPVS_INFO_ATTR_CONN_TAB_SIZE])
		return -EINVAL;
	info->version = nla_get_u32(tb[IPVS_INFO_ATTR_VERSION]);
	info->conn_tab_size = nla_get_u32(tb[IPVS_INFO_ATTR_CONN_TAB_SIZE]);
	return 0;
}
