// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing of the attributes of the IPVS netlink family.
 *
 * The order of the checks is part of the interface: it decides which errno is
 * returned when there are several errors.
 */
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "addr.h"
#include "content/engine.h"
#include "ctl/parse.h"
#include "ctl/policy.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/service.h"
#include "sync/daemon.h"

/* @nest: the nest that lacks it, NULL: the top level. */
static int attr_missing(const struct nlattr *nest, int type, const char *what,
			struct netlink_ext_ack *extack)
{
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	ip_vs_compat_err_text(extack, what);
	return -EINVAL;
}

/* A required attribute, and the error message if it is missing. */
struct needed {
	int type;
	const char *what;
};

static int attr_need(const struct nlattr *nest, struct nlattr **attrs,
		     const struct needed *list, size_t len,
		     struct netlink_ext_ack *extack)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!attrs[list[i].type])
			return attr_missing(nest, list[i].type, list[i].what,
					    extack);
	return 0;
}

/* Nests at the top level. */
static const struct needed service_nest = {
	IPVS_CMD_ATTR_SERVICE, "service is missing"
};

static const struct needed dest_nest = {
	IPVS_CMD_ATTR_DEST, "server is missing"
};

static const struct needed daemon_nest = {
	IPVS_CMD_ATTR_DAEMON, "daemon is missing"
};

/* Any error inside a nest is EINVAL, whatever the parser says. */
static int parse_nest(const struct nlattr *nest, struct nlattr **attrs, int max,
		      const struct nla_policy *policy,
		      const struct needed *self,
		      struct netlink_ext_ack *extack)
{
	if (!nest)
		return attr_missing(NULL, self->type, self->what, extack);
	if (nla_parse_nested_deprecated(attrs, max, nest, policy, extack))
		return -EINVAL;
	return 0;
}

static const struct needed service_address[] = {
	{ IPVS_SVC_ATTR_PROTOCOL, "service has neither mark nor protocol" },
	{ IPVS_SVC_ATTR_ADDR, "service has neither mark nor address" },
	{ IPVS_SVC_ATTR_PORT, "service has neither mark nor port" },
};

static const struct needed service_full[] = {
	{ IPVS_SVC_ATTR_SCHED_NAME, "scheduler name is missing" },
	{ IPVS_SVC_ATTR_FLAGS, "flags are missing" },
	{ IPVS_SVC_ATTR_TIMEOUT, "timeout is missing" },
	{ IPVS_SVC_ATTR_NETMASK, "netmask is missing" },
};

static const struct needed dest_id[] = {
	{ IPVS_DEST_ATTR_ADDR, "server address is missing" },
	{ IPVS_DEST_ATTR_PORT, "server port is missing" },
};

static const struct needed dest_full[] = {
	{ IPVS_DEST_ATTR_FWD_METHOD, "forwarding method is missing" },
	{ IPVS_DEST_ATTR_WEIGHT, "weight is missing" },
	{ IPVS_DEST_ATTR_U_THRESH, "upper threshold is missing" },
	{ IPVS_DEST_ATTR_L_THRESH, "lower threshold is missing" },
};

static const struct needed daemon_start[] = {
	{ IPVS_DAEMON_ATTR_STATE, "daemon state is missing" },
	{ IPVS_DAEMON_ATTR_MCAST_IFN, "multicast interface is missing" },
	{ IPVS_DAEMON_ATTR_SYNC_ID, "sync id is missing" },
};

static const struct needed daemon_stop[] = {
	{ IPVS_DAEMON_ATTR_STATE, "daemon state is missing" },
};

/* An address is padded with zeros, or truncated, to its family's length. */
static void get_addr(const struct nlattr *attr, u16 af,
		     union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	nla_memcpy(addr, attr, af == AF_INET ? sizeof(addr->ip) :
					       sizeof(*addr));
}

static int unknown_family(const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, attr, "address family is not supported");
	return -EAFNOSUPPORT;
}

