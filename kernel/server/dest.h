/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A real server of a virtual service.
 */
#ifndef IP_VS_DEST_H
#define IP_VS_DEST_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/ip_vs.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>

#include "server/counter_pool.h"
#include "server/route_cache.h"
#include "server/service.h"
#include "server/stats.h"

struct ip_vs_conn;
struct ip_vs_net;
struct ip_vs_server_addr;
struct netlink_ext_ack;

/* Bit numbers of ip_vs_dest.status, and the bits. */
enum ip_vs_dest_status {
	IP_VS_DEST_AVAILABLE_BIT = 0,
	IP_VS_DEST_OVERLOAD_BIT = 1,
	/* on its service's list */
	IP_VS_DEST_AVAILABLE = BIT(IP_VS_DEST_AVAILABLE_BIT),
	/* at its upper threshold */
	IP_VS_DEST_OVERLOAD = BIT(IP_VS_DEST_OVERLOAD_BIT),
};

/**
 * struct ip_vs_dest_key - identity of a server within its service
 * @addr: address, zero-padded
 * @af: address family
 * @port: port, 0: the packet's own
 */
struct ip_vs_dest_key {
	union nf_inet_addr addr;
	u16 af;
	__be16 port;
};

/**
 * struct ip_vs_dest_config - requested configuration of a real server
 * @key: which server
 * @method: IP_VS_CONN_F_MASQ, _TUNNEL, _DROUTE ... (the bits of
 *	IP_VS_CONN_F_FWD_MASK); sockopt may add ONE_PACKET and NFCT
 * @weight: share of new connections, 0: none
 * @u_threshold: connections at which it counts as overloaded, 0: never
 * @l_threshold: connections below which it no longer does, 0: 3/4 of upper
 * @tun_type: IP_VS_CONN_F_TUNNEL_TYPE_*
 * @tun_port: port of GUE
 * @tun_flags: IP_VS_TUNNEL_ENCAP_FLAG_*
 */
struct ip_vs_dest_config {
	struct ip_vs_dest_key key;
	u32 method;
	int weight;
	u32 u_threshold;
	u32 l_threshold;
	u8 tun_type;
	__be16 tun_port;
	u16 tun_flags;
};

/**
 * struct ip_vs_dest - a real server
 * @key: address and port; constant
 * @svc_key: identity of the service it belongs to, or did before it was removed;
 *	@key and @svc_key together are unique in the namespace; constant
 * @method: forwarding method and the initial flags of its connections;
 *	written under the configuration mutex, read with READ_ONCE()
 * @tun_type: as configured; as @method
 * @has_counts: @counters are not all 0; set by the packet path, never cleared
 * @tun_flags: as configured; as @method
 * @tun_port: as configured; as @method
 * @weight: written under the configuration mutex, read with READ_ONCE()
 * @last_weight: first weight, then the last one that was not 0; as @weight
 * @status: enum ip_vs_dest_status; atomic bits: AVAILABLE is written under the
 *	configuration mutex, OVERLOAD wherever @total or a threshold changes
 * @counters: per-CPU counters, one set a packet; from ivn->counters
 * @in_estimator: bit 0: in the estimator's list of servers with rates to update,
 *	which then holds a reference; set by the packet path, cleared by the
 *	estimator
 * @route: cached routes to @key.addr, by enum ip_vs_route_kind; written under
 *	ivn->routes.lock, read by RCU
 * @svc: the service whose list it is on, NULL in the trash; RCU
 * @ivn: namespace; a reference to the server does not keep it alive
 * @list: in svc->dest_list, newest first; RCU
 * @hash: in ivn->dests, from creation until it leaves the trash
 * @u_threshold: as configured; written under the configuration mutex, read
 *	with READ_ONCE()
 * @l_threshold: as @u_threshold
 * @sched_slot: private to the scheduler bound to @svc; its lock
 * @active: connections in an active protocol state
 * @total: all connections but templates; they keep the server in the namespace,
 *	see ip_vs_dest_close()
 * @persist: persistence templates; as @total
 * @refcnt: one for being configured, or in the trash; one each scheduler slot and
 *	the estimator's list
 * @rate_node: link of the list that @in_estimator stands for
 * @serial: grows with each server put on a list: dump cursors
 * @base: value of @counters when it was last added to a service or folded into
 *	one; configuration mutex
 * @origin: @counters at the last zeroing; configuration mutex
 * @last: @counters at the estimator's last pass; estimator's lock
 * @rates: estimator state; estimator's lock
 * @server_addr: maps the addresses in its packets, or in ICMP errors, to it; NULL:
 *	its method needs none, or it was removed; configuration mutex
 * @same_addr: in server_addr->dests while it is configured; RCU
 * @trash: in ivn->trash while the server is removed and still referred to
 * @idle_since: jiffies when the trash first saw it unreferenced, 0: not yet
 * @former: serial of the service it was removed from; configuration mutex
 * @reading: the last sum over all servers that it is in; configuration mutex
 * @removed_gp: grace period after which no reader follows @list of its former
 *	service any more
 * @rcu: for freeing
 */
