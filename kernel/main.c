// SPDX-License-Identifier: GPL-2.0-only
/*
 * IP Virtual Server: module start in order, undo in reverse.
 */
#include <linux/module.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "conn/life.h"
#include "ctl/ext.h"
#include "ctl/genl.h"
#include "ctl/sockopt.h"
#include "foreign.h"
#include "net_ops.h"
#include "net.h"
#include "server/device.h"

/* Bounds of conn_tab_bits, as ever. */
#define TAB_BITS_MIN 8
#define TAB_BITS_MAX 27
#define TAB_BITS_DEFAULT 12

int ip_vs_conn_tab_bits = TAB_BITS_DEFAULT;
module_param_named(conn_tab_bits, ip_vs_conn_tab_bits, int, 0444);
MODULE_PARM_DESC(conn_tab_bits,
		 "table size that listings print, as a power of two; tables size themselves");

struct workqueue_struct *ip_vs_wq;
struct workqueue_struct *ip_vs_expiry_wq;
struct workqueue_struct *ip_vs_fill_wq;

static void check_parameters(void)
{
	if (ip_vs_conn_tab_bits >= TAB_BITS_MIN &&
	    ip_vs_conn_tab_bits <= TAB_BITS_MAX)
		return;
	pr_info("conn_tab_bits not in [%d, %d]. Using default value\n",
		TAB_BITS_MIN, TAB_BITS_MAX);
	ip_vs_conn_tab_bits = TAB_BITS_DEFAULT;
}

static void queues_free(void)
{
	if (ip_vs_fill_wq)
		destroy_workqueue(ip_vs_fill_wq);
	if (ip_vs_expiry_wq)
		destroy_workqueue(ip_vs_expiry_wq);
	if (ip_vs_wq)
		destroy_workqueue(ip_vs_wq);
}

static int __init queues_alloc(void)
{
	ip_vs_wq = alloc_workqueue("ip_vs", WQ_UNBOUND, 0);
	ip_vs_expiry_wq = alloc_workqueue("ip_vs_expiry", WQ_CPU_INTENSIVE |
					  ip_vs_compat_wq_percpu, 0);
	ip_vs_fill_wq = alloc_workqueue("ip_vs_fill", WQ_UNBOUND, 1);
	if (ip_vs_wq && ip_vs_expiry_wq && ip_vs_fill_wq)
		return 0;
	queues_free();
	return -ENOMEM;
}

static int __init ip_vs_start(void)
{
	int err;

	check_parameters();
	ip_vs_foreign_init();
	err = queues_alloc();
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
	/* Before the doors whose changes it tells of, and gone after them. */
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
	queues_free();
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
	queues_free();
	pr_info("ipvs unloaded.\n");
}

module_init(ip_vs_start);
module_exit(ip_vs_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("IP Virtual Server: layer-4 load balancing");
MODULE_ALIAS_GENL_FAMILY("IPVS");
MODULE_ALIAS_GENL_FAMILY("IPVS_EXT");
