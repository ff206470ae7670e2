// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.ipv4.vs.*: a row a setting.
 *
 * A namespace that is owned by another user namespace than the first has the
 * same rows, written by its own administrator, but for what costs the whole
 * machine: that is read-only or hidden there.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "../net.h"
#include "sysctl.h"
#include "sysctl_sync.h"

/* What an administrator of a foreign user namespace may do with a row. */
enum foreign {
	FOREIGN_WRITES,
	FOREIGN_READS,
	FOREIGN_HIDDEN,
};

#define SETTING(_member)						\
	.name = #_member, .offset = offsetof(struct ip_vs_settings, _member)

#define DAY (24 * 60 * 60)

static const struct row {
	const char *name;
	size_t offset;
	proc_handler *handler;
	int initial;
	enum foreign foreign;
} rows[] = {
	{ SETTING(cache_bypass), proc_dointvec },
	{ SETTING(expire_nodest_conn), proc_dointvec },
	{ SETTING(expire_quiescent_template), proc_dointvec },
	{ SETTING(sloppy_tcp), proc_dointvec },
	{ SETTING(pmtu_disc), proc_dointvec, 1 },
	{ SETTING(conn_reuse_mode), proc_dointvec, 1 },
	{ SETTING(schedule_icmp), proc_dointvec },
	{ SETTING(snat_reroute), proc_dointvec, 1 },
	{ SETTING(backup_only), proc_dointvec },
	{ SETTING(sync_version), ip_vs_sysctl_sync_version, 1 },
	{ SETTING(sync_ports), ip_vs_sysctl_sync_ports, 1 },
	{ SETTING(sync_threshold), ip_vs_sysctl_sync_threshold, 3 },
	{ SETTING(sync_refresh_period), proc_dointvec_jiffies },
	{ SETTING(sync_retries), ip_vs_sysctl_sync_retries },
	{ SETTING(sync_persist_mode), proc_dointvec },
	{ SETTING(sync_sock_size), proc_dointvec, 0, FOREIGN_READS },
	{ SETTING(sync_qlen_max), ip_vs_sysctl_sync_qlen_max, 0,
	  FOREIGN_READS },
	{ SETTING(run_estimation), proc_dointvec, 1, FOREIGN_READS },
	{ SETTING(lblc_expiration), proc_dointvec_jiffies, DAY * HZ,
	  FOREIGN_HIDDEN },
	{ SETTING(lblcr_expiration), proc_dointvec_jiffies, DAY * HZ,
	  FOREIGN_HIDDEN },
};

static int *member(struct ip_vs_net *ivn, const struct row *row)
{
	return (void *)&ivn->settings + row->offset;
}

static bool row_shown(const struct row *row, bool foreign)
{
	return !foreign || row->foreign != FOREIGN_HIDDEN;
}

static void fill_entry(struct ctl_table *entry, const struct row *row,
		       struct ip_vs_net *ivn, bool foreign)
{
	entry->procname = row->name;
	entry->data = member(ivn, row);
	entry->maxlen = sizeof(int);
	entry->mode = foreign && row->foreign == FOREIGN_READS ? 0444 : 0644;
	entry->proc_handler = row->handler;
}

/**
 * ip_vs_sysctl_net_init() - a namespace's settings at their defaults, and
 * their directory
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_sysctl_net_init(struct ip_vs_net *ivn)
{
	bool foreign = ivn->net->user_ns != &init_user_ns;
	struct ctl_table *table;
	size_t i, n = 0;

	/* One row more stays empty: kernels before 6.11 stop there. */
	table = kcalloc(ARRAY_SIZE(rows) + 1, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		*member(ivn, &rows[i]) = rows[i].initial;
	ip_vs_sysctl_sync_init(&ivn->settings);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (row_shown(&rows[i], foreign))
			fill_entry(&table[n++], &rows[i], ivn, foreign);
	ivn->sysctl_header = register_net_sysctl_sz(ivn->net, "net/ipv4/vs",
						    table, n);
	if (!ivn->sysctl_header) {
		kfree(table);
		return -ENOMEM;
	}
	ivn->sysctl_table = table;
	return 0;
}

/**
 * ip_vs_sysctl_net_exit() - undo ip_vs_sysctl_net_init()
 * @ivn: namespace
 *
 * Context: process.
 */
void ip_vs_sysctl_net_exit(struct ip_vs_net *ivn)
{
	unregister_net_sysctl_table(ivn->sysctl_header);
	kfree(ivn->sysctl_table);
}
