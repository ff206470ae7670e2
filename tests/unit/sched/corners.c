// SPDX-License-Identifier: GPL-2.0-only
/*
 * What histories and examples do not reach: limits, failures, log lines, locks
 * not taken, work not done.
 *
 * Long because it is a list: one short case after the other, by scheduler.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "sched/locality.h"
#include "sched/table.h"
#include "model.h"
#include "sched_tests.h"
#include "world.h"

static const char *const names[] = {
	"rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq",
	"fo", "ovf", "mh", "twos",
};

static struct ip_vs_packet from(unsigned int n)
{
	return packet4(0x0a010000 + n, 1024, 0x0a090001, 80, IPPROTO_UDP);
}

static struct ip_vs_packet to(u32 addr)
{
	return packet4(0x0a010005, 1024, addr, 80, IPPROTO_UDP);
}

static struct server *pick(struct world *w)
{
	struct ip_vs_packet pkt = from(5);

	return world_pick(w, &pkt);
}

static struct world *world_of(const char *name, unsigned int n)
{
	struct world *w = world_new(AF_INET, 0);
	unsigned int i;

	world_schedule(w, name);
	for (i = 1; i <= n; i++)
		world_add(w, i, 1);
	return w;
}

/* --- the table and the log --- */

static void table(const void *arg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!ip_vs_sched_find(names[i]) ||
		    strcmp(ip_vs_sched_find(names[i])->name, names[i]))
			check_fail("%s is not found", names[i]);
	if (ip_vs_sched_find("none") || ip_vs_sched_find("") ||
	    ip_vs_sched_find("wr") || ip_vs_sched_find("wrrr"))
		check_fail("found what is not there");
}

static void logged(struct world *w, const char *want)
{
	pick(w);
	if (strcmp(shim_log, want))
		check_fail("logged \"%s\", wanted \"%s\"", shim_log, want);
	world_free(w);
}

static void log_lines(const void *arg)
{
	struct world *w = world_of("rr", 0);

	w->svc.id.proto = IPPROTO_TCP;
	logged(w, "IPVS: rr: TCP 10.9.0.1:80 - no destination available");
	w = world_new(AF_INET6, 0);
	w->svc.id.proto = IPPROTO_TCP;
	world_schedule(w, "rr");
	logged(w, "IPVS: rr: TCP [fd09::1]:80 - no destination available");
	w = world_new(AF_INET, 17);
	world_schedule(w, "rr");
	logged(w, "IPVS: rr: FWM 17 0x00000011 - no destination available");
	w = world_of("wrr", 1);
	w->svc.id.port = htons(2005);
	world_bind(w->order[0]);
	world_edit(w->order[0], 1, 1, 0);
	world_unbind(w->order[0], false);
	world_bind(w->order[0]);
	pick(w);
	world_unbind(w->order[0], false);
	if (strcmp(shim_log, "IPVS: wrr: UDP 10.9.0.1:2005 - no destination available: all destinations are overloaded"))
		check_fail("logged \"%s\"", shim_log);
	world_free(w);
	w = world_of("none", 1);
	*shim_log = 0;
	logged(w, "");
}

/* --- binding --- */

static void too_many(const void *arg)
{
	struct world *w = world_of("rr", 4094);
	int err;

	pick(w);
	err = world_schedule(w, "mh");
	if (err != -EINVAL)
		check_fail("mh with 4094 servers: %d", err);
	if (strcmp(shim_log, "IPVS: ip_vs_bind_scheduler(): init error"))
		check_fail("logged \"%s\"", shim_log);
	/* rr goes on, and starts anew */
	if (pick(w) != w->order[0])
		check_fail("rr did not start anew");
	world_free(w);
}

static void no_memory(const void *arg)
{
	unsigned int i, fail;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		for (fail = 1; fail < 4; fail++) {
			struct world *w = world_of("rr", 20);

			shim_fail_in = fail;
			world_schedule(w, names[i]);
			shim_fail_in = 0;
			if (!pick(w))
				check_fail("%s: nobody after failure %u",
					   names[i],
					   fail);
			world_free(w);
		}
}

