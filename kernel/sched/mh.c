// SPDX-License-Identifier: GPL-2.0-only
/*
 * mh: Maglev hashing.
 *
 * A table of N slots, N prime, shared out by weight so that a change of the
 * servers moves few slots between those that stay.  Source: D. Eisenbud et al.,
 * "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016,
 * section 3.4; the exact rule is the in-tree module's.
 *
 * The table.  Each server has a preference list of the slots:
 *
 *	v      = fold(address) + port
 *	offset = HS(v, K1) mod N
 *	skip   = HS(v, K2) mod (N - 1) + 1
 *	list   = offset, offset + skip, offset + 2 * skip ...  (mod N)
 *
 * In rounds over the servers, each takes the first free slot of its preference
 * list, `turns` times a round, until the table is full:
 *
 *	turns  = (w / g) >> r, at least 1 if w is not 0
 *	g      = gcd of all weights
 *	r      = what it takes to bring the largest w / g below 2^TB
 *
 * w is the last weight that was not 0, not the present one: a quiesced server
 * keeps its slots, so that only its own clients get another server.
 *
 * A pick.  a = fold(client's address), plus its port with flag mh-port;
 * h = HS(a, K1) mod N.  The server of slot h, if usable, else none; with flag
 * mh-fallback the first usable one of the slots
 * HS((k + h) mod N + a, K1) mod N, k = 0, 1, 2 ...  HS is SipHash-1-3.
 *
 * When it is filled.  A new table is filled in process context and published by
 * RCU: packets only read.  A command that changes the servers fills it before
 * it returns.  Only when there are many commands at once, those beyond
 * MH_AT_ONCE a second that find the service's table newer than MH_PAUSE leave
 * it to a worker, which runs MH_PAUSE later, once for all of them.  Until then
 * packets pick from the old table: new servers get nothing yet, and the clients
 * of a deleted one are treated as with flag mh-fallback.  With more than N
 * servers, or out of memory, the old table is kept until the next change.
 *
 * Cost of filling.  The rule above, followed literally, is quadratic for
 * servers whose addresses were chosen for it: those with the same skip visit
 * the same slots in the same order, and each would find them taken one by one.
 * But a slot once visited stays taken, so such servers form a ring (mh_ring()),
 * ordered by their first slots along the common sequence: a server that reaches
 * the first slot of the next one continues where that one is by now.  Thus a
 * ring visits each slot once, however many servers it has, and the result is
 * the same.  Many small rings can be chosen against each other, but the slots
 * left free are consecutive in few of them: about N^1.5 steps.
 */
#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gcd.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/workqueue.h>

#include "addr.h"
#include "net.h"
#include "packet.h"
#include "sched/client_hash.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/sched.h"

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

/* Tables that the commands of a namespace fill themselves within a second,
 * however new the old ones are.
 */
#define MH_AT_ONCE	64
/* Otherwise, the least time between two fills of a service's table. */
#define MH_PAUSE	DIV_ROUND_UP(HZ, 50)
/* Slots assigned before rescheduling. */
#define MH_SLICE	64

/* A sort key: skip, place on the ring, index. */
#define MH_KEY_BITS	20
#define MH_KEY_MASK	(BIT(MH_KEY_BITS) - 1)

static_assert(MH_SLOTS < BIT(MH_KEY_BITS));

static const hsiphash_key_t mh_key1 = {{ 2654435761UL, 2654435761UL }};
static const hsiphash_key_t mh_key2 = {{ 2654446892UL, 2654446892UL }};

/**
 * struct mh_table - the lookup table; constant once published
 * @rcu: for freeing
 * @room: length of @server
 * @n: how many of @server are in use
 * @slot: servers by hash
 * @server: those in @slot, a reference to each
 */
struct mh_table {
	struct rcu_head rcu;
	u32 room;
	u32 n;
	struct ip_vs_dest *slot[MH_SLOTS];
	struct ip_vs_dest *server[];
};

