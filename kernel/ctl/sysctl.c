// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.ipv4.vs.*: one row a setting.
 *
 * A foreign namespace (owned by another user namespace than the initial one)
 * has the same settings, written by its own administrator, except those that
 * affect the whole host, which are read-only or hidden there.
 */
#include <linux/moduleparam.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "ctl/est_cpulist.h"
#include "ctl/sysctl_int.h"
#include "ctl/sysctl_sync.h"
#include "ctl/sysctl.h"
#include "engine/defense.h"
#include "net.h"
#include "server/estimator.h"
#include "server/hooks.h"

/* The same limit as in the in-tree module on this platform. */
#define CONN_MAX_LIMIT (IS_ENABLED(CONFIG_64BIT) ? 1 << 30 : 1 << 24)

/* Any user may create a user namespace and add connections there by packets;
 * the control group that they are charged to (foreign.c) may have no limit.  So
 * the number of connections of a foreign namespace is limited, unless
 * CAP_NET_ADMIN in the initial user namespace allows more.
 */
static unsigned int foreign_conn_max = 65536;
module_param(foreign_conn_max, uint, 0644);
MODULE_PARM_DESC(foreign_conn_max,
		 "most connections in a new network namespace of another user namespace than the first");

/* Access to a setting for the administrator of a foreign namespace. */
enum foreign {
	FOREIGN_WRITES,
	FOREIGN_READS,
	FOREIGN_HIDDEN,
};

#define SETTING(_member)						\
	.name = #_member, .offset = offsetof(struct ip_vs_settings, _member)

/* A mode of defense.c; it is in effect when the write returns. */
static int defense_mode(ip_vs_compat_ctl_table *table,
			int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table->extra2;
	int *mode = table->data;
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value, 0,
			       IP_VS_DEFENSE_ALWAYS);
	if (err || !write || value == READ_ONCE(*mode))
		return err;
	WRITE_ONCE(*mode, value);
	ip_vs_defense_changed(ivn);
	return 0;
}

/* Has the writer CAP_NET_ADMIN in the initial user namespace, and is it in this
 * network namespace?  The capability alone is not enough: a limited user may
 * have opened the file and passed it to a privileged process as standard
 * output.  But a process with that capability is in this namespace only on
 * purpose.  Its nsproxy is NULL when the accounting record of an exiting
 * process is written.
 */
static bool writer_is_admin(const struct ip_vs_net *ivn)
{
	const struct nsproxy *spaces = current->nsproxy;

	return spaces && net_eq(spaces->net_ns, ivn->net) &&
	       capable(CAP_NET_ADMIN);
}

/* CAP_NET_ADMIN in the initial user namespace sets the hard limit together with
 * the soft one; the administrator of the namespace cannot exceed it.
 */
static int conn_limit(ip_vs_compat_ctl_table *table,
		      int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table->extra2;
	bool admin = write && writer_is_admin(ivn);
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value, 0,
			       admin ? CONN_MAX_LIMIT :
				       READ_ONCE(ivn->conn_max_hard));
	if (err || !write)
		return err;
	if (admin)
		WRITE_ONCE(ivn->conn_max_hard, value);
	WRITE_ONCE(ivn->settings.conn_max, value);
	return 0;
}

/* Under the configuration mutex, so that listings see a consistent snapshot. */
static int estimation_set(ip_vs_compat_ctl_table *table,
			  int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table->extra2;
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value,
			       INT_MIN, INT_MAX);
	if (err || !write)
		return err;
	mutex_lock(&ivn->config);
	ip_vs_estimator_set(ivn, table->data, value);
	mutex_unlock(&ivn->config);
	return 0;
}

/* Its hook is there, or gone, when the write returns. */
static int fastpath_set(ip_vs_compat_ctl_table *table,
			int write, void *buffer, size_t *lenp, loff_t *ppos)
{
	struct ip_vs_net *ivn = table->extra2;
	int value, err;

	err = ip_vs_sysctl_int(table, write, buffer, lenp, ppos, &value, 0, 1);
	if (err || !write)
		return err;
	mutex_lock(&ivn->config);
	err = ip_vs_hooks_fast(ivn, value);
	if (!err)
		WRITE_ONCE(ivn->settings.fastpath, value);
	mutex_unlock(&ivn->config);
	return err;
}

#define DAY (24 * 60 * 60)

