/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One network namespace's state: every table, setting and worker.
 *
 * Lock order, outermost first; each is taken under those above it only:
 *
 *	staging.lock		mutex; what sockets have staged; taken alone
 *	listeners.lock		mutex; sockets that listen to events; taken alone
 *	ivn->daemons		mutex; starts and stops of synchronisation daemons
 *	ivn->readers		mutex; readers of procfs: one at a time
 *	(the RTNL)
 *	ivn->config		mutex; all configuration of the namespace
 *	  mh_state.lock		mutex; filling a table of mh
 *	  svc->sched_lock	spinlock, _bh; a scheduler's private state
 *	extra->lock		spinlock, _bh; what a helper keeps, numbers that change
 *	conn->lock		spinlock, _bh; state of one connection
 *	  stripe->lock		spinlock, _bh; chains of connections, conn/hash.c
 *	  shard->lock		spinlock, _bh; one shard's list and wheel
 *	queue->lock		spinlock, _bh; what a master's thread has to send
 *	est->lock		spinlock; estimator state
 *	counters.lock		spinlock, _bh; allocation of counters; alone
 *	routes.lock		spinlock, _bh; cached routes; alone
 *	ivn->lanes_lock		spinlock, _bh; ways of packets; alone
 *
 * The packet path takes no lock unless a connection is created, changes its
 * state, or ends; all pointers it follows are protected by RCU.
 */
#ifndef IP_VS_NET_H
#define IP_VS_NET_H

#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "conn/hash.h"
#include "conn/limit.h"
#include "event_kind.h"
#include "proto/states.h"
#include "server/counter_pool.h"
#include "server/route_cache.h"
#include "server/stats.h"

struct cpumask;
struct ctl_table;
struct ctl_table_header;
struct ip_vs_conn;
struct ip_vs_conn_cursor;
struct ip_vs_cpu_fast;
struct ip_vs_cpu_drops;
struct ip_vs_drops;
struct ip_vs_foreign;
struct ip_vs_hooks;
struct ip_vs_shard;
struct ip_vs_sync_daemon;
struct ip_vs_lanes;
struct nf_hook_ops;

/**
 * struct ip_vs_settings - net.ipv4.vs.*
 * @snat_reroute: route a translated answer again, as from the virtual address
 * @pmtu_disc: answer "fragmentation needed" for what does not fit
 * @sloppy_tcp: schedule on any segment but RST
 * @expire_nodest_conn: end connections whose server was removed
 * @conn_reuse_mode: bitmap: when a SYN on an old entry is scheduled anew
 * @expire_quiescent_template: templates of weight-0 servers are not used
 * @cache_bypass: a mark service without an available server forwards a packet
 *	to its own destination
 * @schedule_icmp: an ICMP error may open a connection
 * @conntrack: new connections keep their entry in connection tracking
 * @nat_icmp_send: send an ICMP error to a NAT server whose packet has no
 *	connection
 * @sloppy_sctp: schedule on any packet but ABORT
 * @ignore_tunneled: what a packet of a protocol that is not balanced carries is
 *	not balanced either
 * @fastpath: 1: packets of established connections may take the short way
 * @reschedule_unavailable: schedule anew, at once, what opens a connection on
 *	an entry whose server was removed or has weight 0
 * @drop_entry: mode of defense.c: end connections
 * @drop_packet: mode of defense.c: drop what opens connections
 * @secure_tcp: mode of defense.c: the stricter TCP state machine
 * @amemthresh: pages below which memory counts as short
 * @am_droprate: rate of @drop_packet in mode 3
 * @conn_max: most connections and templates
 * @lblc_expiration: jiffies that lblc remembers an unused destination
 * @lblcr_expiration: the same for lblcr; sets shrink after this time
 * @run_estimation: 0: rates and counters stand still
 * @backup_only: while a backup daemon runs, requests are not handled
 * @sync_version: of the messages a master sends, 0 or 1
 * @sync_ports: threads of a daemon, each with a port of its own
 * @sync_threshold: [0] of every [1] requests is sent to sync peers
 * @sync_refresh_period: jiffies by which a deadline moves before it is sent to
 *	sync peers, 0: any; negative: without end
 * @sync_retries: how often a record is repeated within that period
 * @sync_persist_mode: not 0: sync peers get templates instead of the
 *	connections they control
 * @sync_sock_size: buffer of a daemon's sockets, bytes, 0: the system's default
 * @sync_qlen_max: messages a master's thread lets queue up
 * @est_cpulist: 0: the same, as no CPU may sample them; the list itself is
 *	ip_vs_net.est_cpus
 * @est_nice: priority of estimation; for reading back only
 * @conn_lfactor: load factor of the connection table; for reading back only
 * @svc_lfactor: load factor of the service table; for reading back only
 *
 * Written through sysctl, read with READ_ONCE().
 */
