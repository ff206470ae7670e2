// SPDX-License-Identifier: GPL-2.0-only
/*
 * Start and stop of synchronisation daemons through any interface: checks,
 * their order, and defaults.
 */
#include <linux/ip.h>
#include <linux/ip_vs.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/udp.h>

#include "ctl/change.h"
#include "ctl/daemon.h"
#include "ctl/events.h"
#include "net.h"
#include "server/dest.h"
#include "server/service.h"
#include "sync/daemon.h"

#define GROUP_DEFAULT	0xe0000051	/* 224.0.0.81 */
#define PORT_DEFAULT	8848
#define TTL_DEFAULT	1
/* The MTU that a link is assumed to have at least. */
#define MTU_LEAST	1500
#define MAXLEN_BACKUP	1024
#define DATAGRAM_MAX	65535

static bool daemon_state_valid(u32 state)
{
	return state == IP_VS_STATE_MASTER || state == IP_VS_STATE_BACKUP;
}

static int bad_state(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "daemon state is neither master nor backup");
	return -EINVAL;
}

/**
 * struct link - properties of a daemon's interface
 * @ifindex: index
 * @mtu: MTU, bytes
 */
struct link {
	int ifindex;
	u32 mtu;
};

static int find_link(struct net *net, const char *name, struct link *link,
		     struct netlink_ext_ack *extack)
{
	const struct net_device *dev;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(net, name);
	if (dev) {
		link->ifindex = dev->ifindex;
		link->mtu = READ_ONCE(dev->mtu);
	}
	rcu_read_unlock();
	if (dev)
		return 0;
	pr_err_ratelimited("Unknown mcast interface: %s\n", name);
	NL_SET_ERR_MSG(extack, "no such multicast interface");
	return -ENODEV;
}

static u16 message_length(const struct ip_vs_sync_config *cfg, u32 mtu)
{
	u32 headers = sizeof(struct udphdr) +
		      (cfg->af == AF_INET6 ? sizeof(struct ipv6hdr) :
					     sizeof(struct iphdr));
	bool master = cfg->state == IP_VS_STATE_MASTER;
	u32 least = master ? 1 : MAXLEN_BACKUP;

	if (cfg->maxlen)
		return clamp_t(u32, cfg->maxlen, least, DATAGRAM_MAX - headers);
	if (master)
		return MTU_LEAST - headers;
	return clamp_t(u32, mtu, MTU_LEAST, DATAGRAM_MAX) - headers;
}

static void fill_in(struct ip_vs_sync_config *cfg, u32 mtu)
{
	if (!cfg->af) {
		cfg->af = AF_INET;
		cfg->group.ip = htonl(GROUP_DEFAULT);
	}
	cfg->port = cfg->port ?: PORT_DEFAULT;
	cfg->ttl = cfg->ttl ?: TTL_DEFAULT;
	cfg->maxlen = message_length(cfg, mtu);
}

static bool any_mixed(struct ip_vs_net *ivn)
{
	const struct ip_vs_service *svc;
	const struct ip_vs_dest *dest;

	list_for_each_entry(svc, &ivn->service_list, list) {
		list_for_each_entry(dest, &svc->dest_list, list) {
			if (dest->key.af != svc->key.af)
				return true;
			cond_resched();
		}
		cond_resched();
	}
	return false;
}

/* From now on servers have the family of their service: a record has only one.
 */
static int daemon_announce(struct ip_vs_net *ivn, bool mixed,
			   struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&ivn->config);
	if (!mixed && any_mixed(ivn)) {
		NL_SET_ERR_MSG(extack,
			       "a server has another family than its service: its connections cannot be synchronised");
		err = -EINVAL;
	} else {
		ivn->n_daemons++;
	}
	mutex_unlock(&ivn->config);
	return err;
}

static void daemon_retire(struct ip_vs_net *ivn)
{
	mutex_lock(&ivn->config);
	ivn->n_daemons--;
	mutex_unlock(&ivn->config);
}

static void daemon_tell(struct ip_vs_net *ivn, enum ip_vs_ext_event type,
			const struct ip_vs_sync_config *cfg)
{
	mutex_lock(&ivn->config);
	ip_vs_config_changed(ivn);
	ip_vs_event_daemon(ivn, type, cfg);
	mutex_unlock(&ivn->config);
}

static int daemon_start(struct ip_vs_net *ivn, struct ip_vs_sync_config *cfg,
			struct netlink_ext_ack *extack)
{
	struct link link;
	int err;

