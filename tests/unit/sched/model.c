// SPDX-License-Identifier: GPL-2.0-only
/*
 * The naive model of the fourteen schedulers; section numbers are those of
 * spec/schedulers.md.
 *
 * Long because it is fourteen small models, side by side for comparison.
 */
#include <linux/gcd.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/siphash.h>

#include "addr.h"
#include "host.h"
#include "model.h"

#define MH_N 4093
#define MAX_PLACES 24576

struct place {
	union nf_inet_addr addr;
	struct server *set[64];	/* lblc: [0] only; lblcr: latest first */
	unsigned int n;
	unsigned long used, modified;
};

struct model {
	struct world *w;
	const char *name;
	/* rr, wrr: NULL is the head of the list */
	struct server *marker;
	int di, mw, cw;
	/* dh, sh, mh */
	struct server *slot[MH_N];
	/* lblc, lblcr */
	struct place *place;
	unsigned int n_places, countdown;
	unsigned long next_pass;
	/* twos */
	u64 random[2];
};

typedef struct server *pick_fn(struct model *m, const struct ip_vs_packet *pkt,
			       enum complaint *complaint);

/* --- 1 common --- */

static bool overloaded(const struct server *s)
{
	return s->d.status & IP_VS_DEST_OVERLOAD;
}

static bool usable(const struct server *s)
{
	return !overloaded(s) && s->d.weight > 0;
}

static s64 overhead(const struct server *s)
{
	return atomic_read(&s->d.active) * 256 + atomic_read(&s->d.total);
}

static int active(const struct server *s)
{
	return atomic_read(&s->d.active);
}

static struct server *none(enum complaint *complaint)
{
	*complaint = PLAIN;
	return NULL;
}

static unsigned int index_of(const struct world *w, const struct server *s)
{
	unsigned int i = 0;

	while (w->order[i] != s)
		i++;
	return i;
}

/* --- 2 rr --- */

static struct server *rr(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	struct world *w = m->w;
	unsigned int i, start = m->marker ? index_of(w, m->marker) + 1 : 0;

	for (i = start; i < w->n; i++)
		if (usable(w->order[i]))
			return m->marker = w->order[i];
	for (i = 0; i < start; i++)
		if (usable(w->order[i]))
			return m->marker = w->order[i];
	return none(complaint);
}

/* --- 3 wrr --- */

static void wrr_params(struct model *m)
{
	struct world *w = m->w;
	unsigned int i;
	int g = 0, top = 0;

	for (i = 0; i < w->n; i++)
		if (w->order[i]->d.weight > 0) {
			g = gcd(g, w->order[i]->d.weight);
			top = max(top, w->order[i]->d.weight);
		}
	m->di = g ?: 1;
	m->mw = top - (m->di - 1);
}

static void wrr_changed(struct model *m)
{
	m->marker = NULL;
	wrr_params(m);
	if (m->cw > m->mw || m->cw == 0)
		m->cw = m->mw;
	else if (m->di > 1)
		m->cw = m->cw / m->di * m->di + 1;
}

static struct server *wrr(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint)
{
	struct server *last = m->marker, *stop = NULL, *s;
	bool restarted = false, final = false;
	struct world *w = m->w;
	unsigned int i = last ? index_of(w, last) + 1 : 0;

	if (!m->mw)
		return none(complaint);
	*complaint = OVERLOADED;
	for (;; i = 0) {
		for (; i < w->n; i++) {
			s = w->order[i];
			if (!overloaded(s) && s->d.weight >= m->cw) {
				*complaint = SILENT;
				return m->marker = s;
			}
			if (s == stop) {
				m->marker = s;
				return NULL;
			}
		}
		m->cw -= m->di;
		if (m->cw <= 0) {
			m->cw = m->mw;
			if (final || !last) {
				m->marker = NULL;
				return NULL;
			}
			restarted = true;
		}
		final = m->cw <= m->di;
		if (final && restarted && last)
			stop = last;
	}
}

/* --- 4 to 9 --- */

static struct server *lc(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	struct server *best = NULL;
	unsigned int i;

	for (i = 0; i < m->w->n; i++) {
		struct server *s = m->w->order[i];

		if (usable(s) && (!best || overhead(s) < overhead(best)))
			best = s;
	}
	return best ?: none(complaint);
}

static struct server *weighted(struct model *m, s64 (*cost)(const struct server *))
{
	struct server *best = NULL;
	unsigned int i;

