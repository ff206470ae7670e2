// SPDX-License-Identifier: GPL-2.0-only
/*
 * One service with its servers; see world.h.
 */
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "host.h"
#include "model.h"
#include "sched/table.h"
#include "world.h"

/* Most worlds are the first namespace. */
struct user_namespace init_user_ns;
static struct net first_net = { .user_ns = &init_user_ns };

static void dest_free(struct rcu_head *head)
{
	struct ip_vs_dest *d = container_of(head, struct ip_vs_dest, rcu);

	free(container_of(d, struct server, d));
}

void ip_vs_dest_put(struct ip_vs_dest *dest)
{
	if (refcount_dec_and_test(&dest->refcnt))
		call_rcu(&dest->rcu, dest_free);
}

struct world *world_new(u16 af, u32 fwmark)
{
	struct world *w = shim_alloc(1, sizeof(*w));

	mutex_init(&w->ivn.config);
	w->ivn.net = &first_net;
	w->svc.ivn = &w->ivn;
	w->svc.id = (struct ip_vs_service_key){
		.af = af, .proto = IPPROTO_UDP, .port = htons(80),
		.fwmark = fwmark,
	};
	if (af == AF_INET6)
		inet_pton(AF_INET6, "fd09::1", &w->svc.id.addr);
	else
		w->svc.id.addr.ip = htonl(0x0a090001);
	w->ivn.settings.lblc_expiration = 86400 * HZ;
	w->ivn.settings.lblcr_expiration = 86400 * HZ;
	spin_lock_init(&w->svc.sched_lock);
	INIT_LIST_HEAD(&w->svc.dest_list);
	w->model = model_new(w);
	return w;
}

int world_schedule(struct world *w, const char *name)
{
	const struct ip_vs_scheduler *sched = ip_vs_sched_find(name);
	int err = 0;

	mutex_lock(&w->svc.ivn->config);
	if (sched)
		err = ip_vs_sched_bind(&w->svc, sched);
	else
		ip_vs_sched_unbind(&w->svc);
	mutex_unlock(&w->svc.ivn->config);
	model_bind(w->model, err ? rcu_access_pointer(w->svc.sched)->name :
		   name);
	shim_grace_period();
	return err;
}

void world_free(struct world *w)
{
	unsigned int i;

	world_schedule(w, "none");
	for (i = 0; i < MAX_SERVERS; i++)
		if (w->by_id[i]) {
			assert(refcount_read(&w->by_id[i]->d.refcnt) == 1);
			ip_vs_dest_put(&w->by_id[i]->d);
		}
	shim_grace_period();
	model_free(w->model);
	free(w);
}

static void mark(struct server *s, bool overloaded)
{
	if (overloaded)
		s->d.status |= IP_VS_DEST_OVERLOAD;
	else
		s->d.status &= ~IP_VS_DEST_OVERLOAD;
}

static u32 lower_of(u32 upper, u32 lower)
{
	return lower ?: upper - upper / 4;
}

static void set_thresholds(struct server *s, u32 upper, u32 lower)
{
	u32 total = atomic_read(&s->d.total);

	if (s->d.u_threshold == upper && s->d.l_threshold == lower)
		return;
	s->d.u_threshold = upper;
	s->d.l_threshold = lower;
	if (!upper || total < lower_of(upper, lower))
		mark(s, false);
	if (upper && total >= upper)
		mark(s, true);
}

static struct server *server_new(struct world *w, unsigned int id)
{
	struct server *s = shim_alloc(1, sizeof(*s));

	s->w = w;
	s->id = id;
	s->d.key.af = w->svc.id.af;
	s->d.key.port = htons(80);
	if (s->d.key.af == AF_INET6) {
		inet_pton(AF_INET6, "fd02::", &s->d.key.addr);
		s->d.key.addr.ip6[3] = htonl(id);
	} else {
		s->d.key.addr.ip = htonl(w->addr_of[id] ?: 0x0a020000 + id);
	}
	refcount_set(&s->d.refcnt, 1);
	w->by_id[id] = s;
	return s;
}

int world_reserve(struct world *w, u32 more)
{
	int err;

	mutex_lock(&w->svc.ivn->config);
	err = ip_vs_sched_reserve(&w->svc, more);
	mutex_unlock(&w->svc.ivn->config);
	shim_grace_period();
	return err;
}

struct server *world_add(struct world *w, unsigned int id, int weight)
{
	struct server *s = w->by_id[id] ?: server_new(w, id);

