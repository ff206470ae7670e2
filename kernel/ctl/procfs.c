// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs*: the files, and the small ones among them.
 *
 * Formats are interface, byte for byte.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/net_namespace.h>

#include "../net.h"
#include "../stats.h"
#include "procfs.h"

#define HEAD1 "   Total Incoming Outgoing         Incoming         Outgoing\n"
#define HEAD2 "   Conns  Packets  Packets            Bytes            Bytes\n"
#define HEAD3 " Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s\n"

static struct ip_vs_net *net_of(struct seq_file *seq)
{
	return ip_vs_net(seq_file_single_net(seq));
}

static void print_row(struct seq_file *seq, const u64 v[IP_VS_CNT_MAX])
{
	seq_printf(seq, "%8llX %8llX %8llX %16llX %16llX\n",
		   v[IP_VS_CNT_CONNS], v[IP_VS_CNT_INPKTS],
		   v[IP_VS_CNT_OUTPKTS], v[IP_VS_CNT_INBYTES],
		   v[IP_VS_CNT_OUTBYTES]);
}

static int stats_show(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = net_of(seq);
	struct ip_vs_stats_view total;

	mutex_lock(&ivn->config);
	ip_vs_stats_total(ivn, &total);
	mutex_unlock(&ivn->config);

	seq_puts(seq, HEAD1);
	seq_puts(seq, HEAD2);
	print_row(seq, total.count.v);
	seq_puts(seq, "\n" HEAD3);
	print_row(seq, total.rate);
	return 0;
}

static int stats_percpu_show(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = net_of(seq);
	struct ip_vs_stats_view total;
	struct ip_vs_counters row;
	int cpu;

	seq_puts(seq, "    " HEAD1);
	seq_puts(seq, "CPU " HEAD2);
	mutex_lock(&ivn->config);
	for_each_possible_cpu(cpu) {
		ip_vs_stats_cpu(ivn, cpu, &row);
		seq_printf(seq, "%3X ", cpu);
		print_row(seq, row.v);
	}
	ip_vs_stats_total(ivn, &total);
	mutex_unlock(&ivn->config);

	seq_puts(seq, "  ~ ");
	print_row(seq, total.count.v);
	seq_puts(seq, "\n    " HEAD3 "    ");
	print_row(seq, total.rate);
	return 0;
}

/* No application helper exists in this build. */
static int app_show(struct seq_file *seq, void *v)
{
	seq_puts(seq, "prot port    usecnt name\n");
	return 0;
}

/* A file is made by its own function, or has one show function. */
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
	{ "ip_vs_stats", 0444, .show = stats_show },
	{ "ip_vs_stats_percpu", 0444, .show = stats_percpu_show },
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
 * ip_vs_procfs_net_init() - a namespace's files
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
 * Waits for who is reading, and closes what is open.
 *
 * Context: process.
 */
void ip_vs_procfs_net_exit(struct ip_vs_net *ivn)
{
	if (IS_ENABLED(CONFIG_PROC_FS))
		remove_files(ivn, ARRAY_SIZE(files));
}
