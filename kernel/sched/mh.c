// SPDX-License-Identifier: GPL-2.0-only
/*
 * mh: Maglev hashing.
 *
 * A table of N slots, N prime, shared out by weight so that a change of the
 * servers moves few slots between those that stay.  Source: D. Eisenbud et al.,
 * "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016,
 * section 3.4; the exact rule is spec/schedulers.md 14.
 *
 * The table.  Each server has its own order in which it would like the slots:
 *
 *	v      = fold(address) + port
 *	offset = HS(v, K1) mod N
 *	skip   = HS(v, K2) mod (N - 1) + 1
 *	wishes = offset, offset + skip, offset + 2 * skip ...  (mod N)
 *
 * In rounds over the list, each server takes the first free slot of its wishes,
 * `turns` times a round, until the table is full:
 *
 *	turns  = (w / g) >> r, at least 1 if w is not 0
 *	g      = gcd of all weights
 *	r      = what it takes to bring the largest w / g below 2^TB
 *
 * w is the last weight that was not 0, not the present one: a quiesced server
 * keeps its slots, and only its own clients go elsewhere.
 *
 * A pick.  a = fold(client's address), plus its port with flag mh-port;
 * h = HS(a, K1) mod N.  The server of slot h, if usable, or nobody; with flag
 * mh-fallback the first usable one of the slots
 * HS((k + h) mod N + a, K1) mod N, k = 0, 1, 2 ...  HS is SipHash-1-3.
 *
 * When it is filled.  Additions, deletions and edits only mark the table stale;
 * a worker fills it soon after, once for all that came together.  A pick that
 * is faster than the worker does the work itself, so it never sees an old
 * table.  Filling takes some 100 microseconds, under svc->sched_lock.  With more
 * than N servers, or out of memory, the table stays as it was.
 *
 * A pick writes nothing that is shared, but when it fills the table.
 */
#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gcd.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "../client_hash.h"
#include "../net.h"
#include "../sched.h"

/* The kernel's own module may have been built with another size. */
#ifdef CONFIG_IP_VS_MH_TAB_INDEX
#define MH_INDEX CONFIG_IP_VS_MH_TAB_INDEX
#else
#define MH_INDEX 12
#endif

enum {
	MH_PRIME_8 = 251,
	MH_PRIME_9 = 509,
	MH_PRIME_10 = 1021,
	MH_PRIME_11 = 2039,
	MH_PRIME_12 = 4093,
	MH_PRIME_13 = 8191,
	MH_PRIME_14 = 16381,
	MH_PRIME_15 = 32749,
	MH_PRIME_16 = 65521,
	MH_PRIME_17 = 131071,
};

#define MH_SLOTS __PASTE(MH_PRIME_, MH_INDEX)	/* N */
#define MH_TURN_BITS (MH_INDEX / 2)			/* TB */

static const hsiphash_key_t mh_key1 = {{ 2654435761UL, 2654435761UL }};
static const hsiphash_key_t mh_key2 = {{ 2654446892UL, 2654446892UL }};

/**
 * struct mh_server - a server while the table is filled
 * @dest: the server, holds a reference
 * @wish: the slot it would like next
 * @skip: from one wish to the next
 * @turns: slots a round
 */
struct mh_server {
	struct ip_vs_dest *dest;
	u32 wish;
	u32 skip;
	u32 turns;
};

/**
 * struct mh_state - Maglev hashing of one service
 * @state: every scheduler's
 * @n_dests: servers on the list; configuration mutex
 * @stale: the servers have changed since the table was filled; written under
 *	svc->sched_lock, READ_ONCE()
 * @worker: fills a stale table
 * @room: length of @server, enough for @n_dests of a stale table;
 *	svc->sched_lock
 * @n_servers: how many of @server are in use; svc->sched_lock
 * @server: those the table was filled from, so that none is freed while it is
 *	in the table; svc->sched_lock
 * @taken: slots already given out while filling; svc->sched_lock
 * @slot: the table, NULL: no servers; RCU, written under svc->sched_lock
 */
struct mh_state {
	struct ip_vs_sched_state state;
	u32 n_dests;
	bool stale;
	struct work_struct worker;
	u32 room;
	u32 n_servers;
	struct mh_server *server;
	DECLARE_BITMAP(taken, MH_SLOTS);
	struct ip_vs_dest __rcu *slot[MH_SLOTS];
};

