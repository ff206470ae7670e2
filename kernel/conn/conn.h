/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection, or a persistence template.
 */
#ifndef IP_VS_CONN_H
#define IP_VS_CONN_H

#include <linux/atomic.h>
#include <linux/ip_vs.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "conn/hash.h"
#include "packet.h"

struct ip_vs_dest;
struct ip_vs_net;
struct ip_vs_pe;
struct ip_vs_pe_data;
struct ip_vs_seq;

/* A flag of ours: struct ip_vs_extra is behind the entry.  It does not change,
 * and neither users nor sync peers see it.
 */
#define IP_VS_CONN_F_EXTRA	0x80000000U

/* Who sent a packet: index of ip_vs_conn4.node, column of a state table. */
enum ip_vs_dir {
	IP_VS_DIR_INPUT = 0,	/* the client */
	IP_VS_DIR_OUTPUT = 1,	/* the real server */
};

/**
 * struct ip_vs_pass - by which ways packets of a connection went
 * @serial: the set of ways (server/lanes.h) that both numbers are of
 * @lane: by enum ip_vs_dir: number in that set; 0: none
 *
 * Written under the connection's lock by the full path, when a packet has taken
 * it; see engine/fast.c.
 */
struct ip_vs_pass {
	u32 serial;
	u16 lane[2];
};

/**
 * struct ip_vs_conn - what the entries of both families share
 * @dest: the real server, which its counts hold; NULL: bypass, or none configured
 * @ivn: namespace
 * @flags: IP_VS_CONN_F_*; written under @lock, read with READ_ONCE()
 * @timeout: of the present state, in jiffies; ip_vs_conn_set_timeout(),
 *	READ_ONCE()
 * @stamp: when the last packet came, low 32 bits of jiffies; written by any
 *	packet without the lock: whichever packet of one tick wins, it is the
 *	same tick.  Lookups ignore the entry from @stamp + @timeout on, see
 *	ip_vs_conn_deadline()
 * @af: family of client and virtual address
 * @daf: family of the server's address
 * @proto: IP protocol; 0: template of a mark service
 * @state: of the protocol's state machine; under @lock, READ_ONCE()
 * @lock: state changes; softirq
 * @dead: unhashed or about to be: no lookup finds it; under @lock
 * @synced: what the last record sent to a sync peer said, see sync/due.c; any
 *	packet, READ_ONCE(): a race repeats a record or delays it
 * @shard: whose list and wheel it is on (expiry.c)
 * @in_pkts: requests, see ip_vs_conn_count()
 * @wheel: link of a wheel slot; the shard's lock
 * @all: link of the shard's list of all entries; the shard's lock
 * @rcu: for freeing, when it is off that list
 * @control: the controlling template or connection, which lives at least as
 *	long
 * @n_control: how many entries this one controls; under @lock, READ_ONCE()
 * @fwmark: mark of the first packet
 * @synced_until: the deadline that the last record sent to a sync peer
 *	announced, low 32 bits of jiffies; as @synced
 * @pass: what the routing said of its last packets
 *
 * Followed by the family's nodes: see struct ip_vs_conn4, struct ip_vs_conn6.
 */
struct ip_vs_conn {
	struct ip_vs_dest *dest;
	struct ip_vs_net *ivn;
	u32 flags;
	u32 timeout;
	u32 stamp;
	u8 af;
	u8 daf;
	u8 proto;
	u8 state;
	spinlock_t lock;	/* state, flags, timeout, dead, n_control */
	bool dead;
	u8 synced;
	u16 shard;
	u32 in_pkts;
	u32 n_control;
	struct hlist_node wheel;
	union {
		struct list_head all;
		struct rcu_head rcu;
	};
	struct ip_vs_conn *control;
	u32 fwmark;
	u32 synced_until;
	struct ip_vs_pass pass;
};

/**
 * struct ip_vs_node4 - what one side's packets are matched with
 * @link: link in the hash table.  Bidirectional: it also matches the answers,
 *	whose tuple is the swapped one (all methods but NAT, where both tuples
 *	are hashed)
 * @key: the tuple of that side's packets
 */
struct ip_vs_node4 {
	struct ip_vs_link link;
	struct ip_vs_key4 key;
};

