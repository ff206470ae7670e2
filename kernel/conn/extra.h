/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What few connections have: a helper, changed sequence numbers, a server at
 * another address.
 */
#ifndef IP_VS_CONN_EXTRA_H
#define IP_VS_CONN_EXTRA_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "conn/conn.h"
#include "conn/seq.h"

struct ip_vs_app_port;

/**
 * struct ip_vs_extra - behind a connection with IP_VS_CONN_F_EXTRA
 * @lock: everything here but @app and @elsewhere; softirq
 * @app: its helper's port, or NULL
 * @state: the helper's
 * @seq: how sequence numbers change, by who sends them (enum ip_vs_dir)
 * @elsewhere: the server's address is not that of its dest, whose cached route
 *	does not lead there
 */
struct ip_vs_extra {
	spinlock_t lock;	/* state, seq */
	bool elsewhere;
	struct ip_vs_app_port *app;
	void *state;
	struct ip_vs_seq seq[2];
};

static inline struct ip_vs_extra *ip_vs_conn_extra(const struct ip_vs_conn *c)
{
	if (likely(!(READ_ONCE(c->flags) & IP_VS_CONN_F_EXTRA)))
		return NULL;
	return c->af == AF_INET6 ? (void *)(ip_vs_conn6(c) + 1) :
				   (void *)(ip_vs_conn4(c) + 1);
}

static inline bool ip_vs_conn_elsewhere(const struct ip_vs_conn *c)
{
	const struct ip_vs_extra *extra = ip_vs_conn_extra(c);

	return extra && extra->elsewhere;
}

#endif