struct ip_vs_dest {
	struct ip_vs_dest_key key;
	struct ip_vs_service_key svc_key;
	u32 method;
	u8 tun_type;
	bool has_counts;
	u16 tun_flags;
	__be16 tun_port;
	int weight;
	int last_weight;
	unsigned long status;
	struct ip_vs_counter_set counters;
	unsigned long in_estimator;
	struct ip_vs_route __rcu *route[IP_VS_ROUTE_KINDS];
	struct ip_vs_service __rcu *svc;
	struct ip_vs_net *ivn;
	struct list_head list;
	struct rhash_head hash;
	u32 u_threshold;
	u32 l_threshold;
	u32 sched_slot;

	atomic_t active ____cacheline_aligned_in_smp;
	atomic_t total;
	atomic_t persist;
	refcount_t refcnt;
	struct llist_node rate_node;

	u64 serial ____cacheline_aligned_in_smp;
	struct ip_vs_counters base;
	struct ip_vs_counters origin;
	struct ip_vs_counters last;
	struct ip_vs_rates rates;
	struct ip_vs_server_addr *server_addr;
	struct hlist_node same_addr;
	struct hlist_node trash;
	unsigned long idle_since;
	u64 former;
	unsigned long removed_gp;
	u32 reading;
	struct rcu_head rcu;
};

/* What is written for each new and ended connection has a cache line to itself:
 * other packets read what is before it, configuration what is behind it.
 */
static_assert(offsetofend(struct ip_vs_dest, sched_slot) <=
	      offsetof(struct ip_vs_dest, active));
static_assert(!IS_ENABLED(CONFIG_SMP) ||
	      offsetof(struct ip_vs_dest, active) % SMP_CACHE_BYTES == 0);
static_assert(!IS_ENABLED(CONFIG_SMP) ||
	      offsetof(struct ip_vs_dest, serial) -
	      offsetof(struct ip_vs_dest, active) == SMP_CACHE_BYTES);

/**
 * struct ip_vs_dest_change - a server to be added or edited
 * @dest: the server
 * @server_addr: the server's new @server_addr
 */
struct ip_vs_dest_change {
	struct ip_vs_dest *dest;
	struct ip_vs_server_addr *server_addr;
};

/* Is it configured (not in the trash)? */
static inline bool ip_vs_dest_available(const struct ip_vs_dest *dest)
{
	return READ_ONCE(dest->status) & IP_VS_DEST_AVAILABLE;
}

static inline bool ip_vs_dest_overloaded(const struct ip_vs_dest *dest)
{
	return READ_ONCE(dest->status) & IP_VS_DEST_OVERLOAD;
}

/* Schedulers: neither overloaded nor quiesced. */
static inline bool ip_vs_dest_usable(const struct ip_vs_dest *dest)
{
	return READ_ONCE(dest->weight) > 0 && !ip_vs_dest_overloaded(dest);
}

