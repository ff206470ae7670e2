// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a network device goes down or is removed, cached routes over it are
 * dropped, and all ways of packets (lanes.c).
 *
 * A cached route holds a reference to its device, whose removal waits for it,
 * and nothing else drops the route of a server that gets no packets.  This runs
 * under the RTNL, which the whole host needs, so it must not wait for the
 * configuration mutex.
 */
#include <linux/init.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>

#include "net.h"
#include "server/device.h"
#include "server/lanes.h"
#include "server/route_cache.h"

static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct ip_vs_net *ivn = ip_vs_net(dev_net(dev));

	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER) {
		ip_vs_routes_forget_device(&ivn->routes, dev);
		ip_vs_lanes_drop(ivn, AF_INET);
		ip_vs_lanes_drop(ivn, AF_INET6);
	}
	return NOTIFY_DONE;
}

/* Runs after the notifiers that remove the device's routes from the routing
 * tables: later look-ups do not return routes over it.
 */
static struct notifier_block device_notifier = {
	.notifier_call = device_event,
	.priority = INT_MIN,
};

/**
 * ip_vs_devices_watch() - register the device notifier, at module load
 *
 * Return: 0 or -errno.
 */
int __init ip_vs_devices_watch(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * ip_vs_devices_unwatch() - unregister the device notifier, at module unload
 *
 * The state of the namespaces must still exist.
 */
void ip_vs_devices_unwatch(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
