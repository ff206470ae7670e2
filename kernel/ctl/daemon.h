/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the doors agree on about synchronisation daemons.
 */
#ifndef IP_VS_CTL_DAEMON_H
#define IP_VS_CTL_DAEMON_H

#include <linux/types.h>

struct net;
struct netlink_ext_ack;

int ip_vs_daemon_start(struct net *net, u32 state, const char *ifname,
		       struct netlink_ext_ack *extack);
int ip_vs_daemon_stop(u32 state, struct netlink_ext_ack *extack);

#endif
