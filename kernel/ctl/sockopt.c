// SPDX-License-Identifier: GPL-2.0-only
/*
 * The legacy sockopt interface.  IPv4 only; needs CAP_NET_ADMIN in the user
 * namespace that owns the socket's network namespace.
 *
 * Changes use the same functions as those through netlink.
 */
#include <linux/capability.h>
#include <linux/ip_vs.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <linux/sockptr.h>
#include <net/sock.h>

#include "ctl/change.h"
#include "ctl/daemon.h"
#include "ctl/sockopt_get.h"
#include "ctl/sockopt.h"
#include "ctl/timeouts.h"
#include "net.h"
#include "proto/rows.h"
#include "sched/table.h"
#include "server/dest.h"
#include "server/service.h"
#include "server/stats.h"
#include "sync/daemon.h"

struct service_and_dest {
	struct ip_vs_service_user svc;
	struct ip_vs_dest_user dest;
};

/* Sizes are part of the interface. */
static_assert(sizeof(struct ip_vs_service_user) == 44);
static_assert(sizeof(struct ip_vs_dest_user) == 24);
static_assert(sizeof(struct service_and_dest) == 68);
static_assert(sizeof(struct ip_vs_timeout_user) == 12);
static_assert(sizeof(struct ip_vs_daemon_user) == 24);

union set_arg {
	struct service_and_dest pair;
	struct ip_vs_timeout_user timeouts;
	struct ip_vs_daemon_user daemon;
};

static bool name_terminated(const char *name, size_t size)
{
	return strnlen(name, size) < size;
}

static void read_id(const struct ip_vs_service_user *user,
		    struct ip_vs_service_key *id)
{
	*id = (struct ip_vs_service_key){
		.addr.ip = user->addr,
		.fwmark = user->fwmark,
		.af = AF_INET,
		.proto = user->protocol,
		.port = user->port,
	};
}

static void read_service(const struct ip_vs_service_user *user,
			 struct ip_vs_service_config *cfg)
{
	memset(cfg, 0, sizeof(*cfg));
	read_id(user, &cfg->id);
	cfg->flags = user->flags;
	cfg->flags_mask = ~0;
	cfg->timeout = user->timeout;
	cfg->netmask = user->netmask;
	memcpy(cfg->sched_name, user->sched_name, sizeof(cfg->sched_name));
	cfg->sched = ip_vs_sched_find(cfg->sched_name);
}

static void read_dest(const struct ip_vs_dest_user *user,
		      struct ip_vs_dest_config *cfg)
{
	*cfg = (struct ip_vs_dest_config){
		.key.addr.ip = user->addr,
		.key.af = AF_INET,
		.key.port = user->port,
		.method = user->conn_flags & IP_VS_CONN_F_DEST_MASK,
		.weight = user->weight,
		.u_threshold = user->u_threshold,
		.l_threshold = user->l_threshold,
	};
}

static int check_protocol(const struct ip_vs_service_user *user)
{
	if (user->protocol <= U8_MAX && ip_vs_proto_has_ports(user->protocol))
		return 0;
	pr_err_ratelimited("set_ctl: invalid protocol: %d %pI4:%d\n",
			   user->protocol, &user->addr, ntohs(user->port));
	return -EFAULT;
}

/* Looks up the service a user names; its protocol must be the one given. */
static struct ip_vs_service *set_find_service(struct ip_vs_net *ivn,
					      const struct ip_vs_service_user *user)
{
	struct ip_vs_service_key id;
	struct ip_vs_service *svc;

	read_id(user, &id);
	svc = ip_vs_service_find(ivn, &id);
	return svc && svc->id.proto == user->protocol ? svc : NULL;
}

static int set_add(struct ip_vs_net *ivn, const union set_arg *arg)
{
	const struct ip_vs_service_user *user = &arg->pair.svc;
	struct ip_vs_service_config cfg;

	if (!name_terminated(user->sched_name, sizeof(user->sched_name)))
		return -EINVAL;
	read_service(user, &cfg);
	return check_protocol(user) ?: ip_vs_change_service_add(ivn, &cfg, NULL);
}

/* Calls @act for the service a user names.  Not inlined: once is enough for all
 * commands.
 */
