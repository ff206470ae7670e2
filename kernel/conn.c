// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection: birth, deadline, death.
 *
 * An entry is born complete, bound to its server and findable, and dies once:
 * ip_vs_conn_kill() takes it out of the table, off the wheel and off its
 * server, and a grace period later its memory goes.  Nobody holds a reference
 * to a connection; whoever uses one is inside an RCU read section:
 *
 *	packets		from lookup or birth to verdict; they may still stamp a
 *			dead entry, which changes nothing
 *	the wheel	from taking an overdue entry off its slot to the end of
 *			ip_vs_conn_expire()
 *	listings	while they print one batch
 *
 * The exception is an entry that controls others (a template): each of those
 * counts in @n_control, and while it is not 0 the entry does not expire.
 */
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "conn_life.h"
#include "conn_table.h"
#include "expiry.h"
#include "net.h"

/* An entry whose time is up while others descend from it is asked again so
 * much later.
 */
#define CONTROL_GRACE (60 * HZ)

static struct kmem_cache *conn4_cache;

static void conn_free(struct rcu_head *rcu)
{
	kmem_cache_free(conn4_cache,
			ip_vs_conn4(container_of(rcu, struct ip_vs_conn,
						 rcu)));
}

static void file_under(struct ip_vs_conn4 *c4, const struct ip_vs_key4 *request,
		       __be32 daddr, __be16 dport, bool nat)
{
	struct ip_vs_node4 *in = &c4->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &c4->node[IP_VS_DIR_OUTPUT];

	in->key = *request;
	in->dir = IP_VS_DIR_INPUT;
	in->two_way = !nat;

	out->key = (struct ip_vs_key4) {
		.saddr = daddr,
		.daddr = request->saddr,
		.sport = dport,
		.dport = request->sport,
		.proto = request->proto,
		.kind = request->kind,
	};
	out->dir = IP_VS_DIR_OUTPUT;
	out->two_way = false;
}

