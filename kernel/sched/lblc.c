// SPDX-License-Identifier: GPL-2.0-only
/*
 * lblc: locality-based least connections, for clusters of cache servers.
 *
 * Rule: a destination address is sent to the same server as before, unless that
 * server is deleted, quiesced, or crowded: it has more active connections than
 * its weight while another server has less than half of its own.  Else, and the
 * first time, it is sent to the server with the smallest overhead / weight (as
 * wlc), which is stored.  The overload mark of a stored server is ignored.
 * Source: the Linux Virtual Server project, W.  Zhang, "Linux Virtual Server
 * for Scalable Network Services", OLS 2000.
 *
 * A pick writes the time into the destination's place, once a tick; for a new
 * or moved destination it takes svc->sched_lock, shortly; and it writes as
 * load_index.c describes when it looks for the least loaded server.
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
 * struct lblc_place - the server of a destination
 * @place: common part (locality.c)
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

/* The stored server, if it may still be given new connections. */
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

/* If there is no memory or no room, the connection still uses @dest. */
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
