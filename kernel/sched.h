/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scheduler offers, and how the rest of the module calls it.
 *
 * Adding a scheduler
 *	1. A file sched/<name>.c: its rule, formula and source at the head, a
 *	   state struct that begins with struct ip_vs_sched_state, a
 *	   struct ip_vs_scheduler named ip_vs_sched_<name> at the foot.
 *	2. One line in Kbuild.
 *	3. Its declaration below and one row in the table of sched.c.
 *	4. Its worked examples and its naive model in tests/unit/sched/.
 *
 * What to build on
 *	load_index.h	the least loaded server, whatever "load" is: give a
 *			measure() and take IP_VS_LOAD_INDEX_OPS
 *	weight_index.h	the next server in list order of at least some weight
 *	client_hash.h	the number that stands for a packet's client
 *	locality.h	what is remembered of a destination address
 *
 * Life of a state.  ip_vs_sched_bind() builds the new scheduler's state beside
 * the old one's, publishes it by RCU and only then retires the old: there is no
 * moment without a scheduler.  Packets may pick on a retired state until a
 * grace period has passed, so stop() leaves it readable; afterwards release()
 * lets go of what it points to, and sched.c of the state.
 */
#ifndef IP_VS_SCHED_H
#define IP_VS_SCHED_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct ip_vs_dest;
struct ip_vs_load;
struct ip_vs_packet;
struct ip_vs_scheduler;
struct ip_vs_service;

/* dest->sched_slot of a server that no index holds */
#define IP_VS_NO_SLOT U32_MAX

/**
 * struct ip_vs_sched_state - one scheduler at work for one service
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
 * @init: (optional) fill in the state from the service's present servers.
 *	May sleep; configuration mutex held; not yet visible to packets.  0 or
 *	-errno, and on error neither the servers nor the service are changed
 * @stop: (optional) the state is retired: packets that already hold it may
 *	pick on it for one grace period more, nobody new comes.  End workers,
 *	give back references.  May sleep; configuration mutex held
 * @release: (optional) that grace period is over: free what the state points to,
 *	not the state.  Softirq or process context, no lock held
 * @add: (optional) the server was put at the head of the service's list.
 *	Configuration mutex held; may sleep
 * @del: (optional) the server was taken from the list; packets in flight may
 *	hold it for one grace period more.  As @add
 * @edit: (optional) attributes of the server were written, perhaps unchanged.
 *	As @add
 * @load: (optional) the connection counts or the overload mark of the server
 *	changed, by atomic operations.  Softirq or process context, RCU read
 *	side, no lock held; the counts may have moved on meanwhile
 * @measure: (users of load_index.h) how loaded the server is, now
 * @pick: choose a server for a new connection.  Softirq or process context,
 *	RCU read side.  Returns an RCU pointer, or NULL after
 *	ip_vs_sched_complain(): none is usable
 */
struct ip_vs_scheduler {
	const char *name;
	size_t size;
	int (*init)(struct ip_vs_sched_state *state);
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

/* Every scheduler there is; the table is in sched.c. */
extern const struct ip_vs_scheduler ip_vs_sched_rr;
extern const struct ip_vs_scheduler ip_vs_sched_wrr;
extern const struct ip_vs_scheduler ip_vs_sched_lc;
extern const struct ip_vs_scheduler ip_vs_sched_wlc;
extern const struct ip_vs_scheduler ip_vs_sched_lblc;
extern const struct ip_vs_scheduler ip_vs_sched_lblcr;
extern const struct ip_vs_scheduler ip_vs_sched_dh;
extern const struct ip_vs_scheduler ip_vs_sched_sh;
extern const struct ip_vs_scheduler ip_vs_sched_sed;
extern const struct ip_vs_scheduler ip_vs_sched_nq;
extern const struct ip_vs_scheduler ip_vs_sched_fo;
extern const struct ip_vs_scheduler ip_vs_sched_ovf;
extern const struct ip_vs_scheduler ip_vs_sched_mh;
extern const struct ip_vs_scheduler ip_vs_sched_twos;

/* Control, configuration mutex held; may sleep. */
const struct ip_vs_scheduler *ip_vs_sched_find(const char *name);
int ip_vs_sched_bind(struct ip_vs_service *svc,
		     const struct ip_vs_scheduler *sched);
void ip_vs_sched_unbind(struct ip_vs_service *svc);
struct ip_vs_sched_state *ip_vs_sched_leave(struct ip_vs_service *svc);
void ip_vs_sched_free(struct ip_vs_sched_state *state);
void ip_vs_sched_dest_added(struct ip_vs_service *svc,
			    struct ip_vs_dest *dest);
void ip_vs_sched_dest_deleted(struct ip_vs_service *svc,
			      struct ip_vs_dest *dest);
void ip_vs_sched_dest_edited(struct ip_vs_service *svc,
			     struct ip_vs_dest *dest);

/* Packet path, RCU read side. */
void ip_vs_sched_load_changed(struct ip_vs_dest *dest);
struct ip_vs_dest *ip_vs_sched_pick(struct ip_vs_service *svc,
				    const struct ip_vs_packet *pkt);

/* For schedulers. */
void ip_vs_sched_complain(const struct ip_vs_sched_state *state,
			  const char *why);

#endif
