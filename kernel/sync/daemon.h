/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Synchronisation daemons: a master that sends connections to sync peers, a
 * backup that adds theirs here; at most one of each per namespace.
 */
#ifndef IP_VS_SYNC_DAEMON_H
#define IP_VS_SYNC_DAEMON_H

#include <linux/ip_vs.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "sync/master.h"

struct ip_vs_net;
struct ip_vs_sync_daemon;
struct socket;
struct task_struct;

/**
 * struct ip_vs_sync_config - configuration of a daemon
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP
 * @syncid: its low byte is in messages; a backup accepts all ids if it is 0
 * @group: multicast group
 * @af: family of @group
 * @maxlen: of a message, bytes
 * @port: of the first thread; each further one has the next
 * @ttl: TTL or hop limit of messages
 * @ifname: multicast interface
 */
struct ip_vs_sync_config {
	u32 state;
	u32 syncid;
	union nf_inet_addr group;
	u16 af;
	u16 maxlen;
	u16 port;
	u8 ttl;
	char ifname[IP_VS_IFNAME_MAXLEN];
};

/**
 * struct ip_vs_sync_thread - one of a daemon's threads
 * @daemon: its daemon
 * @task: the thread, NULL: none yet
 * @sock: its socket, NULL: none yet
 * @id: its number, from 0
 * @buffer: receive buffer of a backup's thread
 * @queue: send queue of a master's thread
 */
struct ip_vs_sync_thread {
	struct ip_vs_sync_daemon *daemon;
	struct task_struct *task;
	struct socket *sock;
	u32 id;
	u8 *buffer;
	struct ip_vs_sync_queue queue;
};

/**
 * struct ip_vs_sync_daemon - a running daemon
 * @ivn: namespace
 * @config: constant
 * @ifindex: of the multicast interface
 * @rcu: for freeing: packets may be queueing
 * @n_threads: length of @thread
 * @thread: its threads
 */
struct ip_vs_sync_daemon {
	struct ip_vs_net *ivn;
	struct ip_vs_sync_config config;
	int ifindex;
	struct rcu_head rcu;
	u32 n_threads;
	struct ip_vs_sync_thread thread[];
};

/* The daemon lock held. */
int ip_vs_sync_start(struct ip_vs_net *ivn,
		     const struct ip_vs_sync_config *cfg, int ifindex);
void ip_vs_sync_stop(struct ip_vs_net *ivn, u32 state);
void ip_vs_sync_net_exit(struct ip_vs_net *ivn);
u32 ip_vs_sync_threads_max(const struct ip_vs_net *ivn);
const struct ip_vs_sync_config *ip_vs_sync_running(struct ip_vs_net *ivn,
						   u32 state);
#endif
