/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects into attributes of the IPVS netlink family, one or all of them.
 */
#ifndef IP_VS_CTL_DUMP_H
#define IP_VS_CTL_DUMP_H

struct ip_vs_dest;
struct ip_vs_dest_key;
struct ip_vs_service;
struct ip_vs_service_key;
struct ip_vs_sync_config;
struct netlink_callback;
struct sk_buff;

int ip_vs_put_service(struct sk_buff *skb, struct ip_vs_service *svc);
int ip_vs_put_service_id(struct sk_buff *skb,
			 const struct ip_vs_service_key *id);
int ip_vs_put_dest(struct sk_buff *skb, struct ip_vs_dest *dest);
int ip_vs_put_daemon(struct sk_buff *skb, const struct ip_vs_sync_config *cfg);
int ip_vs_put_dest_id(struct sk_buff *skb, const struct ip_vs_dest_key *key);

int ip_vs_dump_services_start(struct netlink_callback *cb);
int ip_vs_dump_services(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_dests_start(struct netlink_callback *cb);
int ip_vs_dump_dests(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_daemons(struct sk_buff *skb, struct netlink_callback *cb);
int ip_vs_dump_done(struct netlink_callback *cb);

#endif