struct ip_vs_settings {
	int snat_reroute;
	int pmtu_disc;
	int sloppy_tcp;
	int expire_nodest_conn;
	int conn_reuse_mode;
	int expire_quiescent_template;
	int cache_bypass;
	int schedule_icmp;
	int conntrack;
	int nat_icmp_send;
	int sloppy_sctp;
	int ignore_tunneled;
	int reschedule_unavailable;
	int fastpath;
	int drop_entry;
	int drop_packet;
	int secure_tcp;
	int amemthresh;
	int am_droprate;
	int conn_max;
	int lblc_expiration;
	int lblcr_expiration;
	int run_estimation;
	int backup_only;
	int sync_version;
	int sync_ports;
	int sync_threshold[2];
	int sync_refresh_period;
	int sync_retries;
	int sync_persist_mode;
	int sync_sock_size;
	unsigned long sync_qlen_max;
	int est_cpulist;
	int est_nice;
	int conn_lfactor;
	int svc_lfactor;
};

/**
 * struct ip_vs_estimator - see estimator.c
 * @ivn: the namespace
 * @lock: rates of every object, and the list of services
 * @queue: servers to be estimated, added by packets; pushed without a lock
 * @active: servers being estimated; @work only
 * @services: services being estimated
 * @work: the pass, every two seconds while something is estimated
 * @next: jiffies of the next pass; @work only
 * @rates: of the namespace
 */
struct ip_vs_estimator {
	struct ip_vs_net *ivn;
	spinlock_t lock;	/* rates, @services */
	struct llist_head queue;
	struct llist_node *active;
	struct list_head services;
	struct delayed_work work;
	unsigned long next;
	struct ip_vs_rates rates;
};

/**
 * struct ip_vs_defense - defences while memory is short; defense.c
 * @secure_tcp: the stricter TCP state machine is on; READ_ONCE()
 * @drop_rate: of so many packets that would open a connection one is dropped;
 *	0: none; READ_ONCE()
 * @countdown: until the next is dropped; of several packets that meet its end
 *	together all may be
 * @dropping: connections are being ended; @work only
 * @round: the walk that ends connections, started again at its end; @work only;
 *	NULL until there can be connections
 * @idle: by packets a connection has had: how many more such idle ones are
 *	spared; @work only
 * @work: the pass, every second while any of the three is switched on
 *
 * What packets only read comes first, what they write has another cache line.
 */
struct ip_vs_defense {
	bool secure_tcp;
	int drop_rate;
	atomic_t countdown ____cacheline_aligned_in_smp;
	bool dropping;
	struct ip_vs_conn_cursor *round;
	u8 idle[9];
	struct delayed_work work;
};

/**
 * struct ip_vs_staging - see ctl/transaction.c
 * @lock: everything here, and what the transactions hold
 * @open: transactions that commands find
 * @n_open: how many there are, one being committed included
 * @n_ops: how many operations they have
 */
struct ip_vs_staging {
	struct mutex lock;	/* everything here; see above */
	struct list_head open;
	u32 n_open;
	u32 n_ops;
};

/**
 * struct ip_vs_listeners - see ctl/listeners.c
 * @lock: everything here
 * @list: sockets that listen to events
 * @n: how many; READ_ONCE()
 */
struct ip_vs_listeners {
	struct mutex lock;	/* everything here; see above */
	struct list_head list;
	u32 n;
};

/**
 * struct ip_vs_config_events - see ctl/events.c
 * @ready: messages to be sent, of as many events as fit
 * @lost: some did not fit
 * @work: sends them
 */
struct ip_vs_config_events {
	struct sk_buff_head ready;
	atomic_t lost;
	struct delayed_work work;
};

/**
 * struct ip_vs_conn_events - see conn/events.c
 * @queue: events not yet taken, newest first; pushed without a lock
 * @n: how many those are, or a few more
 * @lost: some did not fit
 * @work: sends them
 */
struct ip_vs_conn_events {
	struct llist_head queue;
	atomic_t n;
	atomic_t lost;
	struct work_struct work;
};

