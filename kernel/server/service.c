// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual service: found by packets, added, edited and deleted by users.
 *
 * Services are in one resizable hash a namespace: a mark service is keyed by
 * its family and mark, any other by family, protocol, address and port.  Most
 * packets need one look-up: the extra ones for marks, FTP data ports and port 0
 * are done only while services exist that need them.
 *
 * A service is added in two steps.  What can fail is prepared first: it is
 * hashed, but not live, so look-ups skip it.  Publication then cannot fail, and
 * comes when its scheduler and its servers are in place.
 *
 * What may point to a service: packets, under RCU; the scheduler's retired
 * state, under RCU; its servers, by an RCU pointer that is cleared when the
 * service is deleted; the estimator's list, which ip_vs_estimator_forget()
 * takes it off.  So once it is unlinked, the scheduler unbound and the servers
 * moved to the trash, it can be freed after one grace period.  Deletion does
 * not wait for it: any number of services share one.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <net/ip.h>

#include "addr.h"
#include "net.h"
#include "nfct.h"
#include "packet.h"
#include "server/dest.h"
#include "server/estimator.h"
#include "server/hooks.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/trash.h"
#include "table.h"

/* Services that one RCU callback frees, so that a flush queues few of them. */
#define FREE_BATCH	64

/* A user who can choose services must not be able to put them all into one
 * bucket, which packets would have to walk.  So each word is mixed with the
 * seed, which is secret and differs between tables, and words are not combined
 * before.  The words that an IPv4 address does not use are left out, because
 * each new connection pays for this hash.
 */
static __always_inline u32 key_hash(const void *data, u32 len, u32 seed)
{
	const struct ip_vs_service_key *key = data;

	if (key->af == AF_INET6)
		seed = jhash_3words((__force u32)key->addr.all[1],
				    (__force u32)key->addr.all[2],
				    (__force u32)key->addr.all[3], seed);
	return jhash_3words((__force u32)key->addr.all[0], key->fwmark,
			    (__force u32)key->port << 16 | key->proto, seed);
}

static u32 service_hash(const void *obj, u32 len, u32 seed)
{
	const struct ip_vs_service *svc = obj;

	return key_hash(&svc->key, len, seed);
}

/* 0: the same. */
static __always_inline int service_cmp(struct rhashtable_compare_arg *arg,
				       const void *obj)
{
	const struct ip_vs_service_key *key = arg->key;
	const struct ip_vs_service *svc = obj;

	return svc->key.port != key->port || svc->key.proto != key->proto ||
	       svc->key.af != key->af || svc->key.fwmark != key->fwmark ||
	       !ipv6_addr_equal(&svc->key.addr.in6, &key->addr.in6);
}

static const struct rhashtable_params service_params = {
	.nelem_hint = 1,
	.hashfn = key_hash,
	.obj_hashfn = service_hash,
	.obj_cmpfn = service_cmp,
	.key_len = sizeof(struct ip_vs_service_key),
	.key_offset = offsetof(struct ip_vs_service, key),
	.head_offset = offsetof(struct ip_vs_service, hash),
	.automatic_shrinking = true,
};

static struct ip_vs_service *service_lookup(struct ip_vs_net *ivn,
					    const struct ip_vs_service_key *key)
{
	struct ip_vs_service *svc;

	svc = rhashtable_lookup(&ivn->services, key, service_params);
	/* Pairs with ip_vs_service_publish(): a service found is complete. */
	return svc && likely(smp_load_acquire(&svc->live)) ? svc : NULL;
}

/**
 * ip_vs_service_key_of() - compute the hash key of a service
 * @key: result
 * @id: its identity
 *
 * Context: any.
 */
void ip_vs_service_key_of(struct ip_vs_service_key *key,
			  const struct ip_vs_service_key *id)
{
	*key = (struct ip_vs_service_key){ .af = id->af };
	if (id->fwmark) {
		key->fwmark = id->fwmark;
		return;
	}
	ip_vs_addr_copy(id->af, &key->addr, &id->addr);
	key->proto = id->proto;
	key->port = id->port;
}

static struct ip_vs_service *match_fwmark(struct ip_vs_net *ivn, u16 af,
					  u32 fwmark)
{
	const struct ip_vs_service_key key = { .af = af, .fwmark = fwmark };

	return service_lookup(ivn, &key);
}

/* A port at which a passive or active FTP data connection may arrive. */
static bool is_ftp_data_port(struct net *net, __be16 port)
{
	return port == htons(IP_VS_FTP_DATA_PORT) ||
	       !inet_port_requires_bind_service(net, ntohs(port));
}

