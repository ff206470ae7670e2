/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of new and ended connections, queued for listening sockets.
 */
#ifndef IP_VS_CONN_EVENTS_H
#define IP_VS_CONN_EVENTS_H

#include <linux/ip_vs_ext.h>
#include <linux/llist.h>

#include "conn/conn.h"
#include "conn/view.h"

struct ip_vs_net;

/**
 * struct ip_vs_conn_event - a connection was created or ended
 * @node: in ip_vs_conn_events.queue
 * @type: IPVS_EXT_EVENT_CONN_NEW or IPVS_EXT_EVENT_CONN_DEL
 * @report: the connection as it was then
 * @bytes: what @report.data points to
 */
struct ip_vs_conn_event {
	struct llist_node node;
	enum ip_vs_ext_event type;
	struct ip_vs_conn_report report;
	u8 bytes[];
};

void ip_vs_conn_event(const struct ip_vs_conn *c, enum ip_vs_ext_event type);

/* The worker: all queued events, oldest first, and whether some were lost. */
struct llist_node *ip_vs_conn_events_take(struct ip_vs_net *ivn, bool *lost);
void ip_vs_conn_events_purge(struct ip_vs_net *ivn);

#endif