/* Out of memory, nobody is added and all stays; room once reserved is there. */
static void growth_fails(const void *arg)
{
	/* 8 places, then 32: full with these */
	struct world *w = world_of(arg, 32);
	unsigned int turns;
	struct server *s;

	/* of two allocations the first is the server */
	shim_fail_in = 2;
	if (world_add(w, 101, 1000000))
		check_fail("added without memory");
	if (shim_fail_in)
		check_fail("no new index was made");
	for (turns = 0; turns < 40; turns++)
		if (!pick(w) || pick(w) == w->by_id[101])
			check_fail("nobody, or who is not there");
	if (world_reserve(w, 1000))
		check_fail("no room");
	for (turns = 0; turns < 999; turns++) {
		/* the server is the only allocation */
		shim_fail_in = 2;
		world_add(w, 102 + turns, 0);
		if (!shim_fail_in)
			check_fail("an addition needs memory");
	}
	shim_fail_in = 0;
	s = world_add(w, 101, 1000000);
	/* rr comes round to it */
	for (turns = 0; turns < 40 && pick(w) != s; turns++)
		;
	if (turns == 40)
		check_fail("the late server is missing");
	world_free(w);
}

/* A scheduler prepared beside the present one, for more servers, and then not
 * wanted changes no choice.
 */
static void prepared(const void *arg)
{
	struct world *a = world_of(arg, 20), *b = world_of(arg, 20);
	const struct ip_vs_scheduler *sched;
	struct ip_vs_sched_state *state;
	struct ip_vs_packet pkt;
	struct server *x, *y;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		sched = ip_vs_sched_find(names[i % ARRAY_SIZE(names)]);
		mutex_lock(&a->ivn.config);
		state = ip_vs_sched_prepare(&a->svc, sched, 30);
		if (IS_ERR(state))
			check_fail("%s cannot be prepared", sched->name);
		ip_vs_sched_free(state);
		mutex_unlock(&a->ivn.config);
		pkt = from(i);
		x = world_pick(a, &pkt);
		y = world_pick(b, &pkt);
		if (!x || !y || x->id != y->id)
			check_fail("another choice beside %s", sched->name);
		world_bind(x);
		world_bind(y);
		if (i % 3)
			continue;
		world_unbind(x, false);
		world_unbind(y, false);
	}
	for (i = 0; i < 20; i++)
		while (atomic_read(&a->order[i]->d.total)) {
			world_unbind(a->order[i], false);
			world_unbind(b->order[i], false);
		}
	world_free(a);
	world_free(b);
}

/* Packets may hold a retired state, and servers, for one grace period. */
static void retired(const void *arg)
{
	struct ip_vs_packet pkt = from(5);
	struct ip_vs_sched_state *old;
	struct world *w;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		w = world_of(names[i], 20);
		pick(w);
		old = rcu_dereference(w->svc.sched_data);
		mutex_lock(&w->ivn.config);
		ip_vs_sched_bind(&w->svc, ip_vs_sched_find("rr"));
		mutex_unlock(&w->ivn.config);
		if (old->ops->load)
			old->ops->load(old, &w->order[3]->d);
		if (!old->ops->pick(old, &pkt))
			check_fail("%s: nobody on the retired state", names[i]);
		shim_grace_period();
		world_free(w);
	}
}

/* --- the index by load --- */