/* The FTP service of the address, or its service of port 0. */
static noinline struct ip_vs_service *match_other_port(struct ip_vs_net *ivn,
						       struct ip_vs_service_key *key)
{
	struct ip_vs_service *svc;

	if (READ_ONCE(ivn->n_ftp) && key->proto == IPPROTO_TCP &&
	    is_ftp_data_port(ivn->net, key->port)) {
		key->port = htons(IP_VS_FTP_PORT);
		svc = service_lookup(ivn, key);
		if (svc)
			return svc;
	}
	if (!READ_ONCE(ivn->n_port0))
		return NULL;
	key->port = 0;
	return service_lookup(ivn, key);
}

/**
 * ip_vs_service_match() - look up the service of a packet
 * @ivn: namespace
 * @pkt: packet; in a quoted header the service is the source
 * @fwmark: its mark
 *
 * By mark; else by address, protocol and port; else, for TCP and a port that an
 * FTP data connection may use, the FTP service of the address; else the
 * address's service of port 0.
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer; NULL: none.
 */
struct ip_vs_service *ip_vs_service_match(struct ip_vs_net *ivn,
					  const struct ip_vs_packet *pkt,
					  u32 fwmark)
{
	struct ip_vs_service_key key = {
		.af = pkt->af,
		.proto = pkt->proto,
		.port = ip_vs_packet_vport(pkt),
	};
	struct ip_vs_service *svc;

	if (unlikely(fwmark) && READ_ONCE(ivn->n_fwmark)) {
		svc = match_fwmark(ivn, pkt->af, fwmark);
		if (svc)
			return svc;
	}

	/* The rest of an IPv4 address is zero already. */
	if (pkt->af == AF_INET6)
		key.addr.in6 = ip_vs_packet_vaddr(pkt)->in6;
	else
		key.addr.ip = ip_vs_packet_vaddr(pkt)->ip;
	svc = service_lookup(ivn, &key);
	return likely(svc) ? svc : match_other_port(ivn, &key);
}

/**
 * ip_vs_service_at_key() - look up the service that a server belongs to
 * @ivn: namespace
 * @svc_key: the server's ip_vs_dest.svc_key
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer, perhaps to a newer service of the same identity;
 * NULL: there is none.
 */
struct ip_vs_service *
ip_vs_service_at_key(struct ip_vs_net *ivn,
		     const struct ip_vs_service_key *svc_key)
{
	struct ip_vs_service_key key;

	ip_vs_service_key_of(&key, svc_key);
	return service_lookup(ivn, &key);
}

/**
 * ip_vs_service_find() - look up a service for configuration
 * @ivn: namespace
 * @id: family and mark, or family, protocol, address and port
 *
 * Context: process, configuration mutex held.
 *
 * Return: the service, valid while the mutex is held; NULL: none.
 */
struct ip_vs_service *ip_vs_service_find(struct ip_vs_net *ivn,
					 const struct ip_vs_service_key *id)
{
	struct ip_vs_service_key key;
	struct ip_vs_service *svc;

	lockdep_assert_held(&ivn->config);
	ip_vs_service_key_of(&key, id);
	rcu_read_lock();
	svc = service_lookup(ivn, &key);
	rcu_read_unlock();
	return svc;
}

/* Updates the counts that tell packets which extra look-ups are needed. */
static void count_detours(struct ip_vs_service *svc, int change)
{
	struct ip_vs_net *ivn = svc->ivn;

	if (svc->key.fwmark)
		WRITE_ONCE(ivn->n_fwmark, ivn->n_fwmark + change);
	else if (!svc->key.port)
		WRITE_ONCE(ivn->n_port0, ivn->n_port0 + change);
	else if (svc->key.port == htons(IP_VS_FTP_PORT))
		WRITE_ONCE(ivn->n_ftp, ivn->n_ftp + change);
}

/* Packets of real servers look for a service with an engine unless this is 0. */
static void count_engine(struct ip_vs_net *ivn, int change)
{
	WRITE_ONCE(ivn->n_engines, ivn->n_engines + change);
}

static u32 *family_count(struct ip_vs_net *ivn, u16 af)
{
	return &ivn->n_services[af == AF_INET6];
}

static u32 merge_flags(u32 old, const struct ip_vs_service_config *cfg)
{
	return (old & ~cfg->flags_mask) | (cfg->flags & cfg->flags_mask) |
	       IP_VS_SVC_F_HASHED;
}