static struct mh_state *mh_state(struct ip_vs_sched_state *state)
{
	return container_of(state, struct mh_state, state);
}

static void mh_put_servers(struct mh_state *mh)
{
	while (mh->n_servers)
		ip_vs_dest_put(mh->server[--mh->n_servers].dest);
}

/* Note who is on the list, but @except. */
static void mh_get_servers(struct mh_state *mh, const struct ip_vs_dest *except)
{
	struct ip_vs_service *svc = mh->state.svc;
	struct ip_vs_dest *dest;

	mh_put_servers(mh);
	list_for_each_entry_rcu(dest, &svc->dest_list, list) {
		if (mh->n_servers == mh->room)
			break;
		if (dest != except && refcount_inc_not_zero(&dest->refcnt))
			mh->server[mh->n_servers++].dest = dest;
	}
}

/* Each server's wishes and turns.  False: there is no weight at all. */
static bool mh_prepare(struct mh_state *mh)
{
	u16 af = mh->state.svc->id.af;
	u32 i, v, w, g = 0, most = 0;
	struct mh_server *s;
	int shift;

	for (i = 0; i < mh->n_servers; i++) {
		w = READ_ONCE(mh->server[i].dest->last_weight);
		g = gcd(g, w);
		most = max(most, w);
	}
	if (!g)
		return false;
	shift = max(fls(most / g) - MH_TURN_BITS, 0);
	for (i = 0; i < mh->n_servers; i++) {
		s = &mh->server[i];
		w = READ_ONCE(s->dest->last_weight);
		v = ip_vs_addr_fold(af, &s->dest->key.addr) +
		    ntohs(s->dest->key.port);
		s->wish = hsiphash_1u32(v, &mh_key1) % MH_SLOTS;
		s->skip = hsiphash_1u32(v, &mh_key2) % (MH_SLOTS - 1) + 1;
		s->turns = (w / g) >> shift ?: !!w;
	}
	return true;
}

/* @s takes the first free slot of its wishes.  There is one, and as N is prime
 * the wishes come by it.
 */
static void mh_take(struct mh_state *mh, struct mh_server *s)
{
	while (__test_and_set_bit(s->wish, mh->taken))
		s->wish = (s->wish + s->skip) % MH_SLOTS;
	rcu_assign_pointer(mh->slot[s->wish], s->dest);
}

static void mh_deal(struct mh_state *mh)
{
	u32 i, turn, dealt = 0;

	bitmap_zero(mh->taken, MH_SLOTS);
	for (i = 0; dealt < MH_SLOTS; i = (i + 1) % mh->n_servers)
		for (turn = mh->server[i].turns; turn && dealt < MH_SLOTS;
		     turn--, dealt++)
			mh_take(mh, &mh->server[i]);
}

static void mh_empty(struct mh_state *mh)
{
	u32 i;

	for (i = 0; i < MH_SLOTS; i++)
		RCU_INIT_POINTER(mh->slot[i], NULL);
}

/* Fill the table from the list as it is, but for @except. */
static void __mh_fill(struct mh_state *mh, const struct ip_vs_dest *except)
{
	lockdep_assert_held(&mh->state.svc->sched_lock);
	WRITE_ONCE(mh->stale, false);
	mh_get_servers(mh, except);
	if (mh_prepare(mh))
		mh_deal(mh);
	else
		mh_empty(mh);
}

/* RCU read side. */
static void mh_fill_if_stale(struct mh_state *mh,
			     const struct ip_vs_dest *except)
{
	spinlock_t *lock = &mh->state.svc->sched_lock;

	spin_lock_bh(lock);
	if (mh->stale)
		__mh_fill(mh, except);
	spin_unlock_bh(lock);
}

static void mh_work(struct work_struct *work)
{
	struct mh_state *mh = container_of(work, struct mh_state, worker);

	rcu_read_lock();
	mh_fill_if_stale(mh, NULL);
	rcu_read_unlock();
}

