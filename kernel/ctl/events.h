/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EVENT of the family IPVS_EXT: sends changes to listeners.
 */
#ifndef IP_VS_CTL_EVENTS_H
#define IP_VS_CTL_EVENTS_H

#include <linux/ip_vs_ext.h>

struct ip_vs_dest_key;
struct ip_vs_net;
struct ip_vs_service_key;
struct ip_vs_sync_config;

/* Configuration mutex held, after the change.  These only queue the event, if
 * there is a listener.
 */
void ip_vs_event_service(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			 const struct ip_vs_service_key *id);
void ip_vs_event_dest(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
		      const struct ip_vs_service_key *id,
		      const struct ip_vs_dest_key *key);
void ip_vs_event_daemon(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			const struct ip_vs_sync_config *daemon);
void ip_vs_event(struct ip_vs_net *ivn, enum ip_vs_ext_event type);

void ip_vs_events_flush(struct ip_vs_net *ivn);
void ip_vs_events_close(void);
void ip_vs_events_net_init(struct ip_vs_net *ivn);
void ip_vs_events_net_exit(struct ip_vs_net *ivn);

#endif
