// SPDX-License-Identifier: GPL-2.0-only
/*
 * LISTEN of the family IPVS_EXT: the sockets that receive events.
 *
 * A socket that listens is sent its own copy of each message, until it is
 * closed.  There is no multicast group: the kernel counts the members of a
 * group over all namespaces and walks all of them for each message, so that
 * members in one namespace would cost every other.  Here a namespace has a list
 * of its own listeners, and counts of them by kind of event.
 *
 * A listener that reads too slowly loses events and gets ENOBUFS, as usual with
 * netlink.
 *
 * A listener is identified by its socket, to which a reference is held, because
 * its port id can be used by another socket shortly before the notifier reports
 * that it was closed.  That socket does not become a listener, and stays one if
 * it has sent LISTEN itself.  A message that was being sent at that moment may
 * reach it; its contents can be read by any process of the namespace in
 * /proc/net/ip_vs*.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "ctl/events.h"
#include "ctl/listeners.h"
#include "net.h"

/* Limit per namespace, since every message is copied for each. */
#define LISTENERS_MAX	64

static_assert(IPVS_EXT_EVENTS_CONFIG == BIT(IP_VS_EVENTS_CONFIG));
static_assert(IPVS_EXT_EVENTS_CONNS == BIT(IP_VS_EVENTS_CONNS));

/**
 * struct listener - a socket that receives events
 * @list: in ip_vs_listeners.list
 * @sk: the socket, holds a reference
 * @portid: its port id
 * @events: which events; IPVS_EXT_EVENTS_*
 */
struct listener {
	struct list_head list;
	struct sock *sk;
	u32 portid;
	u32 events;
};

static struct listener *listener_find(struct ip_vs_net *ivn,
				      const struct sock *sk)
{
	struct listener *l;

	lockdep_assert_held(&ivn->listeners.lock);
	list_for_each_entry(l, &ivn->listeners.list, list)
		if (l->sk == sk)
			return l;
	return NULL;
}

static void listeners_count(struct ip_vs_net *ivn)
{
	u32 n[IP_VS_EVENTS_MAX] = {};
	struct listener *l;
	int kind;

	list_for_each_entry(l, &ivn->listeners.list, list)
		for (kind = 0; kind < IP_VS_EVENTS_MAX; kind++)
			n[kind] += !!(l->events & BIT(kind));
	for (kind = 0; kind < IP_VS_EVENTS_MAX; kind++)
		WRITE_ONCE(ivn->n_listeners[kind], n[kind]);
}

/* The caller updates the counts.  This does not drop the last reference of the
 * socket, whose destructor may not be able to run under the lock, unless no
 * other user of the lock is left.
 */
static void listener_free(struct ip_vs_net *ivn, struct listener *l)
{
	list_del(&l->list);
	WRITE_ONCE(ivn->listeners.n, ivn->listeners.n - 1);
	sock_put(l->sk);
	kfree(l);
}

static int listener_set(struct ip_vs_net *ivn, struct sock *sk, u32 portid,
			u32 events, struct netlink_ext_ack *extack)
{
	struct listener *l = listener_find(ivn, sk);

	if (!events) {
		if (l)
			listener_free(ivn, l);
		return 0;
	}
	if (!l) {
		if (ivn->listeners.n >= LISTENERS_MAX) {
			NL_SET_ERR_MSG(extack, "too many sockets listen");
			return -ENOSPC;
		}
		l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);
		if (!l)
			return -ENOMEM;
		sock_hold(sk);
		l->sk = sk;
		l->portid = portid;
		list_add_tail(&l->list, &ivn->listeners.list);
		WRITE_ONCE(ivn->listeners.n, ivn->listeners.n + 1);
	}
	l->events = events;
	return 0;
}

/**
 * ip_vs_listen() - LISTEN
 * @skb: request
 * @info: its attributes; IPVS_EXT_ATTR_EVENTS is there
 *
 * Context: process.
 *
 * Return: 0; -ENOSPC: too many sockets listen in this namespace; -ENOMEM.
 */
int ip_vs_listen(struct sk_buff *skb, struct genl_info *info)
{
	struct ip_vs_net *ivn = ip_vs_net(genl_info_net(info));
	int err;

	mutex_lock(&ivn->listeners.lock);
	err = listener_set(ivn, NETLINK_CB(skb).sk, info->snd_portid,
			   nla_get_u32(info->attrs[IPVS_EXT_ATTR_EVENTS]),
			   info->extack);
	listeners_count(ivn);
	mutex_unlock(&ivn->listeners.lock);
	return err;
}

/**
 * ip_vs_listeners_tell() - send a copy of a message to each listener
 * @ivn: namespace
 * @kind: kind of the events in the message
 * @msg: message; consumed
 *
 * Context: process, may sleep, no lock held.
 *
 * Return: false: a copy could not be allocated, and its listener was not told.
 */
bool ip_vs_listeners_tell(struct ip_vs_net *ivn, enum ip_vs_event_kind kind,
			  struct sk_buff *msg)
{
	struct sk_buff *copy;
	struct listener *l;
	bool all = true;

	mutex_lock(&ivn->listeners.lock);
	list_for_each_entry(l, &ivn->listeners.list, list) {
		if (!(l->events & BIT(kind)) || sock_flag(l->sk, SOCK_DEAD))
			continue;
		copy = skb_clone(msg, GFP_KERNEL);
		if (copy)
			genlmsg_unicast(ivn->net, copy, l->portid);
		else
			all = false;
	}
	mutex_unlock(&ivn->listeners.lock);
	consume_skb(msg);
	return all;
}

/* Called when a netlink socket is closed. */
static int listeners_released(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	const struct netlink_notify *n = ptr;
	struct listener *l, *next;
	struct ip_vs_net *ivn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	ivn = ip_vs_net(n->net);
	/* The socket's own LISTEN, if any, has finished before. */
	if (!READ_ONCE(ivn->listeners.n))
		return NOTIFY_DONE;
	mutex_lock(&ivn->listeners.lock);
	list_for_each_entry_safe(l, next, &ivn->listeners.list, list)
		if (l->portid == n->portid && sock_flag(l->sk, SOCK_DEAD))
			listener_free(ivn, l);
	listeners_count(ivn);
	mutex_unlock(&ivn->listeners.lock);
	return NOTIFY_DONE;
}

static struct notifier_block listeners_watch = {
	.notifier_call = listeners_released,
};

/**
 * ip_vs_listeners_watch() - register the notifier for closed sockets
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int ip_vs_listeners_watch(void)
{
	return netlink_register_notifier(&listeners_watch);
}

/**
 * ip_vs_listeners_unwatch() - undo ip_vs_listeners_watch()
 *
 * Context: process.
 */
void ip_vs_listeners_unwatch(void)
{
	netlink_unregister_notifier(&listeners_watch);
}

/**
 * ip_vs_listeners_net_init() - initialise the listeners of a namespace
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_listeners_net_init(struct ip_vs_net *ivn)
{
	mutex_init(&ivn->listeners.lock);
	INIT_LIST_HEAD(&ivn->listeners.list);
}

/**
 * ip_vs_listeners_net_exit() - free the listeners of a namespace
 * @ivn: namespace; no command runs in it any more, and no event is sent
 *
 * A namespace outlives its sockets, so there are some only when the module is
 * unloaded.
 *
 * Context: process.
 */
void ip_vs_listeners_net_exit(struct ip_vs_net *ivn)
{
	struct listener *l, *next;

	list_for_each_entry_safe(l, next, &ivn->listeners.list, list)
		listener_free(ivn, l);
	listeners_count(ivn);
}
