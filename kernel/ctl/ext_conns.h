/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GET_CONN and KILL_CONN of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_CONNS_H
#define IP_VS_CTL_EXT_CONNS_H

#include <linux/types.h>

struct genl_info;
struct ip_vs_conn_report;
struct netlink_callback;
struct sk_buff;

int ip_vs_put_conn(struct sk_buff *skb,
		   const struct ip_vs_conn_report *report);
int ip_vs_ext_conns_start(struct netlink_callback *cb);
int ip_vs_ext_conns_dump(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_ext_conns_done(struct netlink_callback *cb);
int ip_vs_ext_conns_kill(struct sk_buff *skb, struct genl_info *info);

#endif