	for (i = 0; i < m->w->n; i++) {
		struct server *s = m->w->order[i];

		if (!best) {
			best = usable(s) ? s : NULL;
			continue;
		}
		if (!overloaded(s) && cost(best) * s->d.weight >
				      cost(s) * best->d.weight)
			best = s;
	}
	return best;
}

static struct server *wlc(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint)
{
	return weighted(m, overhead) ?: none(complaint);
}

static s64 queue(const struct server *s)
{
	return active(s) + 1;
}

static struct server *sed(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint)
{
	return weighted(m, queue) ?: none(complaint);
}

static struct server *nq(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	struct server *best = NULL;
	unsigned int i;

	for (i = 0; i < m->w->n; i++) {
		struct server *s = m->w->order[i];

		if (!usable(s))
			continue;
		if (!active(s))
			return s;
		if (!best || queue(best) * s->d.weight >
			     queue(s) * best->d.weight)
			best = s;
	}
	return best ?: none(complaint);
}

static struct server *heaviest(struct model *m, bool full_ones)
{
	struct server *best = NULL;
	unsigned int i;

	for (i = 0; i < m->w->n; i++) {
		struct server *s = m->w->order[i];

		if (!usable(s) || (!full_ones && active(s) > s->d.weight))
			continue;
		if (!best || s->d.weight > best->d.weight)
			best = s;
	}
	return best;
}

static struct server *fo(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	return heaviest(m, true) ?: none(complaint);
}

static struct server *ovf(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint)
{
	return heaviest(m, false) ?: none(complaint);
}

/* --- 10, 11 lblc and lblcr --- */

static struct place *place_find(struct model *m, const struct ip_vs_packet *pkt)
{
	unsigned int i;

	for (i = 0; i < m->n_places; i++)
		if (ip_vs_addr_equal(pkt->af, &m->place[i].addr,
				     ip_vs_packet_daddr(pkt))) {
			m->place[i].used = jiffies;
			return &m->place[i];
		}
	return NULL;
}

static struct place *place_new(struct model *m, const struct ip_vs_packet *pkt)
{
	struct place *p;

	if (m->n_places >= MAX_PLACES)
		return NULL;
	m->place = realloc(m->place, (m->n_places + 1) * sizeof(*p));
	p = &m->place[m->n_places++];
	*p = (struct place){ .used = jiffies };
	ip_vs_addr_copy(pkt->af, &p->addr, ip_vs_packet_daddr(pkt));
	return p;
}

static bool crowded(struct model *m, const struct server *s)
{
	unsigned int i;

	if (active(s) <= s->d.weight)
		return false;
	for (i = 0; i < m->w->n; i++)
		if (2 * active(m->w->order[i]) < m->w->order[i]->d.weight)
			return true;
	return false;
}

static struct server *lblc(struct model *m, const struct ip_vs_packet *pkt,
			   enum complaint *complaint)
{
	struct place *p = place_find(m, pkt);
	struct server *s = p ? p->set[0] : NULL;

	if (s && s->present && s->d.weight > 0 && !crowded(m, s))
		return s;
	s = weighted(m, overhead);
	if (!s)
		return none(complaint);
	p = p ?: place_new(m, pkt);
	if (p)
		p->set[0] = s;
	return s;
}

static struct server *set_least(const struct place *p)
{
	struct server *x = NULL, *s;
	unsigned int i;

	for (i = 0; i < p->n; i++) {
		s = p->set[i];
		if (!s->present || overloaded(s))
			continue;
		if (!x)
			x = s->d.weight > 0 ? s : NULL;
		else if (overhead(x) * s->d.weight > overhead(s) * x->d.weight)
			x = s;
	}
	return x;
}

static void set_shrink(struct place *p)
{
	unsigned int i, y = p->n;

	for (i = 0; i < p->n; i++) {
		const struct server *s = p->set[i];

		if (s->d.weight > 0 &&
		    (y == p->n || overhead(p->set[y]) * s->d.weight <
				  overhead(s) * p->set[y]->d.weight))
			y = i;
	}
	if (y == p->n)
		return;
	memmove(p->set + y, p->set + y + 1, (--p->n - y) * sizeof(p->set[0]));
	p->modified = jiffies;
}

static void set_insert(struct place *p, struct server *s)
{
	unsigned int i;

	for (i = 0; i < p->n; i++)
		if (p->set[i] == s)
			return;
	assert(p->n < ARRAY_SIZE(p->set));
	memmove(p->set + 1, p->set, p->n++ * sizeof(s));
	p->set[0] = s;
	p->modified = jiffies;
}

