/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing objects as attributes of the IPVS netlink family.
 */
#ifndef IP_VS_CTL_PUT_H
#define IP_VS_CTL_PUT_H

struct ip_vs_dest;
struct ip_vs_dest_key;
struct ip_vs_service;
struct ip_vs_service_key;
struct ip_vs_sync_config;
struct sk_buff;

int ip_vs_put_service(struct sk_buff *skb, struct ip_vs_service *svc);
int ip_vs_put_service_config(struct sk_buff *skb, struct ip_vs_service *svc);
int ip_vs_put_service_id(struct sk_buff *skb,
			 const struct ip_vs_service_key *id);
int ip_vs_put_dest(struct sk_buff *skb, struct ip_vs_dest *dest);
int ip_vs_put_dest_id(struct sk_buff *skb, const struct ip_vs_dest_key *key);
int ip_vs_put_daemon(struct sk_buff *skb, const struct ip_vs_sync_config *cfg);

#endif
