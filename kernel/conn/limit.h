/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The number of connections, and its limit.
 */
#ifndef IP_VS_CONN_LIMIT_H
#define IP_VS_CONN_LIMIT_H

#include <linux/atomic.h>
#include <linux/percpu_counter.h>

/**
 * struct ip_vs_conn_limit - the number of a namespace's connections
 * @n: how many there are
 * @tick: low 32 bits of jiffies when @left was set; the CPU that writes it
 *	makes the sum
 * @max: the limit at that time
 * @left: how many may be created until the next sum
 */
struct ip_vs_conn_limit {
	struct percpu_counter n;
	u32 tick;
	int max;
	atomic_t left;
};

int ip_vs_conn_limit_init(struct ip_vs_conn_limit *limit);
void ip_vs_conn_limit_exit(struct ip_vs_conn_limit *limit);
bool ip_vs_conn_limit_take(struct ip_vs_conn_limit *limit, int max);
void ip_vs_conn_limit_give(struct ip_vs_conn_limit *limit);
s64 ip_vs_conn_limit_count(struct ip_vs_conn_limit *limit);

#endif
