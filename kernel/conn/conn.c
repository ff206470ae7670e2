// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection: creation, deadline, end.
 *
 * An entry is complete, bound to its real server and hashed when others first
 * see it, and it ends once: ip_vs_conn_kill() unhashes it, takes it off the
 * wheel and unbinds it from its server; after a grace period its memory is
 * freed.  Nobody holds a reference to a connection; every user of one is inside
 * an RCU read section:
 *
 *	packets		from lookup or creation to verdict; they may still stamp a
 *			dead entry, which has no effect
 *	the wheel	from taking an expired entry off its slot to the end of
 *			ip_vs_conn_expire()
 *	listings	while they print one batch
 *
 * The exception is an entry that controls others (a persistence template):
 * @n_control counts the controlled entries, and while it is not 0 the entry
 * does not end.
 *
 * A few entries have more behind them, in one piece of memory: a template of a
 * persistence engine what the engine found (struct ip_vs_conn_tail), some
 * connections a helper or changed sequence numbers (struct ip_vs_extra).  None has
 * both.  All others come from the slab caches.
 *
 * A one-packet connection is not hashed and only its packet sees it; it ends
 * with ip_vs_conn_done().
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "app/app.h"
#include "conn/conn.h"
#include "conn/events.h"
#include "conn/expiry.h"
#include "conn/extra.h"
#include "conn/limit.h"
#include "conn/table.h"
#include "content/engine.h"
#include "foreign.h"
#include "net.h"
#include "nfct.h"
#include "server/dest.h"

/* An expired entry that still controls others is re-armed for this long. */
#define CONTROL_GRACE (60 * HZ)

/* The server port of an invalidated template. */
#define PORT_INVALID htons(0xffff)

static struct kmem_cache *conn4_cache;
static struct kmem_cache *conn6_cache;

/* Connections of all foreign namespaces together. */
static struct ip_vs_conn_limit foreign_conns;

static void conn_uncount(struct ip_vs_net *ivn)
{
	ip_vs_conn_limit_give(&ivn->limit);
	if (unlikely(ivn->foreign))
		ip_vs_conn_limit_give(&foreign_conns);
}

static size_t conn_size(u16 af)
{
	return af == AF_INET6 ? sizeof(struct ip_vs_conn6) :
				sizeof(struct ip_vs_conn4);
}

/* How much is behind a new entry. */
static size_t conn_behind(const struct ip_vs_conn_params *params, bool extra)
{
	if (unlikely(extra))
		return sizeof(struct ip_vs_extra);
	if (unlikely(params->data))
		return struct_size((struct ip_vs_conn_tail *)NULL, bytes,
				   params->data->len);
	return 0;
}

/* An entry, zeroed, and what is behind it, which is not. */
static noinline struct ip_vs_conn *
conn_memory_behind(struct ip_vs_net *ivn, u16 af, size_t behind)
{
	void *c = ip_vs_packet_kmalloc(ivn->foreign, conn_size(af) + behind);

	return c ? memset(c, 0, conn_size(af)) : NULL;
}

/* The common part comes first in both families. */
static struct kmem_cache *conn_cache(u16 af)
{
	return af == AF_INET6 ? conn6_cache : conn4_cache;
}

static noinline struct ip_vs_conn *
conn_alloc_foreign(const struct ip_vs_conn_params *params, size_t behind)
{
	struct ip_vs_net *ivn = params->ivn;
	struct ip_vs_conn *c;

	if (!ip_vs_conn_limit_take(&foreign_conns, ip_vs_foreign_total())) {
		ip_vs_conn_limit_give(&ivn->limit);
		return ERR_PTR(-ENOBUFS);
	}
	if (behind)
		c = conn_memory_behind(ivn, params->af, behind);
	else
		c = ip_vs_foreign_cache_alloc(ivn->foreign,
					      conn_cache(params->af));
	if (c)
		return c;
	conn_uncount(ivn);
	return ERR_PTR(-ENOMEM);
}

