/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GET_TABLE of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_TABLE_H
#define IP_VS_CTL_EXT_TABLE_H

struct netlink_callback;
struct sk_buff;

int ip_vs_ext_table_start(struct netlink_callback *cb);
int ip_vs_ext_table_dump(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_ext_table_done(struct netlink_callback *cb);

#endif