static struct server *lblcr(struct model *m, const struct ip_vs_packet *pkt,
			    enum complaint *complaint)
{
	long expiration = m->w->ivn.settings.lblcr_expiration;
	struct place *p = place_find(m, pkt);
	struct server *x, *n;

	if (p) {
		x = set_least(p);
		if (p->n > 1 && time_after(jiffies, p->modified + expiration))
			set_shrink(p);
		if (x && !crowded(m, x))
			return x;
		n = weighted(m, overhead);
		if (!n)
			return none(complaint);
	} else {
		n = weighted(m, overhead);
		if (!n)
			return NULL;
		p = place_new(m, pkt);
	}
	if (p)
		set_insert(p, n);
	return n;
}

static void pass(struct model *m, long expiration)
{
	unsigned int i;

	if (m->countdown % 30) {
		/* more than 16384 places are no matter for the model */
		m->countdown++;
		return;
	}
	for (i = 0; i < m->n_places; )
		if ((long)(m->next_pass - m->place[i].used) >= expiration)
			m->place[i] = m->place[--m->n_places];
		else
			i++;
	m->countdown = 1;
}

void model_tick(struct model *m)
{
	const struct ip_vs_settings *set = &m->w->ivn.settings;

	for (; !time_after(m->next_pass, jiffies); m->next_pass += 60 * HZ)
		pass(m, strcmp(m->name, "lblc") ? set->lblcr_expiration :
						  set->lblc_expiration);
}

unsigned int model_places(const struct model *m)
{
	return m->n_places;
}

/* --- 12 to 14 dh, sh, mh --- */

static u32 fold_of(const struct ip_vs_packet *pkt, bool dst)
{
	return ip_vs_addr_fold(pkt->af, dst ? ip_vs_packet_daddr(pkt) :
					      ip_vs_packet_saddr(pkt));
}

static u32 client_of(struct model *m, const struct ip_vs_packet *pkt)
{
	u32 a = fold_of(pkt, pkt->quoted);

	if ((m->w->svc.flags & 0x10) &&
	    (pkt->proto == IPPROTO_TCP || pkt->proto == IPPROTO_UDP ||
	     pkt->proto == IPPROTO_SCTP))
		a += ntohs(pkt->quoted ? ip_vs_packet_dport(pkt) :
					 ip_vs_packet_sport(pkt));
	return a;
}

static u32 hash8(u32 x)
{
	return x * 0x61C88647u >> 24;
}

static void dh_fill(struct model *m)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		m->slot[i] = m->w->n ? m->w->order[i % m->w->n] : NULL;
}

static struct server *dh(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	struct server *s = m->slot[hash8(fold_of(pkt, true))];

	return s && s->present && usable(s) ? s : none(complaint);
}

static void sh_fill(struct model *m)
{
	unsigned int i = 0, k = 0;
	int t;

	memset(m->slot, 0, sizeof(m->slot));
	while (m->w->n && i < 256) {
		struct server *s = m->w->order[k++ % m->w->n];

		for (t = max(1, s->d.weight); t && i < 256; t--)
			m->slot[i++] = s;
	}
}

static struct server *sh(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	u32 h = hash8(client_of(m, pkt)), k;
	struct server *s = m->slot[h];

	if (s && usable(s))
		return s;
	for (k = 0; s && (m->w->svc.flags & 0x08) && k < 256; k++) {
		s = m->slot[(k + 2 * h) % 256];
		if (s && usable(s))
			return s;
	}
	return none(complaint);
}

static u32 hs(u32 v, unsigned long k)
{
	hsiphash_key_t key = {{ k, k }};

	return hsiphash_1u32(v, &key);
}

static void mh_fill(struct model *m)
{
	struct world *w = m->w;
	static u32 position[MH_N], skip[MH_N], turns[MH_N];
	unsigned int i, filled = 0;
	u32 g = 0, top = 0, t, v;
	int r;

	if (w->n > MH_N)
		return;
	memset(m->slot, 0, sizeof(m->slot));
	for (i = 0; i < w->n; i++) {
		g = gcd(g, w->order[i]->d.last_weight);
		top = max_t(u32, top, w->order[i]->d.last_weight);
	}
	if (!g)
		return;
	r = max(0, fls(top / g) - 6);
	for (i = 0; i < w->n; i++) {
		const struct ip_vs_dest *d = &w->order[i]->d;

		v = ip_vs_addr_fold(w->svc.id.af, &d->key.addr) +
		    ntohs(d->key.port);
		position[i] = hs(v, 2654435761) % MH_N;
		skip[i] = hs(v, 2654446892) % (MH_N - 1) + 1;
		turns[i] = (d->last_weight / g) >> r;
		if (!turns[i] && d->last_weight)
			turns[i] = 1;
	}
	for (i = 0; filled < MH_N; i = (i + 1) % w->n)
		for (t = 0; t < turns[i] && filled < MH_N; t++, filled++) {
			while (m->slot[position[i]])
				position[i] = (position[i] + skip[i]) % MH_N;
			m->slot[position[i]] = w->order[i];
		}
}

