// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a locality scheduler stores about each destination address.
 *
 * lblc and lblcr send a destination to the same server as before, so that each
 * cache server gets few destinations.  What they store about one is a place;
 * places are looked up by address under RCU, added and removed under
 * svc->sched_lock.
 *
 * Expiry.  Time is counted in passes of 60 s from the binding.  Each 30th pass
 * is full: it removes every place not used for the configured time.  Other
 * passes do nothing unless there are more than 16,384 places; then the pass is
 * partial: from where the last one ended, it removes places not used for 6
 * minutes, at most 8,192.  A pass takes the lock anew for each bucket.  No
 * timer runs while there are no places; the passes left out are counted when
 * the next place is added.
 *
 * Memory.  Packets add places, and there can be many services.  All places of a
 * foreign namespace, and what they hold, are counted together and limited, and
 * so are those of all foreign namespaces; foreign.c describes what they are
 * charged to.  While they are near either limit, each pass is at least partial:
 * places that one namespace does not use any more must not be missing in another
 * for a day.
 */
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "addr.h"
#include "foreign.h"
#include "net.h"
#include "sched/locality.h"
#include "server/dest.h"
#include "server/sched.h"

#define PASS_PERIOD	(60 * HZ)
#define FULL_EVERY	30
/* A partial pass removes a place that is unused for this long. */
#define PARTIAL_IDLE	(6 * 60 * HZ)
#define PLACES_NOMINAL	(16 * IP_VS_LOCALITY_BUCKETS)
#define PLACES_MAX	(PLACES_NOMINAL * 3 / 2)
#define PARTIAL_GOAL	(PLACES_NOMINAL / 2)
/* Places in all services of a foreign namespace. */
#define FOREIGN_MAX	(2 * PLACES_MAX)
#define FOREIGN_NEAR	(FOREIGN_MAX - PLACES_MAX / 2)

static struct hlist_head *bucket_of(struct ip_vs_locality *loc,
				    const union nf_inet_addr *addr)
{
	u32 hash = hsiphash(addr, sizeof(*addr), &loc->key);

	return &loc->bucket[hash % IP_VS_LOCALITY_BUCKETS];
}

/* @addr must be zero-padded. */
static struct ip_vs_place *place_find(struct hlist_head *bucket,
				      const union nf_inet_addr *addr)
{
	struct ip_vs_place *place;

	hlist_for_each_entry_rcu(place, bucket, node)
		if (ip_vs_addr_equal(AF_INET6, &place->addr, addr))
			return place;
	return NULL;
}

/**
 * ip_vs_locality_find() - look up the place of an address
 * @loc: the scheduler's state
 * @addr: the address, zero-padded
 *
 * Context: RCU read side.
 * Return: RCU pointer, or NULL: none.
 */
struct ip_vs_place *ip_vs_locality_find(struct ip_vs_locality *loc,
					const union nf_inet_addr *addr)
{
	return place_find(bucket_of(loc, addr), addr);
}

/**
 * ip_vs_locality_touch() - note that a place is used now
 * @place: the place
 */
void ip_vs_locality_touch(struct ip_vs_place *place)
{
	unsigned long now = jiffies;

	if (READ_ONCE(place->used) != now)
		WRITE_ONCE(place->used, now);
}

/* Jiffies to the next pass; those that were left out are counted as done. */
static unsigned long catch_up(struct ip_vs_locality *loc)
{
	unsigned long age = jiffies - loc->born;
	unsigned long missed = age / PASS_PERIOD - loc->n_passes;

	loc->n_passes += missed;
	loc->countdown = (loc->countdown - 1 + missed) % FULL_EVERY + 1;
	return PASS_PERIOD - age % PASS_PERIOD;
}

/**
 * ip_vs_locality_charge() - count one more object against the namespace's limit
 * @loc: the scheduler's state
 *
 * Context: any.
 * Return: true: counted, until ip_vs_locality_uncharge(); false: at the limit.
 */
