// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three state timeouts that users set.
 */
#include "ctl/timeouts.h"
#include "net.h"
#include "proto/states.h"

static u32 *timeout_member(struct ip_vs_net *ivn, enum ip_vs_user_timeout which)
{
	struct ip_vs_timeouts *t = &ivn->timeouts;

	switch (which) {
	case IP_VS_USER_TIMEOUT_TCP:
		return &t->tcp[IP_VS_TCP_ESTABLISHED];
	case IP_VS_USER_TIMEOUT_TCP_FIN:
		return &t->tcp[IP_VS_TCP_FIN_WAIT];
	default:
		return &t->udp[IP_VS_UDP_NORMAL];
	}
}

/**
 * ip_vs_timeout_valid() - is a state timeout in range?
 * @seconds: as users write it
 *
 * Context: any.
 *
 * Return: whether it fits into jiffies.
 */
bool ip_vs_timeout_valid(u32 seconds)
{
	return seconds <= INT_MAX / HZ;
}

/**
 * ip_vs_user_timeouts_get() - read the three timeouts
 * @ivn: namespace
 * @seconds: result
 *
 * Context: any.
 */
void ip_vs_user_timeouts_get(struct ip_vs_net *ivn,
			     u32 seconds[IP_VS_USER_TIMEOUT_MAX])
{
	int i;

	for (i = 0; i < IP_VS_USER_TIMEOUT_MAX; i++)
		seconds[i] = READ_ONCE(*timeout_member(ivn, i)) / HZ;
}

/**
 * ip_vs_user_timeouts_set() - write the three timeouts
 * @ivn: namespace
 * @seconds: by enum ip_vs_user_timeout, 0: unchanged
 *
 * A connection gets the new timeout with its next packet.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EINVAL: one is too long, nothing has changed.
 */
int ip_vs_user_timeouts_set(struct ip_vs_net *ivn,
			    const u32 seconds[IP_VS_USER_TIMEOUT_MAX])
{
	int i;

	lockdep_assert_held(&ivn->config);
	for (i = 0; i < IP_VS_USER_TIMEOUT_MAX; i++)
		if (!ip_vs_timeout_valid(seconds[i]))
			return -EINVAL;
	for (i = 0; i < IP_VS_USER_TIMEOUT_MAX; i++)
		if (seconds[i])
			WRITE_ONCE(*timeout_member(ivn, i), seconds[i] * HZ);
	return 0;
}
