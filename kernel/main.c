// SPDX-License-Identifier: GPL-2.0-only
/*
 * IP Virtual Server: module start in order, undo in reverse.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#include "conn/conn.h"
#include "ctl/ext.h"
#include "ctl/genl.h"
#include "ctl/sockopt.h"
#include "foreign.h"
#include "net.h"
#include "netns.h"
#include "server/device.h"

static int __init ip_vs_start(void)
{
	int err;

	ip_vs_conn_tab_bits_check();
	ip_vs_foreign_init();
	err = ip_vs_queues_alloc();
	if (err)
		return err;
	err = ip_vs_conns_init();
	if (err)
		goto err_queues;
	err = ip_vs_nets_register();
	if (err)
		goto err_conns;
	err = ip_vs_devices_watch();
	if (err)
		goto err_nets;
	/* Before the interfaces whose changes it reports, unregistered after
	 * them.
	 */
	err = ip_vs_ext_register();
	if (err)
		goto err_devices;
	err = ip_vs_genl_register();
	if (err)
		goto err_ext;
	err = ip_vs_sockopt_register();
	if (err)
		goto err_genl;
	pr_info("ipvs loaded.\n");
	return 0;

err_genl:
	ip_vs_genl_unregister();
err_ext:
	ip_vs_ext_unregister();
err_devices:
	ip_vs_devices_unwatch();
err_nets:
	ip_vs_nets_unregister();
err_conns:
	ip_vs_conns_exit();
err_queues:
	ip_vs_queues_free();
	return err;
}

static void __exit ip_vs_stop(void)
{
	ip_vs_sockopt_unregister();
	ip_vs_genl_unregister();
	ip_vs_ext_unregister();
	ip_vs_devices_unwatch();
	ip_vs_nets_unregister();
	ip_vs_conns_exit();
	ip_vs_queues_free();
	pr_info("ipvs unloaded.\n");
}

module_init(ip_vs_start);
module_exit(ip_vs_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("IP Virtual Server: layer-4 load balancing");
MODULE_ALIAS_GENL_FAMILY("IPVS");
MODULE_ALIAS_GENL_FAMILY("IPVS_EXT");