/* Room for @n servers: no memory is allocated when the table is filled. */
static bool mh_make_room(struct mh_state *mh, u32 n)
{
	spinlock_t *lock = &mh->state.svc->sched_lock;
	struct mh_server *bigger, *old;
	u32 room = max_t(u32, 8, roundup_pow_of_two(n + 1));

	if (n <= mh->room)
		return true;
	bigger = kvcalloc(room, sizeof(*bigger), GFP_KERNEL_ACCOUNT);
	if (!bigger)
		return false;
	spin_lock_bh(lock);
	old = mh->server;
	if (old)
		memcpy(bigger, old, mh->n_servers * sizeof(*old));
	mh->server = bigger;
	mh->room = room;
	spin_unlock_bh(lock);
	kvfree(old);
	return true;
}

/* The servers have changed, to @mh->n_dests; @added is new among them.  Where
 * the table cannot follow, changes that it could still follow come first.
 */
static void mh_changed(struct mh_state *mh, const struct ip_vs_dest *added)
{
	spinlock_t *lock = &mh->state.svc->sched_lock;

	if (mh->n_dests > MH_SLOTS || !mh_make_room(mh, mh->n_dests)) {
		rcu_read_lock();
		if (added)
			mh_fill_if_stale(mh, added);
		rcu_read_unlock();
		return;
	}
	spin_lock_bh(lock);
	WRITE_ONCE(mh->stale, true);
	spin_unlock_bh(lock);
	schedule_work(&mh->worker);
}

static int mh_init(struct ip_vs_sched_state *state)
{
	struct mh_state *mh = mh_state(state);
	const struct ip_vs_dest *dest;

	list_for_each_entry(dest, &state->svc->dest_list, list)
		mh->n_dests++;
	if (mh->n_dests > MH_SLOTS)
		return -EINVAL;
	if (!mh_make_room(mh, mh->n_dests))
		return -ENOMEM;
	INIT_WORK(&mh->worker, mh_work);
	mh->stale = true;
	schedule_work(&mh->worker);
	return 0;
}

static void mh_stop(struct ip_vs_sched_state *state)
{
	struct mh_state *mh = mh_state(state);

	cancel_work_sync(&mh->worker);
	spin_lock_bh(&state->svc->sched_lock);
	/* Nobody fills the table from now on. */
	WRITE_ONCE(mh->stale, false);
	mh_put_servers(mh);
	spin_unlock_bh(&state->svc->sched_lock);
	kvfree(mh->server);
}

static void mh_add(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	struct mh_state *mh = mh_state(state);

	mh->n_dests++;
	mh_changed(mh, dest);
}

static void mh_del(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	struct mh_state *mh = mh_state(state);

	mh->n_dests--;
	mh_changed(mh, NULL);
}

static void mh_edit(struct ip_vs_sched_state *state, struct ip_vs_dest *dest)
{
	mh_changed(mh_state(state), NULL);
}

static u32 mh_hash(u32 number)
{
	return hsiphash_1u32(number, &mh_key1) % MH_SLOTS;
}

static struct ip_vs_dest *mh_find(struct mh_state *mh, u32 client,
				  bool fallback)
{
	u32 hash = mh_hash(client), k = 0;
	struct ip_vs_dest *dest;

	dest = rcu_dereference(mh->slot[hash]);
	while (dest && !ip_vs_hash_usable(dest)) {
		if (!fallback || k == MH_SLOTS)
			return NULL;
		dest = rcu_dereference(mh->slot[mh_hash((k++ + hash) %
							MH_SLOTS + client)]);
	}
	return dest;
}

static struct ip_vs_dest *mh_pick(struct ip_vs_sched_state *state,
				  const struct ip_vs_packet *pkt)
{
	u32 flags = READ_ONCE(state->svc->flags);
	struct mh_state *mh = mh_state(state);
	struct ip_vs_dest *dest;

	if (unlikely(READ_ONCE(mh->stale)))
		mh_fill_if_stale(mh, NULL);
	dest = mh_find(mh, ip_vs_client_number(pkt, flags),
		       flags & IP_VS_HASH_FALLBACK);
	if (!dest)
		ip_vs_sched_complain(state, NULL);
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_mh = {
	.name = "mh",
	.size = sizeof(struct mh_state),
	.init = mh_init,
	.stop = mh_stop,
	.add = mh_add,
	.del = mh_del,
	.edit = mh_edit,
	.pick = mh_pick,
};