static int check_sched(const struct ip_vs_service_config *cfg,
		       struct netlink_ext_ack *extack)
{
	if (cfg->sched || !strcmp(cfg->sched_name, IP_VS_SCHED_NONE))
		return 0;
	pr_info_ratelimited("Scheduler module ip_vs_%s not found\n",
			    cfg->sched_name);
	NL_SET_ERR_MSG(extack, "no such scheduler");
	return -ENOENT;
}

/* The empty name is none. */
static int check_engine(const struct ip_vs_service_config *cfg,
			struct netlink_ext_ack *extack)
{
	if (cfg->pe || !cfg->pe_name[0])
		return 0;
	pr_info_ratelimited("persistence engine module ip_vs_pe_%s not found\n",
			    cfg->pe_name);
	NL_SET_ERR_MSG(extack, "no such persistence engine");
	return -ENOENT;
}

static int check_netmask(const struct ip_vs_service_config *cfg,
			 struct netlink_ext_ack *extack)
{
	u32 plen = (__force u32)cfg->netmask;

	if (cfg->id.af != AF_INET6 || (plen >= 1 && plen <= 128))
		return 0;
	NL_SET_ERR_MSG(extack, "IPv6 netmask is a prefix length from 1 to 128");
	return -EINVAL;
}

/* Checks everything about a service but its identity. */
static int service_check_config(const struct ip_vs_service_config *cfg,
				struct netlink_ext_ack *extack)
{
	return check_sched(cfg, extack) ?: check_engine(cfg, extack) ?:
	       check_netmask(cfg, extack);
}

/**
 * ip_vs_service_check() - check whether a service's configuration is valid
 * @cfg: requested configuration; its identity is not checked
 * @extack: for the error message, or NULL
 *
 * Context: process, may sleep.
 *
 * Return: 0; as ip_vs_service_add(), but for -EEXIST and failures to allocate.
 */
int ip_vs_service_check(const struct ip_vs_service_config *cfg,
			struct netlink_ext_ack *extack)
{
	return service_check_config(cfg, extack);
}

/**
 * ip_vs_service_svc_key() - compute the key that servers refer to a service by
 * @svc_key: result
 * @id: the service's identity
 *
 * Context: any.
 */
void ip_vs_service_svc_key(struct ip_vs_service_key *svc_key,
			   const struct ip_vs_service_key *id)
{
	ip_vs_service_key_of(svc_key, id);
	svc_key->proto = id->proto;
}

static struct ip_vs_service *service_new(struct ip_vs_net *ivn,
					 const struct ip_vs_service_config *cfg)
{
	struct ip_vs_service *svc = kzalloc(sizeof(*svc), GFP_KERNEL_ACCOUNT);

	if (!svc)
		return NULL;
	svc->ivn = ivn;
	svc->id = cfg->id;
	ip_vs_service_key_of(&svc->key, &cfg->id);
	ip_vs_service_svc_key(&svc->svc_key, &cfg->id);
	svc->flags = merge_flags(0, cfg);
	svc->timeout = cfg->timeout;
	svc->netmask = cfg->netmask;
	svc->pe = cfg->pe;
	spin_lock_init(&svc->sched_lock);
	INIT_LIST_HEAD(&svc->dest_list);
	INIT_LIST_HEAD(&svc->rate_node);
	return svc;
}

/**
 * ip_vs_service_prepare() - do all of an addition that can fail, but the hooks
 * @ivn: namespace, without a service of this identity
 * @cfg: service, checked
 * @extack: for the error message, or NULL
 *
 * A service holds a reference to the module.
 *
 * Context: process, configuration mutex held.
 *
 * Return: a service without servers and scheduler, for ip_vs_service_publish()
 * or ip_vs_service_discard(); as ERR_PTR: -ENOPROTOOPT: the module is being
 * unloaded; -ENOMEM.
 */
struct ip_vs_service *
ip_vs_service_prepare(struct ip_vs_net *ivn,
		      const struct ip_vs_service_config *cfg,
		      struct netlink_ext_ack *extack)
{
	struct ip_vs_service *svc;
	int err;

	lockdep_assert_held(&ivn->config);
	if (ivn->dying || !try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "the module is being unloaded");
		return ERR_PTR(-ENOPROTOOPT);
	}
	svc = service_new(ivn, cfg);
	err = -ENOMEM;
	if (!svc)
		goto err_module;
	err = ip_vs_table_insert(&ivn->services, &svc->hash, service_params);
	if (err)
		goto err_free;
	return svc;

