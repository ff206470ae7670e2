// SPDX-License-Identifier: GPL-2.0-only
/*
 * EVENT of the family IPVS_EXT: sends changes to listeners.
 *
 * Events of the configuration are queued with the change, under the
 * configuration mutex, so that they are in the order of the changes, and a
 * listener that reads the configuration after one sees the change.  New and
 * ended connections have a queue of their own (conn/events.c).  A worker sends
 * both, many events a buffer and without the mutex.  The queues are bounded:
 * what does not fit is lost, and listeners are told so.
 *
 * No event is created without a listener in the same namespace (listeners.c).
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "conn/events.h"
#include "ctl/events.h"
#include "ctl/ext_conns.h"
#include "ctl/family.h"
#include "ctl/listeners.h"
#include "ctl/put.h"
#include "event_kind.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"
#include "sync/daemon.h"

/* Events are sent after this delay, so that those of a transaction, or of many
 * commands in sequence, share a message.
 */
#define GATHER		max(HZ / 100, 1)
/* Most messages in the queue, each of NLMSG_DEFAULT_SIZE. */
#define READY_MAX	1024

/* The family is being unregistered: no more events are sent. */
static bool closed;

static void *event_begin(struct sk_buff *msg, enum ip_vs_ext_event type)
{
	void *hdr = genlmsg_put(msg, 0, 0, ip_vs_ext_family, 0,
				IPVS_EXT_CMD_EVENT);

	if (!hdr)
		return NULL;
	if (!nla_put_u32(msg, IPVS_EXT_ATTR_EVENT_TYPE, type))
		return hdr;
	genlmsg_cancel(msg, hdr);
	return NULL;
}

/* --- configuration -------------------------------------------------------- */

/**
 * struct subject - object of an event
 * @ivn: namespace
 * @type: type of the event
 * @id: the service, or NULL
 * @key: its server, or NULL
 * @daemon: the daemon, or NULL
 */
struct subject {
	struct ip_vs_net *ivn;
	enum ip_vs_ext_event type;
	const struct ip_vs_service_key *id;
	const struct ip_vs_dest_key *key;
	const struct ip_vs_sync_config *daemon;
};

/* An existing object with its configuration, a deleted one by its key only. */
static int put_objects(struct sk_buff *msg, const struct subject *about)
{
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest = NULL;

	if (about->daemon)
		return ip_vs_put_daemon(msg, about->daemon);
	if (!about->id)
		return 0;
	svc = ip_vs_service_find(about->ivn, about->id);
	if (!about->key)
		return svc ? ip_vs_put_service_config(msg, svc) :
			     ip_vs_put_service_id(msg, about->id);
	if (svc)
		dest = ip_vs_dest_find(svc, about->key);
	return ip_vs_put_service_id(msg, about->id) ?:
	       (dest ? ip_vs_put_dest(msg, dest) :
		       ip_vs_put_dest_id(msg, about->key));
}

static int put_config_event(struct sk_buff *msg, const struct subject *about)
{
	void *hdr = event_begin(msg, about->type);

	if (!hdr)
		return -EMSGSIZE;
	if (put_objects(msg, about) ||
	    nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION, about->ivn->generation)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Adds an event to the last queued message, or to a new one.  The configuration
 * mutex keeps others from appending; the worker may dequeue other messages
 * meanwhile.
 */
static bool event_append(struct sk_buff_head *ready, const struct subject *about)
{
	struct sk_buff *msg = skb_dequeue_tail(ready);
	bool fits = msg && !put_config_event(msg, about);

	if (msg)
		skb_queue_tail(ready, msg);
	if (fits)
		return true;
	if (skb_queue_len_lockless(ready) >= READY_MAX)
		return false;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL_ACCOUNT);
	if (!msg)
		return false;
	if (put_config_event(msg, about)) {
		nlmsg_free(msg);
		return false;
	}
	skb_queue_tail(ready, msg);
	return true;
}

static void event_tell(const struct subject *about)
{
	struct ip_vs_config_events *events = &about->ivn->config_events;

	lockdep_assert_held(&about->ivn->config);
	if (!ip_vs_listened(about->ivn, IP_VS_EVENTS_CONFIG))
		return;
	if (!event_append(&events->ready, about))
		atomic_set(&events->lost, 1);
	queue_delayed_work(ip_vs_wq, &events->work, GATHER);
}

/**
 * ip_vs_event_service() - queue the event of a service added, edited or deleted
 * @ivn: namespace
 * @type: which of them
 * @id: the service
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event_service(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			 const struct ip_vs_service_key *id)
{
	const struct subject about = { .ivn = ivn, .type = type, .id = id };

	event_tell(&about);
}

/**
 * ip_vs_event_dest() - queue the event of a server added, edited or removed
 * @ivn: namespace
 * @type: which of them
 * @id: its service
 * @key: the server
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event_dest(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
		      const struct ip_vs_service_key *id,
		      const struct ip_vs_dest_key *key)
{
	const struct subject about = {
		.ivn = ivn, .type = type, .id = id, .key = key,
	};

	event_tell(&about);
}

/**
 * ip_vs_event_daemon() - queue the event of a daemon started or stopped
 * @ivn: namespace
 * @type: which of them
 * @daemon: its configuration
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event_daemon(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			const struct ip_vs_sync_config *daemon)
{
	const struct subject about = {
		.ivn = ivn, .type = type, .daemon = daemon,
	};

	event_tell(&about);
}

/**
 * ip_vs_event() - queue an event without an object
 * @ivn: namespace
 * @type: type of the event
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event(struct ip_vs_net *ivn, enum ip_vs_ext_event type)
{
	const struct subject about = { .ivn = ivn, .type = type };

	event_tell(&about);
}

/* --- connections ---------------------------------------------------------- */

