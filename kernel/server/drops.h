/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets dropped by IPVS, by reason: every drop is counted.
 */
#ifndef IP_VS_DROPS_H
#define IP_VS_DROPS_H

#include <linux/atomic.h>
#include <linux/ip_vs_ext.h>
#include <linux/types.h>

struct ip_vs_net;
struct ip_vs_service;

/* Reasons are numbered from 1; 0 stays unused. */
#define IP_VS_DROP_REASONS (IPVS_EXT_DROP_MAX + 1)

/**
 * struct ip_vs_service_drops - drop counters of one service
 * @n: by enum ip_vs_ext_drop, since the last zeroing
 *
 * Shared by all CPUs: only dropped packets pay for that.
 */
struct ip_vs_service_drops {
	atomic64_t n[IP_VS_DROP_REASONS];
};

/**
 * struct ip_vs_cpu_drops - drop counters of one CPU in a namespace
 * @n: by enum ip_vs_ext_drop, since allocation
 */
struct ip_vs_cpu_drops {
	unsigned long n[IP_VS_DROP_REASONS];
};

/**
 * struct ip_vs_drops - a snapshot, plain numbers
 * @n: by enum ip_vs_ext_drop
 */
struct ip_vs_drops {
	u64 n[IP_VS_DROP_REASONS];
};

/* Packet path, RCU read side.  Returns NF_DROP. */
unsigned int ip_vs_drop(struct ip_vs_net *ivn, struct ip_vs_service *svc,
			enum ip_vs_ext_drop why);

/* Configuration, configuration mutex held. */
void ip_vs_drops_service(struct ip_vs_service *svc, struct ip_vs_drops *sum);
void ip_vs_drops_total(struct ip_vs_net *ivn, struct ip_vs_drops *sum);
void ip_vs_drops_zero_service(struct ip_vs_service *svc);
void ip_vs_drops_zero_total(struct ip_vs_net *ivn);

/* Namespace. */
int ip_vs_drops_equip(struct ip_vs_net *ivn);
void ip_vs_drops_strip(struct ip_vs_net *ivn);

#endif