/* A mark takes precedence, even 0, which means TCP, address 0, port 0. */
static int parse_service_id(const struct nlattr *nest, struct nlattr **attrs,
			    struct ip_vs_service_key *id,
			    struct netlink_ext_ack *extack)
{
	int err = 0;

	if (!attrs[IPVS_SVC_ATTR_AF])
		return attr_missing(nest, IPVS_SVC_ATTR_AF,
				    "address family is missing", extack);
	if (!attrs[IPVS_SVC_ATTR_FWMARK])
		err = attr_need(nest, attrs, service_address,
				ARRAY_SIZE(service_address), extack);
	if (err)
		return err;
	id->af = nla_get_u16(attrs[IPVS_SVC_ATTR_AF]);
	if (!ip_vs_family_supported(id->af))
		return unknown_family(attrs[IPVS_SVC_ATTR_AF], extack);
	if (attrs[IPVS_SVC_ATTR_FWMARK]) {
		id->proto = IPPROTO_TCP;
		id->fwmark = nla_get_u32(attrs[IPVS_SVC_ATTR_FWMARK]);
		return 0;
	}
	id->proto = nla_get_u16(attrs[IPVS_SVC_ATTR_PROTOCOL]);
	id->port = nla_get_be16(attrs[IPVS_SVC_ATTR_PORT]);
	get_addr(attrs[IPVS_SVC_ATTR_ADDR], id->af, &id->addr);
	return 0;
}

static void parse_service_rest(struct nlattr **attrs,
			       struct ip_vs_service_config *cfg)
{
	struct ip_vs_flags flags = {};

	nla_memcpy(&flags, attrs[IPVS_SVC_ATTR_FLAGS], sizeof(flags));
	cfg->flags = flags.flags;
	cfg->flags_mask = flags.mask;
	cfg->timeout = nla_get_u32(attrs[IPVS_SVC_ATTR_TIMEOUT]);
	cfg->netmask = nla_get_be32(attrs[IPVS_SVC_ATTR_NETMASK]);
	nla_strscpy(cfg->sched_name, attrs[IPVS_SVC_ATTR_SCHED_NAME],
		    sizeof(cfg->sched_name));
	cfg->sched = ip_vs_sched_find(cfg->sched_name);
	if (attrs[IPVS_SVC_ATTR_PE_NAME])
		nla_strscpy(cfg->pe_name, attrs[IPVS_SVC_ATTR_PE_NAME],
			    sizeof(cfg->pe_name));
	cfg->pe = ip_vs_pe_find(cfg->pe_name, strlen(cfg->pe_name));
}

/**
 * ip_vs_parse_service() - parse a service nest
 * @nest: the attribute, or NULL
 * @form: only the identity, or everything
 * @cfg: result; with IP_VS_FORM_ID only @cfg->id is set
 * @extack: for the error message, or NULL
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: an attribute is missing or malformed; -EAFNOSUPPORT.
 */
int ip_vs_parse_service(const struct nlattr *nest, enum ip_vs_parse_form form,
			struct ip_vs_service_config *cfg,
			struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_SVC_ATTR_MAX + 1];
	int err;

	memset(cfg, 0, sizeof(*cfg));
	err = parse_nest(nest, attrs, IPVS_SVC_ATTR_MAX, ip_vs_service_policy,
			 &service_nest, extack);
	if (err)
		return err;
	err = parse_service_id(nest, attrs, &cfg->id, extack);
	if (err || form == IP_VS_FORM_ID)
		return err;
	err = attr_need(nest, attrs, service_full, ARRAY_SIZE(service_full), extack);
	if (err)
		return err;
	parse_service_rest(attrs, cfg);
	return 0;
}

