// SPDX-License-Identifier: GPL-2.0-only
/*
 * A real server: added, edited and deleted by users.
 *
 * A server is changed in two steps.  What can fail is prepared first and has no
 * visible effect: a new server is hashed, but not available, as if in the
 * trash; its address is hashed, but has no users.  Publication then cannot
 * fail.
 *
 * All servers of a namespace are in one resizable hash, keyed by their address
 * and port and the identity of their service, those in the trash included: a
 * server added again within about two minutes of its removal is found there and
 * revived with its connections.
 *
 * What may hold a server, and what lets it go:
 *	being configured, or in the trash	the trash worker (trash.c)
 *	a connection or template		its end
 *	a scheduler's table			the scheduler's stop
 *	the estimator's list			its next run after removal
 *	packets					RCU
 * Connections and templates hold it by the counts that listings show, so that each
 * costs one atomic operation: while they are not 0 the trash worker keeps the
 * server, and with the check it closes the server to new ones
 * (ip_vs_dest_close()).  The others hold a reference, and the last one frees the
 * server after a grace period.
 *
 * Long because a server is added, edited, removed and revived here, each in those
 * two steps: what one prepares another has to undo, and is read beside it.
 */
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>
#include <net/ip_fib.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "addr.h"
#include "net.h"
#include "nfct.h"
#include "server/dest.h"
#include "server/estimator.h"
#include "server/route_cache.h"
#include "server/sched.h"
#include "server/server_addr.h"
#include "server/service.h"
#include "server/trash.h"
#include "table.h"

#define THRESHOLD_MAX	0x7fffffff

/* Key of the hash: @key and @svc_key of a server, which are adjacent. */
struct full_key {
	struct ip_vs_dest_key key;
	struct ip_vs_service_key svc_key;
};

static_assert(sizeof(struct full_key) % sizeof(u32) == 0);
static_assert(offsetof(struct full_key, svc_key) ==
	      sizeof(struct ip_vs_dest_key));
static_assert(offsetof(struct ip_vs_dest, svc_key) -
	      offsetof(struct ip_vs_dest, key) ==
	      offsetof(struct full_key, svc_key));

/* The default hash mixes each word of a key with a secret seed. */
static const struct rhashtable_params dest_params = {
	.nelem_hint = 1,
	.key_len = sizeof(struct full_key),
	.key_offset = offsetof(struct ip_vs_dest, key),
	.head_offset = offsetof(struct ip_vs_dest, hash),
	.automatic_shrinking = true,
};

static struct ip_vs_dest *dest_lookup(struct ip_vs_net *ivn,
				      const struct ip_vs_service_key *svc_key,
				      const struct ip_vs_dest_key *key)
{
	struct full_key full = { .svc_key = *svc_key };
	struct ip_vs_dest *dest;

	full.key.af = key->af;
	full.key.port = key->port;
	ip_vs_addr_copy(key->af, &full.key.addr, &key->addr);
	rcu_read_lock();
	dest = rhashtable_lookup(&ivn->dests, &full, dest_params);
	rcu_read_unlock();
	return dest;
}

/**
 * ip_vs_dest_match() - look up a server of a service in the packet path
 * @svc: service
 * @key: family, address and port
 *
 * Context: RCU read side.
 *
 * Return: an RCU pointer; NULL: none.
 */
struct ip_vs_dest *ip_vs_dest_match(struct ip_vs_service *svc,
				    const struct ip_vs_dest_key *key)
{
	struct ip_vs_dest *dest = dest_lookup(svc->ivn, &svc->svc_key, key);

	return dest && ip_vs_dest_available(dest) ? dest : NULL;
}

/**
 * ip_vs_dest_find() - look up a server of a service for configuration
 * @svc: service
 * @key: family, address and port
 *
 * Context: process, configuration mutex held.
 *
 * Return: the server, valid while the mutex is held; NULL: none.
 */
struct ip_vs_dest *ip_vs_dest_find(struct ip_vs_service *svc,
				   const struct ip_vs_dest_key *key)
{
	struct ip_vs_dest *dest;

	lockdep_assert_held(&svc->ivn->config);
	rcu_read_lock();
	dest = ip_vs_dest_match(svc, key);
	rcu_read_unlock();
	return dest;
}

