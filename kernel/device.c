// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network device goes down or away: routes over it are forgotten.
 *
 * Nothing else ends a cached route of a server that gets no packet, and a route
 * may hold its device: neither may wait for the other.
 */
#include <linux/netdevice.h>
#include <linux/notifier.h>

#include "device.h"
#include "net.h"
#include "xmit.h"

static void forget_all(struct ip_vs_net *ivn, const struct net_device *dev)
{
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	list_for_each_entry(svc, &ivn->service_list, list)
		list_for_each_entry(dest, &svc->dest_list, list)
			ip_vs_route_forget_device(dest, dev);
	hlist_for_each_entry(dest, &ivn->trash, trash)
		ip_vs_route_forget_device(dest, dev);
}

static int device_event(struct notifier_block *nb, unsigned long event,
			void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct ip_vs_net *ivn = ip_vs_net(dev_net(dev));

	if (event != NETDEV_DOWN && event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	mutex_lock(&ivn->config);
	forget_all(ivn, dev);
	mutex_unlock(&ivn->config);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
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