static int put_conn_event(struct sk_buff *msg,
			  const struct ip_vs_conn_event *event)
{
	void *hdr = event_begin(msg, event->type);

	if (!hdr)
		return -EMSGSIZE;
	if (ip_vs_put_conn(msg, &event->report)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* Adds as many events as fit into one buffer; returns the first that did not.
 * Receivers parse several messages in one buffer anyway.
 */
static struct llist_node *fill_conns(struct sk_buff *msg,
				     struct llist_node *node)
{
	struct ip_vs_conn_event *event;

	while (node) {
		event = llist_entry(node, struct ip_vs_conn_event, node);
		if (put_conn_event(msg, event))
			break;
		node = node->next;
		kfree(event);
	}
	return node;
}

static void drop_conns(struct llist_node *first)
{
	struct ip_vs_conn_event *event, *next;

	llist_for_each_entry_safe(event, next, first, node)
		kfree(event);
}

/* --- sending -------------------------------------------------------------- */

/* Returns false when a listener could not be told of the loss. */
static bool tell_lost(struct ip_vs_net *ivn, enum ip_vs_event_kind kind)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!msg)
		return false;
	hdr = event_begin(msg, IPVS_EXT_EVENT_LOST);
	if (!hdr) {
		nlmsg_free(msg);
		return false;
	}
	genlmsg_end(msg, hdr);
	return ip_vs_listeners_tell(ivn, kind, msg);
}

static void send_config(struct work_struct *work)
{
	struct ip_vs_net *ivn = container_of(to_delayed_work(work),
					     struct ip_vs_net,
					     config_events.work);
	struct ip_vs_config_events *events = &ivn->config_events;
	bool lost = atomic_xchg(&events->lost, 0);
	struct sk_buff *msg;

	while ((msg = skb_dequeue(&events->ready))) {
		if (READ_ONCE(closed))
			kfree_skb(msg);
		else
			lost |= !ip_vs_listeners_tell(ivn, IP_VS_EVENTS_CONFIG,
						      msg);
		cond_resched();
	}
	if (lost && !READ_ONCE(closed) &&
	    !tell_lost(ivn, IP_VS_EVENTS_CONFIG))
		atomic_set(&events->lost, 1);
}

static void send_conns(struct work_struct *work)
{
	struct ip_vs_net *ivn = container_of(work, struct ip_vs_net,
					     conn_events.work);
	struct llist_node *node;
	struct sk_buff *msg;
	bool lost;

	node = ip_vs_conn_events_take(ivn, &lost);
	while (node && !READ_ONCE(closed)) {
		msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
		if (!msg)
			break;
		node = fill_conns(msg, node);
		lost |= !ip_vs_listeners_tell(ivn, IP_VS_EVENTS_CONNS, msg);
		cond_resched();
	}
	lost |= !!node;
	drop_conns(node);
	if (lost && !READ_ONCE(closed) && !tell_lost(ivn, IP_VS_EVENTS_CONNS))
		atomic_set(&ivn->conn_events.lost, 1);
}

/**
 * ip_vs_events_flush() - send all queued events
 * @ivn: namespace
 *
 * Context: process, may sleep; no lock held.
 */
void ip_vs_events_flush(struct ip_vs_net *ivn)
{
	flush_delayed_work(&ivn->config_events.work);
	flush_work(&ivn->conn_events.work);
}

/**
 * ip_vs_events_close() - stop sending events
 *
 * Context: process, may sleep.
 */
void ip_vs_events_close(void)
{
	WRITE_ONCE(closed, true);
	flush_workqueue(ip_vs_wq);
}

/**
 * ip_vs_events_net_init() - initialise the event queues of a namespace
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_events_net_init(struct ip_vs_net *ivn)
{
	skb_queue_head_init(&ivn->config_events.ready);
	INIT_DELAYED_WORK(&ivn->config_events.work, send_config);
	init_llist_head(&ivn->conn_events.queue);
	INIT_WORK(&ivn->conn_events.work, send_conns);
}

/**
 * ip_vs_events_net_exit() - drop the queued events of a namespace
 * @ivn: namespace; its configuration does not change any more
 *
 * Context: process, may sleep.
 */
void ip_vs_events_net_exit(struct ip_vs_net *ivn)
{
	cancel_delayed_work_sync(&ivn->config_events.work);
	skb_queue_purge(&ivn->config_events.ready);
}