static inline u32 ip_vs_dest_method(const struct ip_vs_dest *dest)
{
	return READ_ONCE(dest->method) & IP_VS_CONN_F_FWD_MASK;
}

/* Shown as InActConn: the two counts are read apart, so never below 0. */
static inline int ip_vs_dest_inactive(const struct ip_vs_dest *dest)
{
	return max(atomic_read(&dest->total) - atomic_read(&dest->active), 0);
}

static inline void ip_vs_dest_hold(struct ip_vs_dest *dest)
{
	refcount_inc(&dest->refcnt);
}

void ip_vs_dest_put(struct ip_vs_dest *dest);

/* Configuration: configuration mutex held. */
int ip_vs_dest_add(struct ip_vs_service *svc,
		   const struct ip_vs_dest_config *cfg,
		   struct netlink_ext_ack *extack);
int ip_vs_dest_edit(struct ip_vs_service *svc,
		    const struct ip_vs_dest_config *cfg,
		    struct netlink_ext_ack *extack);
int ip_vs_dest_not_found(struct netlink_ext_ack *extack);
int ip_vs_dest_del(struct ip_vs_service *svc, const struct ip_vs_dest_key *key,
		   struct netlink_ext_ack *extack);
struct ip_vs_dest *ip_vs_dest_find(struct ip_vs_service *svc,
				   const struct ip_vs_dest_key *key);
void ip_vs_dest_remove(struct ip_vs_service *svc, struct ip_vs_dest *dest);
void ip_vs_dest_remove_all(struct ip_vs_service *svc);
void ip_vs_dest_destroy(struct ip_vs_net *ivn, struct ip_vs_dest *dest);
int ip_vs_dest_check(struct ip_vs_net *ivn,
		     const struct ip_vs_service_key *svc_key,
		     const struct ip_vs_dest_config *cfg,
		     struct netlink_ext_ack *extack);

/* The same in two steps: prepare may fail and is not visible, publish cannot
 * fail.
 */
int ip_vs_dest_prepare_add(struct ip_vs_service *svc,
			   const struct ip_vs_dest_config *cfg,
			   struct ip_vs_dest_change *change);
int ip_vs_dest_prepare_edit(struct ip_vs_service *svc, struct ip_vs_dest *dest,
			    const struct ip_vs_dest_config *cfg,
			    struct ip_vs_dest_change *change);
void ip_vs_dest_discard(struct ip_vs_net *ivn,
			struct ip_vs_dest_change *change);
void ip_vs_dest_publish_add(struct ip_vs_service *svc,
			    const struct ip_vs_dest_config *cfg,
			    struct ip_vs_dest_change *change);
void ip_vs_dest_publish_edit(const struct ip_vs_dest_config *cfg,
			     struct ip_vs_dest_change *change);
void ip_vs_dest_unlist(struct ip_vs_service *svc, struct ip_vs_dest *dest);
void ip_vs_dest_retire(struct ip_vs_service *svc, struct ip_vs_dest *dest);

/* Packet path: RCU read side. */
struct ip_vs_dest *ip_vs_dest_match(struct ip_vs_service *svc,
				    const struct ip_vs_dest_key *key);

/* Packet path: counts of connections, thresholds, the scheduler's index. */
bool ip_vs_dest_bind(struct ip_vs_dest *dest);
bool ip_vs_dest_bind_template(struct ip_vs_dest *dest);
void ip_vs_dest_unbind_template(struct ip_vs_dest *dest);
bool ip_vs_dest_close(struct ip_vs_dest *dest);
void ip_vs_dest_unbind(struct ip_vs_dest *dest, bool active);
void ip_vs_dest_set_active(struct ip_vs_dest *dest, bool active);
void ip_vs_dest_set_thresholds(struct ip_vs_dest *dest, u32 upper, u32 lower);

/* Namespace. */
int ip_vs_dests_init(struct ip_vs_net *ivn);
void ip_vs_dests_exit(struct ip_vs_net *ivn);

#endif