/**
 * struct ip_vs_node6 - the same for IPv6
 * @link: link in the hash table
 * @key: the tuple of that side's packets
 */
struct ip_vs_node6 {
	struct ip_vs_link link;
	struct ip_vs_key6 key;
};

/**
 * struct ip_vs_conn4 - an IPv4 connection
 * @c: the common part
 * @node: by enum ip_vs_dir.  node[OUTPUT] holds the server's address and port
 *	for every method; it is hashed for NAT alone, and not for templates
 */
struct ip_vs_conn4 {
	struct ip_vs_conn c;
	struct ip_vs_node4 node[2];
};

/**
 * struct ip_vs_conn6 - an IPv6 connection, or one whose server is of the
 *	other family
 * @c: the common part
 * @node: by enum ip_vs_dir
 */
struct ip_vs_conn6 {
	struct ip_vs_conn c;
	struct ip_vs_node6 node[2];
};

/**
 * struct ip_vs_conn_tail - what follows a template of a persistence engine
 * @pe: the engine
 * @len: length of @bytes, 1 to IP_VS_PE_DATA_MAX
 * @bytes: what the engine found; constant
 *
 * Such a template, with IP_VS_KEY_NAMED in its key, is the only kind of entry
 * that has one, and is allocated together with it.
 */
struct ip_vs_conn_tail {
	const struct ip_vs_pe *pe;
	u8 len;
	u8 bytes[];
};

/* Memory bounds the number of connections, so an entry is kept to this size. */
static_assert(sizeof(spinlock_t) > 4 || sizeof(struct ip_vs_conn4) <= 192);
static_assert(sizeof(spinlock_t) > 4 || sizeof(struct ip_vs_conn6) <= 256);

static inline struct ip_vs_conn4 *ip_vs_conn4(const struct ip_vs_conn *c)
{
	return container_of(c, struct ip_vs_conn4, c);
}

static inline struct ip_vs_conn6 *ip_vs_conn6(const struct ip_vs_conn *c)
{
	return container_of(c, struct ip_vs_conn6, c);
}

/* The tuple of one side's packets, of the family @c->af. */
static inline const union ip_vs_key *ip_vs_conn_key(const struct ip_vs_conn *c,
						    enum ip_vs_dir dir)
{
	if (c->af == AF_INET6)
		return (const union ip_vs_key *)&ip_vs_conn6(c)->node[dir].key;
	return (const union ip_vs_key *)&ip_vs_conn4(c)->node[dir].key;
}

/* What a template's engine found; NULL: it is no entry of that kind. */
static inline const struct ip_vs_conn_tail *
ip_vs_conn_tail(const struct ip_vs_conn *c)
{
	if (c->af == AF_INET6)
		return ip_vs_conn6(c)->node[IP_VS_DIR_INPUT].key.kind ==
		       IP_VS_KEY_NAMED ? (void *)(ip_vs_conn6(c) + 1) : NULL;
	return ip_vs_conn4(c)->node[IP_VS_DIR_INPUT].key.kind ==
	       IP_VS_KEY_NAMED ? (void *)(ip_vs_conn4(c) + 1) : NULL;
}

/* Low 32 bits of jiffies from which on lookups ignore the entry.  The two
 * fields are read in the opposite order to that of ip_vs_conn_set_timeout(): a
 * reader that sees a shorter timeout also sees the stamp of the packet that set
 * it.  In the other order a FIN between the two loads would end a connection
 * that had been idle for longer than the new timeout.
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

/* Jiffies until its deadline, 0: it has passed. */
static inline u32 ip_vs_conn_remaining(const struct ip_vs_conn *c)
{
	return max_t(s32, ip_vs_conn_deadline(c) - (u32)jiffies, 0);
}

/* A template, which makes a client's connections go to one server. */
static inline bool ip_vs_conn_is_template(const struct ip_vs_conn *c)
{
	return READ_ONCE(c->flags) & IP_VS_CONN_F_TEMPLATE;
}

/* Expired to lookups: it is past its deadline and controls no other entry. */
static inline bool ip_vs_conn_absent(const struct ip_vs_conn *c)
{
	return unlikely(ip_vs_conn_overdue(c)) && !READ_ONCE(c->n_control);
}

