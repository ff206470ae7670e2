// SPDX-License-Identifier: GPL-2.0-only
/*
 * EVENT of the family IPVS_EXT: who listens is told what has changed.
 *
 * What concerns the configuration is sent by whoever changes it, under the
 * configuration mutex, so that events come in the order of the changes and who
 * reads the configuration upon one sees it changed.  Births and deaths of
 * connections wait in a queue (conn_events.c) that a worker here empties.
 *
 * Nothing is made when nobody listens.  Who listens too slowly loses events
 * and is told so by ENOBUFS, as ever with netlink.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "../conn_events.h"
#include "../net.h"
#include "events.h"
#include "ext.h"
#include "ext_conns.h"
#include "put.h"

/* Where the kernel lets us say so, who joins needs CAP_NET_ADMIN in the user
 * namespace that owns the network namespace.
 */
const struct genl_multicast_group ip_vs_ext_groups[IP_VS_GROUP_MAX] = {
	[IP_VS_GROUP_CONFIG] =
		IP_VS_COMPAT_ADMIN_GROUP(IPVS_EXT_MCGRP_CONFIG_NAME),
	[IP_VS_GROUP_CONNS] =
		IP_VS_COMPAT_ADMIN_GROUP(IPVS_EXT_MCGRP_CONNS_NAME),
};

static void *begin(struct sk_buff *msg, enum ip_vs_ext_event type)
{
	void *hdr = genlmsg_put(msg, 0, 0, &ip_vs_ext_family, 0,
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
 * struct subject - what an event is about
 * @ivn: namespace
 * @type: what has happened
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

/* What is there in full, what is gone by its name. */
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
		return svc ? ip_vs_put_service(msg, svc) :
			     ip_vs_put_service_id(msg, about->id);
	if (svc)
		dest = ip_vs_dest_find(svc, about->key);
	return ip_vs_put_service_id(msg, about->id) ?:
	       (dest ? ip_vs_put_dest(msg, dest) :
		       ip_vs_put_dest_id(msg, about->key));
}

static int fill(struct sk_buff *msg, const struct subject *about)
{
	void *hdr = begin(msg, about->type);

	if (!hdr || put_objects(msg, about) ||
	    nla_put_u32(msg, IPVS_EXT_ATTR_GENERATION, about->ivn->generation))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

/* Listeners that get nothing for want of memory hear that they lost something.
 */
static void tell(const struct subject *about)
{
	struct net *net = about->ivn->net;
	struct sk_buff *msg;

	lockdep_assert_held(&about->ivn->config);
	if (!genl_has_listeners(&ip_vs_ext_family, net, IP_VS_GROUP_CONFIG))
		return;
	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (msg && !fill(msg, about)) {
		genlmsg_multicast_netns(&ip_vs_ext_family, net, msg, 0,
					IP_VS_GROUP_CONFIG, GFP_KERNEL);
		return;
	}
	nlmsg_free(msg);
	genl_set_err(&ip_vs_ext_family, net, 0, IP_VS_GROUP_CONFIG, -ENOBUFS);
}

/**
 * ip_vs_event_service() - a service was added, edited or deleted
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

	tell(&about);
}

/**
 * ip_vs_event_dest() - a server was added, edited or removed
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

	tell(&about);
}

/**
 * ip_vs_event_daemon() - a daemon was started or stopped
 * @ivn: namespace
 * @type: which of them
 * @daemon: what it runs with, or ran
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event_daemon(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			const struct ip_vs_sync_config *daemon)
{
	const struct subject about = {
		.ivn = ivn, .type = type, .daemon = daemon,
	};

	tell(&about);
}

/**
 * ip_vs_event() - something that needs no more words has happened
 * @ivn: namespace
 * @type: what
 *
 * Context: process, configuration mutex held.
 */
void ip_vs_event(struct ip_vs_net *ivn, enum ip_vs_ext_event type)
{
	const struct subject about = { .ivn = ivn, .type = type };

	tell(&about);
}

/* --- connections ---------------------------------------------------------- */

static int put_conn_event(struct sk_buff *msg,
			  const struct ip_vs_conn_event *event)
{
	void *hdr = begin(msg, event->type);

	if (!hdr)
		return -EMSGSIZE;
	if (ip_vs_put_conn(msg, &event->report)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return 0;
}

/* As many events as fit into one buffer; returns the first that did not.
 * Receivers take several messages from one buffer as they come.
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

static void send_conns(struct work_struct *work)
{
	struct ip_vs_net *ivn = container_of(work, struct ip_vs_net,
					     conn_events.work);
	struct llist_node *node;
	struct sk_buff *msg;
	bool lost;

	node = ip_vs_conn_events_take(ivn, &lost);
	while (node) {
		msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
		if (!msg)
			break;
		node = fill_conns(msg, node);
		genlmsg_multicast_netns(&ip_vs_ext_family, ivn->net, msg, 0,
					IP_VS_GROUP_CONNS, GFP_KERNEL);
		cond_resched();
	}
	if (!lost && !node)
		return;
	drop_conns(node);
	genl_set_err(&ip_vs_ext_family, ivn->net, 0, IP_VS_GROUP_CONNS,
		     -ENOBUFS);
}

/**
 * ip_vs_events_net_init() - a namespace has nothing to tell so far
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_events_net_init(struct ip_vs_net *ivn)
{
	init_llist_head(&ivn->conn_events.queue);
	INIT_WORK(&ivn->conn_events.work, send_conns);
}