bool ip_vs_locality_charge(struct ip_vs_locality *loc)
{
	struct ip_vs_net *ivn = loc->load.state.svc->ivn;

	if (!ip_vs_net_foreign(ivn))
		return true;
	if (atomic_inc_return(&ivn->n_remembered) <= FOREIGN_MAX &&
	    ip_vs_foreign_locality_charge())
		return true;
	atomic_dec(&ivn->n_remembered);
	return false;
}

/**
 * ip_vs_locality_uncharge() - undo ip_vs_locality_charge()
 * @loc: the scheduler's state
 *
 * Context: any.
 */
void ip_vs_locality_uncharge(struct ip_vs_locality *loc)
{
	struct ip_vs_net *ivn = loc->load.state.svc->ivn;

	if (!ip_vs_net_foreign(ivn))
		return;
	ip_vs_foreign_locality_uncharge();
	atomic_dec(&ivn->n_remembered);
}

static bool foreign_near(const struct ip_vs_net *ivn)
{
	return ip_vs_net_foreign(ivn) &&
	       (atomic_read(&ivn->n_remembered) > FOREIGN_NEAR ||
		ip_vs_foreign_locality_near());
}

/**
 * __ip_vs_locality_get() - look up the place of an address, or add one
 * @loc: the scheduler's state
 * @addr: the address, zero-padded
 *
 * Context: RCU read side; svc->sched_lock held.
 * Return: the place, zeroed behind its first member if it is new; NULL: there
 *	are too many, or no memory.
 */
struct ip_vs_place *__ip_vs_locality_get(struct ip_vs_locality *loc,
					 const union nf_inet_addr *addr)
{
	struct hlist_head *bucket = bucket_of(loc, addr);
	struct ip_vs_place *place;

	lockdep_assert_held(&loc->load.state.svc->sched_lock);
	place = place_find(bucket, addr);
	if (place || loc->retired || loc->n_places >= PLACES_MAX ||
	    !ip_vs_locality_charge(loc))
		return place;
	place = ip_vs_packet_kmalloc(loc->load.state.svc->ivn->foreign,
				     loc->ops->size);
	if (!place) {
		ip_vs_locality_uncharge(loc);
		return NULL;
	}
	memset(place, 0, loc->ops->size);
	place->addr = *addr;
	place->used = jiffies;
	hlist_add_head_rcu(&place->node, bucket);
	WRITE_ONCE(loc->n_places, loc->n_places + 1);
	if (!loc->gc_pending) {
		loc->gc_pending = true;
		schedule_delayed_work(&loc->gc, catch_up(loc));
	}
	return place;
}

static void place_forget(struct ip_vs_locality *loc, struct ip_vs_place *place)
{
	hlist_del_rcu(&place->node);
	WRITE_ONCE(loc->n_places, loc->n_places - 1);
	loc->ops->clear(loc, place);
	ip_vs_locality_uncharge(loc);
	kfree_rcu(place, rcu);
}

/* Removes places of a bucket that are unused for @idle.  Returns how many. */
static u32 sweep_bucket(struct ip_vs_locality *loc, u32 i, long idle)
{
	spinlock_t *lock = &loc->load.state.svc->sched_lock;
	struct ip_vs_place *place;
	struct hlist_node *next;
	u32 n = 0;

	if (hlist_empty(&loc->bucket[i]))
		return 0;
	spin_lock_bh(lock);
	hlist_for_each_entry_safe(place, next, &loc->bucket[i], node)
		if ((long)(jiffies - READ_ONCE(place->used)) >= idle) {
			place_forget(loc, place);
			n++;
		}
	spin_unlock_bh(lock);
	cond_resched();
	return n;
}

/* Visits each bucket once at most, until @goal places are removed. */
static void locality_sweep(struct ip_vs_locality *loc, long idle, u32 goal)
{
	u32 i, n = 0;

	for (i = 0; i < IP_VS_LOCALITY_BUCKETS && n < goal; i++) {
		loc->rover = (loc->rover + 1) % IP_VS_LOCALITY_BUCKETS;
		n += sweep_bucket(loc, loc->rover, idle);
	}
}

