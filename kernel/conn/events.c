// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of new and ended connections, queued for listening sockets.
 *
 * When a connection is created or ended and a socket listens in its namespace,
 * a copy of what is to be reported is queued, and a worker sends it.  The queue
 * is bounded: events that do not fit are lost, and listeners are notified of
 * that.  Other packets do not come here.
 */
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "conn/events.h"
#include "conn/view.h"
#include "content/engine.h"
#include "event_kind.h"
#include "foreign.h"
#include "net.h"

/* Most events queued in a namespace, some 128 bytes each.  Packets cause them:
 * a namespace of another user namespace than the initial one may queue fewer.
 */
#define QUEUE_MAX		16384
#define QUEUE_MAX_FOREIGN	1024

/* Not inlined: without a listener nothing is saved on the stack. */
static noinline void event_push(struct ip_vs_net *ivn,
				const struct ip_vs_conn *c,
				enum ip_vs_ext_event type)
{
	struct ip_vs_conn_events *events = &ivn->conn_events;
	int max = ip_vs_net_foreign(ivn) ? QUEUE_MAX_FOREIGN : QUEUE_MAX;
	struct ip_vs_conn_event *event = NULL;
	struct ip_vs_pe_data data;

	ip_vs_conn_data(c, &data);
	if (atomic_inc_return(&events->n) <= max)
		event = ip_vs_packet_kmalloc(ivn->foreign,
					     struct_size(event, bytes, data.len));
	if (!event) {
		atomic_dec(&events->n);
		atomic_set(&events->lost, 1);
		return;
	}
	event->type = type;
	ip_vs_conn_report(c, &event->report);
	memcpy(event->bytes, data.bytes, data.len);
	event->report.data.bytes = event->bytes;
	if (llist_add(&event->node, &events->queue))
		queue_work(ip_vs_wq, &events->work);
}

/**
 * ip_vs_conn_event() - report a new or ended connection
 * @c: connection
 * @type: IPVS_EXT_EVENT_CONN_NEW or IPVS_EXT_EVENT_CONN_DEL
 *
 * Context: RCU read side, softirq or process.
 */
void ip_vs_conn_event(const struct ip_vs_conn *c, enum ip_vs_ext_event type)
{
	if (ip_vs_listened(c->ivn, IP_VS_EVENTS_CONNS))
		event_push(c->ivn, c, type);
}

/**
 * ip_vs_conn_events_take() - empty the queue
 * @ivn: namespace
 * @lost: set to whether events were lost since the last time
 *
 * Context: process; the namespace's worker.
 *
 * Return: struct ip_vs_conn_event, oldest first, to be freed; NULL: none.
 */
struct llist_node *ip_vs_conn_events_take(struct ip_vs_net *ivn, bool *lost)
{
	struct ip_vs_conn_events *events = &ivn->conn_events;
	struct llist_node *first, *node;
	int n = 0;

	first = llist_reverse_order(llist_del_all(&events->queue));
	llist_for_each(node, first)
		n++;
	atomic_sub(n, &events->n);
	*lost = atomic_xchg(&events->lost, 0);
	return first;
}

/**
 * ip_vs_conn_events_purge() - free what is in the queue
 * @ivn: namespace; nothing is put into it any more
 *
 * Context: process, may sleep.
 */
void ip_vs_conn_events_purge(struct ip_vs_net *ivn)
{
	struct ip_vs_conn_event *event, *next;
	struct llist_node *first;
	bool lost;

	cancel_work_sync(&ivn->conn_events.work);
	first = ip_vs_conn_events_take(ivn, &lost);
	llist_for_each_entry_safe(event, next, first, node)
		kfree(event);
}