/* Cheap for a server without cached routes, as most have no packets.
 *
 * It checks without the lock, so it may miss a route that is being stored, even
 * when the server is being removed.  That is harmless: each packet checks
 * whether the route is still valid, it is on the list that is searched when a
 * device goes down, and no packet reaches a server that is being freed, so
 * dest_free() finds every route.
 */
static inline void dest_forget_routes(struct ip_vs_dest *dest)
{
	unsigned long any;

	/* One branch for a flush, where most servers have none. */
	any = (unsigned long)rcu_access_pointer(dest->route[IP_VS_ROUTE_NAT]) |
	      (unsigned long)rcu_access_pointer(dest->route[IP_VS_ROUTE_DIRECT]) |
	      (unsigned long)rcu_access_pointer(dest->route[IP_VS_ROUTE_TUNNEL]);
	if (any)
		ip_vs_route_forget_all(dest);
}

static void dest_free(struct rcu_head *head)
{
	struct ip_vs_dest *dest = container_of(head, struct ip_vs_dest, rcu);

	/* A packet in flight may have cached a route after the removal. */
	dest_forget_routes(dest);
	ip_vs_counter_set_put(&dest->counters);
	kfree(dest);
}

/**
 * ip_vs_dest_put() - drop a reference
 * @dest: server
 *
 * Context: any.
 */
void ip_vs_dest_put(struct ip_vs_dest *dest)
{
	if (refcount_dec_and_test(&dest->refcnt))
		call_rcu(&dest->rcu, dest_free);
}

/* The attributes that both add and edit write. */
static void dest_set_config(struct ip_vs_dest *dest,
			    const struct ip_vs_dest_config *cfg)
{
	WRITE_ONCE(dest->method, cfg->method);
	WRITE_ONCE(dest->tun_type, cfg->tun_type);
	WRITE_ONCE(dest->tun_port, cfg->tun_port);
	WRITE_ONCE(dest->tun_flags, cfg->tun_flags);
	WRITE_ONCE(dest->weight, cfg->weight);
	if (cfg->weight)
		WRITE_ONCE(dest->last_weight, cfg->weight);
	ip_vs_dest_set_thresholds(dest, cfg->u_threshold, cfg->l_threshold);
}

/* Checks that do not depend on which server it is.  The log is rate-limited
 * because any user namespace may get here, and the log belongs to the host.
 */
static int dest_check_config(const struct ip_vs_dest_config *cfg, const char *who,
			     struct netlink_ext_ack *extack)
{
	if (cfg->weight < 0) {
		pr_err_ratelimited("%s(): server weight less than zero\n",
				   who);
		NL_SET_ERR_MSG(extack, "weight is less than zero");
		return -ERANGE;
	}
	if (cfg->l_threshold > cfg->u_threshold) {
		pr_err_ratelimited("%s(): lower threshold is higher than upper threshold\n",
				   who);
		NL_SET_ERR_MSG(extack,
			       "lower threshold is higher than upper threshold");
		return -ERANGE;
	}
	if (cfg->u_threshold > THRESHOLD_MAX) {
		NL_SET_ERR_MSG(extack, "upper threshold is above 2147483647");
		return -EINVAL;
	}
	if (cfg->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE && !cfg->tun_port) {
		pr_err_ratelimited("%s(): tunnel port is zero\n", who);
		NL_SET_ERR_MSG(extack, "a GUE tunnel needs a port");
		return -EINVAL;
	}
	return 0;
}

static bool address_usable4(struct net *net, __be32 addr)
{
	unsigned int type = inet_addr_type(net, addr);

	return type == RTN_UNICAST || type == RTN_LOCAL;
}

/* A link-local address is ambiguous without a device, unless it is local. */
static bool address_usable6(struct net *net, const struct in6_addr *addr)
{
	int type = ipv6_addr_type(addr);

	if ((type & IPV6_ADDR_UNICAST) && !(type & IPV6_ADDR_LINKLOCAL))
		return true;
	return nf_ipv6_chk_addr(net, addr, NULL, 0);
}

static int check_address(struct net *net, const struct ip_vs_dest_key *key,
			 struct netlink_ext_ack *extack)
{
	bool usable;