	err = find_link(ivn->net, cfg->ifname, &link, extack);
	if (err)
		return err;
	if (!daemon_state_valid(cfg->state))
		return bad_state(extack);
	if (ip_vs_sync_running(ivn, cfg->state)) {
		NL_SET_ERR_MSG(extack, "the daemon runs already");
		return -EEXIST;
	}
	fill_in(cfg, link.mtu);
	err = ip_vs_sync_start(ivn, cfg, link.ifindex);
	if (err == -EAGAIN)
		NL_SET_ERR_MSG(extack,
			       "containers have too many synchronisation threads: see foreign_sync_total in ip_vs(7)");
	else if (err)
		NL_SET_ERR_MSG(extack,
			       "no socket or thread for the daemon on this interface");
	else
		daemon_tell(ivn, IPVS_EXT_EVENT_DAEMON_NEW, cfg);
	return err;
}

/**
 * ip_vs_daemon_start() - start a daemon
 * @ivn: namespace
 * @cfg: requested configuration: its state may be invalid, and what is 0 gets its
 *	default
 * @mixed: ignore servers of another family than their service
 * @extack: for the error message, or NULL
 *
 * Context: process, neither the configuration mutex nor the RTNL held.
 *
 * Return: 0; -EINVAL: invalid state, or families are mixed; -ENODEV: no such
 * interface; -EEXIST: it runs; -EAGAIN: there are too many threads of foreign
 * namespaces; -ENOMEM, or the error of a socket.
 */
int ip_vs_daemon_start(struct ip_vs_net *ivn, struct ip_vs_sync_config *cfg,
		       bool mixed, struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&ivn->daemons);
	err = daemon_announce(ivn, mixed, extack);
	if (!err) {
		err = daemon_start(ivn, cfg, extack);
		if (err)
			daemon_retire(ivn);
	}
	mutex_unlock(&ivn->daemons);
	return err;
}

/**
 * ip_vs_daemon_stop() - stop a daemon
 * @ivn: namespace
 * @state: which daemon; may be invalid
 * @extack: for the error message, or NULL
 *
 * Context: process, neither the configuration mutex nor the RTNL held.
 *
 * Return: 0: its threads have ended; -ESRCH: it does not run; -EINVAL: invalid.
 */
int ip_vs_daemon_stop(struct ip_vs_net *ivn, u32 state,
		      struct netlink_ext_ack *extack)
{
	const struct ip_vs_sync_config *running;
	struct ip_vs_sync_config cfg;
	int err = 0;

	if (!daemon_state_valid(state))
		return bad_state(extack);
	mutex_lock(&ivn->daemons);
	running = ip_vs_sync_running(ivn, state);
	if (running) {
		cfg = *running;
		ip_vs_sync_stop(ivn, state);
		daemon_retire(ivn);
		daemon_tell(ivn, IPVS_EXT_EVENT_DAEMON_DEL, &cfg);
	} else {
		NL_SET_ERR_MSG(extack, "the daemon does not run");
		err = -ESRCH;
	}
	mutex_unlock(&ivn->daemons);
	return err;
}

/**
 * ip_vs_daemons_allow() - check whether running daemons permit a server
 * @ivn: namespace
 * @service_af: family of its service
 * @dest: requested configuration of the server
 * @extack: for the error message, or NULL
 *
 * A sync record has one family, so the families must not differ while a daemon
 * runs.
 *
 * Context: process, configuration mutex held.
 *
 * Return: 0 or -EINVAL.
 */
int ip_vs_daemons_allow(const struct ip_vs_net *ivn, u16 service_af,
			const struct ip_vs_dest_config *dest,
			struct netlink_ext_ack *extack)
{
	if (dest->key.af == service_af || !ivn->n_daemons)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "connections to a server of the other family cannot be synchronised: stop the daemons first");
	return -EINVAL;
}

/**
 * ip_vs_daemon_get() - copy the configuration of a running daemon
 * @ivn: namespace
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP
 * @cfg: filled in if it runs
 *
 * Context: process.
 *
 * Return: whether it runs.
 */
bool ip_vs_daemon_get(struct ip_vs_net *ivn, u32 state,
		      struct ip_vs_sync_config *cfg)
{
	const struct ip_vs_sync_config *running;

	mutex_lock(&ivn->daemons);
	running = ip_vs_sync_running(ivn, state);
	if (running)
		*cfg = *running;
	mutex_unlock(&ivn->daemons);
	return running;
}
