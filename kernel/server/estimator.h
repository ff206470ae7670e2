/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rate estimation from counters.
 */
#ifndef IP_VS_ESTIMATOR_H
#define IP_VS_ESTIMATOR_H

#include <linux/types.h>

#include "server/dest.h"
#include "server/stats.h"

struct ip_vs_net;
struct ip_vs_rates;

bool ip_vs_estimator_runs(const struct ip_vs_net *ivn);
void ip_vs_estimator_set(struct ip_vs_net *ivn, int *setting, int value);
void ip_vs_estimator_wake(struct ip_vs_dest *dest);

/* Packet path: a packet of @dest was counted, so its rates need updating. */
static inline void ip_vs_estimator_note(struct ip_vs_dest *dest)
{
	if (unlikely(!READ_ONCE(dest->in_estimator)))
		ip_vs_estimator_wake(dest);
}

/* A server leaves @svc, which keeps what it counted since the last pass. */
void ip_vs_estimator_flush(struct ip_vs_service *svc,
			   struct ip_vs_dest *dest);
/* A service without servers is deleted. */
void ip_vs_estimator_forget(struct ip_vs_service *svc);

void ip_vs_estimator_read(struct ip_vs_net *ivn, const struct ip_vs_rates *r,
			  u64 rate[IP_VS_CNT_MAX]);
void ip_vs_estimator_zero(struct ip_vs_net *ivn, struct ip_vs_rates *r);
int ip_vs_estimator_equip(struct ip_vs_net *ivn);
void ip_vs_estimator_strip(struct ip_vs_net *ivn);
void ip_vs_estimator_exit(struct ip_vs_net *ivn);

#endif
