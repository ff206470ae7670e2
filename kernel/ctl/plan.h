/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Planned changes of each service and server that a list of operations names.
 */
#ifndef IP_VS_CTL_PLAN_H
#define IP_VS_CTL_PLAN_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/siphash.h>

#include "ctl/commit.h"
#include "server/service.h"

struct ip_vs_sched_state;
struct ip_vs_scheduler;

/* Operations between two checks for signals and rescheduling. */
#define IP_VS_COMMIT_BATCH	64

/**
 * struct ip_vs_plan - planned changes of a service
 * @hash: link of the commit's table
 * @list: in ip_vs_commit.plans, in the order of first mention
 * @key: its key in the hash
 * @svc: the service; of a new one NULL until it is prepared
 * @cfg: made, edited: its new configuration
 * @made: it does not exist and will be added
 * @edited: it exists and will be edited
 * @gone: it will be removed after that
 * @dests: struct ip_vs_op_plan of the servers that are named
 * @n_added: number of servers to be added
 * @n_removed: number of servers to be removed
 * @at: index of the last operation that changed its scheduler or added a server
 * @reschedule: it gets another scheduler, or a new state of the same one
 * @sched: scheduler after the commit, NULL: none
 * @state: @reschedule: prepared state
 */
struct ip_vs_plan {
	struct hlist_node hash;
	struct list_head list;
	struct ip_vs_service_key key;
	struct ip_vs_service *svc;
	struct ip_vs_service_config cfg;
	bool made;
	bool edited;
	bool gone;
	struct list_head dests;
	u32 n_added;
	u32 n_removed;
	u32 at;
	bool reschedule;
	const struct ip_vs_scheduler *sched;
	struct ip_vs_sched_state *state;
};

/**
 * struct ip_vs_commit - a commit in progress
 * @ivn: namespace
 * @plans: struct ip_vs_plan
 * @bits: log2 of the length of @services and @dests
 * @services: plans by key
 * @dests: plans of servers by service and key
 * @secret: hash key, so that users cannot choose keys that share a chain
 * @index: of the operation being rehearsed
 * @families: [0] IPv4, [1] IPv6: hooks are needed
 * @extack: for the error message
 */
struct ip_vs_commit {
	struct ip_vs_net *ivn;
	struct list_head plans;
	u32 bits;
	struct hlist_head *services;
	struct hlist_head *dests;
	siphash_key_t secret;
	u32 index;
	bool families[2];
	struct netlink_ext_ack *extack;
};

static inline struct ip_vs_op *ip_vs_op_of(struct ip_vs_op_plan *plan)
{
	return container_of(plan, struct ip_vs_op, plan);
}

static inline bool ip_vs_op_removes(const struct ip_vs_op *op)
{
	return op->command == IPVS_CMD_DEL_SERVICE ||
	       op->command == IPVS_CMD_DEL_DEST;
}

/* At the @i-th of many steps before publication: reschedules if needed, and
 * returns an error if a fatal signal is pending.
 */
static inline int ip_vs_commit_step(u32 i)
{
	if (i % IP_VS_COMMIT_BATCH != IP_VS_COMMIT_BATCH - 1)
		return 0;
	cond_resched();
	return fatal_signal_pending(current) ? -EINTR : 0;
}

int ip_vs_rehearse(struct ip_vs_commit *c, struct ip_vs_ops *ops, u32 *at);
struct ip_vs_plan *ip_vs_plan_find(struct ip_vs_commit *c,
				   const struct ip_vs_service_key *key);

#endif