static void locality_pass(struct ip_vs_locality *loc)
{
	struct ip_vs_net *ivn = loc->load.state.svc->ivn;
	u32 n = READ_ONCE(loc->n_places);

	if (loc->countdown % FULL_EVERY == 0) {
		locality_sweep(loc, loc->ops->expiration(&ivn->settings), U32_MAX);
		loc->countdown = 1;
	} else if (n <= PLACES_NOMINAL) {
		if (foreign_near(ivn))
			locality_sweep(loc, PARTIAL_IDLE, PARTIAL_GOAL);
		loc->countdown++;
	} else {
		n = (n - PLACES_NOMINAL) * 4 / 3;
		locality_sweep(loc, PARTIAL_IDLE, min_t(u32, n, PARTIAL_GOAL));
	}
	loc->n_passes++;
}

static void locality_gc_work(struct work_struct *work)
{
	struct ip_vs_locality *loc = container_of(to_delayed_work(work),
						  struct ip_vs_locality, gc);
	spinlock_t *lock = &loc->load.state.svc->sched_lock;

	locality_pass(loc);
	spin_lock_bh(lock);
	loc->gc_pending = loc->n_places && !loc->retired;
	if (loc->gc_pending)
		schedule_delayed_work(&loc->gc, PASS_PERIOD);
	spin_unlock_bh(lock);
}

/**
 * ip_vs_locality_init() - initialise a locality scheduler without places
 * @loc: the scheduler's state, zeroed
 * @ops: the scheduler's part
 * @n: number of servers it has room for
 *
 * Context: configuration mutex held; may sleep.
 * Return: 0 or -ENOMEM.
 */
int ip_vs_locality_init(struct ip_vs_locality *loc,
			const struct ip_vs_locality_ops *ops, u32 n)
{
	loc->ops = ops;
	loc->born = jiffies;
	loc->countdown = 1;
	get_random_bytes(&loc->key, sizeof(loc->key));
	INIT_DELAYED_WORK(&loc->gc, locality_gc_work);
	return ip_vs_load_index_init(&loc->load.state, n);
}

/**
 * ip_vs_locality_stop() - remove all places
 * @state: of a locality scheduler
 *
 * Member of struct ip_vs_scheduler.
 */
void ip_vs_locality_stop(struct ip_vs_sched_state *state)
{
	struct ip_vs_locality *loc = ip_vs_locality(state);

	spin_lock_bh(&state->svc->sched_lock);
	loc->retired = true;
	spin_unlock_bh(&state->svc->sched_lock);
	cancel_delayed_work_sync(&loc->gc);
	locality_sweep(loc, LONG_MIN, U32_MAX);
}

/**
 * ip_vs_locality_crowded() - should a destination move away from its server?
 * @loc: the scheduler's state
 * @dest: the server
 *
 * Return: @dest has more active connections than its weight, and another one
 *	has less than half of that.
 */
bool ip_vs_locality_crowded(struct ip_vs_locality *loc,
			    const struct ip_vs_dest *dest)
{
	return ip_vs_active(dest) > READ_ONCE(dest->weight) &&
	       ip_vs_load_index_spare(&loc->load.state);
}

/**
 * ip_vs_locality_measure() - measure load as wlc does, and spare capacity
 * @dest: the server
 *
 * Return: overhead / weight; spare: less than half as many active connections
 *	as its weight, whether overloaded or not.
 */
struct ip_vs_load ip_vs_locality_measure(const struct ip_vs_dest *dest)
{
	struct ip_vs_load load;

	load = ip_vs_load_by_weight(dest, ip_vs_overhead(dest));
	load.spare = 2LL * ip_vs_active(dest) < READ_ONCE(dest->weight);
	return load;
}
