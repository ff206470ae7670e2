/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection, and the persistence template it may descend from.
 */
#ifndef IP_VS_CONN_H
#define IP_VS_CONN_H

#include <linux/atomic.h>
#include <linux/ip_vs.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "conn/hash.h"
#include "packet.h"

struct ip_vs_dest;
struct ip_vs_net;

/* Who sent a packet: index of ip_vs_conn4.node, column of a state table. */
enum ip_vs_dir {
	IP_VS_DIR_INPUT = 0,	/* the client */
	IP_VS_DIR_OUTPUT = 1,	/* the real server */
};

/**
 * struct ip_vs_conn - what the entries of both families share
 * @dest: the real server, holds a reference; NULL: bypass, or none configured
 * @ivn: namespace
 * @flags: IP_VS_CONN_F_*; written under @lock, read with READ_ONCE()
 * @timeout: of the present state, in jiffies; ip_vs_conn_set_timeout(),
 *	READ_ONCE()
 * @stamp: when the last packet came, low 32 bits of jiffies; written by any
 *	packet without the lock: whichever packet of one tick wins, it is the
 *	same tick.  The entry is dead to lookups from @stamp + @timeout on, see
 *	ip_vs_conn_deadline()
 * @af: family of client and virtual address
 * @daf: family of the server's address
 * @proto: IP protocol; 0: template of a mark service
 * @state: of the protocol's machine; under @lock, READ_ONCE()
 * @lock: state changes; softirq
 * @dead: unlinked or about to be: found by no lookup; under @lock
 * @synced: what the last record sent to a peer said, see sync/due.c; any
 *	packet, READ_ONCE(): a race repeats a record or delays it
 * @shard: whose list and wheel it is on (expiry.c)
 * @in_pkts: requests, see ip_vs_conn_count()
 * @wheel: link of a wheel slot; the shard's lock
 * @all: link of the shard's list of all entries; the shard's lock
 * @control: the template or control connection this one descends from, which
 *	lives at least as long
 * @n_control: how many descend from this one; under @lock, READ_ONCE()
 * @fwmark: mark of the first packet
 * @synced_until: the deadline that the last record sent to a peer announced, low
 *	32 bits of jiffies; as @synced
 * @rcu: for freeing
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
	struct list_head all;
	struct ip_vs_conn *control;
	u32 fwmark;
	u32 synced_until;
	struct rcu_head rcu;
};

/**
 * struct ip_vs_node4 - a connection as one side's packets find it
 * @link: place in the table.  Two_way: it also stands for the answers, that is
 *	the tuple turned round (all methods but NAT, which files both tuples)
 * @key: the tuple of that side's packets
 */
struct ip_vs_node4 {
	struct ip_vs_link link;
	struct ip_vs_key4 key;
};

/**
 * struct ip_vs_node6 - the same for IPv6
 * @link: place in the table
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
 *	for every method; it is filed for NAT alone, and not for templates
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

/* The architecture's budget: memory is what bounds the number of connections. */
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

/**
 * struct ip_vs_conn_view - the addresses of a connection, for listings
 * @caddr: client
 * @vaddr: virtual address, or the mark of a mark service's template
 * @daddr: real server, of family @daf
 * @cport: client's port
 * @vport: virtual port
 * @dport: real server's port
 * @af: family of @caddr and @vaddr
 * @daf: family of @daddr
 */
struct ip_vs_conn_view {
	union nf_inet_addr caddr;
	union nf_inet_addr vaddr;
	union nf_inet_addr daddr;
	__be16 cport;
	__be16 vport;
	__be16 dport;
	u16 af;
	u16 daf;
};

/* The tuple of one side's packets, of the family @c->af. */
static inline const union ip_vs_key *ip_vs_conn_key(const struct ip_vs_conn *c,
						    enum ip_vs_dir dir)
{
	if (c->af == AF_INET6)
		return (const union ip_vs_key *)&ip_vs_conn6(c)->node[dir].key;
	return (const union ip_vs_key *)&ip_vs_conn4(c)->node[dir].key;
}

/**
 * struct ip_vs_conn_report - all that is told of a connection
 * @view: addresses and ports
 * @state: its name; constant text
 * @flags: IP_VS_CONN_F_*
 * @remaining: jiffies until its deadline
 * @fwmark: mark of the first packet
 * @proto: IP protocol
 */
struct ip_vs_conn_report {
	struct ip_vs_conn_view view;
	const char *state;
	u32 flags;
	u32 remaining;
	u32 fwmark;
	u8 proto;
};

void ip_vs_conn_view(const struct ip_vs_conn *c, struct ip_vs_conn_view *view);
void ip_vs_conn_report(const struct ip_vs_conn *c,
		       struct ip_vs_conn_report *report);
const char *ip_vs_conn_state_name(const struct ip_vs_conn *c);
/* Jiffies until it is due, 0: overdue. */
u32 ip_vs_conn_remaining(const struct ip_vs_conn *c);

/* Is it anybody's business?  One-packet entries are not, and overdue ones are
 * dead already.  Sets how many jiffies are left.
 */
static inline bool ip_vs_conn_listed(const struct ip_vs_conn *c,
				     u32 *remaining)
{
	if (READ_ONCE(c->flags) & IP_VS_CONN_F_ONE_PACKET)
		return false;
	*remaining = ip_vs_conn_remaining(c);
	return *remaining;
}

/**
 * struct ip_vs_conn_cursor - a place in the walk over all connections
 * @ivn: namespace
 * @shard: where the walk stands
 * @mark: stands in that shard's list in place of an entry; born dead, so
 *	every other walk passes over it
 * @linked: @mark is in the list
 */
struct ip_vs_conn_cursor {
	struct ip_vs_net *ivn;
	u32 shard;
	struct ip_vs_conn mark;
	bool linked;
};

void ip_vs_conn_walk_start(struct ip_vs_net *ivn,
			   struct ip_vs_conn_cursor *cur);
unsigned int ip_vs_conn_walk(struct ip_vs_conn_cursor *cur,
			     struct ip_vs_conn **batch, unsigned int max);
void ip_vs_conn_walk_stop(struct ip_vs_conn_cursor *cur);

#endif