	if (key->af == AF_INET6)
		usable = address_usable6(net, &key->addr.in6);
	else
		usable = address_usable4(net, key->addr.ip);
	if (usable)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "server address is neither unicast nor one of this host");
	return -EINVAL;
}

static struct ip_vs_dest *dest_new(struct ip_vs_service *svc,
				   const struct ip_vs_dest_config *cfg)
{
	struct ip_vs_dest *dest = kzalloc(sizeof(*dest), GFP_KERNEL_ACCOUNT);

	if (!dest)
		return NULL;
	if (ip_vs_counter_set_get(&svc->ivn->counters, &dest->counters)) {
		kfree(dest);
		return NULL;
	}
	dest->key.af = cfg->key.af;
	dest->key.port = cfg->key.port;
	ip_vs_addr_copy(cfg->key.af, &dest->key.addr, &cfg->key.addr);
	dest->svc_key = svc->svc_key;
	dest->ivn = svc->ivn;
	refcount_set(&dest->refcnt, 1);
	/* The first weight is kept even if it is 0. */
	dest->last_weight = cfg->weight;
	return dest;
}

/* Makes @server_addr the address that packets of @dest are looked up by. */
static void dest_change_addr(struct ip_vs_dest *dest, struct ip_vs_server_addr *server_addr)
{
	struct ip_vs_server_addr *old = dest->server_addr;

	/* Often the same object, which has to be found all the time. */
	if (server_addr != old) {
		ip_vs_server_addr_leave(old, &dest->same_addr);
		ip_vs_server_addr_join(server_addr, &dest->same_addr);
		dest->server_addr = server_addr;
	}
	ip_vs_server_addr_drop(dest->ivn, old);
}

/* Drops the address of a server in the trash, which is no user of it any more. */
static void dest_drop_addr(struct ip_vs_net *ivn, struct ip_vs_dest *dest)
{
	ip_vs_server_addr_drop(ivn, dest->server_addr);
	dest->server_addr = NULL;
}

/* Links @dest at the head of the service's list. */
static void dest_enlist(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	dest->serial = ++svc->ivn->serial;
	WRITE_ONCE(dest->sched_slot, IP_VS_NO_SLOT);
	rcu_assign_pointer(dest->svc, svc);
	set_bit(IP_VS_DEST_AVAILABLE_BIT, &dest->status);
	list_add_rcu(&dest->list, &svc->dest_list);
	svc->num_dests++;
}

/* Allocates and hashes a new server. */
static struct ip_vs_dest *dest_create(struct ip_vs_service *svc,
				      const struct ip_vs_dest_config *cfg)
{
	struct ip_vs_dest *dest = dest_new(svc, cfg);
	int err;

	if (!dest)
		return ERR_PTR(-ENOMEM);
	err = ip_vs_table_insert(&svc->ivn->dests, &dest->hash, dest_params);
	if (err) {
		ip_vs_dest_put(dest);
		return ERR_PTR(err);
	}
	return dest;
}

static bool in_trash(const struct ip_vs_dest *dest)
{
	return !hlist_unhashed(&dest->trash);
}

/* Takes a server out of the trash; its connections are kept. */
static void dest_revive(struct ip_vs_service *svc, struct ip_vs_dest *dest,
			const struct ip_vs_dest_config *cfg)
{
	ip_vs_stats_leave_trash(svc->ivn, dest);
	hlist_del_init(&dest->trash);
	dest_drop_addr(svc->ivn, dest);
	dest->idle_since = 0;
	/* As for a new server: the first weight is kept even if it is 0. */
	WRITE_ONCE(dest->last_weight, cfg->weight);
	if (dest->former != svc->serial)
		ip_vs_stats_zero_dest(dest);
}

/* FTP through NAT is about addresses in its text, and firewalls know its data
 * connections from connection tracking: enable that with the first NAT server of
 * an FTP service, until the service is deleted.
 */
static int dest_track(struct ip_vs_service *svc,
		      const struct ip_vs_dest_config *cfg)
{
	int err;

	if (svc->tracked || svc->key.port != htons(IP_VS_FTP_PORT) ||
	    (cfg->method & IP_VS_CONN_F_FWD_MASK) != IP_VS_CONN_F_MASQ)
		return 0;
	err = ip_vs_nfct_track(svc->ivn->net, svc->key.af);
	svc->tracked = !err;
	return err;
}