/* Family 0, or none given: the service's. */
static int parse_dest_id(struct nlattr **attrs, u16 service_af,
			 struct ip_vs_dest_key *key,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *family = attrs[IPVS_DEST_ATTR_ADDR_FAMILY];

	key->af = family ? nla_get_u16(family) : 0;
	if (!key->af)
		key->af = service_af;
	if (!ip_vs_family_supported(key->af))
		return unknown_family(family, extack);
	key->port = nla_get_be16(attrs[IPVS_DEST_ATTR_PORT]);
	get_addr(attrs[IPVS_DEST_ATTR_ADDR], key->af, &key->addr);
	return 0;
}

static void parse_dest_rest(struct nlattr **attrs,
			    struct ip_vs_dest_config *cfg)
{
	const struct nlattr *tun_type = attrs[IPVS_DEST_ATTR_TUN_TYPE];
	const struct nlattr *tun_port = attrs[IPVS_DEST_ATTR_TUN_PORT];
	const struct nlattr *tun_flags = attrs[IPVS_DEST_ATTR_TUN_FLAGS];

	cfg->method = nla_get_u32(attrs[IPVS_DEST_ATTR_FWD_METHOD]) &
		      IP_VS_CONN_F_FWD_MASK;
	cfg->weight = nla_get_s32(attrs[IPVS_DEST_ATTR_WEIGHT]);
	cfg->u_threshold = nla_get_u32(attrs[IPVS_DEST_ATTR_U_THRESH]);
	cfg->l_threshold = nla_get_u32(attrs[IPVS_DEST_ATTR_L_THRESH]);
	cfg->tun_type = tun_type ? nla_get_u8(tun_type) : 0;
	cfg->tun_port = tun_port ? nla_get_be16(tun_port) : 0;
	cfg->tun_flags = tun_flags ? nla_get_u16(tun_flags) : 0;
}

/* Only tunnels connect a service to a server of the other family. */
static int check_mixed(const struct nlattr *method, u16 service_af,
		       const struct ip_vs_dest_config *cfg,
		       struct netlink_ext_ack *extack)
{
	if (cfg->key.af == service_af || cfg->method == IP_VS_CONN_F_TUNNEL)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, method,
			    "a server of the other family needs a tunnel");
	return -EINVAL;
}

/**
 * ip_vs_service_not_found() - refuse a request for a service that is not there
 * @nest: the nest that names it, or NULL
 * @extack: for the error message, or NULL
 *
 * Context: any.
 *
 * Return: -ESRCH.
 */
int ip_vs_service_not_found(const struct nlattr *nest,
			    struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, nest, "no such service");
	return -ESRCH;
}

/**
 * ip_vs_parse_dest() - parse a server nest
 * @nest: the attribute, or NULL
 * @form: only the identity, or everything
 * @service_af: family of the service
 * @cfg: result; with IP_VS_FORM_ID only @cfg->key is set
 * @extack: for the error message, or NULL
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: an attribute is missing or malformed, or families are
 * mixed without a tunnel; -EAFNOSUPPORT.
 */
int ip_vs_parse_dest(const struct nlattr *nest, enum ip_vs_parse_form form,
		     u16 service_af, struct ip_vs_dest_config *cfg,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_DEST_ATTR_MAX + 1];
	int err;

	memset(cfg, 0, sizeof(*cfg));
	err = parse_nest(nest, attrs, IPVS_DEST_ATTR_MAX, ip_vs_dest_policy,
			 &dest_nest, extack);
	if (err)
		return err;
	err = attr_need(nest, attrs, dest_id, ARRAY_SIZE(dest_id), extack);
	if (!err && form == IP_VS_FORM_FULL)
		err = attr_need(nest, attrs, dest_full, ARRAY_SIZE(dest_full),
				extack);
	if (err)
		return err;
	err = parse_dest_id(attrs, service_af, &cfg->key, extack);
	if (err || form == IP_VS_FORM_ID)
		return err;
	parse_dest_rest(attrs, cfg);
	return check_mixed(attrs[IPVS_DEST_ATTR_FWD_METHOD], service_af, cfg,
			   extack);
}

