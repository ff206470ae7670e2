/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between a scheduler and the rest of the module.
 *
 * Adding a scheduler
 *	1. A file sched/<name>.c: its rule, formula and source at the head, a
 *	   state struct that begins with struct ip_vs_sched_state, a
 *	   struct ip_vs_scheduler named ip_vs_sched_<name> at the foot.
 *	2. One line in Kbuild.
 *	3. Its declaration in sched/table.h and one row in sched/table.c.
 *	4. Its worked examples and its naive model in tests/unit/sched/.
 *
 * What to build on
 *	load_index.h	the least loaded server, whatever "load" is: give a
 *			measure() and take IP_VS_LOAD_INDEX_OPS
 *	weight_index.h	the next server in list order of at least some weight
 *	client_hash.h	the number that is hashed for a packet's client
 *	locality.h	what is stored about a destination address
 *
 * Life of a state.  What can fail comes first, and is not visible to packets:
 * init() allocates for a number of servers, reserve() for more of them.  From
 * then on nothing fails: fill() adds the service's servers, the state is
 * published by RCU, and only then the old one is retired, so that there is
 * always a scheduler.  A state that is discarded is freed without having been
 * filled.  Packets may pick on a retired state until a grace period has passed,
 * so stop() leaves it readable; afterwards release() frees what it points to,
 * and sched.c the state.
 */
#ifndef IP_VS_SCHED_H
#define IP_VS_SCHED_H

#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/types.h>

struct ip_vs_dest;
struct ip_vs_load;
struct ip_vs_packet;
struct ip_vs_scheduler;
struct ip_vs_service;

/* The name of no scheduler at all */
#define IP_VS_SCHED_NONE "none"

/* dest->sched_slot of a server that no index holds */
#define IP_VS_NO_SLOT U32_MAX

/**
 * struct ip_vs_sched_state - state of a scheduler for one service
 * @ops: the scheduler; constant
 * @svc: the service; constant.  Outlives every reader of this state
 * @rcu: for freeing
 *
 * First member of the scheduler's own struct, which sched.c allocates (zeroed)
 * and frees.
 */
struct ip_vs_sched_state {
	const struct ip_vs_scheduler *ops;
	struct ip_vs_service *svc;
	struct rcu_head rcu;
};

/**
 * struct ip_vs_scheduler - one algorithm
 * @name: as users write it
 * @size: bytes of its state struct
 * @most: most servers a service may have when it is bound, 0: any number.  Single
 *	commands may add more afterwards, as with the in-tree module
 * @anew: its state depends on nothing but the servers: after many changes at
 *	once a new one is equivalent, and cheaper than to tell it of each
 * @init: (optional) allocate memory for @n servers.  May sleep; configuration mutex
 *	held; not yet visible to packets.  Returns 0 or -errno; does not change
 *	the servers
 * @fill: (optional) add the service's present servers, as many as @init or
 *	fewer.  As @init, but cannot fail
 * @reserve: (optional) allocate memory for @more servers besides the present ones,
 *	so that this many calls of @add cannot fail.  Does not affect picks.
 *	Configuration mutex held; may sleep.  0 or -ENOMEM
 * @stop: (optional) the state is retired: packets that already hold it may
 *	pick on it for one more grace period, new packets do not see it.  Stop
 *	workers, drop references.  May sleep; configuration mutex held
 * @release: (optional) that grace period is over, or the state was never
 *	filled: free what it points to, not the state.  Softirq or process context, no lock held
 * @add: (optional) the server was put at the head of the service's list;
 *	reserved.  Configuration mutex held; may sleep
 * @del: (optional) the server was taken from the list; packets in flight may
 *	hold it for one more grace period.  As @add
 * @edit: (optional) attributes of the server were written, perhaps unchanged.
 *	As @add
 * @counts: its state depends on connection counts: @load is called for each new
 *	and ended connection, and not only when the overload mark changes
 * @load: (optional) the overload mark of the server changed, or with @counts its
 *	connection counts, by atomic operations.  Softirq or process context,
 *	RCU read side, no lock held; both may have changed again
 * @measure: (users of load_index.h) the present load of the server
 * @pick: choose a server for a new connection.  Softirq or process context,
 *	RCU read side.  Returns an RCU pointer, or NULL after
 *	ip_vs_sched_complain(): none is usable
 */
struct ip_vs_scheduler {
	const char *name;
	size_t size;
	u32 most;
	bool anew;
	bool counts;
	int (*init)(struct ip_vs_sched_state *state, u32 n);
	void (*fill)(struct ip_vs_sched_state *state);
	int (*reserve)(struct ip_vs_sched_state *state, u32 more);
	void (*stop)(struct ip_vs_sched_state *state);
	void (*release)(struct ip_vs_sched_state *state);
	void (*add)(struct ip_vs_sched_state *state, struct ip_vs_dest *dest);
	void (*del)(struct ip_vs_sched_state *state, struct ip_vs_dest *dest);
	void (*edit)(struct ip_vs_sched_state *state, struct ip_vs_dest *dest);
	void (*load)(struct ip_vs_sched_state *state, struct ip_vs_dest *dest);
	struct ip_vs_load (*measure)(const struct ip_vs_dest *dest);
	struct ip_vs_dest *(*pick)(struct ip_vs_sched_state *state,
				   const struct ip_vs_packet *pkt);
};

/* Configuration: configuration mutex held; may sleep. */
int ip_vs_sched_bind(struct ip_vs_service *svc,
		     const struct ip_vs_scheduler *sched);
struct ip_vs_sched_state *
ip_vs_sched_prepare(struct ip_vs_service *svc,
		    const struct ip_vs_scheduler *sched, u32 n);
void ip_vs_sched_publish(struct ip_vs_service *svc,
			 struct ip_vs_sched_state *state);
const char *ip_vs_sched_name(const struct ip_vs_service *svc);
void ip_vs_sched_unbind(struct ip_vs_service *svc);
struct ip_vs_sched_state *ip_vs_sched_leave(struct ip_vs_service *svc);
void ip_vs_sched_free(struct ip_vs_sched_state *state);
int ip_vs_sched_reserve(struct ip_vs_service *svc, u32 more);
void ip_vs_sched_dest_added(struct ip_vs_service *svc,
			    struct ip_vs_dest *dest);
void ip_vs_sched_dest_deleted(struct ip_vs_service *svc,
			      struct ip_vs_dest *dest);
void ip_vs_sched_dest_edited(struct ip_vs_service *svc,
			     struct ip_vs_dest *dest);

/* At the @i-th server of a long walk: reschedule if needed. */
static inline void ip_vs_sched_yield(u32 i)
{
	if (i % 1024 == 1023)
		cond_resched();
}

/* Packet path, RCU read side. */
void ip_vs_sched_load_changed(struct ip_vs_dest *dest, bool marked);
struct ip_vs_dest *ip_vs_sched_pick(struct ip_vs_service *svc,
				    const struct ip_vs_packet *pkt);

/* For schedulers. */
void ip_vs_sched_complain(const struct ip_vs_sched_state *state,
			  const char *why);

#endif