/**
 * ip_vs_dest_prepare_add() - do all of an addition that can fail
 * @svc: service; perhaps not yet published itself
 * @cfg: server, checked; the service has none with this key
 * @change: result, for ip_vs_dest_publish_add() or ip_vs_dest_discard()
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0, -ENOMEM, or an error of connection tracking.
 */
int ip_vs_dest_prepare_add(struct ip_vs_service *svc,
			   const struct ip_vs_dest_config *cfg,
			   struct ip_vs_dest_change *change)
{
	struct ip_vs_dest *dest = dest_lookup(svc->ivn, &svc->svc_key, &cfg->key);
	struct ip_vs_server_addr *server_addr;
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = dest_track(svc, cfg);
	if (err)
		return err;
	server_addr = ip_vs_server_addr_get(svc, cfg);
	if (IS_ERR(server_addr))
		return PTR_ERR(server_addr);
	/* A reader may still be following the list it was on.  A plain grace
	 * period would delay the addition of each server removed just before.
	 */
	if (dest)
		cond_synchronize_rcu_expedited(dest->removed_gp);
	else
		dest = dest_create(svc, cfg);
	if (IS_ERR(dest)) {
		ip_vs_server_addr_drop(svc->ivn, server_addr);
		return PTR_ERR(dest);
	}
	change->dest = dest;
	change->server_addr = server_addr;
	return 0;
}

/**
 * ip_vs_dest_prepare_edit() - do all of an edit that can fail
 * @svc: service
 * @dest: one of its servers
 * @cfg: new attributes, checked
 * @change: result, for ip_vs_dest_publish_edit() or ip_vs_dest_discard()
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0, -ENOMEM, or an error of connection tracking.
 */
int ip_vs_dest_prepare_edit(struct ip_vs_service *svc, struct ip_vs_dest *dest,
			    const struct ip_vs_dest_config *cfg,
			    struct ip_vs_dest_change *change)
{
	struct ip_vs_server_addr *server_addr;
	int err;

	err = dest_track(svc, cfg);
	if (err)
		return err;
	server_addr = ip_vs_server_addr_get(svc, cfg);
	if (IS_ERR(server_addr))
		return PTR_ERR(server_addr);
	change->dest = dest;
	change->server_addr = server_addr;
	return 0;
}

/**
 * ip_vs_dest_discard() - undo the preparation of a change
 * @ivn: namespace
 * @change: from ip_vs_dest_prepare_add() or _edit(); all 0: does nothing
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_discard(struct ip_vs_net *ivn,
			struct ip_vs_dest_change *change)
{
	struct ip_vs_dest *dest = change->dest;

	lockdep_assert_held(&ivn->config);
	if (!dest)
		return;
	ip_vs_server_addr_drop(ivn, change->server_addr);
	if (!ip_vs_dest_available(dest) && !in_trash(dest)) {
		rhashtable_remove_fast(&ivn->dests, &dest->hash, dest_params);
		ip_vs_dest_put(dest);
	}
	*change = (struct ip_vs_dest_change){};
}

/**
 * ip_vs_dest_publish_add() - make a prepared server visible
 * @svc: service
 * @cfg: the configuration it was prepared with
 * @change: from ip_vs_dest_prepare_add(); consumed
 *
 * It is complete when packets first see it.  The caller tells the scheduler,
 * once for all servers it adds: ip_vs_sched_dest_added(), or a new state.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_publish_add(struct ip_vs_service *svc,
			    const struct ip_vs_dest_config *cfg,
			    struct ip_vs_dest_change *change)
{
	struct ip_vs_dest *dest = change->dest;
	bool back = in_trash(dest);

	lockdep_assert_held(&svc->ivn->config);
	if (back)
		dest_revive(svc, dest, cfg);
	dest_set_config(dest, cfg);
	dest_change_addr(dest, change->server_addr);
	dest_enlist(svc, dest);
	/* Rates from before its removal have to decay. */
	if (back && READ_ONCE(dest->has_counts))
		ip_vs_estimator_wake(dest);
}

