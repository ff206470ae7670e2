/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks over all connections of a namespace.
 */
#ifndef IP_VS_CONN_WALK_H
#define IP_VS_CONN_WALK_H

#include <linux/types.h>

#include "conn/conn.h"

struct ip_vs_net;

/**
 * struct ip_vs_conn_cursor - position of a walk over all connections
 * @ivn: namespace
 * @shard: the shard that is being walked
 * @mark: marks the position in that shard's list; always dead, so that other
 *	walks pass over it
 * @linked: @mark is in the list
 */
struct ip_vs_conn_cursor {
	struct ip_vs_net *ivn;
	u32 shard;
	struct ip_vs_conn mark;
	bool linked;
};

void ip_vs_conn_walk_start(struct ip_vs_net *ivn,
			   struct ip_vs_conn_cursor *cur);
unsigned int ip_vs_conn_walk(struct ip_vs_conn_cursor *cur,
			     struct ip_vs_conn **batch, unsigned int max);
void ip_vs_conn_walk_stop(struct ip_vs_conn_cursor *cur);

u32 ip_vs_conns_count(const struct ip_vs_net *ivn);
void ip_vs_conns_sweep_init(struct ip_vs_net *ivn);
void ip_vs_conns_end(struct ip_vs_net *ivn);

#endif
