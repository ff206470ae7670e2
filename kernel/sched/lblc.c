// SPDX-License-Identifier: GPL-2.0-only
/*
 * lblc: locality-based least connections, for clusters of cache servers.
 *
 * Rule: a destination address goes where it went before, unless that server is
 * gone, quiesced, or crowded: more active connections than its weight while
 * another server has less than half of its own.  Else, and the first time, to
 * the server with the smallest overhead / weight (as wlc), which is remembered.
 * The overload mark does not count for a server remembered.
 * Source: the Linux Virtual Server project, W. Zhang,
 * "Linux Virtual Server for Scalable Network Services", OLS 2000.
 *
 * A pick writes the time into what is remembered, once a tick; for a new or
 * moved destination it takes svc->sched_lock, for a few instructions; and what
 * load_index.c says, when it asks there.
 */
#include "addr.h"
#include "net.h"
#include "packet.h"
#include "sched/load_index.h"
#include "sched/locality.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/sched.h"

/**
 * struct lblc_place - where a destination goes
 * @place: what locality.c knows
 * @dest: the server, holds a reference; RCU, svc->sched_lock
 */
struct lblc_place {
	struct ip_vs_place place;
	struct ip_vs_dest __rcu *dest;
};

static struct lblc_place *lblc_place(struct ip_vs_place *place)
{
	return container_of(place, struct lblc_place, place);
}

static int lblc_expiration(const struct ip_vs_settings *set)
{
	return READ_ONCE(set->lblc_expiration);
}

static void lblc_clear(struct ip_vs_locality *loc, struct ip_vs_place *place)
{
	struct ip_vs_dest *dest;

	dest = rcu_dereference_raw(lblc_place(place)->dest);
	if (dest)
		ip_vs_dest_put(dest);
}

static const struct ip_vs_locality_ops lblc_ops = {
	.size = sizeof(struct lblc_place),
	.expiration = lblc_expiration,
	.clear = lblc_clear,
};

static int lblc_init(struct ip_vs_sched_state *state, u32 n)
{
	return ip_vs_locality_init(ip_vs_locality(state), &lblc_ops, n);
}

/* The server remembered, if new connections may still go there. */
static struct ip_vs_dest *lblc_recall(struct ip_vs_locality *loc,
				      const union nf_inet_addr *addr)
{
	struct ip_vs_place *place = ip_vs_locality_find(loc, addr);
	struct ip_vs_dest *dest;

	if (!place)
		return NULL;
	ip_vs_locality_touch(place);
	dest = rcu_dereference(lblc_place(place)->dest);
	if (!dest || !ip_vs_locality_usable(dest) ||
	    ip_vs_locality_crowded(loc, dest))
		return NULL;
	return dest;
}

/* Out of memory or room: the connection goes there all the same. */
static void lblc_remember(struct ip_vs_locality *loc,
			  const union nf_inet_addr *addr,
			  struct ip_vs_dest *dest)
{
	spinlock_t *lock = &loc->load.state.svc->sched_lock;
	struct ip_vs_place *place;
	struct ip_vs_dest *old;

	spin_lock_bh(lock);
	place = __ip_vs_locality_get(loc, addr);
	if (!place)
		goto unlock;
	old = rcu_dereference_protected(lblc_place(place)->dest,
					lockdep_is_held(lock));
	if (old == dest || !refcount_inc_not_zero(&dest->refcnt))
		goto unlock;
	rcu_assign_pointer(lblc_place(place)->dest, dest);
	if (old)
		ip_vs_dest_put(old);
unlock:
	spin_unlock_bh(lock);
}

static struct ip_vs_dest *lblc_pick(struct ip_vs_sched_state *state,
				    const struct ip_vs_packet *pkt)
{
	struct ip_vs_locality *loc = ip_vs_locality(state);
	union nf_inet_addr addr;
	struct ip_vs_dest *dest;

	ip_vs_addr_copy(pkt->af, &addr, ip_vs_packet_daddr(pkt));
	dest = lblc_recall(loc, &addr);
	if (dest)
		return dest;
	dest = ip_vs_load_index_pick(state, pkt);
	if (dest)
		lblc_remember(loc, &addr, dest);
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_lblc = {
	.name = "lblc",
	.size = sizeof(struct ip_vs_locality),
	.measure = ip_vs_locality_measure,
	.init = lblc_init,
	.stop = ip_vs_locality_stop,
	.release = ip_vs_load_index_free,
	.pick = lblc_pick,
	IP_VS_LOAD_INDEX_OPS,
};
