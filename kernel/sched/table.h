/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of schedulers.
 */
#ifndef IP_VS_SCHED_TABLE_H
#define IP_VS_SCHED_TABLE_H

#include "server/sched.h"

struct ip_vs_scheduler;

/* All schedulers. */
extern const struct ip_vs_scheduler ip_vs_sched_rr;
extern const struct ip_vs_scheduler ip_vs_sched_wrr;
extern const struct ip_vs_scheduler ip_vs_sched_lc;
extern const struct ip_vs_scheduler ip_vs_sched_wlc;
extern const struct ip_vs_scheduler ip_vs_sched_lblc;
extern const struct ip_vs_scheduler ip_vs_sched_lblcr;
extern const struct ip_vs_scheduler ip_vs_sched_dh;
extern const struct ip_vs_scheduler ip_vs_sched_sh;
extern const struct ip_vs_scheduler ip_vs_sched_sed;
extern const struct ip_vs_scheduler ip_vs_sched_nq;
extern const struct ip_vs_scheduler ip_vs_sched_fo;
extern const struct ip_vs_scheduler ip_vs_sched_ovf;
extern const struct ip_vs_scheduler ip_vs_sched_mh;
extern const struct ip_vs_scheduler ip_vs_sched_twos;

const struct ip_vs_scheduler *ip_vs_sched_find(const char *name);

#endif