err_free:
	kfree(svc);
err_module:
	module_put(THIS_MODULE);
	return ERR_PTR(err);
}

/* Undo what ip_vs_dest_prepare_add() has done for an FTP service. */
static void service_untrack(struct ip_vs_service *svc)
{
	if (svc->tracked)
		ip_vs_nfct_untrack_net(svc->ivn->net, svc->key.af);
	svc->tracked = false;
}

/**
 * ip_vs_service_discard() - free a prepared service that was not published
 * @svc: from ip_vs_service_prepare(), without servers and scheduler
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_service_discard(struct ip_vs_service *svc)
{
	lockdep_assert_held(&svc->ivn->config);
	rhashtable_remove_fast(&svc->ivn->services, &svc->hash,
			       service_params);
	service_untrack(svc);
	/* Look-ups may be comparing its key. */
	kfree_rcu(svc, rcu);
	module_put(THIS_MODULE);
}

/**
 * ip_vs_service_publish() - make a prepared service visible
 * @svc: from ip_vs_service_prepare(), with its scheduler and servers added; the
 *	hooks of its family are registered
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_service_publish(struct ip_vs_service *svc)
{
	struct ip_vs_net *ivn = svc->ivn;

	lockdep_assert_held(&ivn->config);
	svc->serial = ++ivn->serial;
	list_add_tail(&svc->list, &ivn->service_list);
	++*family_count(ivn, svc->key.af);
	/* Pairs with service_lookup(): a service found is complete. */
	smp_store_release(&svc->live, true);
	count_detours(svc, 1);
	count_engine(ivn, !!svc->pe);
}

static int service_start(struct ip_vs_net *ivn,
			 const struct ip_vs_service_config *cfg,
			 struct netlink_ext_ack *extack)
{
	struct ip_vs_service *svc = ip_vs_service_prepare(ivn, cfg, extack);
	struct ip_vs_sched_state *state = NULL;
	int err;

	if (IS_ERR(svc))
		return PTR_ERR(svc);
	if (cfg->sched)
		state = ip_vs_sched_prepare(svc, cfg->sched, 0);
	err = PTR_ERR_OR_ZERO(state);
	if (err)
		goto err_service;
	err = ip_vs_hooks_register(ivn, cfg->id.af);
	if (err)
		goto err_sched;
	ip_vs_sched_publish(svc, state);
	ip_vs_service_publish(svc);
	return 0;

err_sched:
	ip_vs_sched_free(state);
err_service:
	ip_vs_service_discard(svc);
	return err;
}

/**
 * ip_vs_service_add() - add a service
 * @ivn: namespace
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -EEXIST: there is one of this identity; -ENOENT: no such scheduler
 * or persistence engine; -EINVAL: prefix length of an IPv6 service;
 * -ENOPROTOOPT: the module is being unloaded; -ENOMEM, and what the hooks and
 * the scheduler return.
 */
int ip_vs_service_add(struct ip_vs_net *ivn,
		      const struct ip_vs_service_config *cfg,
		      struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ivn->config);
	if (ip_vs_service_find(ivn, &cfg->id)) {
		NL_SET_ERR_MSG(extack, "the service exists already");
		return -EEXIST;
	}
	err = service_check_config(cfg, extack);
	if (err)
		return err;
	return service_start(ivn, cfg, extack);
}

static int change_sched(struct ip_vs_service *svc,
			const struct ip_vs_scheduler *sched,
			struct netlink_ext_ack *extack)
{
	int err;

	if (sched == rcu_access_pointer(svc->sched))
		return 0;
	if (!sched) {
		ip_vs_sched_unbind(svc);
		return 0;
	}
	err = ip_vs_sched_bind(svc, sched);
	if (err == -EINVAL)
		NL_SET_ERR_MSG(extack,
			       "the service has more servers than this scheduler can take");
	return err;
}

