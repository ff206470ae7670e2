/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection's birth and death, for the engine and the wheel; listings need
 * conn.h alone.
 */
#ifndef IP_VS_CONN_LIFE_H
#define IP_VS_CONN_LIFE_H

#include <linux/jiffies.h>

#include "conn/conn.h"

struct ip_vs_dest;
struct ip_vs_net;

/* Low 32 bits of jiffies from which on the entry is dead to lookups.  The two
 * words are read in the opposite order to that of ip_vs_conn_set_timeout(): who
 * sees a shorter timeout also sees the stamp of the packet that brought it.  The
 * other way round a FIN between the two loads would end a connection that had
 * been idle for longer than the new timeout.
 */
static inline u32 ip_vs_conn_deadline(const struct ip_vs_conn *c)
{
	/* Pairs with smp_store_release() in ip_vs_conn_set_timeout(). */
	u32 timeout = smp_load_acquire(&c->timeout);

	return READ_ONCE(c->stamp) + timeout;
}

/* Past its deadline. */
static inline bool ip_vs_conn_overdue(const struct ip_vs_conn *c)
{
	return (s32)((u32)jiffies - ip_vs_conn_deadline(c)) >= 0;
}

/* No lookup finds it: it is past its deadline, and nothing descends from it. */
static inline bool ip_vs_conn_absent(const struct ip_vs_conn *c)
{
	return unlikely(ip_vs_conn_overdue(c)) && !READ_ONCE(c->n_control);
}

/* A packet came: the deadline moves.  The cache line is dirtied at most once a
 * tick.  Who read the clock long ago (a virtual CPU may stand still for seconds)
 * does not take back what others have written since.
 */
static inline void ip_vs_conn_touch(struct ip_vs_conn *c)
{
	u32 now = jiffies;

	if ((s32)(now - READ_ONCE(c->stamp)) > 0)
		WRITE_ONCE(c->stamp, now);
}

/* From now on, @timeout: stamp first, see ip_vs_conn_deadline().  conn->lock. */
static inline void ip_vs_conn_set_timeout(struct ip_vs_conn *c, u32 timeout)
{
	lockdep_assert_held(&c->lock);
	ip_vs_conn_touch(c);
	/* Pairs with smp_load_acquire() in ip_vs_conn_deadline(). */
	smp_store_release(&c->timeout, timeout);
}

/* Up to here requests are counted always (memory pressure spares those that have
 * had more than eight), beyond it while a master daemon runs: a connection that
 * is counted dirties its cache line with each packet.
 */
#define IP_VS_COUNT_ALWAYS 9

/* One more request.  Two packets at once may count as one: it is a measure, not an
 * account.  Returns the new number.
 */
static inline u32 ip_vs_conn_count(struct ip_vs_conn *c)
{
	u32 n = READ_ONCE(c->in_pkts) + 1;

	WRITE_ONCE(c->in_pkts, n);
	return n;
}

/* A timeout a user gave in seconds, in jiffies: deadlines are compared as signed
 * 32-bit numbers.
 */
static inline u32 ip_vs_seconds(u32 seconds)
{
	return min_t(u64, (u64)seconds * HZ, S32_MAX);
}

/**
 * struct ip_vs_conn_seed - what a connection grows from
 * @ivn: namespace
 * @key: tuple of the client's packets, family @af
 * @dest: the server, NULL: the packet's own destination (bypass), or @daddr
 * @daddr: address of a server that is not configured here, zero for bypass
 * @control: the template or control connection it descends from, or NULL
 * @af: family of @key
 * @dport: port at the server
 * @fwmark: mark of the first packet
 * @flags: IP_VS_CONN_F_* beside those the server gives: TEMPLATE, ONE_PACKET,
 *	BYPASS; with SYNC, INACTIVE as well
 * @timeout: jiffies, until the state machine says otherwise
 * @in_pkts: requests so far, as a peer sent it
 * @state: of the protocol's machine, as a peer sent it
 */
struct ip_vs_conn_seed {
	struct ip_vs_net *ivn;
	const union ip_vs_key *key;
	struct ip_vs_dest *dest;
	union nf_inet_addr daddr;
	struct ip_vs_conn *control;
	u16 af;
	__be16 dport;
	u32 fwmark;
	u32 flags;
	u32 timeout;
	u32 in_pkts;
	u8 state;
};

struct ip_vs_conn *ip_vs_conn_new(const struct ip_vs_conn_seed *seed);
void ip_vs_conn_spent(struct ip_vs_conn *c);
void ip_vs_conn_expire(struct ip_vs_conn *c, struct hlist_head *dead);
void ip_vs_conns_free(struct hlist_head *dead);
bool ip_vs_conn_kill(struct ip_vs_conn *c);
void ip_vs_conn_untrack(struct ip_vs_conn *c);
void ip_vs_conn_invalidate(struct ip_vs_conn *c);

/* A packet has left, its connection is needed no more: gone if it was for one
 * packet.  RCU read side.
 */
static inline void ip_vs_conn_done(struct ip_vs_conn *c)
{
	if (unlikely(READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET))
		ip_vs_conn_spent(c);
}

int ip_vs_conns_init(void);
void ip_vs_conns_exit(void);

#endif
