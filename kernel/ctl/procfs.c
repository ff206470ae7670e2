// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs*: their registration, and the small files.
 *
 * Formats are part of the interface, byte for byte.
 */
#include <linux/proc_fs.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>

#include "app/app.h"
#include "ctl/procfs.h"
#include "net.h"

/* The ports of application helpers, all of TCP, newest first. */
static int app_show(struct seq_file *seq, void *v)
{
	const struct ip_vs_net *ivn = ip_vs_net(seq_file_single_net(seq));
	const struct ip_vs_app_port *port;

	seq_puts(seq, "prot port    usecnt name\n");
	rcu_read_lock();
	hlist_for_each_entry_rcu(port, &ivn->apps, node)
		seq_printf(seq, "%-3s  %-7u %-6u %-17s\n", "TCP",
			   ntohs(port->port), ip_vs_app_port_used(port),
			   port->app->name);
	rcu_read_unlock();
	return 0;
}

/* A file has a function that creates it, or a single show function. */
static const struct {
	const char *name;
	umode_t mode;
	struct proc_dir_entry *(*make)(const char *name, umode_t mode,
				       struct ip_vs_net *ivn);
	int (*show)(struct seq_file *seq, void *v);
} files[] = {
	{ "ip_vs", 0444, .make = ip_vs_procfs_services },
	{ "ip_vs_app", 0444, .show = app_show },
	{ "ip_vs_conn", 0444, .make = ip_vs_procfs_conns },
	{ "ip_vs_conn_sync", 0444, .make = ip_vs_procfs_conns_sync },
	{ "ip_vs_fast", 0444, .show = ip_vs_procfs_fast_show },
	{ "ip_vs_stats", 0444, .show = ip_vs_procfs_stats_show },
	{
		"ip_vs_stats_percpu", 0444,
		.show = ip_vs_procfs_stats_percpu_show,
	},
	{ "ip_vs_status", 0440, .show = ip_vs_procfs_status_show },
};

static struct proc_dir_entry *make_file(struct ip_vs_net *ivn, size_t i)
{
	if (files[i].make)
		return files[i].make(files[i].name, files[i].mode, ivn);
	return proc_create_net_single(files[i].name, files[i].mode,
				      ivn->net->proc_net, files[i].show, NULL);
}

static void remove_files(struct ip_vs_net *ivn, size_t n)
{
	while (n--)
		remove_proc_entry(files[n].name, ivn->net->proc_net);
}

/**
 * ip_vs_procfs_net_init() - create the files of a namespace
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_procfs_net_init(struct ip_vs_net *ivn)
{
	size_t i;

	if (!IS_ENABLED(CONFIG_PROC_FS))
		return 0;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (make_file(ivn, i))
			continue;
		remove_files(ivn, i);
		return -ENOMEM;
	}
	return 0;
}

/**
 * ip_vs_procfs_net_exit() - undo ip_vs_procfs_net_init()
 * @ivn: namespace
 *
 * Waits for readers, and closes open files.
 *
 * Context: process.
 */
void ip_vs_procfs_net_exit(struct ip_vs_net *ivn)
{
	if (IS_ENABLED(CONFIG_PROC_FS))
		remove_files(ivn, ARRAY_SIZE(files));
}
