/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * GET_DROPS of the family IPVS_EXT.
 */
#ifndef IP_VS_CTL_EXT_DROPS_H
#define IP_VS_CTL_EXT_DROPS_H

struct netlink_callback;
struct sk_buff;

int ip_vs_ext_drops_start(struct netlink_callback *cb);
int ip_vs_ext_drops_dump(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_ext_drops_done(struct netlink_callback *cb);

#endif