/**
 * struct mh_server - a server while a table is filled
 * @wish: next slot of its preference list
 * @skip: distance from one slot of the list to the next
 * @turns: slots a round
 * @left: steps from @wish to the first slot of @next
 * @next: the next server of its ring, perhaps itself
 * @set: itself; or the server whose @wish it continues with, directly or through
 *	others
 */
struct mh_server {
	u32 wish;
	u32 skip;
	u32 turns;
	u32 left;
	struct mh_server *next;
	struct mh_server *set;
};

/**
 * struct mh_plan - working memory for filling a table
 * @taken: slots already assigned
 * @key: to sort the servers by
 * @server: as in the table
 */
struct mh_plan {
	DECLARE_BITMAP(taken, MH_SLOTS);
	u64 *key;
	struct mh_server server[];
};

/**
 * struct mh_state - Maglev hashing of one service
 * @state: common part of all schedulers
 * @n_dests: servers on the list; configuration mutex
 * @table: in use, NULL: no server has any weight; RCU, written under @lock
 * @stale: the servers have changed since; written under @lock, READ_ONCE()
 * @lock: held while a table is filled; taken under the configuration mutex, or
 *	alone
 * @spare: to be filled next, with room for all servers; allocated while the table
 *	in use is stale, unless memory was short; @lock
 * @plan: as @spare
 * @filled: jiffies when a table was last filled; @lock
 * @worker: fills a new table when the one in use is stale
 */
struct mh_state {
	struct ip_vs_sched_state state;
	u32 n_dests;
	struct mh_table __rcu *table;
	bool stale;
	struct mutex lock;	/* see above */
	struct mh_table *spare;
	struct mh_plan *plan;
	unsigned long filled;
	struct delayed_work worker;
};

static struct mh_state *mh_state(struct ip_vs_sched_state *state)
{
	return container_of(state, struct mh_state, state);
}

/* --- memory --- */

static void mh_put_servers(struct mh_table *table)
{
	while (table->n)
		ip_vs_dest_put(table->server[--table->n]);
}

static struct mh_plan *mh_plan_new(u32 room)
{
	struct mh_plan *plan;
	size_t size;

	size = size_add(struct_size(plan, server, room),
			array_size(room, sizeof(*plan->key)));
	plan = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (plan)
		plan->key = (u64 *)(plan->server + room);
	return plan;
}

static void mh_drop_spare(struct mh_state *mh)
{
	kvfree(mh->spare);
	kvfree(mh->plan);
	mh->spare = NULL;
	mh->plan = NULL;
}

/* Allocates memory for a table of @n servers, in the process that changes them,
 * so that its control group is charged.
 */
static bool mh_reserve(struct mh_state *mh, u32 n)
{
	u32 room = roundup_pow_of_two(max_t(u32, 8, n));
	struct mh_table *table;

	lockdep_assert_held(&mh->lock);
	if (mh->spare && mh->spare->room >= n)
		return true;
	mh_drop_spare(mh);
	mh->spare = kvzalloc(struct_size(table, server, room),
			     GFP_KERNEL_ACCOUNT);
	mh->plan = mh_plan_new(room);
	if (!mh->spare || !mh->plan) {
		mh_drop_spare(mh);
		return false;
	}
	mh->spare->room = room;
	return true;
}

/* --- filling --- */

/* Collects the servers on the list, without @except, that have had any weight.
 * Sets *@unit to the greatest common divisor of the weights, *@most to the largest.
 * Returns false if there are too many.
 */
static bool mh_note_servers(struct mh_state *mh,
			    const struct ip_vs_dest *except, u32 *unit,
			    u32 *most)
{
	struct mh_table *table = mh->spare;
	struct ip_vs_dest *dest;
	u32 n = 0, w;

	*unit = 0;
	*most = 0;
	rcu_read_lock();
	list_for_each_entry_rcu(dest, &mh->state.svc->dest_list, list) {
		if (dest == except)
			continue;
		if (n++ == min_t(u32, table->room, MH_SLOTS))
			break;
		w = READ_ONCE(dest->last_weight);
		if (!w || !refcount_inc_not_zero(&dest->refcnt))
			continue;
		*unit = gcd(*unit, w);
		*most = max(*most, w);
		mh->plan->server[table->n].turns = w;
		table->server[table->n++] = dest;
	}
	rcu_read_unlock();
	if (n <= min_t(u32, table->room, MH_SLOTS))
		return true;
	mh_put_servers(table);
	return false;
}