/* A packet came: the deadline moves.  The cache line is dirtied at most once a
 * tick.  A CPU that has read the clock long ago (a virtual CPU may be stopped
 * for seconds) does not overwrite a newer stamp.
 */
static inline void ip_vs_conn_touch(struct ip_vs_conn *c)
{
	u32 now = jiffies;

	if ((s32)(now - READ_ONCE(c->stamp)) > 0)
		WRITE_ONCE(c->stamp, now);
}

/* Start the time anew with @timeout: stamp first, see ip_vs_conn_deadline().
 * conn->lock.
 */
static inline void ip_vs_conn_set_timeout(struct ip_vs_conn *c, u32 timeout)
{
	lockdep_assert_held(&c->lock);
	ip_vs_conn_touch(c);
	/* Pairs with smp_load_acquire() in ip_vs_conn_deadline(). */
	smp_store_release(&c->timeout, timeout);
}

/* Up to this number requests are always counted (drop_entry spares connections
 * that have had more than eight), beyond it only while a master daemon runs:
 * counting dirties the connection's cache line with each packet.
 */
#define IP_VS_COUNT_ALWAYS 9

/* Count a request.  Two packets at once may count as one: the number need not
 * be exact.  Returns the new number.
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
 * struct ip_vs_conn_params - parameters of a new connection
 * @ivn: namespace
 * @key: tuple of the client's packets, family @af
 * @data: of a template whose key is IP_VS_KEY_NAMED: what the engine found;
 *	copied, and without @elsewhere and @seq.  Else NULL
 * @dest: the server, NULL: the packet's own destination (bypass), or @daddr
 * @daddr: address of a server that is not configured here, or of another than
 *	@dest (@elsewhere); zero for bypass
 * @control: its controlling template or connection, or NULL
 * @digest: ip_vs_match.digest of a lookup of @key or of the swapped tuple that has
 *	found none; 0: it is computed
 * @af: family of @key
 * @dport: port at the server
 * @fwmark: mark of the first packet
 * @flags: IP_VS_CONN_F_* beside those the server gives: TEMPLATE, ONE_PACKET,
 *	BYPASS; with SYNC, INACTIVE as well
 * @timeout: initial timeout, jiffies; the state machine changes it
 * @in_pkts: requests so far, as received from a sync peer
 * @state: of the protocol's state machine, as received from a sync peer; or of
 *	a connection that is expected
 * @elsewhere: @daddr is not the address of @dest; only NAT heeds it
 * @locked: a struct ip_vs_extra is locked: no other entry is ended meanwhile, as
 *	telling peers of it may take such a lock
 * @seq: how sequence numbers change, by enum ip_vs_dir, as received from a sync
 *	peer; or NULL.  Only NAT heeds it
 */
struct ip_vs_conn_params {
	struct ip_vs_net *ivn;
	const union ip_vs_key *key;
	const struct ip_vs_pe_data *data;
	struct ip_vs_dest *dest;
	union nf_inet_addr daddr;
	struct ip_vs_conn *control;
	u32 digest;
	u16 af;
	__be16 dport;
	u32 fwmark;
	u32 flags;
	u32 timeout;
	u32 in_pkts;
	u8 state;
	bool elsewhere;
	bool locked;
	const struct ip_vs_seq *seq;
};

struct ip_vs_conn *ip_vs_conn_new(const struct ip_vs_conn_params *params);
void ip_vs_conn_spent(struct ip_vs_conn *c);
void ip_vs_conn_expire(struct ip_vs_conn *c, struct hlist_head *dead);
void ip_vs_conns_free(struct hlist_head *dead);
bool ip_vs_conn_kill(struct ip_vs_conn *c);
void ip_vs_conn_untrack(struct ip_vs_conn *c);
void ip_vs_conn_invalidate(struct ip_vs_conn *c);

/* A packet has left: its connection is freed if it was for one packet.  RCU
 * read side.
 */
static inline void ip_vs_conn_done(struct ip_vs_conn *c)
{
	if (unlikely(READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET))
		ip_vs_conn_spent(c);
}

int ip_vs_conns_init(void);
void ip_vs_conns_exit(void);

#endif
