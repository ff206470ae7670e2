// SPDX-License-Identifier: GPL-2.0-only
/*
 * Synchronisation daemons: start and stop of their threads.
 *
 * A daemon runs from the moment it is published in struct ip_vs_net until that
 * pointer is cleared; then its threads are stopped, and it is freed a grace
 * period later, since packets may be queueing records.  It holds a module
 * reference.
 */
#include <linux/ip_vs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "net.h"
#include "sync/backup.h"
#include "sync/daemon.h"
#include "sync/master.h"
#include "sync/socket.h"

#define THREADS_MAX	64

/* Kernel threads are not charged to a control group, and any user who may
 * create a user namespace could start them.  So a foreign network namespace
 * gets few, unless CAP_NET_ADMIN in the initial user namespace allows more.
 */
static unsigned int foreign_threads = 1;
module_param_named(foreign_sync_threads, foreign_threads, uint, 0644);
MODULE_PARM_DESC(foreign_sync_threads,
		 "most threads of a synchronisation daemon in a network namespace of another user namespace than the first");

static unsigned int foreign_threads_total = 256;
module_param_named(foreign_sync_total, foreign_threads_total, uint, 0644);
MODULE_PARM_DESC(foreign_sync_total,
		 "most such threads in all those network namespaces together");

/* Threads running in all foreign namespaces. */
static atomic_t foreign_threads_running;

/* Limits log lines about the threads of all foreign namespaces together.  Lines
 * that need CAP_NET_ADMIN in the initial user namespace are not limited, since
 * with it the log can be filled anyway.
 */