/* Allocate an entry, zeroed, and count it in the namespace.  Many kernels zero
 * whatever they allocate: the allocator is asked for it, as it is done once then.
 */
static struct ip_vs_conn *conn_alloc(const struct ip_vs_conn_params *params,
				     size_t behind)
{
	struct ip_vs_net *ivn = params->ivn;
	int max = READ_ONCE(ivn->settings.conn_max);
	struct ip_vs_conn *c;

	if (!ip_vs_conn_limit_take(&ivn->limit, max))
		return ERR_PTR(-ENOBUFS);
	if (unlikely(ivn->foreign))
		return conn_alloc_foreign(params, behind);
	if (unlikely(behind))
		c = conn_memory_behind(ivn, params->af, behind);
	else
		c = kmem_cache_alloc(conn_cache(params->af),
				     GFP_ATOMIC | __GFP_NOWARN | __GFP_ZERO);
	if (likely(c))
		return c;
	ip_vs_conn_limit_give(&ivn->limit);
	return ERR_PTR(-ENOMEM);
}

static noinline void conn_free_extra(struct ip_vs_conn *c)
{
	struct ip_vs_extra *extra = ip_vs_conn_extra(c);

	if (extra->app) {
		extra->app->app->release(extra->state);
		ip_vs_app_unbind(extra->app);
	}
	kfree(c);
}

static void conn_free(struct ip_vs_conn *c)
{
	if (unlikely(c->flags & IP_VS_CONN_F_EXTRA))
		conn_free_extra(c);
	else if (unlikely(ip_vs_conn_tail(c)))
		kfree(c);
	else if (c->af == AF_INET6)
		kmem_cache_free(conn6_cache, ip_vs_conn6(c));
	else
		kmem_cache_free(conn4_cache, ip_vs_conn4(c));
}

/* Free a chain of dead entries, of which @rcu is in the first.  They are linked
 * by @wheel, which the wheel does not use any more.  @rcu lies where @all was,
 * which only those who hold the shard's lock follow, to entries on the list.
 */
static void conns_free_rcu(struct rcu_head *rcu)
{
	struct ip_vs_conn *c = container_of(rcu, struct ip_vs_conn, rcu);
	struct hlist_node *next;

	while (c) {
		next = c->wheel.next;
		conn_free(c);
		c = hlist_entry_safe(next, struct ip_vs_conn, wheel);
	}
}

/* Do answers carry the tuple of requests with source and destination swapped?
 * With NAT they have a tuple of their own.  A template has no answers: its
 * swapped key may be that of another template, if two services are each other's
 * clients.
 */
