// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random histories: the real schedulers and the naive model live through the
 * same additions, removals, edits, arrivals, departures and time, and must pick
 * the same server and log the same at every step.
 */
#include <linux/jiffies.h>
#include <linux/random.h>

#include "host.h"
#include "sched/locality.h"
#include "model.h"
#include "sched_tests.h"
#include "world.h"

#define MAX_CONNS 20000

struct plan {
	const char *name;
	unsigned int steps;
	unsigned int pool;	/* ids of servers */
	unsigned int churn;	/* changes of servers, per mille of steps */
	u32 max_weight;
	u32 max_upper;		/* upper thresholds */
};

struct conn {
	struct server *s;
	bool active;
};

struct history {
	const struct plan *plan;
	struct world *w;
	struct conn conn[MAX_CONNS];
	unsigned int n_conns;
	unsigned int picks, failures;
	u64 seed;
};

static u64 rnd(struct history *h, u64 below)
{
	/* xorshift64*, S. Vigna, public domain */
	h->seed ^= h->seed >> 12;
	h->seed ^= h->seed << 25;
	h->seed ^= h->seed >> 27;
	return (h->seed * 2685821657736338717ull >> 16) % below;
}

static int random_weight(struct history *h)
{
	static const int common[] = { 2, 3, 10 };

	switch (rnd(h, 8)) {
	case 0: return 0;
	case 1: return 1;
	case 2: return common[rnd(h, 3)] * rnd(h, h->plan->max_weight);
	default: return rnd(h, h->plan->max_weight) + 1;
	}
}

static struct server *random_server(struct history *h)
{
	return h->w->n ? h->w->order[rnd(h, h->w->n)] : NULL;
}

static void change_servers(struct history *h)
{
	struct world *w = h->w;
	struct server *s = random_server(h);
	unsigned int id;
	u32 upper, lower;

	switch (rnd(h, 10)) {
	case 0: case 1: case 2:
		id = rnd(h, h->plan->pool);
		world_purge(w, rnd(h, h->plan->pool));
		if (!w->by_id[id] || !w->by_id[id]->present)
			world_add(w, id, random_weight(h));
		break;
	case 3: case 4:
		if (s)
			world_del(s);
		break;
	case 5: case 6:
		if (s)
			world_edit(s, random_weight(h), s->d.u_threshold,
				   s->d.l_threshold);
		break;
	case 7: case 8:
		upper = rnd(h, 3) ? 1 + rnd(h, h->plan->max_upper) : 0;
		lower = upper && rnd(h, 2) ? rnd(h, upper + 1) : 0;
		if (s)
			world_edit(s, s->d.weight, upper, lower);
		break;
	case 9:
		w->svc.flags = rnd(h, 4) << 3;
		if (!rnd(h, 10))
			world_schedule(w, h->plan->name);
		break;
	}
}

static void end_conn(struct history *h, unsigned int i)
{
	world_unbind(h->conn[i].s, h->conn[i].active);
	h->conn[i] = h->conn[--h->n_conns];
}

static void change_conn(struct history *h)
{
	unsigned int i;

	if (!h->n_conns)
		return;
	i = rnd(h, h->n_conns);
	if (rnd(h, 3)) {
		end_conn(h, i);
		return;
	}
	h->conn[i].active = !h->conn[i].active;
	world_activate(h->conn[i].s, h->conn[i].active);
}

