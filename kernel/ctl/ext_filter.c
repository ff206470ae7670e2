// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters of connections: parsing their attributes, and matching.
 */
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#include "addr.h"
#include "conn/conn.h"
#include "conn/view.h"
#include "ctl/ext_filter.h"
#include "ctl/ext_policy.h"
#include "ctl/parse.h"
#include "proto/proto.h"
#include "server/dest.h"

static bool filter_given(const struct ip_vs_filter *filter, int type)
{
	return filter->given & BIT(type);
}

static int filter_refuse(const struct nlattr *attr, const char *why,
			 struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	ip_vs_compat_err_text(extack, why);
	return -EINVAL;
}

static size_t filter_addr_len(u16 af)
{
	return af == AF_INET6 ? sizeof(struct in6_addr) :
				sizeof(struct in_addr);
}

static int parse_family(const struct nlattr *attr, u16 *af,
			struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	*af = nla_get_u16(attr);
	if (ip_vs_family_supported(*af))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "address family is not supported");
	return -EAFNOSUPPORT;
}

static int parse_addr(const struct nlattr *attr, u16 af,
		      union nf_inet_addr *addr, struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (!af)
		return filter_refuse(attr, "an address needs its family", extack);
	if (nla_len(attr) != filter_addr_len(af))
		return filter_refuse(attr, "address is not of the family given",
				     extack);
	nla_memcpy(addr, attr, filter_addr_len(af));
	return 0;
}

static int parse_addrs(struct nlattr **attrs, struct ip_vs_filter *filter,
		       struct netlink_ext_ack *extack)
{
	int err;

	err = parse_family(attrs[IPVS_EXT_FILTER_ATTR_AF], &filter->af, extack);
	if (err)
		return err;
	filter->daf = filter->af;
	err = parse_family(attrs[IPVS_EXT_FILTER_ATTR_DEST_AF], &filter->daf,
			   extack);
	if (err)
		return err;
	return parse_addr(attrs[IPVS_EXT_FILTER_ATTR_CADDR], filter->af,
			  &filter->caddr, extack) ?:
	       parse_addr(attrs[IPVS_EXT_FILTER_ATTR_VADDR], filter->af,
			  &filter->vaddr, extack) ?:
	       parse_addr(attrs[IPVS_EXT_FILTER_ATTR_DADDR], filter->daf,
			  &filter->daddr, extack);
}

static int parse_prefix(const struct nlattr *attr, struct ip_vs_filter *filter,
			struct netlink_ext_ack *extack)
{
	filter->cprefix = 8 * filter_addr_len(filter->af);
	if (!attr)
		return 0;
	if (!filter_given(filter, IPVS_EXT_FILTER_ATTR_CADDR))
		return filter_refuse(attr, "a prefix length needs a client address",
				     extack);
	if (nla_get_u8(attr) > filter->cprefix)
		return filter_refuse(attr, "prefix length is longer than the address",
				     extack);
	filter->cprefix = nla_get_u8(attr);
	return 0;
}

static int parse_service(const struct nlattr *nest,
			 struct ip_vs_filter *filter,
			 struct netlink_ext_ack *extack)
{
	struct ip_vs_service_config cfg;
	int err;

	if (!nest)
		return 0;
	err = ip_vs_parse_service(nest, IP_VS_FORM_ID, &cfg, extack);
	if (err)
		return err;
	ip_vs_service_key_of(&filter->service, &cfg.id);
	return 0;
}

static __be16 port_of(const struct nlattr *attr)
{
	return attr ? nla_get_be16(attr) : 0;
}

static void parse_rest(struct nlattr **attrs, struct ip_vs_filter *filter)
{
	const struct nlattr *fwmark = attrs[IPVS_EXT_FILTER_ATTR_FWMARK];
	const struct nlattr *proto = attrs[IPVS_EXT_FILTER_ATTR_PROTOCOL];
	const struct nlattr *state = attrs[IPVS_EXT_FILTER_ATTR_STATE];
	const struct nlattr *tmpl = attrs[IPVS_EXT_FILTER_ATTR_TEMPLATES];

	filter->cport = port_of(attrs[IPVS_EXT_FILTER_ATTR_CPORT]);
	filter->vport = port_of(attrs[IPVS_EXT_FILTER_ATTR_VPORT]);
	filter->dport = port_of(attrs[IPVS_EXT_FILTER_ATTR_DPORT]);
	filter->fwmark = fwmark ? nla_get_u32(fwmark) : 0;
	filter->proto = proto ? nla_get_u8(proto) : 0;
	filter->templates = tmpl && nla_get_u8(tmpl);
	if (state)
		nla_strscpy(filter->state, state, sizeof(filter->state));
}