static const struct row {
	const char *name;
	size_t offset;
	proc_handler *handler;
	int initial;
	enum foreign foreign;
	int min, max;	/* of proc_dointvec_minmax */
	int first;	/* added to @initial in the first namespace */
} rows[] = {
	{ SETTING(amemthresh), proc_dointvec, 1024 },
	{ SETTING(am_droprate), proc_dointvec, 10 },
	{ SETTING(drop_entry), defense_mode },
	{ SETTING(drop_packet), defense_mode },
	{ SETTING(secure_tcp), defense_mode },
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	{ SETTING(conntrack), proc_dointvec },
#endif
	{ SETTING(cache_bypass), proc_dointvec },
	{ SETTING(expire_nodest_conn), proc_dointvec },
	{ SETTING(expire_quiescent_template), proc_dointvec },
	{ SETTING(sloppy_tcp), proc_dointvec },
	{ SETTING(sloppy_sctp), proc_dointvec },
	{ SETTING(nat_icmp_send), proc_dointvec },
	{ SETTING(ignore_tunneled), proc_dointvec },
	{ SETTING(reschedule_unavailable), proc_dointvec },
	{ SETTING(fastpath), fastpath_set },
	{ SETTING(conn_max), conn_limit },
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
	{ SETTING(run_estimation), estimation_set, 1, FOREIGN_READS },
	{ SETTING(lblc_expiration), proc_dointvec_jiffies, DAY * HZ,
	  FOREIGN_HIDDEN },
	{ SETTING(lblcr_expiration), proc_dointvec_jiffies, DAY * HZ,
	  FOREIGN_HIDDEN },
	{ SETTING(est_cpulist), ip_vs_est_cpulist_handler, 1, FOREIGN_READS },
	{ SETTING(est_nice), proc_dointvec_minmax, 0, FOREIGN_READS,
	  .min = MIN_NICE, .max = MAX_NICE },
	{ SETTING(conn_lfactor), proc_dointvec_minmax, -2, FOREIGN_READS,
	  .min = -8, .max = 8, .first = -2 },
	{ SETTING(svc_lfactor), proc_dointvec_minmax, -2, FOREIGN_READS,
	  .min = -8, .max = 8, .first = -1 },
};

static int *row_member(struct ip_vs_net *ivn, const struct row *row)
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
	entry->data = row_member(ivn, row);
	entry->maxlen = sizeof(int);
	entry->mode = foreign && row->foreign == FOREIGN_READS ? 0444 : 0644;
	entry->proc_handler = row->handler;
	/* For the handlers of this module. */
	entry->extra2 = ivn;
	if (row->handler != proc_dointvec_minmax)
		return;
	entry->extra1 = (void *)&row->min;
	entry->extra2 = (void *)&row->max;
}

static void set_initial(struct ip_vs_net *ivn, const struct row *row)
{
	*row_member(ivn, row) = row->initial;
	if (net_eq(ivn->net, &init_net))
		*row_member(ivn, row) += row->first;
}

/* A new namespace inherits the present limit of the initial one; a foreign
 * namespace gets foreign_conn_max at most.
 */
static int conn_max_initial(const struct ip_vs_net *ivn)
{
	int max;

	if (net_eq(ivn->net, &init_net))
		return CONN_MAX_LIMIT;
	max = READ_ONCE(ip_vs_net(&init_net)->settings.conn_max);
	if (ip_vs_net_foreign(ivn))
		max = min_t(u32, max, READ_ONCE(foreign_conn_max));
	return max;
}

static void settings_init(struct ip_vs_net *ivn)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		set_initial(ivn, &rows[i]);
	ip_vs_sysctl_sync_init(&ivn->settings);
	ivn->settings.conn_max = conn_max_initial(ivn);
	ivn->conn_max_hard = ivn->settings.conn_max;
}

/**
 * ip_vs_sysctl_net_init() - set a namespace's defaults and register its sysctls
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int ip_vs_sysctl_net_init(struct ip_vs_net *ivn)
{
	bool foreign = ip_vs_net_foreign(ivn);
	struct ctl_table *table;
	size_t i, n = 0;

	settings_init(ivn);
	if (!IS_ENABLED(CONFIG_SYSCTL))
		return 0;
	/* One more row stays empty: kernels before 6.11 need it as the end. */
	table = kcalloc(ARRAY_SIZE(rows) + 1, sizeof(*table),
			GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
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
	if (IS_ENABLED(CONFIG_SYSCTL))
		unregister_net_sysctl_table(ivn->sysctl_header);
	kfree(ivn->sysctl_table);
	ip_vs_est_cpulist_free(ivn);
}
