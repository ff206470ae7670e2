/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Applies a list of operations to the configuration, all or none.
 */
#ifndef IP_VS_CTL_COMMIT_H
#define IP_VS_CTL_COMMIT_H

#include <linux/list.h>

#include "server/dest.h"
#include "server/service.h"

struct ip_vs_net;
struct ip_vs_plan;
struct netlink_ext_ack;

/**
 * struct ip_vs_op_plan - planned changes of a server
 * @hash: link of the commit's table, by service and server
 * @list: in ip_vs_plan.dests
 * @svc: the service
 * @change: the prepared change
 * @last_weight: its ip_vs_dest.last_weight after the commit
 * @made: it does not exist and will be added
 * @edited: it exists and will be edited
 * @gone: it will be removed after that
 */
struct ip_vs_op_plan {
	struct hlist_node hash;
	struct list_head list;
	struct ip_vs_plan *svc;
	struct ip_vs_dest_change change;
	int last_weight;
	bool made;
	bool edited;
	bool gone;
};

/**
 * struct ip_vs_op - one operation
 * @plan: of the first operation that names a server
 * @command: IPVS_CMD_NEW_SERVICE ... IPVS_CMD_DEL_DEST
 * @tell: its result is an event for listeners
 * @id: the service it names
 * @svc: NEW_SERVICE, SET_SERVICE: requested configuration
 * @dest: commands of a server: requested configuration; in the first operation that
 *	names it, the result of all operations together
 */
struct ip_vs_op {
	struct ip_vs_op_plan plan;
	u8 command;
	bool tell;
	struct ip_vs_service_key id;
	union {
		struct ip_vs_service_config svc;
		struct ip_vs_dest_config dest;
	};
};

/* Small enough that a chunk is a few pages. */
#define IP_VS_OPS_PER_CHUNK	64

/**
 * struct ip_vs_op_chunk - a part of a list, in order
 * @list: in ip_vs_ops.chunks
 * @n: how many of @op are in use
 * @op: operations
 */
struct ip_vs_op_chunk {
	struct list_head list;
	u32 n;
	struct ip_vs_op op[IP_VS_OPS_PER_CHUNK];
};

/**
 * struct ip_vs_ops - a list of operations
 * @chunks: struct ip_vs_op_chunk, all full but the last
 * @n: number of operations
 */
struct ip_vs_ops {
	struct list_head chunks;
	u32 n;
};

void ip_vs_ops_init(struct ip_vs_ops *ops);
struct ip_vs_op *ip_vs_ops_append(struct ip_vs_ops *ops);
void ip_vs_ops_truncate(struct ip_vs_ops *ops, u32 n);

int ip_vs_commit(struct ip_vs_net *ivn, struct ip_vs_ops *ops, u32 *at,
		 struct netlink_ext_ack *extack);

#endif
