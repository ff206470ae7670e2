// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the doors agree on about synchronisation daemons: the checks, and that
 * none runs.
 */
#include <linux/ip_vs.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>

#include "../unbuilt.h"
#include "daemon.h"

static bool state_valid(u32 state)
{
	return state == IP_VS_STATE_MASTER || state == IP_VS_STATE_BACKUP;
}

static int bad_state(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "daemon state is neither master nor backup");
	return -EINVAL;
}

static bool device_exists(struct net *net, const char *name)
{
	bool found;

	rcu_read_lock();
	found = dev_get_by_name_rcu(net, name);
	rcu_read_unlock();
	return found;
}

/**
 * ip_vs_daemon_start() - start a daemon
 * @net: namespace
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP, or nonsense
 * @ifname: multicast interface
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process.
 *
 * Return: -ENODEV: no such interface; -EINVAL: nonsense; -EOPNOTSUPP.
 */
int ip_vs_daemon_start(struct net *net, u32 state, const char *ifname,
		       struct netlink_ext_ack *extack)
{
	if (!device_exists(net, ifname)) {
		pr_err("Unknown mcast interface: %s\n", ifname);
		NL_SET_ERR_MSG(extack, "no such multicast interface");
		return -ENODEV;
	}
	if (!state_valid(state))
		return bad_state(extack);
	return ip_vs_unbuilt_daemon(extack);
}

/**
 * ip_vs_daemon_stop() - stop a daemon
 * @state: which
 * @extack: where to say what is wrong, or NULL
 *
 * Context: process.
 *
 * Return: -ESRCH: it does not run; -EINVAL: @state is nonsense.
 */
int ip_vs_daemon_stop(u32 state, struct netlink_ext_ack *extack)
{
	if (!state_valid(state))
		return bad_state(extack);
	NL_SET_ERR_MSG(extack, "the daemon does not run");
	return -ESRCH;
}
