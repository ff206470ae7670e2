/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The route to a real server.
 */
#ifndef IP_VS_XMIT_ROUTE_H
#define IP_VS_XMIT_ROUTE_H

#include "server/route_cache.h"

struct ip_vs_conn;
struct sk_buff;

struct dst_entry *ip_vs_route_lookup(const struct ip_vs_conn *c,
				     enum ip_vs_route_kind kind,
				     union nf_inet_addr *saddr);
bool ip_vs_route_fits(const struct sk_buff *skb, u16 af,
		      const struct dst_entry *dst, unsigned int overhead);

#endif