/**
 * struct ip_vs_net - a namespace's state
 * @net: the namespace
 * @config: serialises configuration
 * @master: daemon that sends connections to sync peers; @daemons, RCU
 * @backup: daemon that receives connections from sync peers; @daemons, RCU
 * @daemons: see above
 * @n_daemons: how many run or are being started; @config
 * @number: how many namespaces there were before
 * @hook_ops: the hooks' definitions, [0] IPv4, [1] IPv6; set by netns.c
 * @sysctl_table: our copy, its entries point into @settings
 * @sysctl_header: registration
 * @conns4: IPv4 connections
 * @conns6: IPv6 connections
 * @shards: lists and wheels of connections, by CPU; see expiry.c.  From here to
 *	@est, and @limit, what packets need is allocated when @equipped
 * @n_shards: how many, a power of two
 * @foreign: control group charged for what packets need; set when @equipped in
 *	a foreign namespace, else NULL
 * @lanes: by family, [0] IPv4, [1] IPv6: ways that packets took, server/lanes.h;
 *	written under @lanes_lock
 * @fast_cpu: packets that took the short way, by CPU; engine/fast.h
 * @drops_cpu: packets dropped, by CPU and reason
 * @drops_origin: the same, summed, at the last zeroing; @config
 * @folded_cpu: what servers that left the trash had counted; @config
 * @est: rates; there when @equipped
 * @trash: removed servers; @config
 * @conn_max_hard: highest conn_max that the namespace's own administrator may
 *	set; sysctl
 * @equipped: what packets need has been allocated; set under @config, once
 * @dying: the namespace is being destroyed: nothing is scheduled any more
 * @limit: number of connections and templates, and its limit
 * @lanes_lock: sets of ways are made and replaced
 * @lanes_serial: of the last set of ways; @lanes_lock
 * @sweep: ends the connections of removed servers
 * @conn_prolonged: informs sync peers of an entry whose timeout was extended;
 *	set by netns.c; RCU read side
 * @equip: allocates what packets need: ip_vs_net_equip(); set by netns.c
 * @est_cpus: CPUs of est_cpulist, NULL: never written; @config
 * @hooks: the namespace's netfilter hooks, [0] IPv4, [1] IPv6; @config
 * @readers: see above
 * @reading: sum over all servers that is being made, or NULL; @config
 * @readings: number of the last one, never 0 then; @config
 * @services: by struct ip_vs_service_key
 * @service_list: oldest first; @config
 * @apps: ports of application helpers, newest first; @config, RCU
 * @n_portless: connections that are expected, whose client's port is not known
 * @n_services: by family: [0] IPv4, [1] IPv6; @config
 * @n_port0: how many services have port 0 and no mark; @config, READ_ONCE()
 * @n_ftp: how many services have port 21; as @n_port0
 * @n_fwmark: how many services are found by mark; as @n_port0
 * @n_engines: how many services have a persistence engine; as @n_port0
 * @serial: last serial given to a service or server; @config
 * @generation: changes with every change of the configuration, never 0;
 *	@config, READ_ONCE()
 * @n_remembered: entries of locality.c, and members of their sets; of a foreign
 *	namespace only
 * @mh_second: jiffies since when @mh_fills are counted; @config
 * @mh_fills: tables that commands have filled themselves; @config
 * @staging: transactions that sockets have open
 * @n_listeners: how many listen to events of a kind; @listeners.lock,
 *	READ_ONCE()
 * @listeners: the sockets that listen
 * @config_events: changes of the configuration to be reported
 * @conn_events: new and ended connections to be reported
 * @dests: servers of all services and of the trash, by ip_vs_dest.key and
 *	ip_vs_dest.svc_key; @config
 * @counters: what packets of those servers are counted in
 * @routes: cached routes to those servers
 * @server_addrs: addresses of configured servers; written under @config
 * @trash_work: empties @trash
 * @origin: totals at the last zeroing; @config
 * @timeouts: of the state machines
 * @settings: net.ipv4.vs.*
 * @defense: against memory pressure
 */
struct ip_vs_net {
	struct net *net;
	struct mutex config;	/* see above */
	struct ip_vs_sync_daemon __rcu *master;
	struct ip_vs_sync_daemon __rcu *backup;
	struct mutex daemons;	/* see above */
	u32 n_daemons;
	u32 number;
	const struct nf_hook_ops *hook_ops[2];
	struct ctl_table *sysctl_table;
	struct ctl_table_header *sysctl_header;

	/* Packets read these; the creation and end of connections write what
	 * follows.
	 */
	struct ip_vs_hash conns4 ____cacheline_aligned_in_smp;
	struct ip_vs_hash conns6;
	struct ip_vs_shard *shards;
	u32 n_shards;
	struct ip_vs_foreign *foreign;
	struct ip_vs_lanes __rcu *lanes[2];
	struct ip_vs_cpu_fast __percpu *fast_cpu;
	struct ip_vs_cpu_drops __percpu *drops_cpu;
	struct ip_vs_drops *drops_origin;
	struct ip_vs_cpu_counters __percpu *folded_cpu;
	struct ip_vs_estimator *est;
	struct hlist_head trash;
	int conn_max_hard;
	bool equipped;
	bool dying;
	struct ip_vs_conn_limit limit ____cacheline_aligned_in_smp;
	struct work_struct sweep;
	spinlock_t lanes_lock;	/* see above */
	u32 lanes_serial;
	void (*conn_prolonged)(struct ip_vs_conn *c);
	int (*equip)(struct ip_vs_net *ivn);
	struct cpumask *est_cpus;
	struct ip_vs_hooks *hooks[2];
	struct mutex readers;	/* see above */
	struct ip_vs_stats_reading *reading;
	u32 readings;

