/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A list of operations made the configuration's, all or none.
 */
#ifndef IP_VS_CTL_COMMIT_H
#define IP_VS_CTL_COMMIT_H

#include <linux/list.h>
#include <linux/rhashtable-types.h>

#include "../dest.h"
#include "../service.h"

struct ip_vs_net;
struct netlink_ext_ack;

/* What a key stands for while a commit is rehearsed. */
enum ip_vs_op_kind {
	IP_VS_OP_MADE = 1,	/* it will be there when all is made */
	IP_VS_OP_GONE,		/* it will be removed after that */
};

/**
 * struct ip_vs_op_key - what an operation makes or removes
 * @svc: the service's key
 * @dest: the server, all 0: the service itself
 * @kind: enum ip_vs_op_kind
 */
struct ip_vs_op_key {
	struct ip_vs_service_key svc;
	struct ip_vs_dest_key dest;
	u32 kind;
};

/**
 * struct ip_vs_op - one operation
 * @key: by which the rehearsal finds it
 * @hash: link of the rehearsal's table
 * @command: IPVS_CMD_NEW_SERVICE ... IPVS_CMD_DEL_DEST
 * @last_weight: to be restored, of a server that was edited
 * @id: the service it is about
 * @svc: NEW_SERVICE, SET_SERVICE: how it is to be; once done, how it was
 * @dest: the server's commands: the same
 */
struct ip_vs_op {
	struct ip_vs_op_key key;
	struct rhash_head hash;
	u8 command;
	int last_weight;
	struct ip_vs_service_key id;
	union {
		struct ip_vs_service_config svc;
		struct ip_vs_dest_config dest;
	};
};

/* So that a chunk fits into a few pages. */
#define IP_VS_OPS_PER_CHUNK	64

/**
 * struct ip_vs_op_chunk - operations in their order
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
 * @n: how many
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
