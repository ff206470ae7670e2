/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EVENT of the family IPVS_EXT: who listens is told what has changed.
 */
#ifndef IP_VS_CTL_EVENTS_H
#define IP_VS_CTL_EVENTS_H

#include <linux/ip_vs_ext.h>
#include <net/genetlink.h>

struct ip_vs_dest_key;
struct ip_vs_net;
struct ip_vs_service_key;
struct ip_vs_sync_config;

enum ip_vs_ext_group {
	IP_VS_GROUP_CONFIG,
	IP_VS_GROUP_CONNS,
	IP_VS_GROUP_MAX
};

extern const struct genl_multicast_group ip_vs_ext_groups[IP_VS_GROUP_MAX];

/* Configuration mutex held, the change made. */
void ip_vs_event_service(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			 const struct ip_vs_service_key *id);
void ip_vs_event_dest(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
		      const struct ip_vs_service_key *id,
		      const struct ip_vs_dest_key *key);
void ip_vs_event_daemon(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			const struct ip_vs_sync_config *daemon);
void ip_vs_event(struct ip_vs_net *ivn, enum ip_vs_ext_event type);

void ip_vs_events_net_init(struct ip_vs_net *ivn);

#endif
