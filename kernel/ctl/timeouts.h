/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The three state timeouts that users set.
 */
#ifndef IP_VS_CTL_TIMEOUTS_H
#define IP_VS_CTL_TIMEOUTS_H

#include <linux/types.h>

struct ip_vs_net;

enum ip_vs_user_timeout {
	IP_VS_USER_TIMEOUT_TCP,
	IP_VS_USER_TIMEOUT_TCP_FIN,
	IP_VS_USER_TIMEOUT_UDP,
	IP_VS_USER_TIMEOUT_MAX
};

bool ip_vs_timeout_valid(u32 seconds);
void ip_vs_user_timeouts_get(struct ip_vs_net *ivn,
			     u32 seconds[IP_VS_USER_TIMEOUT_MAX]);
int ip_vs_user_timeouts_set(struct ip_vs_net *ivn,
			    const u32 seconds[IP_VS_USER_TIMEOUT_MAX]);

#endif