/* Computes each server's preference list and turns. */
static void mh_prepare(struct mh_state *mh, u32 unit, u32 most)
{
	int shift = max(fls(most / unit) - MH_TURN_BITS, 0);
	struct mh_table *table = mh->spare;
	u16 af = mh->state.svc->id.af;
	const struct ip_vs_dest *dest;
	struct mh_server *s;
	u32 i, v;

	for (i = 0; i < table->n; i++) {
		dest = table->server[i];
		s = &mh->plan->server[i];
		v = ip_vs_addr_fold(af, &dest->key.addr) +
		    ntohs(dest->key.port);
		s->wish = hsiphash_1u32(v, &mh_key1) % MH_SLOTS;
		s->skip = hsiphash_1u32(v, &mh_key2) % (MH_SLOTS - 1) + 1;
		s->turns = (s->turns / unit) >> shift ?: 1;
		s->left = MH_SLOTS;
		s->next = s;
		s->set = s;
	}
}

/* The multiplicative inverse of @x modulo N; @x is from 1 to N - 1. */
static u32 mh_inverse(u32 x)
{
	s32 r = MH_SLOTS, next_r = x, t = 0, next_t = 1, q;

	while (next_r) {
		q = r / next_r;
		r -= q * next_r;
		swap(r, next_r);
		t -= q * next_t;
		swap(t, next_t);
	}
	return t < 0 ? t + MH_SLOTS : t;
}

static u32 mh_mul(u32 a, u32 b)
{
	u32 rem;

	div_u64_rem((u64)a * b, MH_SLOTS, &rem);
	return rem;
}

static u64 mh_key(u32 skip, u32 place, u32 index)
{
	return (u64)skip << 2 * MH_KEY_BITS | (u64)place << MH_KEY_BITS | index;
}

static u32 mh_key_skip(u64 key)
{
	return key >> 2 * MH_KEY_BITS;
}

static u32 mh_key_place(u64 key)
{
	return key >> MH_KEY_BITS & MH_KEY_MASK;
}

