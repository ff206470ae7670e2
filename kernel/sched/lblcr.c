// SPDX-License-Identifier: GPL-2.0-only
/*
 * lblcr: locality-based least connections with replication.
 *
 * Rule: as lblc, but a destination has a set of servers, the most recently
 * inserted first.  It is sent to the member with the smallest overhead / weight
 * among those configured and usable.  If there is none, or that one is crowded,
 * the least loaded of all servers is inserted and taken.  When a set of several
 * has not changed for lblcr_expiration, the next pick also removes its most
 * loaded member, so that the set shrinks when a destination is no longer
 * popular.  Source: the Linux Virtual Server project, W.  Zhang, "Linux Virtual
 * Server for Scalable Network Services", OLS 2000.
 *
 * The cost grows with the set of the destination, not with the servers of the
 * service.
 *
 * A pick writes the time into the destination's place, once a tick; when a set
 * changes it takes svc->sched_lock; and it writes as load_index.c describes
 * when it looks for the least loaded server.
 */
#include <linux/slab.h>

#include "addr.h"
#include "foreign.h"
#include "net.h"
#include "packet.h"
#include "sched/load_index.h"
#include "sched/locality.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/sched.h"

/**
 * struct lblcr_member - a server of a set
 * @node: in the set; RCU, svc->sched_lock
 * @dest: the server, holds a reference; constant
 * @rcu: for freeing
 */
struct lblcr_member {
	struct hlist_node node;
	struct ip_vs_dest *dest;
	struct rcu_head rcu;
};

/**
 * struct lblcr_place - the servers of a destination
 * @place: common part (locality.c)
 * @set: members, the latest first; RCU, svc->sched_lock
 * @n_members: length of @set; svc->sched_lock, READ_ONCE()
 * @modified: jiffies of the last insertion or removal; as @n_members
 */
struct lblcr_place {
	struct ip_vs_place place;
	struct hlist_head set;
	u32 n_members;
	unsigned long modified;
};

static struct lblcr_place *lblcr_place(struct ip_vs_place *place)
{
	return container_of(place, struct lblcr_place, place);
}

static int lblcr_expiration(const struct ip_vs_settings *set)
{
	return READ_ONCE(set->lblcr_expiration);
}

static void lblcr_unlink(struct ip_vs_locality *loc, struct lblcr_place *place,
			 struct lblcr_member *m)
{
	ip_vs_locality_uncharge(loc);
	hlist_del_rcu(&m->node);
	WRITE_ONCE(place->n_members, place->n_members - 1);
	ip_vs_dest_put(m->dest);
	kfree_rcu(m, rcu);
}

static void lblcr_clear(struct ip_vs_locality *loc, struct ip_vs_place *place)
{
	struct lblcr_place *p = lblcr_place(place);
	struct hlist_node *next;
	struct lblcr_member *m;

	hlist_for_each_entry_safe(m, next, &p->set, node)
		lblcr_unlink(loc, p, m);
}

static const struct ip_vs_locality_ops lblcr_ops = {
	.size = sizeof(struct lblcr_place),
	.expiration = lblcr_expiration,
	.clear = lblcr_clear,
};

static int lblcr_init(struct ip_vs_sched_state *state, u32 n)
{
	return ip_vs_locality_init(ip_vs_locality(state), &lblcr_ops, n);
}

/* The least loaded of the members that may be given new connections. */
static struct ip_vs_dest *lblcr_least(struct lblcr_place *place)
{
	struct ip_vs_load load, least = IP_VS_LOAD_NONE;
	struct ip_vs_dest *best = NULL;
	struct lblcr_member *m;

	hlist_for_each_entry_rcu(m, &place->set, node) {
		if (!ip_vs_dest_available(m->dest))
			continue;
		load = ip_vs_load_by_weight(m->dest, ip_vs_overhead(m->dest));
		if (ip_vs_load_less(load, least)) {
			best = m->dest;
			least = load;
		}
	}
	return best;
}

/* The most loaded member, whether usable or not, but no quiesced one. */
static struct lblcr_member *lblcr_most(struct lblcr_place *place)
{
	struct lblcr_member *m, *worst = NULL;
	struct ip_vs_load load, most = {};