static struct server *mh(struct model *m, const struct ip_vs_packet *pkt,
			 enum complaint *complaint)
{
	u32 a = client_of(m, pkt), h = hs(a, 2654435761) % MH_N, k;
	struct server *s = m->slot[h];

	if (s && usable(s))
		return s;
	for (k = 0; s && (m->w->svc.flags & 0x08) && k < MH_N; k++) {
		s = m->slot[hs((k + h) % MH_N + a, 2654435761) % MH_N];
		if (s && usable(s))
			return s;
	}
	return none(complaint);
}

/* --- 15 twos --- */

void model_random(struct model *m, u64 r1, u64 r2)
{
	m->random[0] = r1;
	m->random[1] = r2;
}

static struct server *lot(struct model *m, s64 r)
{
	unsigned int i;

	for (i = 0; i < m->w->n; i++)
		if (usable(m->w->order[i])) {
			r -= m->w->order[i]->d.weight;
			if (r <= 0)
				return m->w->order[i];
		}
	return NULL;
}

static struct server *twos(struct model *m, const struct ip_vs_packet *pkt,
			   enum complaint *complaint)
{
	struct server *c1, *c2;
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < m->w->n; i++)
		if (usable(m->w->order[i]))
			sum += m->w->order[i]->d.weight;
	if (!sum)
		return none(complaint);
	c1 = lot(m, mul_u64_u64_shr(m->random[0], sum + 1, 64));
	c2 = lot(m, mul_u64_u64_shr(m->random[1], sum + 1, 64));
	if (c2->d.weight * overhead(c1) > c1->d.weight * overhead(c2))
		return c2;
	return c1;
}

/* --- the table --- */

static void keep(struct model *m)
{
}

static const struct {
	const char *name;
	pick_fn *pick;
	void (*changed)(struct model *m);	/* added, deleted */
	void (*edited)(struct model *m);
} rows[] = {
	{ "rr", rr, keep, keep },
	{ "wrr", wrr, wrr_changed, wrr_changed },
	{ "lc", lc, keep, keep },
	{ "wlc", wlc, keep, keep },
	{ "sed", sed, keep, keep },
	{ "nq", nq, keep, keep },
	{ "fo", fo, keep, keep },
	{ "ovf", ovf, keep, keep },
	{ "lblc", lblc, keep, keep },
	{ "lblcr", lblcr, keep, keep },
	{ "dh", dh, dh_fill, keep },
	{ "sh", sh, sh_fill, sh_fill },
	{ "mh", mh, mh_fill, mh_fill },
	{ "twos", twos, keep, keep },
};

static unsigned int row_of(const struct model *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (m->name && !strcmp(rows[i].name, m->name))
			return i;
	return i;
}

struct model *model_new(struct world *w)
{
	struct model *m = calloc(1, sizeof(*m));

	m->w = w;
	return m;
}

void model_free(struct model *m)
{
	free(m->place);
	free(m);
}

void model_bind(struct model *m, const char *name)
{
	unsigned int row;

	free(m->place);
	*m = (struct model){
		.w = m->w, .name = name, .countdown = 1,
		.next_pass = jiffies + 60 * HZ,
	};
	row = row_of(m);
	if (row == ARRAY_SIZE(rows))
		return;
	rows[row].changed(m);
	if (rows[row].pick == wrr)
		m->cw = m->mw;
}

void model_added(struct model *m, struct server *s)
{
	model_changed(m);
}

void model_changed(struct model *m)
{
	unsigned int row = row_of(m);

	if (row < ARRAY_SIZE(rows))
		rows[row].changed(m);
}

void model_deleted(struct model *m, struct server *s, unsigned int at)
{
	if (m->marker == s)
		m->marker = at ? m->w->order[at - 1] : NULL;
}

void model_edited(struct model *m, struct server *s)
{
	unsigned int row = row_of(m);

	if (row < ARRAY_SIZE(rows))
		rows[row].edited(m);
}

struct server *model_pick(struct model *m, const struct ip_vs_packet *pkt,
			  enum complaint *complaint)
{
	*complaint = SILENT;
	return rows[row_of(m)].pick(m, pkt, complaint);
}