static int mh_key_cmp(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* Joins the @n servers at @key, all of one skip, to a ring in the order of
 * their first slots.  A server with the same first slot as the next one shares
 * the position of that one from the beginning.
 */
static void mh_ring(struct mh_plan *plan, u64 *key, u32 n)
{
	u32 skip = mh_key_skip(*key), inverse = mh_inverse(skip), i, end;
	struct mh_server *s;

	for (i = 0; i < n; i++)
		key[i] = mh_key(skip, mh_mul(mh_key_place(key[i]), inverse),
				key[i] & MH_KEY_MASK);
	sort(key, n, sizeof(*key), mh_key_cmp, NULL);
	for (i = 0; i < n; i++) {
		s = &plan->server[key[i] & MH_KEY_MASK];
		s->next = &plan->server[key[(i + 1) % n] & MH_KEY_MASK];
		end = mh_key_place(key[(i + 1) % n]);
		if (i == n - 1)
			end += MH_SLOTS;
		s->left = end - mh_key_place(key[i]);
		if (!s->left)
			s->set = s->next;
	}
}

/* Joins all servers with the same skip to rings. */
static void mh_join(struct mh_plan *plan, u32 n_servers)
{
	u32 i, n;

	for (i = 0; i < n_servers; i++)
		plan->key[i] = mh_key(plan->server[i].skip,
				      plan->server[i].wish, i);
	sort(plan->key, n_servers, sizeof(*plan->key), mh_key_cmp, NULL);
	for (i = 0; i < n_servers; i += n) {
		for (n = 1; i + n < n_servers; n++)
			if (mh_key_skip(plan->key[i + n]) !=
			    mh_key_skip(plan->key[i]))
				break;
		if (n > 1)
			mh_ring(plan, &plan->key[i], n);
		cond_resched();
	}
}

static struct mh_server *mh_set(struct mh_server *s)
{
	while (s->set != s) {
		s->set = s->set->set;
		s = s->set;
	}
	return s;
}

/* Takes the first free slot of a server's preference list.  There is a free
 * slot, and as N is prime, the list contains every slot.
 */
static u32 mh_take(struct mh_plan *plan, struct mh_server *s)
{
	s = mh_set(s);
	while (__test_and_set_bit(s->wish, plan->taken)) {
		s->wish += s->skip;
		if (s->wish >= MH_SLOTS)
			s->wish -= MH_SLOTS;
		if (--s->left)
			continue;
		s->set = s->next;
		s = mh_set(s);
	}
	return s->wish;
}

static void mh_deal(struct mh_table *table, struct mh_plan *plan)
{
	u32 i, turn, dealt = 0;

	bitmap_zero(plan->taken, MH_SLOTS);
	for (i = 0; dealt < MH_SLOTS; i = (i + 1) % table->n)
		for (turn = plan->server[i].turns; turn && dealt < MH_SLOTS;
		     turn--, dealt++) {
			table->slot[mh_take(plan, &plan->server[i])] =
				table->server[i];
			if (dealt % MH_SLICE == 0)
				cond_resched();
		}
}

static void mh_publish(struct mh_state *mh, struct mh_table *table)
{
	struct mh_table *old;

	old = rcu_dereference_protected(mh->table,
					lockdep_is_held(&mh->lock));
	rcu_assign_pointer(mh->table, table);
	WRITE_ONCE(mh->stale, false);
	mh->filled = jiffies;
	if (!old)
		return;
	/* Packets may still pick from it: a server is freed only after a
	 * grace period.
	 */
	mh_put_servers(old);
	kvfree_rcu(old, rcu);
}

/* Fills the spare table from the list, without @except, and publishes it. */
static void mh_fill(struct mh_state *mh, const struct ip_vs_dest *except)
{
	struct mh_table *table = mh->spare;
	u32 unit, most;

	lockdep_assert_held(&mh->lock);
	if (!mh_note_servers(mh, except, &unit, &most))
		return;
	if (table->n) {
		mh_prepare(mh, unit, most);
		mh_join(mh->plan, table->n);
		mh_deal(table, mh->plan);
		mh->spare = NULL;
		mh_publish(mh, table);
	} else {
		mh_publish(mh, NULL);
	}
	mh_drop_spare(mh);
}

static void mh_work(struct work_struct *work)
{
	struct mh_state *mh = container_of(to_delayed_work(work),
					   struct mh_state, worker);

	/* If it is held, a command fills the table or queues this again. */
	if (!mutex_trylock(&mh->lock))
		return;
	if (mh->stale && mh->spare)
		mh_fill(mh, NULL);
	mutex_unlock(&mh->lock);
}

/* May a command fill the table itself? */
static bool mh_at_once(struct mh_state *mh)
{
	struct ip_vs_net *ivn = mh->state.svc->ivn;

	lockdep_assert_held(&ivn->config);
	if (jiffies - ivn->mh_second >= HZ) {
		ivn->mh_second = jiffies;
		ivn->mh_fills = 0;
	}
	if (ivn->mh_fills < MH_AT_ONCE) {
		ivn->mh_fills++;
		return true;
	}
	return time_after(jiffies, mh->filled + MH_PAUSE);
}

/* The number of servers is @mh->n_dests now; @added, if any, is new.  If that
 * is more than a table can hold, only the changes before this one are filled
 * in.
 */
static void __mh_changed(struct mh_state *mh, const struct ip_vs_dest *added)
{
	if (mh->n_dests > MH_SLOTS) {
		if (mh->stale && mh->spare && added)
			mh_fill(mh, added);
		return;
	}
	WRITE_ONCE(mh->stale, true);
	if (!mh_reserve(mh, mh->n_dests))
		return;
	if (mh_at_once(mh))
		mh_fill(mh, NULL);
	else
		queue_delayed_work(ip_vs_fill_wq, &mh->worker, MH_PAUSE);
}

static void mh_changed(struct mh_state *mh, const struct ip_vs_dest *added)
{
	mutex_lock(&mh->lock);
	__mh_changed(mh, added);
	mutex_unlock(&mh->lock);
}

static int mh_init(struct ip_vs_sched_state *state, u32 n)
{
	struct mh_state *mh = mh_state(state);
	int err = 0;

	mutex_init(&mh->lock);
	INIT_DELAYED_WORK(&mh->worker, mh_work);
	mutex_lock(&mh->lock);
	if (!mh_reserve(mh, n))
		err = -ENOMEM;
	mutex_unlock(&mh->lock);
	return err;
}

static void mh_start(struct ip_vs_sched_state *state)
{
	struct mh_state *mh = mh_state(state);

	mutex_lock(&mh->lock);
	mh->n_dests = state->svc->num_dests;
	mh_fill(mh, NULL);
	mutex_unlock(&mh->lock);
}

static void mh_stop(struct ip_vs_sched_state *state)
{
	struct mh_state *mh = mh_state(state);
	struct mh_table *table;

	cancel_delayed_work_sync(&mh->worker);
	mutex_lock(&mh->lock);
	mh_drop_spare(mh);
	/* Packets may still pick from it; it is not replaced any more. */
	table = rcu_dereference_protected(mh->table,
					  lockdep_is_held(&mh->lock));
	if (table)
		mh_put_servers(table);
	mutex_unlock(&mh->lock);
}

static void mh_release(struct ip_vs_sched_state *state)
{
	mh_drop_spare(mh_state(state));
	kvfree(rcu_access_pointer(mh_state(state)->table));
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

/* --- picking --- */

static u32 mh_hash(u32 number)
{
	return hsiphash_1u32(number, &mh_key1) % MH_SLOTS;
}

/* Try other slots? */
static bool mh_falls_back(struct mh_state *mh, const struct ip_vs_dest *dest,
			  u32 flags)
{
	return flags & IP_VS_HASH_FALLBACK ||
	       (READ_ONCE(mh->stale) && !ip_vs_dest_available(dest));
}

static struct ip_vs_dest *mh_find(struct mh_state *mh, u32 client, u32 flags)
{
	struct mh_table *table = rcu_dereference(mh->table);
	u32 hash = mh_hash(client), k;
	struct ip_vs_dest *dest;

	if (!table)
		return NULL;
	dest = table->slot[hash];
	if (likely(ip_vs_hash_usable(dest)))
		return dest;
	if (!mh_falls_back(mh, dest, flags))
		return NULL;
	for (k = 0; k < MH_SLOTS; k++) {
		dest = table->slot[mh_hash((k + hash) % MH_SLOTS + client)];
		if (ip_vs_hash_usable(dest))
			return dest;
	}
	return NULL;
}

static struct ip_vs_dest *mh_pick(struct ip_vs_sched_state *state,
				  const struct ip_vs_packet *pkt)
{
	u32 flags = READ_ONCE(state->svc->flags);
	struct ip_vs_dest *dest;

	dest = mh_find(mh_state(state), ip_vs_client_number(pkt, flags), flags);
	if (!dest)
		ip_vs_sched_complain(state, NULL);
	return dest;
}

const struct ip_vs_scheduler ip_vs_sched_mh = {
	.name = "mh",
	.size = sizeof(struct mh_state),
	.most = MH_SLOTS,
	.anew = true,
	.init = mh_init,
	.fill = mh_start,
	.stop = mh_stop,
	.release = mh_release,
	.add = mh_add,
	.del = mh_del,
	.edit = mh_edit,
	.pick = mh_pick,
};
