/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dumps of the IPVS netlink family.
 */
#ifndef IP_VS_CTL_DUMP_H
#define IP_VS_CTL_DUMP_H

struct netlink_callback;
struct sk_buff;

int ip_vs_dump_services_start(struct netlink_callback *cb);
int ip_vs_dump_services(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_dests_start(struct netlink_callback *cb);
int ip_vs_dump_dests(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_done(struct netlink_callback *cb);

#endif
