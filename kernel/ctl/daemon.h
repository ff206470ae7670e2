/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start and stop of synchronisation daemons through any interface.
 */
#ifndef IP_VS_CTL_DAEMON_H
#define IP_VS_CTL_DAEMON_H

#include <linux/types.h>

struct ip_vs_dest_config;
struct ip_vs_net;
struct ip_vs_sync_config;
struct netlink_ext_ack;

int ip_vs_daemon_start(struct ip_vs_net *ivn, struct ip_vs_sync_config *cfg,
		       bool mixed, struct netlink_ext_ack *extack);
int ip_vs_daemon_stop(struct ip_vs_net *ivn, u32 state,
		      struct netlink_ext_ack *extack);
int ip_vs_daemons_allow(const struct ip_vs_net *ivn, u16 service_af,
			const struct ip_vs_dest_config *dest,
			struct netlink_ext_ack *extack);
bool ip_vs_daemon_get(struct ip_vs_net *ivn, u32 state,
		      struct ip_vs_sync_config *cfg);

#endif
