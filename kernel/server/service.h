/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual service.
 */
#ifndef IP_VS_SERVICE_H
#define IP_VS_SERVICE_H

#include <linux/cache.h>
#include <linux/ip_vs.h>
#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>

#include "server/drops.h"
#include "server/stats.h"

struct ip_vs_net;
struct ip_vs_packet;
struct ip_vs_pe;
struct ip_vs_sched_state;
struct ip_vs_scheduler;
struct netlink_ext_ack;

/* A service at the control port gets the data connections of its address, too. */
#define IP_VS_FTP_PORT		21
#define IP_VS_FTP_DATA_PORT	20

/**
 * struct ip_vs_service_key - identity of a service
 * @addr: virtual address, zero-padded; all zero for a mark service
 * @fwmark: firewall mark, 0: found by address, protocol and port
 * @af: address family
 * @proto: IP protocol (TCP for a mark service made through netlink)
 * @port: virtual port
 * @pad: 0, since keys are hashed and compared as bytes
 *
 * A mark service's key in the hash has nothing but @af and @fwmark.
 */
struct ip_vs_service_key {
	union nf_inet_addr addr;
	u32 fwmark;
	u16 af;
	u16 proto;
	__be16 port;
	u16 pad;
};

/**
 * struct ip_vs_service_config - requested configuration of a service
 * @id: identity; for a mark service sockopt may carry protocol, address, port
 * @flags: IP_VS_SVC_F_*
 * @flags_mask: which bits of @flags to write
 * @timeout: persistence, seconds
 * @netmask: persistence granularity: IPv4 mask; IPv6 prefix length as number
 * @sched_name: name of the scheduler, "none": without
 * @sched: the scheduler of that name, NULL: none
 * @pe_name: name of the persistence engine, "": without
 * @pe: the engine of that name, NULL: none
 */
struct ip_vs_service_config {
	struct ip_vs_service_key id;
	u32 flags;
	u32 flags_mask;
	u32 timeout;
	__be32 netmask;
	char sched_name[IP_VS_SCHEDNAME_MAXLEN];
	const struct ip_vs_scheduler *sched;
	char pe_name[IP_VS_PENAME_MAXLEN + 1];
	const struct ip_vs_pe *pe;
};

/**
 * struct ip_vs_service - a virtual service
 * @hash: in ivn->services
 * @key: its key in the hash; constant
 * @live: it is published: look-ups skip it until then; configuration mutex, read
 *	with acquire semantics
 * @tracked: it is an FTP service with a NAT server, so connection tracking has
 *	been enabled; configuration mutex
 * @id: what listings print; constant (differs from @key for sockopt's marks)
 * @svc_key: what its servers refer to it by: @key with the protocol of @id;
 *	constant
 * @flags: IP_VS_SVC_F_*; configuration mutex, read with READ_ONCE()
 * @timeout: persistence, seconds; as @flags
 * @netmask: persistence granularity; as @flags
 * @pe: persistence engine, NULL: none; as @flags
 * @sched: scheduler, NULL: none; RCU, written under the configuration mutex
 * @sched_data: state of @sched for this service (sched.h); as @sched
 * @retired: @sched_data of a deleted service, freed with it
 * @sched_lock: protects the scheduler's state; taken in softirq: _bh
 * @dest_list: servers, newest first; RCU list, configuration mutex
 * @num_dests: length of @dest_list; configuration mutex
 * @ivn: namespace
 * @list: in ivn->service_list, oldest first; configuration mutex
 * @serial: grows with each service added: dump cursors
 * @folded: counters of servers removed from it; configuration mutex
 * @origin: counters at the last zeroing; configuration mutex
 * @rates: estimator state; estimator's lock
 * @drops: dropped packets, by reason
 * @rate_node: in the estimator's list of services with rates to update;
 *	estimator's lock
 * @rcu: for freeing
 */
struct ip_vs_service {
	struct rhash_head hash;
	struct ip_vs_service_key key;
	bool live;
	bool tracked;
	u32 flags;
	u32 timeout;
	__be32 netmask;
	const struct ip_vs_pe *pe;
	const struct ip_vs_scheduler __rcu *sched;
	struct ip_vs_sched_state __rcu *sched_data;
	struct ip_vs_net *ivn;
	struct ip_vs_service_key id;
	struct ip_vs_service_key svc_key;
	struct list_head dest_list;
	u32 num_dests;

	spinlock_t sched_lock ____cacheline_aligned_in_smp;
	struct ip_vs_sched_state *retired;
	struct list_head list;
	u64 serial;
	struct ip_vs_counters folded;
	struct ip_vs_counters origin;
	struct ip_vs_rates rates;
	struct list_head rate_node;
	struct ip_vs_service_drops drops;
	struct rcu_head rcu;
};

/* Schedulers that go by load take the lock for new and ended connections: no
 * packet reads another member of its cache line.
 */
static_assert(!IS_ENABLED(CONFIG_SMP) ||
	      offsetof(struct ip_vs_service, sched_lock) % SMP_CACHE_BYTES == 0);

/* Packet path: RCU read side. */
struct ip_vs_service *ip_vs_service_match(struct ip_vs_net *ivn,
					  const struct ip_vs_packet *pkt,
					  u32 fwmark);
struct ip_vs_service *
ip_vs_service_at_key(struct ip_vs_net *ivn,
		     const struct ip_vs_service_key *svc_key);

/* Keys, and checks that need no table. */
void ip_vs_service_key_of(struct ip_vs_service_key *key,
			  const struct ip_vs_service_key *id);
void ip_vs_service_svc_key(struct ip_vs_service_key *svc_key,
			   const struct ip_vs_service_key *id);
int ip_vs_service_check(const struct ip_vs_service_config *cfg,
			struct netlink_ext_ack *extack);

/* Configuration: configuration mutex held. */
struct ip_vs_service *ip_vs_service_find(struct ip_vs_net *ivn,
					 const struct ip_vs_service_key *id);
int ip_vs_service_add(struct ip_vs_net *ivn,
		      const struct ip_vs_service_config *cfg,
		      struct netlink_ext_ack *extack);
int ip_vs_service_edit(struct ip_vs_service *svc,
		       const struct ip_vs_service_config *cfg,
		       struct netlink_ext_ack *extack);
void ip_vs_service_del(struct ip_vs_service *svc);
void ip_vs_service_flush(struct ip_vs_net *ivn);

/* The same in two steps: prepare may fail and is not visible, publish cannot
 * fail.
 */
struct ip_vs_service *
ip_vs_service_prepare(struct ip_vs_net *ivn,
		      const struct ip_vs_service_config *cfg,
		      struct netlink_ext_ack *extack);
void ip_vs_service_discard(struct ip_vs_service *svc);
void ip_vs_service_publish(struct ip_vs_service *svc);
void ip_vs_service_publish_edit(struct ip_vs_service *svc,
				const struct ip_vs_service_config *cfg);

/* Namespace. */
int ip_vs_services_init(struct ip_vs_net *ivn);
void ip_vs_services_exit(struct ip_vs_net *ivn);

#endif