static noinline int set_on_service(struct ip_vs_net *ivn,
				   const union set_arg *arg,
				   int (*act)(struct ip_vs_service *svc,
					      const union set_arg *arg))
{
	struct ip_vs_service *svc;
	int err;

	err = check_protocol(&arg->pair.svc);
	if (err)
		return err;
	svc = set_find_service(ivn, &arg->pair.svc);
	return svc ? act(svc, arg) : -ESRCH;
}

static int service_edit(struct ip_vs_service *svc, const union set_arg *arg)
{
	struct ip_vs_service_config cfg;

	read_service(&arg->pair.svc, &cfg);
	return ip_vs_change_service_edit(svc, &cfg, NULL);
}

static int set_edit(struct ip_vs_net *ivn, const union set_arg *arg)
{
	const struct ip_vs_service_user *user = &arg->pair.svc;

	if (!name_terminated(user->sched_name, sizeof(user->sched_name)))
		return -EINVAL;
	return set_on_service(ivn, arg, service_edit);
}

static int service_del(struct ip_vs_service *svc, const union set_arg *arg)
{
	ip_vs_change_service_del(svc);
	return 0;
}

static int set_del(struct ip_vs_net *ivn, const union set_arg *arg)
{
	return set_on_service(ivn, arg, service_del);
}

static int set_flush(struct ip_vs_net *ivn, const union set_arg *arg)
{
	ip_vs_change_flush(ivn);
	return 0;
}

static int service_add_dest(struct ip_vs_service *svc, const union set_arg *arg)
{
	struct ip_vs_dest_config cfg;

	read_dest(&arg->pair.dest, &cfg);
	return ip_vs_change_dest_add(svc, &cfg, NULL);
}

static int set_add_dest(struct ip_vs_net *ivn, const union set_arg *arg)
{
	return set_on_service(ivn, arg, service_add_dest);
}

static int service_edit_dest(struct ip_vs_service *svc, const union set_arg *arg)
{
	struct ip_vs_dest_config cfg;

	read_dest(&arg->pair.dest, &cfg);
	return ip_vs_change_dest_edit(svc, &cfg, NULL);
}

static int set_edit_dest(struct ip_vs_net *ivn, const union set_arg *arg)
{
	return set_on_service(ivn, arg, service_edit_dest);
}

static int service_del_dest(struct ip_vs_service *svc, const union set_arg *arg)
{
	struct ip_vs_dest_config cfg;

	read_dest(&arg->pair.dest, &cfg);
	return ip_vs_change_dest_del(svc, &cfg.key, NULL);
}

static int set_del_dest(struct ip_vs_net *ivn, const union set_arg *arg)
{
	return set_on_service(ivn, arg, service_del_dest);
}

static int set_timeout(struct ip_vs_net *ivn, const union set_arg *arg)
{
	const u32 seconds[IP_VS_USER_TIMEOUT_MAX] = {
		[IP_VS_USER_TIMEOUT_TCP] = arg->timeouts.tcp_timeout,
		[IP_VS_USER_TIMEOUT_TCP_FIN] = arg->timeouts.tcp_fin_timeout,
		[IP_VS_USER_TIMEOUT_UDP] = arg->timeouts.udp_timeout,
	};

	return ip_vs_change_timeouts(ivn, seconds);
}

static int set_start_daemon(struct ip_vs_net *ivn, const union set_arg *arg)
{
	const char *name = arg->daemon.mcast_ifn;
	struct ip_vs_sync_config cfg = {
		.state = arg->daemon.state,
		.syncid = arg->daemon.syncid,
	};

	if (!name[0] || !name_terminated(name, sizeof(arg->daemon.mcast_ifn)))
		return -EINVAL;
	strscpy(cfg.ifname, name, sizeof(cfg.ifname));
	return ip_vs_daemon_start(ivn, &cfg, true, NULL);
}

static int set_stop_daemon(struct ip_vs_net *ivn, const union set_arg *arg)
{
	return ip_vs_daemon_stop(ivn, arg->daemon.state, NULL);
}

static int service_zero(struct ip_vs_service *svc, const union set_arg *arg)
{
	ip_vs_stats_zero_service(svc);
	return 0;
}