	hlist_for_each_entry(m, &place->set, node) {
		int weight = READ_ONCE(m->dest->weight);

		if (weight <= 0)
			continue;
		load.cost = ip_vs_overhead(m->dest);
		load.share = weight;
		if (!worst || ip_vs_load_less(most, load)) {
			worst = m;
			most = load;
		}
	}
	return worst;
}

static bool lblcr_shrinkable(const struct ip_vs_locality *loc,
			     const struct lblcr_place *place)
{
	long expiration = lblcr_expiration(&loc->load.state.svc->ivn->settings);

	return READ_ONCE(place->n_members) > 1 &&
	       time_after(jiffies, READ_ONCE(place->modified) + expiration);
}

static void lblcr_shrink(struct ip_vs_locality *loc, struct lblcr_place *place)
{
	spinlock_t *lock = &loc->load.state.svc->sched_lock;
	struct lblcr_member *worst;

	spin_lock_bh(lock);
	/* Another CPU may just have done it. */
	worst = lblcr_shrinkable(loc, place) ? lblcr_most(place) : NULL;
	if (worst) {
		lblcr_unlink(loc, place, worst);
		WRITE_ONCE(place->modified, jiffies);
	}
	spin_unlock_bh(lock);
}

static bool lblcr_has(const struct lblcr_place *place,
		      const struct ip_vs_dest *dest)
{
	const struct lblcr_member *m;

	hlist_for_each_entry(m, &place->set, node)
		if (m->dest == dest)
			return true;
	return false;
}

/* If there is no memory, the connection still uses @dest. */
static void lblcr_insert(struct ip_vs_locality *loc, struct lblcr_place *place,
			 struct ip_vs_dest *dest)
{
	struct lblcr_member *m;

	if (lblcr_has(place, dest) || !ip_vs_locality_charge(loc))
		return;
	m = ip_vs_packet_kmalloc(loc->load.state.svc->ivn->foreign, sizeof(*m));
	if (!m || !refcount_inc_not_zero(&dest->refcnt)) {
		ip_vs_locality_uncharge(loc);
		kfree(m);
		return;
	}
	m->dest = dest;
	hlist_add_head_rcu(&m->node, &place->set);
	WRITE_ONCE(place->n_members, place->n_members + 1);
	WRITE_ONCE(place->modified, jiffies);
}

static void lblcr_remember(struct ip_vs_locality *loc,
			   const union nf_inet_addr *addr,
			   struct ip_vs_dest *dest)
{
	spinlock_t *lock = &loc->load.state.svc->sched_lock;
	struct ip_vs_place *place;

	spin_lock_bh(lock);
	place = __ip_vs_locality_get(loc, addr);
	if (place)
		lblcr_insert(loc, lblcr_place(place), dest);
	spin_unlock_bh(lock);
}

/* Returns the member to use; also shrinks the set if that is due. */
static struct ip_vs_dest *lblcr_recall(struct ip_vs_locality *loc,
				       struct ip_vs_place *place)
{
	struct lblcr_place *p = lblcr_place(place);
	struct ip_vs_dest *dest;

	ip_vs_locality_touch(place);
	dest = lblcr_least(p);
	if (lblcr_shrinkable(loc, p))
		lblcr_shrink(loc, p);
	if (dest && ip_vs_locality_crowded(loc, dest))
		return NULL;
	return dest;
}

static struct ip_vs_dest *lblcr_pick(struct ip_vs_sched_state *state,
				     const struct ip_vs_packet *pkt)
{
	struct ip_vs_locality *loc = ip_vs_locality(state);
	struct ip_vs_dest *dest = NULL;
	struct ip_vs_place *place;
	union nf_inet_addr addr;

	ip_vs_addr_copy(pkt->af, &addr, ip_vs_packet_daddr(pkt));
	place = ip_vs_locality_find(loc, &addr);
	if (place)
		dest = lblcr_recall(loc, place);
	if (dest)
		return dest;
	dest = ip_vs_load_index_best(state);
	if (dest)
		lblcr_remember(loc, &addr, dest);
	else if (place)
		/* Without a place nothing is logged, as in the in-tree module. */
		ip_vs_sched_complain(state, NULL);
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_lblcr = {
	.name = "lblcr",
	.size = sizeof(struct ip_vs_locality),
	.measure = ip_vs_locality_measure,
	.init = lblcr_init,
	.stop = ip_vs_locality_stop,
	.release = ip_vs_load_index_free,
	.pick = lblcr_pick,
	IP_VS_LOAD_INDEX_OPS,
};