static void no_lock(const void *arg)
{
	struct world *w = world_of("wlc", 1000);
	unsigned long taken;
	unsigned int i;

	pick(w);
	taken = w->svc.sched_lock.taken;
	for (i = 0; i < 100; i++)
		pick(w);
	if (w->svc.sched_lock.taken != taken)
		check_fail("a pick without changes takes the lock");
	/* one lock a pick, however many changes of however few servers */
	for (i = 0; i < 10; i++) {
		world_bind(w->order[7]);
		world_activate(w->order[7], true);
		world_unbind(w->order[7], true);
	}
	if (w->svc.sched_lock.taken != taken)
		check_fail("a change of load takes the lock");
	pick(w);
	if (w->svc.sched_lock.taken != taken + 1)
		check_fail("a pick takes the lock %lu times",
			   w->svc.sched_lock.taken - taken);
	/* another processor has it: no waiting */
	world_bind(w->order[0]);
	w->svc.sched_lock.held = true;
	if (!ip_vs_load_index_best(rcu_access_pointer(w->svc.sched_data)))
		check_fail("nobody while another processor works");
	w->svc.sched_lock.held = false;
	world_unbind(w->order[0], false);
	world_free(w);
}

static void backlog(const void *arg)
{
	struct world *w = world_of("lc", 1000);
	unsigned long taken;
	unsigned int i;

	pick(w);
	taken = w->svc.sched_lock.taken;
	for (i = 0; i < 1000; i++)
		world_bind(w->order[i]);
	taken = w->svc.sched_lock.taken - taken;
	if (taken < 1000 / 64 || taken > 1000 / 32)
		check_fail("1000 changes were settled in %lu goes", taken);
	for (i = 0; i < 1000; i++)
		world_unbind(w->order[i], false);
	world_free(w);
}

static void saturation(const void *arg)
{
	struct world *w = world_of(arg, 2);

	/* in-tree's number runs over here, and the full server looks idle */
	atomic_set(&w->order[0]->d.active, 9000000);
	atomic_set(&w->order[0]->d.total, 9000000);
	atomic_set(&w->order[1]->d.active, 8000000);
	atomic_set(&w->order[1]->d.total, 8000000);
	ip_vs_sched_load_changed(&w->order[0]->d, false);
	ip_vs_sched_load_changed(&w->order[1]->d, false);
	if (pick(w) != w->order[1])
		check_fail("the fuller server was chosen");
	world_free(w);
}

/* --- wrr --- */

static void huge_weights(const void *arg)
{
	struct world *w = world_of("wrr", 0);
	struct server *heavy = world_add(w, 1, 2147483647);
	struct server *light = world_add(w, 2, 1);
	unsigned int i;

	world_edit(heavy, 2147483647, 1, 0);
	world_bind(heavy);
	for (i = 0; i < 1000; i++)
		if (pick(w) != light)
			check_fail("pick %u", i);
	world_edit(light, 0, 0, 0);
	if (pick(w) || w->complaint != OVERLOADED)
		check_fail("somebody, or logged %d", w->complaint);
	world_unbind(heavy, false);
	world_free(w);
}

/* --- tables --- */

#define MH_SLOTS 4093

static u32 mh_number(u32 v, unsigned long k)
{
	hsiphash_key_t key = {{ k, k }};

	return hsiphash_1u32(v, &key);
}

/* From a client that has this slot. */
static struct ip_vs_packet from_slot(u32 slot)
{
	static u32 client[MH_SLOTS];
	static bool known;
	u32 i;

	for (i = 0x0b000000; !known && i < 0x0b020000; i++)
		client[mh_number(i, 2654435761) % MH_SLOTS] = i;
	known = true;
	if (!client[slot])
		check_fail("no client for slot %u", slot);
	return packet4(client[slot], 1, 0x0a090001, 80, IPPROTO_UDP);
}

static u32 slots_of(struct world *w, unsigned int id)
{
	struct ip_vs_packet pkt;
	u32 i, n = 0;

	for (i = 0; i < MH_SLOTS; i++) {
		pkt = from_slot(i);
		n += world_pick(w, &pkt) == w->by_id[id];
	}
	return n;
}

/* The worker has done what was left to it. */
static void mh_settle(void)
{
	shim_advance(HZ);
}