/* Without mark, address and port, all counters are zeroed. */
static int set_zero(struct ip_vs_net *ivn, const union set_arg *arg)
{
	const struct ip_vs_service_user *user = &arg->pair.svc;

	if (user->fwmark || user->addr || user->port)
		return set_on_service(ivn, arg, service_zero);
	ip_vs_stats_zero_all(ivn);
	return 0;
}

#define SET(_name)	(IP_VS_SO_SET_##_name - IP_VS_BASE_CTL)

/* Called with the configuration mutex held, unless @unlocked.  Options without
 * a row are refused whatever their length.
 */
static const struct {
	size_t len;
	int (*act)(struct ip_vs_net *ivn, const union set_arg *arg);
	bool unlocked;
} set_rows[] = {
	[SET(ADD)] = { sizeof(struct ip_vs_service_user), set_add },
	[SET(EDIT)] = { sizeof(struct ip_vs_service_user), set_edit },
	[SET(DEL)] = { sizeof(struct ip_vs_service_user), set_del },
	[SET(FLUSH)] = { 0, set_flush },
	[SET(ADDDEST)] = { sizeof(struct service_and_dest), set_add_dest },
	[SET(DELDEST)] = { sizeof(struct service_and_dest), set_del_dest },
	[SET(EDITDEST)] = { sizeof(struct service_and_dest), set_edit_dest },
	[SET(TIMEOUT)] = { sizeof(struct ip_vs_timeout_user), set_timeout },
	[SET(STARTDAEMON)] = { sizeof(struct ip_vs_daemon_user),
			     set_start_daemon, true },
	[SET(STOPDAEMON)] = { sizeof(struct ip_vs_daemon_user),
			    set_stop_daemon, true },
	[SET(ZERO)] = { sizeof(struct ip_vs_service_user), set_zero },
};

static_assert(ARRAY_SIZE(set_rows) ==
	      IP_VS_SO_SET_MAX - IP_VS_BASE_CTL + 1);

static bool set_allowed(const struct sock *sk)
{
	return ns_capable(sock_net(sk)->user_ns, CAP_NET_ADMIN);
}

static int sockopt_set(struct sock *sk, int opt, sockptr_t user,
		       unsigned int len)
{
	struct ip_vs_net *ivn = ip_vs_net(sock_net(sk));
	unsigned int i = opt - IP_VS_BASE_CTL;
	union set_arg arg = {};
	int err;

	if (!set_allowed(sk))
		return -EPERM;
	if (i >= ARRAY_SIZE(set_rows) || !set_rows[i].act ||
	    len != set_rows[i].len)
		return -EINVAL;
	if (len && copy_from_sockptr(&arg, user, len))
		return -EFAULT;
	if (set_rows[i].unlocked)
		return set_rows[i].act(ivn, &arg);
	mutex_lock(&ivn->config);
	err = set_rows[i].act(ivn, &arg);
	mutex_unlock(&ivn->config);
	return err;
}

static int sockopt_get(struct sock *sk, int opt, void __user *user, int *len)
{
	if (!set_allowed(sk))
		return -EPERM;
	return ip_vs_sockopt_get(ip_vs_net(sock_net(sk)), opt, user, len);
}

static struct nf_sockopt_ops sockopts = {
	.pf		= PF_INET,
	.set_optmin	= IP_VS_BASE_CTL,
	.set_optmax	= IP_VS_SO_SET_MAX + 1,
	.set		= sockopt_set,
	.get_optmin	= IP_VS_BASE_CTL,
	.get_optmax	= IP_VS_SO_GET_MAX + 1,
	.get		= sockopt_get,
	.owner		= THIS_MODULE,
};

/**
 * ip_vs_sockopt_register() - register the socket options
 *
 * Context: process.
 *
 * Return: 0 or -errno.
 */
int __init ip_vs_sockopt_register(void)
{
	return nf_register_sockopt(&sockopts);
}

/**
 * ip_vs_sockopt_unregister() - unregister the socket options
 *
 * Context: process.
 */
void ip_vs_sockopt_unregister(void)
{
	nf_unregister_sockopt(&sockopts);
}