/* The flags an entry is born with, by its server. */
static u32 birth_flags(const struct ip_vs_dest *dest)
{
	u32 flags = READ_ONCE(dest->method) & IP_VS_CONN_F_DEST_MASK;

	flags |= IP_VS_CONN_F_INACTIVE | IP_VS_CONN_F_HASHED;
	if ((flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ)
		flags |= IP_VS_CONN_F_NOOUTPUT;
	return flags;
}

/**
 * ip_vs_conn_new() - a connection for the flow a packet opens
 * @ivn: namespace
 * @pkt: the client's packet
 * @dest: the server chosen
 * @dport: port at the server
 * @fwmark: mark of the packet
 *
 * The entry counts at @dest and holds a reference to it.  It lives for
 * IP_VS_TIMEOUT_NEW unless its first packet moves its state.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; NULL: no memory, nothing has changed.
 */
struct ip_vs_conn *ip_vs_conn_new(struct ip_vs_net *ivn,
				  const struct ip_vs_packet *pkt,
				  struct ip_vs_dest *dest, __be16 dport,
				  u32 fwmark)
{
	struct ip_vs_conn4 *c4 = kmem_cache_alloc(conn4_cache,
						  GFP_ATOMIC | __GFP_NOWARN);
	struct ip_vs_conn *c;

	if (!c4)
		return NULL;
	c = &c4->c;
	memset(c, 0, sizeof(*c));
	spin_lock_init(&c->lock);
	c->ivn = ivn;
	c->dest = dest;
	c->flags = birth_flags(dest);
	c->timeout = IP_VS_TIMEOUT_NEW;
	c->stamp = jiffies;
	c->af = pkt->af;
	c->daf = dest->key.af;
	c->proto = pkt->proto;
	c->fwmark = fwmark;
	file_under(c4, &pkt->key.v4, dest->key.addr.ip, dport,
		   (c->flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_MASQ);

	ip_vs_dest_hold(dest);
	ip_vs_dest_bind(dest);
	/* On the wheel first: once findable it may be ended. */
	ip_vs_expiry_add(c);
	if (unlikely(ip_vs_conn_table_add(c))) {
		c->flags &= ~IP_VS_CONN_F_HASHED;
		ip_vs_conn_kill(c);
		return NULL;
	}
	return c;
}

/**
 * ip_vs_conn_kill() - end a connection
 * @c: connection; may be dying already
 *
 * Context: RCU read side, softirq or process, no lock held.  @c stays readable
 * until the section ends.
 */
void ip_vs_conn_kill(struct ip_vs_conn *c)
{
	struct ip_vs_conn *control = c->control;
	bool active, hashed;

	spin_lock_bh(&c->lock);
	if (c->dead) {
		spin_unlock_bh(&c->lock);
		return;
	}
	WRITE_ONCE(c->dead, true);
	active = !(c->flags & IP_VS_CONN_F_INACTIVE);
	hashed = c->flags & IP_VS_CONN_F_HASHED;
	spin_unlock_bh(&c->lock);

	if (hashed)
		ip_vs_conn_table_del(c);
	ip_vs_expiry_del(c);
	if (c->dest) {
		ip_vs_dest_unbind(c->dest, active);
		ip_vs_dest_put(c->dest);
	}
	if (control)
		atomic_dec(&control->n_control);
	call_rcu(&c->rcu, conn_free);
}

/**
 * ip_vs_conn_expire() - the wheel found a connection overdue
 * @c: connection, off the wheel
 *
 * Context: RCU read side.
 */
void ip_vs_conn_expire(struct ip_vs_conn *c)
{
	if (atomic_read(&c->n_control)) {
		WRITE_ONCE(c->timeout, CONTROL_GRACE);
		ip_vs_conn_touch(c);
	}
	if (ip_vs_conn_overdue(c))
		ip_vs_conn_kill(c);
	else
		ip_vs_expiry_sooner(c);
}

/**
 * ip_vs_conn_expire_now() - no later packet finds the connection
 * @c: connection
 *
 * Its memory and counts go at the wheel's next tick.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_expire_now(struct ip_vs_conn *c)
{
	spin_lock_bh(&c->lock);
	WRITE_ONCE(c->timeout, 0);
	ip_vs_expiry_sooner(c);
	spin_unlock_bh(&c->lock);
}

/**
 * ip_vs_conn_remaining() - how long a connection has left
 * @c: connection
 *
 * Return: jiffies until its deadline, 0: it has passed.
 */
u32 ip_vs_conn_remaining(const struct ip_vs_conn *c)
{
	u32 deadline = READ_ONCE(c->stamp) + READ_ONCE(c->timeout);

	return max_t(s32, deadline - (u32)jiffies, 0);
}

/**
 * ip_vs_conn_view() - addresses and ports of a connection
 * @c: connection
 * @view: filled in, padding zero
 */
void ip_vs_conn_view(const struct ip_vs_conn *c, struct ip_vs_conn_view *view)
{
	const struct ip_vs_conn4 *c4 = ip_vs_conn4(c);
	const struct ip_vs_key4 *in = &c4->node[IP_VS_DIR_INPUT].key;
	const struct ip_vs_key4 *out = &c4->node[IP_VS_DIR_OUTPUT].key;

	*view = (struct ip_vs_conn_view) {
		.caddr.ip = in->saddr,
		.vaddr.ip = in->daddr,
		.daddr.ip = out->saddr,
		.cport = in->sport,
		.vport = in->dport,
		.dport = out->sport,
		.af = c->af,
		.daf = c->daf,
	};
}

/**
 * ip_vs_conn_caches_init() - at module start
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_conn_caches_init(void)
{
	conn4_cache = KMEM_CACHE(ip_vs_conn4, SLAB_HWCACHE_ALIGN);
	return conn4_cache ? 0 : -ENOMEM;
}

/**
 * ip_vs_conn_caches_exit() - at module end, all namespaces gone
 */
void ip_vs_conn_caches_exit(void)
{
	/* conn_free() may be queued. */
	rcu_barrier();
	kmem_cache_destroy(conn4_cache);
}