static void mh_slots(const void *arg)
{
	static const struct { int w[3]; u32 slots[3]; } rows[] = {
		{ { 1, 2, 3 }, { 682, 1364, 2047 } },
		{ { 1, 100, 1000 }, { 59, 354, 3680 } },
	};
	struct world *w;
	u32 n;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		w = world_of("mh", 0);
		for (k = 0; k < 3; k++)
			world_add(w, k + 1, rows[i].w[k]);
		for (k = 0; k < 3; k++) {
			n = slots_of(w, k + 1);
			if (n != rows[i].slots[k])
				check_fail("weight %d has %u slots, wanted %u",
					   rows[i].w[k], n, rows[i].slots[k]);
		}
		world_free(w);
	}
}

/* A command fills the table before it returns. */
static void mh_at_once(const void *arg)
{
	struct world *w = world_of("mh", 0);
	unsigned int i;

	for (i = 1; i <= 20; i++) {
		world_add(w, i, i == 1);
		if (pick(w) != w->by_id[1])
			check_fail("server %u: nobody, or one without weight",
				   i);
	}
	for (i = 2; i <= 20; i++) {
		world_edit(w->by_id[i], 1, 0, 0);
		world_del(w->by_id[i - 1]);
		if (slots_of(w, 20) != (i < 20 ? 0 : MH_SLOTS))
			check_fail("the table is behind after %u edits", i);
	}
	world_free(w);
}

/* Of many commands at once the first do, and a worker once for the rest; a pick
 * never.
 */
static void mh_once(const void *arg)
{
	struct world *w = world_of("mh", 64);
	unsigned int i, ran;

	shim_bits_tested = 0;
	for (i = 65; i <= 1000; i++)
		world_add(w, i, 1);
	for (i = 65; i <= 1000; i++)
		if (slots_of(w, i))
			check_fail("server %u has slots already", i);
	if (shim_bits_tested)
		check_fail("a table was filled, %lu", shim_bits_tested);
	for (i = 0, ran = 0; i < HZ; i++) {
		jiffies++;
		ran += shim_run_work();
	}
	if (ran != 1)
		check_fail("the worker ran %u times", ran);
	if (shim_bits_tested < MH_SLOTS || shim_bits_tested > 20 * MH_SLOTS)
		check_fail("the worker took %lu steps", shim_bits_tested);
	for (i = 1; i <= 1000; i += 99)
		if (slots_of(w, i) < 4)
			check_fail("server %u has no slots", i);
	world_free(w);
}

/* A table that is behind leaves nobody's clients without a server; one that is
 * not has nobody for the clients of a server that takes nothing new.
 */
static void mh_behind(const void *arg)
{
	struct world *w = world_of("mh", 200);
	struct server *gone;
	struct ip_vs_packet pkt;
	unsigned int i;

	mh_settle();
	world_edit(w->order[0], 0, 0, 0);
	if (slots_of(w, 200))
		check_fail("a quiesced server was chosen");
	mh_settle();
	for (i = 1; i <= 100; i++)
		world_edit(w->by_id[i], 1, 0, 0);
	gone = w->by_id[1];
	world_del(gone);
	for (i = 0; i < MH_SLOTS; i++) {
		pkt = from_slot(i);
		if (world_pick(w, &pkt) == gone)
			check_fail("a removed server was chosen");
		else if (w->complaint != SILENT &&
			 model_pick(w->model, &pkt, &w->complaint))
			check_fail("slot %u has nobody", i);
	}
	world_free(w);
}

/* With the model's table, slot by slot. */
static void mh_compare(struct world *w)
{
	enum complaint complaint;
	struct ip_vs_packet pkt;
	u32 i;

	for (i = 0; i < MH_SLOTS; i++) {
		pkt = from_slot(i);
		if (world_pick(w, &pkt) !=
		    model_pick(w->model, &pkt, &complaint))
			check_fail("slot %u differs", i);
	}
}