/**
 * ip_vs_dest_publish_edit() - make a prepared edit visible
 * @cfg: the configuration it was prepared with
 * @change: from ip_vs_dest_prepare_edit(); consumed
 *
 * The caller tells the scheduler, as in ip_vs_dest_publish_add().
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_publish_edit(const struct ip_vs_dest_config *cfg,
			     struct ip_vs_dest_change *change)
{
	struct ip_vs_dest *dest = change->dest;

	lockdep_assert_held(&dest->ivn->config);
	dest_change_addr(dest, change->server_addr);
	dest_set_config(dest, cfg);
	dest_forget_routes(dest);
}

/**
 * ip_vs_dest_add() - add a server to a service
 * @svc: service
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -ERANGE: weight below 0, or lower threshold above the upper one;
 * -EINVAL: upper threshold, tunnel port or address; -EEXIST: already
 * configured; -ENOMEM.
 */
int ip_vs_dest_add(struct ip_vs_service *svc,
		   const struct ip_vs_dest_config *cfg,
		   struct netlink_ext_ack *extack)
{
	struct ip_vs_dest_change change;
	struct ip_vs_dest *dest;
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = dest_check_config(cfg, "add_dest", extack);
	if (err)
		return err;
	dest = dest_lookup(svc->ivn, &svc->svc_key, &cfg->key);
	if (dest && ip_vs_dest_available(dest)) {
		NL_SET_ERR_MSG(extack, "the service has this server already");
		return -EEXIST;
	}
	/* The address of a server in the trash was checked when it was added. */
	err = dest ? 0 : check_address(svc->ivn->net, &cfg->key, extack);
	if (err)
		return err;
	err = ip_vs_sched_reserve(svc, 1) ?:
	      ip_vs_dest_prepare_add(svc, cfg, &change);
	if (err)
		return err;
	ip_vs_dest_publish_add(svc, cfg, &change);
	ip_vs_sched_dest_added(svc, change.dest);
	return 0;
}

/**
 * ip_vs_dest_check() - check whether a server's configuration is valid
 * @ivn: namespace
 * @svc_key: identity of the service it would belong to
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Does not check whether the server exists already.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; as ip_vs_dest_add(), but for -EEXIST and -ENOMEM.
 */
int ip_vs_dest_check(struct ip_vs_net *ivn,
		     const struct ip_vs_service_key *svc_key,
		     const struct ip_vs_dest_config *cfg,
		     struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ivn->config);
	err = dest_check_config(cfg, "check_dest", extack);
	/* The address of a known server was checked when it was added. */
	if (err || dest_lookup(ivn, svc_key, &cfg->key))
		return err;
	return check_address(ivn->net, &cfg->key, extack);
}

/**
 * ip_vs_dest_not_found() - refuse a request for a server that is not there
 * @extack: for the error message, or NULL
 *
 * Context: any.
 *
 * Return: -ENOENT.
 */
int ip_vs_dest_not_found(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "the service has no such server");
	return -ENOENT;
}

/**
 * ip_vs_dest_edit() - change the attributes of a server
 * @svc: service
 * @cfg: requested configuration
 * @extack: for the error message, or NULL
 *
 * Counters and connections stay; these keep their forwarding method.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -ENOENT: no such server; else as ip_vs_dest_add().  On error
 * nothing has changed.
 */
int ip_vs_dest_edit(struct ip_vs_service *svc,
		    const struct ip_vs_dest_config *cfg,
		    struct netlink_ext_ack *extack)
{
	struct ip_vs_dest_change change;
	struct ip_vs_dest *dest;
	int err;

	lockdep_assert_held(&svc->ivn->config);
	err = dest_check_config(cfg, "edit_dest", extack);
	if (err)
		return err;
	dest = ip_vs_dest_find(svc, &cfg->key);
	if (!dest)
		return ip_vs_dest_not_found(extack);
	err = ip_vs_dest_prepare_edit(svc, dest, cfg, &change);
	if (err)
		return err;
	ip_vs_dest_publish_edit(cfg, &change);
	ip_vs_sched_dest_edited(svc, dest);
	return 0;
}

/**
 * ip_vs_dest_del() - delete a server of a service
 * @svc: service
 * @key: which server
 * @extack: for the error message, or NULL
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0; -ENOENT: no such server.
 */
