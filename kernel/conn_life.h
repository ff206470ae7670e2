/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection's birth and death, for the engine and the wheel; listings need
 * conn.h alone.
 */
#ifndef IP_VS_CONN_LIFE_H
#define IP_VS_CONN_LIFE_H

#include <linux/jiffies.h>

#include "conn.h"

struct ip_vs_dest;
struct ip_vs_net;
struct ip_vs_packet;

/* Past its deadline: absent to every lookup. */
static inline bool ip_vs_conn_overdue(const struct ip_vs_conn *c)
{
	u32 deadline = READ_ONCE(c->stamp) + READ_ONCE(c->timeout);

	return (s32)((u32)jiffies - deadline) >= 0;
}

/* A packet came: the deadline moves.  The cache line is dirtied at most once a
 * tick.
 */
static inline void ip_vs_conn_touch(struct ip_vs_conn *c)
{
	u32 now = jiffies;

	if (READ_ONCE(c->stamp) != now)
		WRITE_ONCE(c->stamp, now);
}

struct ip_vs_conn *ip_vs_conn_new(struct ip_vs_net *ivn,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_dest *dest, __be16 dport,
				  u32 fwmark);
void ip_vs_conn_expire_now(struct ip_vs_conn *c);
void ip_vs_conn_expire(struct ip_vs_conn *c);
void ip_vs_conn_kill(struct ip_vs_conn *c);

int ip_vs_conn_caches_init(void);
void ip_vs_conn_caches_exit(void);

#endif
