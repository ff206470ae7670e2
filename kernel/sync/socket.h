/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sockets of synchronisation daemons.
 */
#ifndef IP_VS_SYNC_SOCKET_H
#define IP_VS_SYNC_SOCKET_H

#include <linux/types.h>

struct ip_vs_sync_daemon;
struct socket;

struct socket *ip_vs_sync_socket(const struct ip_vs_sync_daemon *daemon,
				 u32 id);

#endif
