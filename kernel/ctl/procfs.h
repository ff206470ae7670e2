/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/net/ip_vs*: listings for people and scripts.
 */
#ifndef IP_VS_CTL_PROCFS_H
#define IP_VS_CTL_PROCFS_H

#include <linux/types.h>

struct ip_vs_net;
struct proc_dir_entry;
struct seq_file;

int ip_vs_procfs_net_init(struct ip_vs_net *ivn);
void ip_vs_procfs_net_exit(struct ip_vs_net *ivn);

/* Each creates one file in the namespace of @ivn; NULL when that fails. */
struct proc_dir_entry *ip_vs_procfs_services(const char *name, umode_t mode,
					     struct ip_vs_net *ivn);
struct proc_dir_entry *ip_vs_procfs_conns(const char *name, umode_t mode,
					  struct ip_vs_net *ivn);
struct proc_dir_entry *ip_vs_procfs_conns_sync(const char *name, umode_t mode,
					       struct ip_vs_net *ivn);
int ip_vs_procfs_fast_show(struct seq_file *seq, void *v);
int ip_vs_procfs_stats_show(struct seq_file *seq, void *v);
int ip_vs_procfs_stats_percpu_show(struct seq_file *seq, void *v);
int ip_vs_procfs_status_show(struct seq_file *seq, void *v);

#endif
