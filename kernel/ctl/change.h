/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of the configuration through any interface.
 */
#ifndef IP_VS_CTL_CHANGE_H
#define IP_VS_CTL_CHANGE_H

#include "ctl/timeouts.h"

struct ip_vs_dest_config;
struct ip_vs_dest_key;
struct ip_vs_net;
struct ip_vs_service;
struct ip_vs_service_config;
struct netlink_ext_ack;

/* Configuration mutex held. */
void ip_vs_config_changed(struct ip_vs_net *ivn);
int ip_vs_change_service_add(struct ip_vs_net *ivn,
			     const struct ip_vs_service_config *cfg,
			     struct netlink_ext_ack *extack);
int ip_vs_change_service_edit(struct ip_vs_service *svc,
			      const struct ip_vs_service_config *cfg,
			      struct netlink_ext_ack *extack);
void ip_vs_change_service_del(struct ip_vs_service *svc);
void ip_vs_change_flush(struct ip_vs_net *ivn);
int ip_vs_change_dest_add(struct ip_vs_service *svc,
			  const struct ip_vs_dest_config *cfg,
			  struct netlink_ext_ack *extack);
int ip_vs_change_dest_edit(struct ip_vs_service *svc,
			   const struct ip_vs_dest_config *cfg,
			   struct netlink_ext_ack *extack);
int ip_vs_change_dest_del(struct ip_vs_service *svc,
			  const struct ip_vs_dest_key *key,
			  struct netlink_ext_ack *extack);
int ip_vs_change_timeouts(struct ip_vs_net *ivn,
			  const u32 seconds[IP_VS_USER_TIMEOUT_MAX]);

#endif