	assert(!s->present && w->n < MAX_SERVERS);
	if (world_reserve(w, 1))
		return NULL;
	s->present = true;
	s->d.weight = weight;
	s->d.last_weight = weight;
	set_thresholds(s, 0, 0);
	s->d.status |= IP_VS_DEST_AVAILABLE;
	rcu_assign_pointer(s->d.svc, &w->svc);
	list_add_rcu(&s->d.list, &w->svc.dest_list);
	memmove(w->order + 1, w->order, w->n++ * sizeof(s));
	w->order[0] = s;
	mutex_lock(&w->svc.ivn->config);
	w->svc.num_dests++;
	ip_vs_sched_dest_added(&w->svc, &s->d);
	mutex_unlock(&w->svc.ivn->config);
	model_added(w->model, s);
	shim_grace_period();
	return s;
}

void world_del(struct server *s)
{
	struct world *w = s->w;
	unsigned int i;

	assert(s->present);
	s->present = false;
	s->d.status &= ~IP_VS_DEST_AVAILABLE;
	rcu_assign_pointer(s->d.svc, NULL);
	list_del_rcu(&s->d.list);
	for (i = 0; w->order[i] != s; i++)
		;
	/* told while the place in the list is still known */
	model_deleted(w->model, s, i);
	memmove(w->order + i, w->order + i + 1, (--w->n - i) * sizeof(s));
	model_changed(w->model);
	mutex_lock(&w->svc.ivn->config);
	w->svc.num_dests--;
	ip_vs_sched_dest_deleted(&w->svc, &s->d);
	mutex_unlock(&w->svc.ivn->config);
	shim_grace_period();
}

void world_edit(struct server *s, int weight, u32 upper, u32 lower)
{
	struct world *w = s->w;

	s->d.weight = weight;
	if (weight)
		s->d.last_weight = weight;
	set_thresholds(s, upper, lower);
	mutex_lock(&w->svc.ivn->config);
	ip_vs_sched_dest_edited(&w->svc, &s->d);
	mutex_unlock(&w->svc.ivn->config);
	model_edited(w->model, s);
	shim_grace_period();
}

bool world_purge(struct world *w, unsigned int id)
{
	struct server *s = w->by_id[id];

	if (!s || s->present || refcount_read(&s->d.refcnt) > 1)
		return false;
	ip_vs_dest_put(&s->d);
	shim_grace_period();
	w->by_id[id] = NULL;
	return true;
}

struct server *world_pick(struct world *w, const struct ip_vs_packet *pkt)
{
	unsigned int lines = shim_log_lines;
	struct ip_vs_dest *d;

	rcu_read_lock();
	d = ip_vs_sched_pick(&w->svc, pkt);
	rcu_read_unlock();
	lockdep_assert_not_held(&w->svc.sched_lock);
	shim_grace_period();
	w->complaint = SILENT;
	if (shim_log_lines != lines)
		w->complaint = strstr(shim_log, "overloaded") ? OVERLOADED :
								PLAIN;
	return d ? container_of(d, struct server, d) : NULL;
}

static void load_changed(struct server *s, bool marked)
{
	rcu_read_lock();
	ip_vs_sched_load_changed(&s->d, marked);
	rcu_read_unlock();
}

void world_bind(struct server *s)
{
	u32 total = atomic_inc_return(&s->d.total);
	bool full = s->d.u_threshold && total == s->d.u_threshold;

	ip_vs_dest_hold(&s->d);
	if (full)
		mark(s, true);
	load_changed(s, full);
}

void world_unbind(struct server *s, bool active)
{
	u32 upper = s->d.u_threshold, total;
	bool back;

	if (active)
		atomic_dec(&s->d.active);
	total = atomic_dec_return(&s->d.total);
	back = upper && total == lower_of(upper, s->d.l_threshold) - 1;
	if (back)
		mark(s, total >= upper);
	load_changed(s, back);
	ip_vs_dest_put(&s->d);
}

void world_activate(struct server *s, bool active)
{
	if (active)
		atomic_inc(&s->d.active);
	else
		atomic_dec(&s->d.active);
	load_changed(s, false);
}

struct ip_vs_packet packet4(u32 src, u16 sport, u32 dst, u16 dport, u8 proto)
{
	return (struct ip_vs_packet){
		.af = AF_INET, .proto = proto, .has_l4 = true,
		.key.v4 = {
			.saddr = htonl(src), .sport = htons(sport),
			.daddr = htonl(dst), .dport = htons(dport),
			.proto = proto,
		},
	};
}
