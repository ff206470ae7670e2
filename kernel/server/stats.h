/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters.
 *
 * A packet is counted once, in the per-CPU set of its real server.  What a
 * service or the namespace shows is the sum over its real servers plus the
 * counters of removed ones (folded), so no sum ever decreases.  Zeroing stores
 * an origin to subtract and writes no counter.
 */
#ifndef IP_VS_STATS_H
#define IP_VS_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <linux/types.h>

struct ip_vs_dest;
struct ip_vs_net;
struct ip_vs_service;

/* Order and meaning as in IPVS_STATS_ATTR_*. */
enum ip_vs_counter {
	IP_VS_CNT_CONNS,
	IP_VS_CNT_INPKTS,
	IP_VS_CNT_OUTPKTS,
	IP_VS_CNT_INBYTES,
	IP_VS_CNT_OUTBYTES,
	IP_VS_CNT_MAX
};

/**
 * struct ip_vs_cpu_counters - what one CPU counted for one real server
 * @syncp: makes 64-bit reads consistent on 32-bit machines
 * @v: by enum ip_vs_counter
 */
struct ip_vs_cpu_counters {
	struct u64_stats_sync syncp;
	u64 v[IP_VS_CNT_MAX];
};

/**
 * struct ip_vs_counters - a snapshot, plain numbers
 * @v: by enum ip_vs_counter
 */
struct ip_vs_counters {
	u64 v[IP_VS_CNT_MAX];
};

/**
 * struct ip_vs_rates - estimator state of one object (server, service, total)
 * @delta: counted since the last pass, as far as the estimator has collected it
 * @avg: scaled moving averages: 2^10 a unit for packets and connections, 2^5
 *	a byte; see estimator.c
 */
struct ip_vs_rates {
	struct ip_vs_counters delta;
	u64 avg[IP_VS_CNT_MAX];
};

/**
 * struct ip_vs_stats_view - counters and rates of one object, for listings
 * @count: counters since the last zeroing
 * @rate: per second, by enum ip_vs_counter
 */
struct ip_vs_stats_view {
	struct ip_vs_counters count;
	u64 rate[IP_VS_CNT_MAX];
};

/**
 * struct ip_vs_stats_reading - a sum over all servers, computed in portions
 * @sum: counted so far, since the last zeroing before it began
 * @cpu: the same by CPU, live and without regard to zeroing; NULL: not wanted
 * @trash: the next server in the trash to be added
 * @number: of this reading; servers that were added have it
 */
struct ip_vs_stats_reading {
	struct ip_vs_counters sum;
	struct ip_vs_counters *cpu;
	struct ip_vs_dest *trash;
	u32 number;
};

/* Packet path, RCU read side: one packet or one new connection of @dest. */
void ip_vs_stats_in(struct ip_vs_dest *dest, u32 bytes);
void ip_vs_stats_out(struct ip_vs_dest *dest, u32 bytes);
void ip_vs_stats_conn(struct ip_vs_dest *dest);

/* Configuration: configuration mutex held. */
void ip_vs_stats_dest(struct ip_vs_dest *dest, struct ip_vs_stats_view *view);
void ip_vs_stats_service(struct ip_vs_service *svc,
			 struct ip_vs_stats_view *view);
void ip_vs_stats_reading_begin(struct ip_vs_net *ivn,
			       struct ip_vs_stats_reading *reading);
void ip_vs_stats_reading_add(struct ip_vs_stats_reading *reading,
			     struct ip_vs_dest *dest);
void ip_vs_stats_reading_end(struct ip_vs_net *ivn);
void ip_vs_stats_leave_trash(struct ip_vs_net *ivn, struct ip_vs_dest *dest);
void ip_vs_stats_zero_dest(struct ip_vs_dest *dest);
void ip_vs_stats_zero_service(struct ip_vs_service *svc);
void ip_vs_stats_zero_all(struct ip_vs_net *ivn);
void ip_vs_stats_fold_dest(struct ip_vs_service *svc, struct ip_vs_dest *dest);
void ip_vs_stats_fold_to_net(struct ip_vs_net *ivn, struct ip_vs_dest *dest);

/* For the estimator: all @dest has counted, live. */
void ip_vs_stats_raw(const struct ip_vs_dest *dest,
		     struct ip_vs_counters *sum);

#endif
