// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network device goes down or away: routes over it are forgotten.
 *
 * Nothing else ends a cached route of a server that gets no packet, and a route
 * may hold its device: neither may wait for the other.  The whole host waits for
 * this, under the RTNL: it takes no lock that configuration holds.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>

#include "net.h"
#include "server/device.h"
#include "server/route_cache.h"

static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
		ip_vs_routes_forget_device(&ip_vs_net(dev_net(dev))->routes,
					   dev);
	return NOTIFY_DONE;
}

/* After those who take the device's routes out of the tables: what is looked up
 * then does not lead over it.
 */
static struct notifier_block device_notifier = {
	.notifier_call = device_event,
	.priority = INT_MIN,
};

/**
 * ip_vs_devices_watch() - begin to watch devices, at module start
 *
 * Return: 0 or -errno.
 */
int ip_vs_devices_watch(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * ip_vs_devices_unwatch() - at module end, directors still there
 */
void ip_vs_devices_unwatch(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
