/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filters of connections.
 */
#ifndef IP_VS_CTL_EXT_FILTER_H
#define IP_VS_CTL_EXT_FILTER_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include "server/service.h"

struct ip_vs_conn;
struct netlink_ext_ack;
struct nlattr;

/**
 * struct ip_vs_filter - a filter of connections
 * @given: attributes to compare, as BIT(IPVS_EXT_FILTER_ATTR_*)
 * @caddr: client's address, of family @af
 * @vaddr: virtual address, of family @af
 * @daddr: server's address, of family @daf
 * @service: key of the service that its server belongs to; services can share
 *	addresses and servers, so the tuple does not identify it
 * @fwmark: of the first packet
 * @af: family of client and virtual address
 * @daf: family of the server
 * @cport: client's port
 * @vport: virtual port
 * @dport: server's port
 * @cprefix: number of bits of @caddr to compare
 * @proto: IP protocol
 * @templates: only templates, or no templates
 * @state: name of the state, as listings print it
 */
struct ip_vs_filter {
	u32 given;
	union nf_inet_addr caddr;
	union nf_inet_addr vaddr;
	union nf_inet_addr daddr;
	struct ip_vs_service_key service;
	u32 fwmark;
	u16 af;
	u16 daf;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	u8 cprefix;
	u8 proto;
	bool templates;
	char state[16];
};

int ip_vs_filter_parse(const struct nlattr *nest, struct ip_vs_filter *filter,
		       struct netlink_ext_ack *extack);
bool ip_vs_filter_matches(const struct ip_vs_filter *filter,
			  const struct ip_vs_conn *c);

#endif