/**
 * struct hostile - servers chosen to make filling long
 * @name: of the test
 * @skips: how many different skips they have
 * @wishes: how many different first wishes with each, close together
 * @weight: the largest
 * @steps: what filling may take
 */
struct hostile {
	const char *name;
	u32 skips;
	u32 wishes;
	int weight;
	unsigned long steps;
};

/* Where on its ring is the first wish of v? */
static u32 place_of(u32 v, u32 skip)
{
	u32 wish = mh_number(v, 2654435761) % MH_SLOTS, at = 0, place = 0;

	while (at != wish) {
		at = (at + skip) % MH_SLOTS;
		place++;
	}
	return place;
}

/* Addresses with few skips, 1 to @h->skips, and near places on the rings. */
static void choose(struct world *w, const struct hostile *h)
{
	u32 v, n = 0, skip, i;
	u32 *found = calloc(h->skips, sizeof(*found));

	for (v = 1 << 24; n < h->skips * h->wishes; v++) {
		skip = mh_number(v, 2654446892) % (MH_SLOTS - 1) + 1;
		if (skip > h->skips || found[skip - 1] == h->wishes ||
		    place_of(v, skip) > MH_SLOTS / 16)
			continue;
		w->addr_of[1 + (skip - 1) * h->wishes + found[skip - 1]++] =
			v - 80;
		n++;
	}
	for (i = n; i < MH_SLOTS; i++)
		w->addr_of[1 + i] = w->addr_of[1 + i % n];
	free(found);
}

static void mh_hostile(const void *arg)
{
	struct world *w = world_new(AF_INET, 0);
	const struct hostile *h = arg;
	u32 i;

	if (h->skips)
		choose(w, h);
	world_schedule(w, "rr");
	for (i = 0; i < MH_SLOTS; i++)
		world_add(w, 1 + i, 1 + i % h->weight);
	shim_bits_tested = 0;
	world_schedule(w, "mh");
	if (shim_bits_tested > h->steps)
		check_fail("%lu steps", shim_bits_tested);
	mh_compare(w);
	world_free(w);
}

/* Servers that never had a weight are not gone round for each slot. */
static void mh_weightless(const void *arg)
{
	struct world *w = world_of("rr", 0);
	u32 i;

	for (i = 1; i < MH_SLOTS; i++)
		world_add(w, i, i == 1000);
	world_schedule(w, "mh");
	if (slots_of(w, 1000) != MH_SLOTS)
		check_fail("the only server with a weight has %u slots",
			   slots_of(w, 1000));
	mh_compare(w);
	world_free(w);
}

static void mh_full(const void *arg)
{
	struct world *w = world_of("mh", 4092);
	struct server *before, *s;

	world_add(w, 4093, 1);
	/* not filled yet, but the 4094th must not be what it is filled with */
	s = world_add(w, 4094, 1000000);
	before = pick(w);
	if (!before || before == s)
		check_fail("picked %s", before ? "the late server" : "nobody");
	if (slots_of(w, 4093) != 1)
		check_fail("the 4093rd has %u slots", slots_of(w, 4093));
	world_edit(s, 5, 0, 0);
	mh_settle();
	if (pick(w) != before)
		check_fail("the table has changed");
	world_del(before);
	/* 4093 again: filled anew, without the one that went */
	s = pick(w);
	if (!s || s == before)
		check_fail("the removed server is still there");
	world_free(w);
}

/* With too many servers the old table stays, its removed servers too; these are
 * not chosen, and must not be freed.
 */
static void mh_stuck(const void *arg)
{
	struct world *w = world_of("mh", 4093);
	struct server *s;
	unsigned int id;

	mh_settle();
	s = pick(w);
	id = s->id;
	world_add(w, 4094, 1);
	world_add(w, 4095, 1);
	world_del(s);
	if (world_purge(w, id))
		check_fail("the table's server was let go");
	if (pick(w))
		check_fail("a removed server was chosen");
	world_free(w);
}