static void arrive(struct history *h, unsigned int step)
{
	struct ip_vs_packet pkt;
	enum complaint complaint;
	struct server *want, *got;

	pkt = packet4(0x0a010000 + rnd(h, 300), 1024 + rnd(h, 60000),
		      0x0a090100 + rnd(h, 40), 80,
		      rnd(h, 2) ? IPPROTO_TCP : IPPROTO_UDP);
	pkt.quoted = !rnd(h, 20);
	shim_random[0] = rnd(h, 1ull << 48) << 16;
	shim_random[1] = rnd(h, 1ull << 48) << 16;
	shim_random_n = 2;
	model_random(h->w->model, shim_random[0], shim_random[1]);
	want = model_pick(h->w->model, &pkt, &complaint);
	got = world_pick(h->w, &pkt);
	shim_random_n = 0;
	h->picks++;
	if (want != got)
		check_fail("step %u: picked %d, wanted %d", step,
			   got ? (int)got->id : -1, want ? (int)want->id : -1);
	if (complaint != h->w->complaint)
		check_fail("step %u: logged %d, wanted %d", step,
			   h->w->complaint,
			   complaint);
	if (!got) {
		h->failures++;
		return;
	}
	if (h->n_conns == MAX_CONNS)
		end_conn(h, rnd(h, h->n_conns));
	h->conn[h->n_conns].s = got;
	h->conn[h->n_conns].active = rnd(h, 3);
	world_bind(got);
	if (h->conn[h->n_conns].active)
		world_activate(got, true);
	h->n_conns++;
}

static void time_passes(struct history *h)
{
	struct ip_vs_sched_state *state;

	shim_advance(rnd(h, 20) ? rnd(h, 100) : rnd(h, 40 * 60 * HZ));
	model_tick(h->w->model);
	if (strncmp(h->plan->name, "lblc", 4))
		return;
	state = rcu_access_pointer(h->w->svc.sched_data);
	if (ip_vs_locality(state)->n_places != model_places(h->w->model))
		check_fail("%u destinations remembered, wanted %u",
			   ip_vs_locality(state)->n_places,
			   model_places(h->w->model));
}

static void history(const void *arg)
{
	struct history *h = calloc(1, sizeof(*h));
	unsigned int i, expiration;
	u64 r;

	h->plan = arg;
	h->seed = 88172645463325252ull + h->plan->pool;
	h->w = world_new(AF_INET, 0);
	expiration = 30 * HZ;
	h->w->ivn.settings.lblc_expiration = expiration;
	h->w->ivn.settings.lblcr_expiration = expiration;
	world_schedule(h->w, h->plan->name);
	/* a tide: long stretches of more arrivals, then of more departures */
	for (i = 0; i < h->plan->steps; i++) {
		unsigned int flow = i / 3000 % 2 ? 350 : 620;

		r = rnd(h, 1000);
		if (r < h->plan->churn)
			change_servers(h);
		else if (r < h->plan->churn + 5)
			time_passes(h);
		else if (rnd(h, 1000) < flow)
			arrive(h, i);
		else
			change_conn(h);
		cond_resched();
	}
	if (h->failures * 10 > h->picks * 9 || !h->failures)
		check_fail("%u of %u picks found nobody: a dull history",
			   h->failures, h->picks);
	while (h->n_conns)
		end_conn(h, 0);
	world_free(h->w);
	free(h);
}

void histories(void)
{
	static const struct { const char *name; u32 weight; } row[] = {
		{ "rr", 10 }, { "wrr", 12 }, { "lc", 10 }, { "wlc", 10 },
		{ "sed", 10 }, { "nq", 10 }, { "fo", 10 }, { "ovf", 30 },
		{ "lblc", 30 }, { "lblcr", 30 }, { "dh", 10 }, { "sh", 10 },
		{ "mh", 100 }, { "twos", 10 },
	};
	/* few, overloaded most of the time; some; many */
	static const struct plan shape[] = {
		{ .pool = 4, .churn = 60, .max_upper = 4 },
		{ .pool = 12, .churn = 60, .max_upper = 12 },
		{ .pool = 300, .churn = 200, .max_upper = 12 },
	};
	char name[80];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(row); i++)
		for (k = 0; k < ARRAY_SIZE(shape); k++) {
			struct plan plan = shape[k];

			plan.name = row[i].name;
			plan.max_weight = row[i].weight;
			plan.steps = 100000;
			/* the model fills the whole table at each change */
			if (!strcmp(plan.name, "mh"))
				plan.churn /= 10;
			/* the model's sets are small */
			if (!strcmp(plan.name, "lblcr"))
				plan.pool = min(plan.pool, 60u);
			snprintf(name, sizeof(name),
				 "%s: %u random steps, up to %u servers",
				 plan.name, plan.steps, plan.pool);
			check_test(name, history, &plan);
		}
}