/**
 * ip_vs_filter_parse() - parse the attributes of a filter
 * @nest: IPVS_EXT_FILTER_ATTR_*; NULL: every connection
 * @filter: result
 * @extack: for the error message
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: an invalid combination of attributes; -EAFNOSUPPORT;
 * errors of the policy.
 */
int ip_vs_filter_parse(const struct nlattr *nest, struct ip_vs_filter *filter,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[IPVS_EXT_FILTER_ATTR_MAX + 1];
	int err, i;

	memset(filter, 0, sizeof(*filter));
	if (!nest)
		return 0;
	err = nla_parse_nested(attrs, IPVS_EXT_FILTER_ATTR_MAX, nest,
			       ip_vs_ext_filter_policy, extack);
	if (err)
		return err;
	for (i = 1; i <= IPVS_EXT_FILTER_ATTR_MAX; i++)
		if (attrs[i])
			filter->given |= BIT(i);
	err = parse_addrs(attrs, filter, extack);
	if (err)
		return err;
	err = parse_prefix(attrs[IPVS_EXT_FILTER_ATTR_CPREFIX], filter, extack);
	if (err)
		return err;
	err = parse_service(attrs[IPVS_EXT_FILTER_ATTR_SERVICE], filter, extack);
	if (err)
		return err;
	parse_rest(attrs, filter);
	return 0;
}

static bool same_service(const struct ip_vs_filter *filter,
			 const struct ip_vs_conn *c)
{
	struct ip_vs_service_key key;

	if (!filter_given(filter, IPVS_EXT_FILTER_ATTR_SERVICE))
		return true;
	if (!c->dest)
		return false;
	ip_vs_service_key_of(&key, &c->dest->svc_key);
	return !memcmp(&key, &filter->service, sizeof(key));
}

/* Compares everything but addresses. */
static bool same_kind(const struct ip_vs_filter *filter,
		      const struct ip_vs_conn *c)
{
	if (filter->af && c->af != filter->af)
		return false;
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_DEST_AF) &&
	    c->daf != filter->daf)
		return false;
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_PROTOCOL) &&
	    c->proto != filter->proto)
		return false;
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_FWMARK) &&
	    c->fwmark != filter->fwmark)
		return false;
	if (!same_service(filter, c))
		return false;
	return !filter_given(filter, IPVS_EXT_FILTER_ATTR_TEMPLATES) ||
	       ip_vs_conn_is_template(c) == filter->templates;
}

static bool same_ports(const struct ip_vs_filter *filter,
		       const struct ip_vs_conn_view *view)
{
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_CPORT) &&
	    view->cport != filter->cport)
		return false;
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_VPORT) &&
	    view->vport != filter->vport)
		return false;
	return !filter_given(filter, IPVS_EXT_FILTER_ATTR_DPORT) ||
	       view->dport == filter->dport;
}

static bool same_client(const struct ip_vs_filter *filter,
			const struct ip_vs_conn_view *view)
{
	__be32 mask;

	if (!filter_given(filter, IPVS_EXT_FILTER_ATTR_CADDR))
		return true;
	if (filter->af == AF_INET6)
		return ipv6_prefix_equal(&view->caddr.in6, &filter->caddr.in6,
					 filter->cprefix);
	mask = inet_make_mask(filter->cprefix);
	return !((view->caddr.ip ^ filter->caddr.ip) & mask);
}

static bool same_addrs(const struct ip_vs_filter *filter,
		       const struct ip_vs_conn_view *view)
{
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_VADDR) &&
	    !ip_vs_addr_equal(filter->af, &view->vaddr, &filter->vaddr))
		return false;
	if (filter_given(filter, IPVS_EXT_FILTER_ATTR_DADDR) &&
	    (view->daf != filter->daf ||
	     !ip_vs_addr_equal(filter->daf, &view->daddr, &filter->daddr)))
		return false;
	return same_client(filter, view);
}

/**
 * ip_vs_filter_matches() - does a connection match a filter?
 * @filter: filter
 * @c: connection
 *
 * Context: RCU read side.
 *
 * Return: whether all given attributes match.
 */
bool ip_vs_filter_matches(const struct ip_vs_filter *filter,
			  const struct ip_vs_conn *c)
{
	struct ip_vs_conn_view view;

	if (!filter->given)
		return true;
	if (!same_kind(filter, c))
		return false;
	ip_vs_conn_view(c, &view);
	if (!same_ports(filter, &view) || !same_addrs(filter, &view))
		return false;
	return !filter_given(filter, IPVS_EXT_FILTER_ATTR_STATE) ||
	       !strcmp(filter->state, ip_vs_conn_state_name(c));
}