static int not_multicast(const struct nlattr *group,
			 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR(extack, group, "not a multicast address");
	return -EINVAL;
}

/* If there are two groups, the IPv4 one is used. */
static int parse_group(struct nlattr **attrs, struct ip_vs_sync_config *cfg,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *group = attrs[IPVS_DAEMON_ATTR_MCAST_GROUP];
	const struct nlattr *group6 = attrs[IPVS_DAEMON_ATTR_MCAST_GROUP6];

	if (group) {
		cfg->af = AF_INET;
		cfg->group.ip = nla_get_in_addr(group);
		return ipv4_is_multicast(cfg->group.ip) ?
		       0 : not_multicast(group, extack);
	}
	if (!group6)
		return 0;
	cfg->af = AF_INET6;
	if (!ip_vs_family_supported(AF_INET6))
		return unknown_family(group6, extack);
	cfg->group.in6 = nla_get_in6_addr(group6);
	return ipv6_addr_is_multicast(&cfg->group.in6) ?
	       0 : not_multicast(group6, extack);
}

static void parse_daemon_rest(struct nlattr **attrs,
			      struct ip_vs_sync_config *cfg)
{
	const struct nlattr *maxlen = attrs[IPVS_DAEMON_ATTR_SYNC_MAXLEN];
	const struct nlattr *port = attrs[IPVS_DAEMON_ATTR_MCAST_PORT];
	const struct nlattr *ttl = attrs[IPVS_DAEMON_ATTR_MCAST_TTL];

	cfg->state = nla_get_u32(attrs[IPVS_DAEMON_ATTR_STATE]);
	cfg->syncid = nla_get_u32(attrs[IPVS_DAEMON_ATTR_SYNC_ID]);
	cfg->maxlen = maxlen ? nla_get_u16(maxlen) : 0;
	cfg->port = port ? nla_get_u16(port) : 0;
	cfg->ttl = ttl ? nla_get_u8(ttl) : 0;
	nla_strscpy(cfg->ifname, attrs[IPVS_DAEMON_ATTR_MCAST_IFN],
		    sizeof(cfg->ifname));
}

/**
 * ip_vs_parse_daemon() - parse a daemon nest, to start it
 * @nest: the attribute, or NULL
 * @cfg: result; what is not given is 0
 * @extack: for the error message, or NULL
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: an attribute is missing or malformed; -EAFNOSUPPORT.
 */
int ip_vs_parse_daemon(const struct nlattr *nest,
		       struct ip_vs_sync_config *cfg,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_DAEMON_ATTR_MAX + 1];
	int err;

	memset(cfg, 0, sizeof(*cfg));
	err = parse_nest(nest, attrs, IPVS_DAEMON_ATTR_MAX,
			 ip_vs_daemon_policy, &daemon_nest, extack);
	if (err)
		return err;
	err = attr_need(nest, attrs, daemon_start, ARRAY_SIZE(daemon_start), extack);
	if (err)
		return err;
	err = parse_group(attrs, cfg, extack);
	if (err)
		return err;
	parse_daemon_rest(attrs, cfg);
	return 0;
}

/**
 * ip_vs_parse_daemon_state() - parse a daemon nest, to stop it
 * @nest: the attribute, or NULL
 * @state: result: which daemon; may be invalid
 * @extack: for the error message, or NULL
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: an attribute is missing or malformed.
 */
int ip_vs_parse_daemon_state(const struct nlattr *nest, u32 *state,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_DAEMON_ATTR_MAX + 1];
	int err;

	err = parse_nest(nest, attrs, IPVS_DAEMON_ATTR_MAX,
			 ip_vs_daemon_policy, &daemon_nest, extack);
	if (err)
		return err;
	err = attr_need(nest, attrs, daemon_stop, ARRAY_SIZE(daemon_stop), extack);
	if (err)
		return err;
	*state = nla_get_u32(attrs[IPVS_DAEMON_ATTR_STATE]);
	return 0;
}