/**
 * ip_vs_service_publish_edit() - write new attributes of a service
 * @svc: service
 * @cfg: new attributes, checked; the caller changes the scheduler
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_service_publish_edit(struct ip_vs_service *svc,
				const struct ip_vs_service_config *cfg)
{
	lockdep_assert_held(&svc->ivn->config);
	WRITE_ONCE(svc->flags, merge_flags(svc->flags, cfg));
	WRITE_ONCE(svc->timeout, cfg->timeout);
	WRITE_ONCE(svc->netmask, cfg->netmask);
	count_engine(svc->ivn, !!cfg->pe - !!svc->pe);
	WRITE_ONCE(svc->pe, cfg->pe);
}

/**
 * ip_vs_service_edit() - change the attributes of a service
 * @svc: service
 * @cfg: requested configuration, with the identity of @svc
 * @extack: for the error message, or NULL
 *
 * Servers, counters and connections stay.
 *
 * Context: process, configuration mutex held.
 *
 * Return: as ip_vs_service_add(), but for the identity; on error nothing has
 * changed.
 */
int ip_vs_service_edit(struct ip_vs_service *svc,
		       const struct ip_vs_service_config *cfg,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = service_check_config(cfg, extack);
	if (err)
		return err;
	err = change_sched(svc, cfg->sched, extack);
	if (err)
		return err;
	ip_vs_service_publish_edit(svc, cfg);
	return 0;
}

static void service_unpublish(struct ip_vs_service *svc)
{
	struct ip_vs_net *ivn = svc->ivn;

	rhashtable_remove_fast(&ivn->services, &svc->hash, service_params);
	--*family_count(ivn, svc->key.af);
	count_detours(svc, -1);
	count_engine(ivn, -!!svc->pe);
}

static void service_free(struct ip_vs_service *svc)
{
	ip_vs_sched_free(svc->retired);
	kfree(svc);
}

/* Frees a service and those linked in a ring with it. */
static void batch_free(struct rcu_head *head)
{
	struct ip_vs_service *first, *svc, *next;

	first = container_of(head, struct ip_vs_service, rcu);
	list_for_each_entry_safe(svc, next, &first->list, list)
		service_free(svc);
	service_free(first);
}

/* Frees the services of list @gone after a grace period that they share. */
static void free_later(struct list_head *gone)
{
	struct ip_vs_service *first;
	struct list_head *last;
	LIST_HEAD(ring);
	int n;

	while (!list_empty(gone)) {
		first = list_first_entry(gone, struct ip_vs_service, list);
		last = gone->next;
		for (n = 1; n < FREE_BATCH && !list_is_last(last, gone); n++)
			last = last->next;
		list_cut_position(&ring, gone, last);
		list_del(&ring);
		call_rcu(&first->rcu, batch_free);
	}
}

/* Does all of a deletion but freeing, for a service that is already unlinked. */
static void service_remove(struct ip_vs_service *svc)
{
	service_unpublish(svc);
	svc->retired = ip_vs_sched_leave(svc);
	ip_vs_dest_remove_all(svc);
	ip_vs_estimator_forget(svc);
	service_untrack(svc);
	module_put(THIS_MODULE);
}

/**
 * ip_vs_service_del() - delete a service
 * @svc: service; not to be used after
 *
 * Its servers go to the trash, its connections stay.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_service_del(struct ip_vs_service *svc)
{
	struct ip_vs_net *ivn = svc->ivn;
	u16 af = svc->key.af;
	LIST_HEAD(gone);

	lockdep_assert_held(&ivn->config);
	list_move(&svc->list, &gone);
	service_remove(svc);
	free_later(&gone);
	ip_vs_trash_filled(ivn);
	ip_vs_hooks_release(ivn, af);
}

/**
 * ip_vs_service_flush() - delete all services
 * @ivn: namespace
 *
 * The hooks are unregistered first, so that packets stop before tables change.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_service_flush(struct ip_vs_net *ivn)
{
	struct ip_vs_service *svc;
	LIST_HEAD(gone);

	lockdep_assert_held(&ivn->config);
	ip_vs_hooks_unregister(ivn, AF_INET);
	ip_vs_hooks_unregister(ivn, AF_INET6);
	list_splice_init(&ivn->service_list, &gone);
	list_for_each_entry(svc, &gone, list) {
		service_remove(svc);
		cond_resched();
	}
	free_later(&gone);
	ip_vs_trash_filled(ivn);
}

/**
 * ip_vs_services_init() - initialise a namespace's hash of services
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_services_init(struct ip_vs_net *ivn)
{
	INIT_LIST_HEAD(&ivn->service_list);
	return rhashtable_init(&ivn->services, &service_params);
}

/**
 * ip_vs_services_exit() - undo ip_vs_services_init()
 * @ivn: namespace; flushed
 *
 * Context: process.
 */
void ip_vs_services_exit(struct ip_vs_net *ivn)
{
	rhashtable_destroy(&ivn->services);
}