int ip_vs_dest_del(struct ip_vs_service *svc, const struct ip_vs_dest_key *key,
		   struct netlink_ext_ack *extack)
{
	struct ip_vs_dest *dest = ip_vs_dest_find(svc, key);

	if (!dest)
		return ip_vs_dest_not_found(extack);
	ip_vs_dest_remove(svc, dest);
	return 0;
}

/* Moves a server to the trash, from a list that no new reader finds.  A flush
 * does little else, so it is inline and skips what a server without packets
 * does not need.
 */
static __always_inline void dest_retire(struct ip_vs_service *svc,
					struct ip_vs_dest *dest)
{
	clear_bit(IP_VS_DEST_AVAILABLE_BIT, &dest->status);
	RCU_INIT_POINTER(dest->svc, NULL);
	if (READ_ONCE(dest->has_counts)) {
		ip_vs_estimator_flush(svc, dest);
		ip_vs_stats_fold_dest(svc, dest);
	}
	dest_forget_routes(dest);
	ip_vs_server_addr_leave(dest->server_addr, &dest->same_addr);
	dest->former = svc->serial;
	/* After all of the above: covers readers that saw a part of it. */
	dest->removed_gp = get_state_synchronize_rcu();
	hlist_add_head(&dest->trash, &svc->ivn->trash);
}

/**
 * ip_vs_dest_unlist() - unlink a server from its service's list
 * @svc: its service
 * @dest: server
 *
 * Only the list: the caller tells the scheduler, or gives the service a new
 * scheduler state, which leaves it out.  ip_vs_dest_retire() has to follow.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_unlist(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	lockdep_assert_held(&svc->ivn->config);
	list_del_rcu(&dest->list);
	svc->num_dests--;
}

/**
 * ip_vs_dest_retire() - move a server without scheduler references to the trash
 * @svc: the service it was a server of
 * @dest: server, unlinked from the service's list
 *
 * Its connections keep their references; their packets find it unavailable.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_retire(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	lockdep_assert_held(&svc->ivn->config);
	dest_retire(svc, dest);
	ip_vs_trash_filled(svc->ivn);
}

/**
 * ip_vs_dest_remove() - move a server to the trash
 * @svc: its service
 * @dest: server
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_remove(struct ip_vs_service *svc, struct ip_vs_dest *dest)
{
	ip_vs_dest_unlist(svc, dest);
	ip_vs_sched_dest_deleted(svc, dest);
	ip_vs_dest_retire(svc, dest);
}

/**
 * ip_vs_dest_remove_all() - move all servers of a service to the trash
 * @svc: service; unlinked, without a scheduler, and going to be freed
 *
 * Readers that still have the service may follow its list, which is therefore
 * left unchanged.  The caller calls ip_vs_trash_filled(), once for all
 * services.
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_remove_all(struct ip_vs_service *svc)
{
	struct ip_vs_dest *dest;
	u32 i = 0;

	lockdep_assert_held(&svc->ivn->config);
	list_for_each_entry(dest, &svc->dest_list, list) {
		dest_retire(svc, dest);
		ip_vs_sched_yield(i++);
	}
}

/**
 * ip_vs_dest_destroy() - remove a server from the trash and unhash it
 * @ivn: namespace
 * @dest: server in the trash; freed with its last reference
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_dest_destroy(struct ip_vs_net *ivn, struct ip_vs_dest *dest)
{
	ip_vs_stats_leave_trash(ivn, dest);
	hlist_del_init(&dest->trash);
	dest_drop_addr(ivn, dest);
	rhashtable_remove_fast(&ivn->dests, &dest->hash, dest_params);
	ip_vs_stats_fold_to_net(ivn, dest);
	ip_vs_dest_put(dest);
}

/**
 * ip_vs_dests_init() - initialise a namespace's hash of servers
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_dests_init(struct ip_vs_net *ivn)
{
	ip_vs_counter_pool_init(&ivn->counters);
	ip_vs_routes_init(&ivn->routes);
	return rhashtable_init(&ivn->dests, &dest_params);
}

/**
 * ip_vs_dests_exit() - destroy a namespace's hash of servers
 * @ivn: namespace without servers
 *
 * Context: process.
 */
void ip_vs_dests_exit(struct ip_vs_net *ivn)
{
	rhashtable_destroy(&ivn->dests);
}