static bool answers_turn_round(const struct ip_vs_conn *c)
{
	return (c->flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ &&
	       !(c->flags & IP_VS_CONN_F_TEMPLATE);
}

static const union nf_inet_addr *server_addr(const struct ip_vs_conn_params *params)
{
	return params->dest && !params->elsewhere ? &params->dest->key.addr :
						    &params->daddr;
}

static void conn_name4(struct ip_vs_conn *c, const struct ip_vs_conn_params *params)
{
	const struct ip_vs_key4 *key = &params->key->v4;
	struct ip_vs_node4 *in = &ip_vs_conn4(c)->node[IP_VS_DIR_INPUT];
	struct ip_vs_node4 *out = &ip_vs_conn4(c)->node[IP_VS_DIR_OUTPUT];

	in->key = *key;
	in->link.digest = params->digest;
	in->link.dir = IP_VS_DIR_INPUT;
	in->link.bidirectional = answers_turn_round(c);
	out->key.saddr = server_addr(params)->ip;
	out->key.daddr = key->saddr;
	out->key.sport = params->dport;
	out->key.dport = key->sport;
	out->key.proto = key->proto;
	out->key.kind = key->kind;
	out->link.dir = IP_VS_DIR_OUTPUT;
}

static void conn_name6(struct ip_vs_conn *c, const struct ip_vs_conn_params *params)
{
	const struct ip_vs_key6 *key = &params->key->v6;
	struct ip_vs_node6 *in = &ip_vs_conn6(c)->node[IP_VS_DIR_INPUT];
	struct ip_vs_node6 *out = &ip_vs_conn6(c)->node[IP_VS_DIR_OUTPUT];

	in->key = *key;
	in->link.digest = params->digest;
	in->link.dir = IP_VS_DIR_INPUT;
	in->link.bidirectional = answers_turn_round(c);
	out->key.saddr = server_addr(params)->in6;
	out->key.daddr = key->saddr;
	out->key.sport = params->dport;
	out->key.dport = key->sport;
	out->key.proto = key->proto;
	out->key.kind = key->kind;
	out->link.dir = IP_VS_DIR_OUTPUT;
}

/* The initial flags of an entry, from its server and its parameters. */
static u32 birth_flags(const struct ip_vs_conn_params *params)
{
	u32 flags = params->flags;

	/* The record of a sync peer says whether the entry is active. */
	if (!(flags & IP_VS_CONN_F_SYNC))
		flags |= IP_VS_CONN_F_INACTIVE;

	/* ONE_PACKET comes from the parameters alone: it depends on the
	 * protocol.
	 */
	if (params->dest)
		flags |= READ_ONCE(params->dest->method) &
			 IP_VS_CONN_F_DEST_MASK & ~IP_VS_CONN_F_ONE_PACKET;
	if (!(flags & IP_VS_CONN_F_ONE_PACKET))
		flags |= IP_VS_CONN_F_HASHED;
	if (params->dest && (flags & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ)
		flags |= IP_VS_CONN_F_NOOUTPUT;
	if (READ_ONCE(params->ivn->settings.conntrack))
		flags |= IP_VS_CONN_F_NFCT;
	return flags;
}

/* With any of these no text and no numbers are changed: it is not NAT. */
#define EXTRA_UNFIT	(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_TEMPLATE)

/* The helper of a new connection. */
static noinline struct ip_vs_app_port *
birth_app(const struct ip_vs_conn_params *params, u32 flags)
{
	const struct ip_vs_conn *control = params->control;

	if (flags & EXTRA_UNFIT)
		return NULL;
	/* What a connection announces is data, which no helper reads. */
	if (control && !ip_vs_conn_is_template(control))
		return NULL;
	if (params->af == AF_INET6)
		return ip_vs_app_bind(params->ivn, params->key->v6.proto,
				      params->key->v6.dport);
	return ip_vs_app_bind(params->ivn, params->key->v4.proto,
			      params->key->v4.dport);
}

static noinline void extra_fill(struct ip_vs_conn *c,
				const struct ip_vs_conn_params *params,
				struct ip_vs_app_port *app)
{
	struct ip_vs_extra *extra;

	c->flags |= IP_VS_CONN_F_EXTRA;
	if (app && app->app->tracked)
		c->flags |= IP_VS_CONN_F_NFCT;
	extra = ip_vs_conn_extra(c);
	memset(extra, 0, sizeof(*extra));
	spin_lock_init(&extra->lock);
	extra->elsewhere = params->elsewhere;
	extra->app = app;
	if (params->seq)
		memcpy(extra->seq, params->seq, sizeof(extra->seq));
}

static noinline void tail_fill(struct ip_vs_conn *c,
			       const struct ip_vs_pe_data *data)
{
	struct ip_vs_conn_tail *tail = (void *)c + conn_size(c->af);

	tail->pe = data->pe;
	tail->len = data->len;
	memcpy(tail->bytes, data->bytes, data->len);
}

/* Fill in an entry that is zeroed. */
static void conn_fill(struct ip_vs_conn *c, const struct ip_vs_conn_params *params,
		      u32 flags)
{
	spin_lock_init(&c->lock);
	c->ivn = params->ivn;
	c->dest = params->dest;
	c->control = params->control;
	c->flags = flags;
	c->timeout = params->timeout;
	c->stamp = jiffies;
	c->synced_until = c->stamp;
	c->in_pkts = params->in_pkts;
	c->state = params->state;
	c->synced = params->state;
	c->af = params->af;
	c->daf = params->dest ? params->dest->key.af : params->af;
	c->fwmark = params->fwmark;
	if (params->af == AF_INET6) {
		c->proto = params->key->v6.proto;
		conn_name6(c, params);
	} else {
		c->proto = params->key->v4.proto;
		conn_name4(c, params);
	}
}

/* Count an entry that @control controls; false: @control is dead already. */
static bool control_get(struct ip_vs_conn *control)
{
	bool alive;

	spin_lock_bh(&control->lock);
	alive = !control->dead;
	if (alive)
		WRITE_ONCE(control->n_control, control->n_control + 1);
	spin_unlock_bh(&control->lock);
	return alive;
}

static void control_put(struct ip_vs_conn *control)
{
	spin_lock_bh(&control->lock);
	WRITE_ONCE(control->n_control, control->n_control - 1);
	spin_unlock_bh(&control->lock);
}

/* Count an entry at its server; false: that is being destroyed. */
static bool server_bind(struct ip_vs_conn *c)
{
	struct ip_vs_dest *dest = c->dest;

	if (!dest)
		return true;
	if (c->flags & IP_VS_CONN_F_TEMPLATE)
		return ip_vs_dest_bind_template(dest);
	if (unlikely(!ip_vs_dest_bind(dest)))
		return false;
	if (!(c->flags & IP_VS_CONN_F_INACTIVE))
		ip_vs_dest_set_active(dest, true);
	return true;
}

static void server_unbind(struct ip_vs_conn *c)
{
	struct ip_vs_dest *dest = c->dest;

	if (!dest)
		return;
	if (c->flags & IP_VS_CONN_F_TEMPLATE)
		ip_vs_dest_unbind_template(dest);
	else
		ip_vs_dest_unbind(dest, !(c->flags & IP_VS_CONN_F_INACTIVE));
}

/* Add to the wheel and to the table under the entry's lock: after either
 * addition others may end the entry (at once, if it is expired already), and
 * ip_vs_conn_kill() waits for the lock.
 */
static int conn_publish(struct ip_vs_conn *c)
{
	int err;

	spin_lock_bh(&c->lock);
	ip_vs_expiry_add(c);
	err = ip_vs_conn_table_add(c);
	if (unlikely(err))
		c->flags &= ~IP_VS_CONN_F_HASHED;
	spin_unlock_bh(&c->lock);
	return err;
}

static void conn_let_go(struct ip_vs_conn *c)
{
	server_unbind(c);
	if (c->control)
		control_put(c->control);
	conn_uncount(c->ivn);
}

/**
 * ip_vs_conn_new() - create a connection or template
 * @params: its parameters
 *
 * The entry is counted at its server and at its controlling entry, and by that holds
 * both.
 *
 * Context: RCU read side, softirq or process.
 *
 * Return: an RCU pointer; ERR_PTR(-ENOBUFS): the namespace has conn_max of
 * them, or all foreign ones have foreign_conn_total; ERR_PTR(-ENOMEM): no
 * memory, or the controlling entry or the server has just ended.  On error nothing has
 * changed.
 */
struct ip_vs_conn *ip_vs_conn_new(const struct ip_vs_conn_params *params)
{
	struct ip_vs_net *ivn = params->ivn;
	struct ip_vs_app_port *app = NULL;
	u32 flags = birth_flags(params);
	struct ip_vs_conn *c;
	bool extra;

	if (unlikely(!hlist_empty(&ivn->apps)))
		app = birth_app(params, flags);
	extra = unlikely(app) || (unlikely(params->elsewhere || params->seq) &&
				  !(flags & EXTRA_UNFIT));
	if (!extra)
		flags &= ~IP_VS_CONN_F_SEQ_MASK;
	/* Expired entries count towards the limit until they are ended. */
	if (likely(!params->locked))
		ip_vs_expiry_help(ivn);
	c = conn_alloc(params, conn_behind(params, extra));
	if (IS_ERR(c)) {
		if (unlikely(app))
			ip_vs_app_unbind(app);
		return c;
	}
	conn_fill(c, params, flags);
	if (unlikely(extra))
		extra_fill(c, params, app);
	else if (unlikely(params->data))
		tail_fill(c, params->data);
	if (c->control && !control_get(c->control))
		goto err_free;
	if (unlikely(!server_bind(c)))
		goto err_control;
	if (c->flags & IP_VS_CONN_F_ONE_PACKET)
		return c;
	if (unlikely(c->flags & IP_VS_CONN_F_NO_CPORT))
		atomic_inc(&ivn->n_portless);
	/* Before others can end it: its creation is reported before its end. */
	ip_vs_conn_event(c, IPVS_EXT_EVENT_CONN_NEW);
	if (likely(!conn_publish(c)))
		return c;
	ip_vs_conn_kill(c);
	return ERR_PTR(-ENOMEM);

err_control:
	if (c->control)
		control_put(c->control);
err_free:
	conn_free(c);
	conn_uncount(ivn);
	return ERR_PTR(-ENOMEM);
}

/* Does connection tracking have an entry that is to end with this one? */
static bool conn_tracked(const struct ip_vs_conn *c)
{
	u32 flags = READ_ONCE(c->flags);

	return flags & IP_VS_CONN_F_NFCT && !(flags & IP_VS_CONN_F_TEMPLATE) &&
	       !READ_ONCE(c->ivn->dying);
}

/**
 * ip_vs_conn_spent() - free a one-packet connection after its packet has left
 * @c: connection; freed
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_spent(struct ip_vs_conn *c)
{
	WARN_ON_ONCE(!hlist_unhashed(&c->wheel));
	conn_let_go(c);
	conn_free(c);
}

/* As ip_vs_conn_kill(); an entry that ends is added to @dead. */
static bool conn_end(struct ip_vs_conn *c, struct hlist_head *dead)
{
	bool ended;

	spin_lock_bh(&c->lock);
	if (c->n_control) {
		spin_unlock_bh(&c->lock);
		return false;
	}
	ended = c->dead;
	WRITE_ONCE(c->dead, true);
	spin_unlock_bh(&c->lock);
	/* Only the caller that has set @dead goes on.  State, flags and the
	 * number of controlled entries do not change on a dead entry.
	 */
	if (ended)
		return true;

	if (c->flags & IP_VS_CONN_F_HASHED)
		ip_vs_conn_table_del(c);
	ip_vs_expiry_del(c);
	if (unlikely(c->flags & IP_VS_CONN_F_NO_CPORT))
		atomic_dec(&c->ivn->n_portless);
	if (unlikely(conn_tracked(c)))
		ip_vs_nfct_kill(c->ivn->net, c->af,
				ip_vs_conn_key(c, IP_VS_DIR_INPUT));
	ip_vs_conn_event(c, IPVS_EXT_EVENT_CONN_DEL);
	conn_let_go(c);
	/* It is never put on the wheel again: the link may be reused. */
	hlist_add_head(&c->wheel, dead);
	return true;
}

/**
 * ip_vs_conns_free() - free dead connections after a grace period
 * @dead: connections from ip_vs_conn_expire(); readable until the present RCU
 *	read section ends
 *
 * One callback for all of them: after a flood they are too many for a callback
 * each.
 *
 * Context: any.
 */
void ip_vs_conns_free(struct hlist_head *dead)
{
	struct ip_vs_conn *first;

	first = hlist_entry_safe(dead->first, struct ip_vs_conn, wheel);
	if (first)
		call_rcu(&first->rcu, conns_free_rcu);
}

/**
 * ip_vs_conn_kill() - end a connection
 * @c: connection; may be dead already
 *
 * Context: RCU read side, softirq or process, no lock held.  @c stays readable
 * until the section ends.
 *
 * Return: false: it controls others and was not ended.
 */
bool ip_vs_conn_kill(struct ip_vs_conn *c)
{
	HLIST_HEAD(dead);
	bool gone = conn_end(c, &dead);

	ip_vs_conns_free(&dead);
	return gone;
}

/**
 * ip_vs_conn_expire() - end a connection that the wheel found expired
 * @c: connection, off the wheel
 * @dead: it is added here if it ends, for ip_vs_conns_free()
 *
 * Context: RCU read side.
 */
void ip_vs_conn_expire(struct ip_vs_conn *c, struct hlist_head *dead)
{
	/* A packet that had found it in time may have stamped it since. */
	if (ip_vs_conn_overdue(c) && conn_end(c, dead))
		return;
	if (ip_vs_conn_overdue(c)) {
		spin_lock_bh(&c->lock);
		ip_vs_conn_set_timeout(c, CONTROL_GRACE);
		spin_unlock_bh(&c->lock);
		c->ivn->conn_prolonged(c);
	}
	ip_vs_expiry_sooner(c);
}

/**
 * ip_vs_conn_untrack() - keep the connection tracking entry when this one ends
 * @c: connection; the tracking entry belongs to a newer connection
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_untrack(struct ip_vs_conn *c)
{
	spin_lock_bh(&c->lock);
	WRITE_ONCE(c->flags, c->flags & ~IP_VS_CONN_F_NFCT);
	spin_unlock_bh(&c->lock);
}

/**
 * ip_vs_conn_invalidate() - invalidate a template: no new connection uses it
 * @c: template
 *
 * It stays listed, with a server port of 65535, until it expires and controls
 * no other entry.
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_invalidate(struct ip_vs_conn *c)
{
	spin_lock_bh(&c->lock);
	if (!c->dead && c->flags & IP_VS_CONN_F_HASHED) {
		WRITE_ONCE(c->flags, c->flags & ~IP_VS_CONN_F_HASHED);
		ip_vs_conn_table_del(c);
		if (c->af == AF_INET6)
			ip_vs_conn6(c)->node[IP_VS_DIR_OUTPUT].key.sport =
				PORT_INVALID;
		else
			ip_vs_conn4(c)->node[IP_VS_DIR_OUTPUT].key.sport =
				PORT_INVALID;
	}
	spin_unlock_bh(&c->lock);
}

/**
 * ip_vs_conns_init() - allocate what all connections share, at module start
 *
 * Return: 0 or -ENOMEM.
 */
int __init ip_vs_conns_init(void)
{
	conn4_cache = KMEM_CACHE(ip_vs_conn4, SLAB_HWCACHE_ALIGN);
	if (!conn4_cache)
		return -ENOMEM;
	conn6_cache = KMEM_CACHE(ip_vs_conn6, SLAB_HWCACHE_ALIGN);
	if (!conn6_cache)
		goto err_cache4;
	if (ip_vs_conn_limit_init(&foreign_conns))
		goto err_cache6;
	return 0;

err_cache6:
	kmem_cache_destroy(conn6_cache);
err_cache4:
	kmem_cache_destroy(conn4_cache);
	return -ENOMEM;
}

/**
 * ip_vs_conns_exit() - undo ip_vs_conns_init(), no namespace is left
 */
void ip_vs_conns_exit(void)
{
	ip_vs_conn_limit_exit(&foreign_conns);
	/* conns_free_rcu() may be queued. */
	rcu_barrier();
	kmem_cache_destroy(conn4_cache);
	kmem_cache_destroy(conn6_cache);
}