/* Out of memory: the table stays until the next change. */
static void mh_no_room(const void *arg)
{
	/* 8 places: full with these */
	struct world *w = world_of("mh", 8);
	unsigned int fail;

	for (fail = 2; fail < 4; fail++) {
		/* of three allocations the first is the server */
		shim_fail_in = fail;
		world_add(w, 7 + fail, 1);
		shim_fail_in = 0;
		if (slots_of(w, 7 + fail))
			check_fail("a server has slots without memory");
		world_edit(w->order[0], 1, 0, 0);
		mh_compare(w);
	}
	world_free(w);
}

/* --- lblc's memory --- */

static struct ip_vs_locality *locality(struct world *w)
{
	return ip_vs_locality(rcu_access_pointer(w->svc.sched_data));
}

static void places(const void *arg)
{
	struct world *w = world_of(arg, 3);
	struct ip_vs_packet pkt;
	u32 i, n;

	for (i = 0; i < 25000; i++) {
		pkt = to(0x0c000000 + i);
		if (!world_pick(w, &pkt))
			check_fail("nobody");
	}
	n = locality(w)->n_places;
	if (n != 24576)
		check_fail("%u places", n);
	/* used within six minutes: none may go */
	shim_advance(5 * 60 * HZ);
	if (locality(w)->n_places != n)
		check_fail("%u places after 5 min", locality(w)->n_places);
	/* then at most 8192 and the rest of a bucket a pass */
	shim_advance(61 * HZ);
	n -= locality(w)->n_places;
	if (n < 8192 || n > 8192 + 100)
		check_fail("a partial pass dropped %u", n);
	shim_advance(10 * 60 * HZ);
	if (locality(w)->n_places > 16384)
		check_fail("%u places stay", locality(w)->n_places);
	shim_advance(24 * 3600 * HZ + 31 * 60 * HZ);
	if (locality(w)->n_places)
		check_fail("%u places after a day", locality(w)->n_places);
	shim_advance(60 * HZ);
	if (locality(w)->gc_pending || locality(w)->gc.work.pending)
		check_fail("a timer with nothing to forget");
	world_free(w);
}

/* What packets make in a namespace of another user namespace is limited, however
 * many its services are; who finds no room is served all the same.
 */
static void foreign_places(const void *arg)
{
	struct user_namespace other = {};
	struct net net = { .user_ns = &other };
	struct world *w[3];
	struct ip_vs_packet pkt;
	unsigned int i, j;
	int n;

	for (i = 0; i < ARRAY_SIZE(w); i++) {
		w[i] = world_of(arg, 3);
		w[i]->svc.ivn = &w[0]->ivn;
	}
	w[0]->ivn.net = &net;
	for (i = 0; i < ARRAY_SIZE(w); i++)
		for (j = 0; j < 20000; j++) {
			pkt = to(0x0c000000 + j);
			if (!world_pick(w[i], &pkt))
				check_fail("nobody");
		}
	n = atomic_read(&w[0]->ivn.n_remembered);
	if (n != 2 * 24576)
		check_fail("%d remembered", n);
	/* Unused ones make room, also where they are no crowd. */
	shim_advance(12 * 60 * HZ);
	n = atomic_read(&w[0]->ivn.n_remembered);
	if (n > 24576 * 3 / 2)
		check_fail("%d remembered after 12 min", n);
	for (i = ARRAY_SIZE(w); --i;)
		world_free(w[i]);
	world_schedule(w[0], "none");
	n = atomic_read(&w[0]->ivn.n_remembered);
	if (n)
		check_fail("%d remembered by nobody", n);
	world_free(w[0]);
}

/* A server stays while a place names it, and is valid again when re-added. */
static void place_holds(const void *arg)
{
	struct world *w = world_of(arg, 2);
	struct ip_vs_packet pkt = to(0x0c000001);
	struct server *s = world_pick(w, &pkt);
	unsigned int id = s->id;

	world_bind(s);
	world_del(s);
	world_unbind(s, false);
	if (world_purge(w, id))
		check_fail("the place's server was let go");
	if (world_add(w, id, 1) != s || world_pick(w, &pkt) != s)
		check_fail("the place is not valid again");
	world_free(w);
}

