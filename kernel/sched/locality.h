/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a locality scheduler (lblc, lblcr) stores about each destination
 * address, and its expiry.  See locality.c.
 */
#ifndef IP_VS_LOCALITY_H
#define IP_VS_LOCALITY_H

#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/siphash.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "sched/load_index.h"
#include "server/dest.h"

#define IP_VS_LOCALITY_BUCKETS 1024

struct ip_vs_settings;

/**
 * struct ip_vs_place - what is stored about one destination address
 * @node: in its bucket; RCU, svc->sched_lock
 * @addr: the address, zero-padded; constant
 * @used: jiffies of the last pick that looked it up; written without a lock, as
 *	concurrent writers write the same tick
 * @rcu: for freeing
 *
 * First member of the scheduler's own struct.
 */
struct ip_vs_place {
	struct hlist_node node;
	union nf_inet_addr addr;
	unsigned long used;
	struct rcu_head rcu;
};

struct ip_vs_locality;

/**
 * struct ip_vs_locality_ops - the differences between locality schedulers
 * @size: bytes of a place
 * @expiration: jiffies after which an unused place is removed
 * @clear: release what a place holds; svc->sched_lock held
 */
struct ip_vs_locality_ops {
	size_t size;
	int (*expiration)(const struct ip_vs_settings *set);
	void (*clear)(struct ip_vs_locality *loc, struct ip_vs_place *place);
};

/**
 * struct ip_vs_locality - state of a locality scheduler
 * @load: the load index, and the common part of all schedulers
 * @ops: the scheduler's part
 * @key: random hash key, so that clients cannot choose a bucket
 * @gc: removes unused places; pending while there are places
 * @born: jiffies of the binding; the passes are timed from it
 * @n_passes: number of passes since, run or left out; @gc, and
 *	svc->sched_lock while @gc is not pending
 * @countdown: number of the next pass, 1 to 30; as @n_passes
 * @rover: bucket where a partial pass continues; @gc
 * @n_places: number of places; svc->sched_lock, READ_ONCE()
 * @gc_pending: @gc is pending; svc->sched_lock
 * @retired: no more places are added; svc->sched_lock
 * @bucket: the places by address
 */
struct ip_vs_locality {
	struct ip_vs_load_sched load;
	const struct ip_vs_locality_ops *ops;
	hsiphash_key_t key;
	struct delayed_work gc;
	unsigned long born;
	unsigned long n_passes;
	u32 countdown;
	u32 rover;
	u32 n_places;
	bool gc_pending;
	bool retired;
	struct hlist_head bucket[IP_VS_LOCALITY_BUCKETS];
};

static inline struct ip_vs_locality *
ip_vs_locality(struct ip_vs_sched_state *state)
{
	return container_of(state, struct ip_vs_locality, load.state);
}

/* May @dest, stored in a place, still be given new connections? */
static inline bool ip_vs_locality_usable(const struct ip_vs_dest *dest)
{
	return ip_vs_dest_available(dest) && READ_ONCE(dest->weight) > 0;
}

int ip_vs_locality_init(struct ip_vs_locality *loc,
			const struct ip_vs_locality_ops *ops, u32 n);
void ip_vs_locality_stop(struct ip_vs_sched_state *state);

/* A place counts once, and each further object that it holds as well. */
bool ip_vs_locality_charge(struct ip_vs_locality *loc);
void ip_vs_locality_uncharge(struct ip_vs_locality *loc);

/* RCU read side. */
struct ip_vs_place *ip_vs_locality_find(struct ip_vs_locality *loc,
					const union nf_inet_addr *addr);
void ip_vs_locality_touch(struct ip_vs_place *place);
bool ip_vs_locality_crowded(struct ip_vs_locality *loc,
			    const struct ip_vs_dest *dest);
struct ip_vs_place *__ip_vs_locality_get(struct ip_vs_locality *loc,
					 const union nf_inet_addr *addr);

/* The measure() of both. */
struct ip_vs_load ip_vs_locality_measure(const struct ip_vs_dest *dest);

#endif