static DEFINE_RATELIMIT_STATE(foreign_thread_log, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

/* The differences between master and backup. */
static const struct role {
	char letter;
	const char *name;
	const char *title;
	int (*run)(void *thread);
} roles[] = {
	[IP_VS_STATE_MASTER] = { 'm', "master", "MASTER", ip_vs_sync_master },
	[IP_VS_STATE_BACKUP] = { 'b', "backup", "BACKUP", ip_vs_sync_backup },
};

static const struct role *role_of(const struct ip_vs_sync_daemon *daemon)
{
	return &roles[daemon->config.state];
}

static struct ip_vs_sync_daemon __rcu **daemon_slot(struct ip_vs_net *ivn, u32 state)
{
	return state == IP_VS_STATE_MASTER ? &ivn->master : &ivn->backup;
}

static struct ip_vs_sync_daemon *daemon_running(struct ip_vs_net *ivn, u32 state)
{
	return rcu_dereference_protected(*daemon_slot(ivn, state),
					 lockdep_is_held(&ivn->daemons));
}

static bool log_thread(const struct ip_vs_net *ivn)
{
	return !ip_vs_net_foreign(ivn) || __ratelimit(&foreign_thread_log);
}

/**
 * ip_vs_sync_threads_max() - how many threads a daemon may have
 * @ivn: namespace
 *
 * Context: any.
 *
 * Return: the number, at least 1.
 */
u32 ip_vs_sync_threads_max(const struct ip_vs_net *ivn)
{
	if (!ip_vs_net_foreign(ivn))
		return THREADS_MAX;
	return clamp(READ_ONCE(foreign_threads), 1U, (u32)THREADS_MAX);
}

static int thread_charge(const struct ip_vs_net *ivn)
{
	u32 n;

	if (!ip_vs_net_foreign(ivn))
		return 0;
	n = atomic_inc_return(&foreign_threads_running);
	if (n <= READ_ONCE(foreign_threads_total))
		return 0;
	atomic_dec(&foreign_threads_running);
	return -EAGAIN;
}

static void thread_uncharge(const struct ip_vs_net *ivn)
{
	if (ip_vs_net_foreign(ivn))
		atomic_dec(&foreign_threads_running);
}

/* The second daemon has as many threads as the first, since each thread has a
 * port and the ports must match those of the peers.
 */
static u32 threads_wanted(struct ip_vs_net *ivn)
{
	struct ip_vs_sync_daemon *other = daemon_running(ivn, IP_VS_STATE_MASTER) ?:
					  daemon_running(ivn, IP_VS_STATE_BACKUP);

	if (other)
		return other->n_threads;
	return clamp_t(u32, READ_ONCE(ivn->settings.sync_ports), 1,
		       ip_vs_sync_threads_max(ivn));
}

static struct ip_vs_sync_daemon *
daemon_new(struct ip_vs_net *ivn, const struct ip_vs_sync_config *cfg,
	   int ifindex)
{
	u32 i, n = threads_wanted(ivn);
	struct ip_vs_sync_daemon *daemon;

	daemon = kvzalloc(struct_size(daemon, thread, n), GFP_KERNEL_ACCOUNT);
	if (!daemon)
		return NULL;
	daemon->ivn = ivn;
	daemon->config = *cfg;
	daemon->ifindex = ifindex;
	daemon->n_threads = n;
	for (i = 0; i < n; i++) {
		daemon->thread[i].daemon = daemon;
		daemon->thread[i].id = i;
		ip_vs_sync_queue_init(&daemon->thread[i].queue);
	}
	return daemon;
}

static int thread_run(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_daemon *daemon = thread->daemon;
	const struct role *role = role_of(daemon);
	struct task_struct *task;
	int err;

	err = thread_charge(daemon->ivn);
	if (err)
		return err;
	task = kthread_run(role->run, thread, "ipvs-%c:%u:%u", role->letter,
			   daemon->ivn->number, thread->id);
	if (IS_ERR(task)) {
		thread_uncharge(daemon->ivn);
		return PTR_ERR(task);
	}
	thread->task = task;
	if (log_thread(daemon->ivn))
		pr_info("sync thread started: state = %s, mcast_ifn = %s, syncid = %d, id = %u\n",
			role->title, daemon->config.ifname,
			daemon->config.syncid, thread->id);
	return 0;
}

static int thread_start(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_daemon *daemon = thread->daemon;
	const struct ip_vs_sync_config *cfg = &daemon->config;
	struct socket *sock;

	if (cfg->state == IP_VS_STATE_BACKUP) {
		thread->buffer = kvmalloc(cfg->maxlen, GFP_KERNEL_ACCOUNT);
		if (!thread->buffer)
			return -ENOMEM;
	}
	sock = ip_vs_sync_socket(daemon, thread->id);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	thread->sock = sock;
	return thread_run(thread);
}

static void thread_stop(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_net *ivn = thread->daemon->ivn;

	if (thread->task) {
		if (log_thread(ivn))
			pr_info("stopping %s sync thread %d ...\n",
				role_of(thread->daemon)->name,
				task_pid_nr(thread->task));
		kthread_stop(thread->task);
		thread_uncharge(ivn);
	}
	if (thread->sock)
		sock_release(thread->sock);
	kvfree(thread->buffer);
	ip_vs_sync_queue_stop(&thread->queue);
}

/* Stops and frees @daemon, which is no longer, or was never, published. */
static void daemon_end(struct ip_vs_sync_daemon *daemon)
{
	u32 i;

	for (i = daemon->n_threads; i--;)
		thread_stop(&daemon->thread[i]);
	kvfree_rcu(daemon, rcu);
}

/**
 * ip_vs_sync_running() - get the configuration of a running daemon
 * @ivn: namespace
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP
 *
 * Context: process, @ivn->daemons held.
 *
 * Return: the configuration, valid while the lock is held; NULL: not running.
 */
const struct ip_vs_sync_config *ip_vs_sync_running(struct ip_vs_net *ivn,
						   u32 state)
{
	struct ip_vs_sync_daemon *daemon = daemon_running(ivn, state);

	return daemon ? &daemon->config : NULL;
}

/**
 * ip_vs_sync_start() - start a daemon
 * @ivn: namespace, in which no daemon with that state runs
 * @cfg: its configuration, complete
 * @ifindex: its interface
 *
 * Context: process, @ivn->daemons held, neither @ivn->config nor the RTNL.
 *
 * Return: 0; -EAGAIN: there are too many threads of foreign namespaces; -ENOMEM,
 * or the error of a socket or thread: nothing has changed.
 */
int ip_vs_sync_start(struct ip_vs_net *ivn,
		     const struct ip_vs_sync_config *cfg, int ifindex)
{
	struct ip_vs_sync_daemon *daemon;
	int err;
	u32 i;

	lockdep_assert_held(&ivn->daemons);
	/* Connections of peers may be added before any service is. */
	mutex_lock(&ivn->config);
	err = ip_vs_net_equip(ivn);
	mutex_unlock(&ivn->config);
	if (err)
		return err;
	daemon = daemon_new(ivn, cfg, ifindex);
	if (!daemon)
		return -ENOMEM;
	for (i = 0; i < daemon->n_threads && !err; i++)
		err = thread_start(&daemon->thread[i]);
	if (err) {
		daemon_end(daemon);
		return err;
	}
	rcu_assign_pointer(*daemon_slot(ivn, cfg->state), daemon);
	__module_get(THIS_MODULE);
	return 0;
}

/**
 * ip_vs_sync_stop() - stop a daemon
 * @ivn: namespace
 * @state: IP_VS_STATE_MASTER or IP_VS_STATE_BACKUP; need not run
 *
 * Records that a master has not sent yet are dropped; connections stay.
 *
 * Context: process, may sleep; @ivn->daemons held, neither @ivn->config nor the
 * RTNL.
 */
void ip_vs_sync_stop(struct ip_vs_net *ivn, u32 state)
{
	struct ip_vs_sync_daemon *daemon = daemon_running(ivn, state);

	if (!daemon)
		return;
	RCU_INIT_POINTER(*daemon_slot(ivn, state), NULL);
	daemon_end(daemon);
	module_put(THIS_MODULE);
}

/**
 * ip_vs_sync_net_exit() - stop the daemons of a namespace that is destroyed
 * @ivn: namespace
 *
 * Context: process, may sleep; no lock held.
 */
void ip_vs_sync_net_exit(struct ip_vs_net *ivn)
{
	mutex_lock(&ivn->daemons);
	ip_vs_sync_stop(ivn, IP_VS_STATE_MASTER);
	ip_vs_sync_stop(ivn, IP_VS_STATE_BACKUP);
	mutex_unlock(&ivn->daemons);
}