	struct rhashtable services ____cacheline_aligned_in_smp;
	struct list_head service_list;
	struct hlist_head apps;
	atomic_t n_portless;
	u32 n_services[2];
	u32 n_port0;
	u32 n_ftp;
	u32 n_fwmark;
	u32 n_engines;
	u32 n_listeners[IP_VS_EVENTS_MAX];
	u64 serial;
	u32 generation;
	atomic_t n_remembered;
	unsigned long mh_second;
	u32 mh_fills;
	struct ip_vs_staging staging;
	struct ip_vs_listeners listeners;
	struct ip_vs_config_events config_events;
	struct ip_vs_conn_events conn_events;

	struct rhashtable dests;
	struct ip_vs_counter_pool counters;
	struct ip_vs_routes routes;
	struct rhashtable server_addrs;
	struct delayed_work trash_work;

	struct ip_vs_counters origin;

	struct ip_vs_timeouts timeouts;
	struct ip_vs_settings settings;
	struct ip_vs_defense defense;
};

/* In which cache line of the struct is a field? */
#define IP_VS_LINE(type, field) (offsetof(type, field) / SMP_CACHE_BYTES)
#define IP_VS_APART(type, read, written)				\
	static_assert(!IS_ENABLED(CONFIG_SMP) ||			\
		      IP_VS_LINE(type, read) != IP_VS_LINE(type, written))

IP_VS_APART(struct ip_vs_net, conns4.buckets, config);
IP_VS_APART(struct ip_vs_net, conns4.buckets, limit);
IP_VS_APART(struct ip_vs_net, conns6.buckets, limit);
IP_VS_APART(struct ip_vs_net, shards, limit);
IP_VS_APART(struct ip_vs_net, foreign, limit);
IP_VS_APART(struct ip_vs_net, services, limit);
IP_VS_APART(struct ip_vs_net, services, sweep);
IP_VS_APART(struct ip_vs_net, settings.conntrack, defense.countdown);
IP_VS_APART(struct ip_vs_net, hooks, defense.countdown);
IP_VS_APART(struct ip_vs_defense, secure_tcp, countdown);
IP_VS_APART(struct ip_vs_defense, drop_rate, countdown);

/* Index of struct ip_vs_net in the data of a namespace; for netns.c. */
extern unsigned int ip_vs_net_id;

/* The state of @net; exists from module start to the namespace's end. */
struct ip_vs_net *ip_vs_net(const struct net *net);
int ip_vs_net_equip(struct ip_vs_net *ivn);

/* Have connections and counters of packets been allocated?  If true, they may
 * be used.
 */
static inline bool ip_vs_equipped(const struct ip_vs_net *ivn)
{
	/* Pairs with ip_vs_net_equip(). */
	return smp_load_acquire(&ivn->equipped);
}

/* Does another user namespace than the initial one own it?  Then its share of
 * memory and CPU time is limited.
 */
static inline bool ip_vs_net_foreign(const struct ip_vs_net *ivn)
{
	return ivn->net->user_ns != &init_user_ns;
}

/* Are requests left to sync peers, as this host only receives their
 * connections?
 */
static inline bool ip_vs_standby(const struct ip_vs_net *ivn)
{
	return unlikely(READ_ONCE(ivn->settings.backup_only)) &&
	       rcu_access_pointer(ivn->backup);
}

/* Does a socket in the namespace listen to such events?  If not, none is
 * created.
 */
static inline bool ip_vs_listened(const struct ip_vs_net *ivn,
				  enum ip_vs_event_kind kind)
{
	return unlikely(READ_ONCE(ivn->n_listeners[kind]));
}

/* Deferred or slow work runs here, never in softirq. */
extern struct workqueue_struct *ip_vs_wq;
/* Work that a namespace may cause without limit, and that no control group is
 * charged for: one item at a time.
 */
extern struct workqueue_struct *ip_vs_fill_wq;
/* Reclaim in the control group of a foreign namespace, which may take long: see
 * foreign.c.
 */
extern struct workqueue_struct *ip_vs_room_wq;
/* Work bound to a CPU: ending expired connections; see expiry.c. */
extern struct workqueue_struct *ip_vs_expiry_wq;
/* End the connections of removed servers, soon.  Any context. */
static inline void ip_vs_net_sweep(struct ip_vs_net *ivn)
{
	queue_work(ip_vs_wq, &ivn->sweep);
}

/* What listings print as the size of the connection table, as a power of two;
 * the table itself has no such limit.
 */
extern int ip_vs_conn_tab_bits;

/* Module start and end. */
void ip_vs_conn_tab_bits_check(void);
int ip_vs_queues_alloc(void);
void ip_vs_queues_free(void);

#endif