/* --- twos --- */

static void twos_shares(const void *arg)
{
	/* list C B A, W = 6; lots 0-3 C, 4-5 B, 6 A; all idle: choice 1 */
	static const double share[] = { 1 / 7., 2 / 7., 4 / 7. };
	struct world *w = world_of("twos", 0);
	unsigned int i, n[3] = {}, total = 200000;
	double chi = 0, e;

	for (i = 0; i < 3; i++)
		world_add(w, i + 1, i + 1);
	for (i = 0; i < total; i++)
		n[pick(w)->id - 1]++;
	for (i = 0; i < 3; i++) {
		e = share[i] * total;
		chi += (n[i] - e) * (n[i] - e) / e;
	}
	/* two degrees of freedom: 13.8 is one in a thousand */
	if (chi > 13.8)
		check_fail("A %u B %u C %u: chi square %.1f", n[0], n[1], n[2],
			   chi);
	world_free(w);
}

void corners(void)
{
	/* The rule walked as it stands takes 8,376,325 steps for the first. */
	static const struct hostile hostile[] = {
		{ "mh: servers with equal wishes", 1, 1, 1, 10000 },
		{ "mh: servers with one skip", 1, 40, 1, 10000 },
		{ "mh: servers with few skips", 8, 20, 1, 40000 },
		{ "mh: the same with weights", 8, 20, 50, 40000 },
		{ "mh: servers that do not collide", 0, 0, 50, 60000 },
	};
	size_t i;

	check_test("every scheduler is in the table", table, NULL);
	check_test("log lines", log_lines, NULL);
	check_test("binding: too many servers for mh", too_many, NULL);
	check_test("binding: out of memory", no_memory, NULL);
	check_test("prepared beside: wrr", prepared, "wrr");
	check_test("prepared beside: wlc", prepared, "wlc");
	check_test("prepared beside: lblc", prepared, "lblc");
	check_test("prepared beside: mh", prepared, "mh");
	check_test("growth fails: rr", growth_fails, "rr");
	check_test("growth fails: wlc", growth_fails, "wlc");
	check_test("picks on a retired state", retired, NULL);
	check_test("load index: locks not taken", no_lock, NULL);
	check_test("load index: no long backlog", backlog, NULL);
	check_test("lc: millions of connections", saturation, "lc");
	check_test("wlc: millions of connections", saturation, "wlc");
	check_test("wrr: huge weights", huge_weights, NULL);
	check_test("mh: slots by weight", mh_slots, NULL);
	check_test("mh: commands fill the table themselves", mh_at_once, NULL);
	check_test("mh: one filling for many changes", mh_once, NULL);
	check_test("mh: a table that is behind", mh_behind, NULL);
	check_test("mh: more servers than slots", mh_full, NULL);
	check_test("mh: a table that cannot follow", mh_stuck, NULL);
	check_test("mh: out of memory", mh_no_room, NULL);
	check_test("mh: servers without any weight", mh_weightless, NULL);
	for (i = 0; i < ARRAY_SIZE(hostile); i++)
		check_test(hostile[i].name, mh_hostile, &hostile[i]);
	check_test("lblc: limits and forgetting", places, "lblc");
	check_test("lblcr: limits and forgetting", places, "lblcr");
	check_test("lblc: a limit for foreign namespaces", foreign_places,
		   "lblc");
	check_test("lblcr: a limit for foreign namespaces", foreign_places,
		   "lblcr");
	check_test("lblc: a place holds its server", place_holds, "lblc");
	check_test("lblcr: a place holds its server", place_holds, "lblcr");
	check_test("twos: shares", twos_shares, NULL);
}
