// SPDX-License-Identifier: GPL-2.0-only
/*
 * The legacy sockopt interface: reading.
 *
 * Listings are copied out a batch at a time, and the configuration mutex is
 * held only while a batch is gathered.  A caller's buffer is written only where
 * a result belongs.
 */
#include <linux/ip_vs.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ctl/cursor.h"
#include "ctl/daemon.h"
#include "ctl/sockopt_get.h"
#include "ctl/timeouts.h"
#include "net.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"
#include "server/stats.h"
#include "sync/daemon.h"

#define BATCH		16
#define VERSION_LEN	64

/* Sizes are part of the interface; those with 64-bit members differ on i386. */
static_assert(sizeof(struct ip_vs_getinfo) == 12);
static_assert(BITS_PER_LONG == 32 || sizeof(struct ip_vs_service_entry) == 104);
static_assert(BITS_PER_LONG == 32 || sizeof(struct ip_vs_dest_entry) == 96);
static_assert(BITS_PER_LONG == 32 || sizeof(struct ip_vs_get_services) == 8);
static_assert(BITS_PER_LONG == 32 || sizeof(struct ip_vs_get_dests) == 24);

union get_arg {
	char version[VERSION_LEN];
	struct ip_vs_getinfo info;
	struct ip_vs_get_services services;
	struct ip_vs_service_entry service;
	struct ip_vs_get_dests dests;
	struct ip_vs_timeout_user timeouts;
	struct ip_vs_daemon_user daemons[2];
};

static void fill_stats(struct ip_vs_stats_user *out,
		       const struct ip_vs_stats_view *view)
{
	out->conns = view->count.v[IP_VS_CNT_CONNS];
	out->inpkts = view->count.v[IP_VS_CNT_INPKTS];
	out->outpkts = view->count.v[IP_VS_CNT_OUTPKTS];
	out->inbytes = view->count.v[IP_VS_CNT_INBYTES];
	out->outbytes = view->count.v[IP_VS_CNT_OUTBYTES];
	out->cps = view->rate[IP_VS_CNT_CONNS];
	out->inpps = view->rate[IP_VS_CNT_INPKTS];
	out->outpps = view->rate[IP_VS_CNT_OUTPKTS];
	out->inbps = view->rate[IP_VS_CNT_INBYTES];
	out->outbps = view->rate[IP_VS_CNT_OUTBYTES];
}

static void fill_service(struct ip_vs_service_entry *out,
			 struct ip_vs_service *svc)
{
	struct ip_vs_stats_view view;

	ip_vs_stats_service(svc, &view);
	out->protocol = svc->id.proto;
	out->addr = svc->id.addr.ip;
	out->port = svc->id.port;
	out->fwmark = svc->id.fwmark;
	strscpy(out->sched_name, ip_vs_sched_name(svc), sizeof(out->sched_name));
	out->flags = svc->flags;
	out->timeout = svc->timeout;
	out->netmask = svc->netmask;
	out->num_dests = svc->num_dests;
	fill_stats(&out->stats, &view);
}

/* This interface shows the initial flags of a server's connections. */
static u32 shown_flags(const struct ip_vs_dest *dest)
{
	u32 flags = dest->method | IP_VS_CONN_F_INACTIVE;

	if (ip_vs_dest_method(dest) != IP_VS_CONN_F_MASQ)
		flags |= IP_VS_CONN_F_NOOUTPUT;
	return flags;
}

static void fill_dest(struct ip_vs_dest_entry *out, struct ip_vs_dest *dest)
{
	struct ip_vs_stats_view view;

	ip_vs_stats_dest(dest, &view);
	out->addr = dest->key.addr.ip;
	out->port = dest->key.port;
	out->conn_flags = shown_flags(dest);
	out->weight = dest->weight;
	out->u_threshold = dest->u_threshold;
	out->l_threshold = dest->l_threshold;
	out->activeconns = atomic_read(&dest->active);
	out->inactconns = ip_vs_dest_inactive(dest);
	out->persistconns = atomic_read(&dest->persist);
	fill_stats(&out->stats, &view);
}

static int get_version(struct ip_vs_net *ivn, union get_arg *arg,
		       void __user *user, int *len)
{
	int n = scnprintf(arg->version, sizeof(arg->version),
			  "IP Virtual Server version %d.%d.%d (size=%d)",
			  NVERSION(IP_VS_VERSION_CODE),
			  1 << ip_vs_conn_tab_bits) + 1;

	*len = n;
	return copy_to_user(user, arg->version, n) ? -EFAULT : 0;
}

static int user_get_info(struct ip_vs_net *ivn, union get_arg *arg,
			 void __user *user, int *len)
{
	arg->info.version = IP_VS_VERSION_CODE;
	arg->info.size = 1 << ip_vs_conn_tab_bits;
	arg->info.num_services = READ_ONCE(ivn->n_services[0]);
	return copy_to_user(user, &arg->info, sizeof(arg->info)) ? -EFAULT : 0;
}

/* The buffer must have exactly the length of the listing. */
static int check_len(int len, size_t want)
{
	if (len == want)
		return 0;
	pr_err_ratelimited("length: %d != %zu\n", len, want);
	return -EINVAL;
}

/* Fills up to @max entries from the cursor on.  Returns how many. */
typedef u32 gather_fn(struct ip_vs_net *ivn, struct ip_vs_cursor *cur,
		      void *batch, u32 max);

/* Copies up to @max entries of @size bytes to the caller, a batch at a time. */
static int copy_list(struct ip_vs_net *ivn, struct ip_vs_cursor *cur,
		     gather_fn *gather, size_t size, void __user *out, u32 max)
{
	u32 n, done = 0;
	void *batch;
	int err = 0;

	batch = kcalloc(BATCH, size, GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	while (!err && done < max) {
		n = gather(ivn, cur, batch, min_t(u32, BATCH, max - done));
		if (!n)
			break;
		if (copy_to_user(out + done * size, batch, n * size))
			err = -EFAULT;
		done += n;
	}
	kfree(batch);
	return err;
}

static u32 gather_services(struct ip_vs_net *ivn, struct ip_vs_cursor *cur,
			   void *batch, u32 max)
{
	struct ip_vs_service_entry *out = batch;
	struct ip_vs_service *svc;
	u32 n = 0;
	bool same;

	mutex_lock(&ivn->config);
	svc = ip_vs_cursor_service(ivn, cur, &same);
	/* The batch is reused: a name must not keep the end of a longer one.
	 * Not in fill_service(), as GET_SERVICE keeps the user's bytes after
	 * the name.
	 */
	memset(out, 0, max * sizeof(*out));
	for (; svc && n < max; svc = ip_vs_service_next(svc))
		if (svc->id.af == AF_INET)
			fill_service(&out[n++], svc);
	ip_vs_cursor_at_service(cur, svc);
	mutex_unlock(&ivn->config);
	return n;
}

static int get_services(struct ip_vs_net *ivn, union get_arg *arg,
			void __user *user, int *len)
{
	struct ip_vs_get_services __user *out = user;
	u32 max = arg->services.num_services;
	struct ip_vs_cursor cur = {};
	int err;

	err = check_len(*len, struct_size(&arg->services, entrytable, max));
	return err ?: copy_list(ivn, &cur, gather_services,
				sizeof(out->entrytable[0]), out->entrytable,
				max);
}

static struct ip_vs_service *user_find_service(struct ip_vs_net *ivn, u16 proto,
					       __be32 addr, __be16 port, u32 fwmark)
{
	const struct ip_vs_service_key id = {
		.addr.ip = addr,
		.fwmark = fwmark,
		.af = AF_INET,
		.proto = proto,
		.port = port,
	};

	return ip_vs_service_find(ivn, &id);
}

/* The caller's bytes in padding and after the name are kept. */
static int user_get_service(struct ip_vs_net *ivn, union get_arg *arg,
			    void __user *user, int *len)
{
	struct ip_vs_service_entry *entry = &arg->service;
	struct ip_vs_service *svc;

	mutex_lock(&ivn->config);
	svc = user_find_service(ivn, entry->protocol, entry->addr, entry->port,
				entry->fwmark);
	if (svc)
		fill_service(entry, svc);
	mutex_unlock(&ivn->config);
	if (!svc)
		return -ESRCH;
	return copy_to_user(user, entry, sizeof(*entry)) ? -EFAULT : 0;
}

static u32 gather_dests(struct ip_vs_net *ivn, struct ip_vs_cursor *cur,
			void *batch, u32 max)
{
	struct ip_vs_dest_entry *out = batch;
	struct ip_vs_dest *dest = NULL;
	struct ip_vs_service *svc;
	u32 n = 0;
	bool same;

	mutex_lock(&ivn->config);
	svc = ip_vs_cursor_service(ivn, cur, &same);
	if (same)
		dest = ip_vs_cursor_dest(svc, cur);
	for (; dest && n < max; dest = ip_vs_dest_next(svc, dest))
		if (dest->key.af == AF_INET)
			fill_dest(&out[n++], dest);
	ip_vs_cursor_at_dest(cur, svc, dest);
	mutex_unlock(&ivn->config);
	return n;
}

static bool stand_at(struct ip_vs_net *ivn, const struct ip_vs_get_dests *arg,
		     struct ip_vs_cursor *cur)
{
	struct ip_vs_service *svc;

	mutex_lock(&ivn->config);
	svc = user_find_service(ivn, arg->protocol, arg->addr, arg->port,
				arg->fwmark);
	ip_vs_cursor_at_service(cur, svc);
	mutex_unlock(&ivn->config);
	return svc;
}

static int get_dests(struct ip_vs_net *ivn, union get_arg *arg,
		     void __user *user, int *len)
{
	struct ip_vs_get_dests __user *out = user;
	u32 max = arg->dests.num_dests;
	struct ip_vs_cursor cur = {};
	int err;

	err = check_len(*len, struct_size(&arg->dests, entrytable, max));
	if (err)
		return err;
	if (!stand_at(ivn, &arg->dests, &cur))
		return -ESRCH;
	return copy_list(ivn, &cur, gather_dests, sizeof(out->entrytable[0]),
			 out->entrytable, max);
}

static int get_timeout(struct ip_vs_net *ivn, union get_arg *arg,
		       void __user *user, int *len)
{
	struct ip_vs_timeout_user *out = &arg->timeouts;
	u32 seconds[IP_VS_USER_TIMEOUT_MAX];

	ip_vs_user_timeouts_get(ivn, seconds);
	out->tcp_timeout = seconds[IP_VS_USER_TIMEOUT_TCP];
	out->tcp_fin_timeout = seconds[IP_VS_USER_TIMEOUT_TCP_FIN];
	out->udp_timeout = seconds[IP_VS_USER_TIMEOUT_UDP];
	return copy_to_user(user, out, sizeof(*out)) ? -EFAULT : 0;
}

static void fill_daemon(struct ip_vs_net *ivn, u32 state,
			struct ip_vs_daemon_user *out)
{
	struct ip_vs_sync_config cfg;

	if (!ip_vs_daemon_get(ivn, state, &cfg))
		return;
	out->state = cfg.state;
	out->syncid = cfg.syncid;
	strscpy_pad(out->mcast_ifn, cfg.ifname, sizeof(out->mcast_ifn));
}

/* Master, then backup; zeros for one that does not run. */
static int get_daemon(struct ip_vs_net *ivn, union get_arg *arg,
		      void __user *user, int *len)
{
	memset(arg->daemons, 0, sizeof(arg->daemons));
	fill_daemon(ivn, IP_VS_STATE_MASTER, &arg->daemons[0]);
	fill_daemon(ivn, IP_VS_STATE_BACKUP, &arg->daemons[1]);
	return copy_to_user(user, arg->daemons, sizeof(arg->daemons)) ?
	       -EFAULT : 0;
}

#define GET(_name)	(IP_VS_SO_GET_##_name - IP_VS_BASE_CTL)

/* At least @min bytes are copied from the user.  Called without a lock. */
static const struct {
	size_t min;
	int (*act)(struct ip_vs_net *ivn, union get_arg *arg,
		   void __user *user, int *len);
} get_rows[] = {
	[GET(VERSION)] = { VERSION_LEN, get_version },
	[GET(INFO)] = { sizeof(struct ip_vs_getinfo), user_get_info },
	[GET(SERVICES)] = { sizeof(struct ip_vs_get_services), get_services },
	[GET(SERVICE)] = { sizeof(struct ip_vs_service_entry), user_get_service },
	[GET(DESTS)] = { sizeof(struct ip_vs_get_dests), get_dests },
	[GET(TIMEOUT)] = { sizeof(struct ip_vs_timeout_user), get_timeout },
	[GET(DAEMON)] = { 2 * sizeof(struct ip_vs_daemon_user), get_daemon },
};

static_assert(ARRAY_SIZE(get_rows) ==
	      IP_VS_SO_GET_MAX - IP_VS_BASE_CTL + 1);

/**
 * ip_vs_sockopt_get() - read a socket option
 * @ivn: namespace
 * @opt: socket option number
 * @user: the caller's buffer
 * @len: its length; set to that of the result where it is shorter
 *
 * Context: process; the caller may read the namespace's configuration.
 *
 * Return: 0; -EINVAL: no such option, or a wrong length; -EFAULT; -ESRCH: no
 * such service; -ENOMEM.
 */
int ip_vs_sockopt_get(struct ip_vs_net *ivn, int opt, void __user *user,
		      int *len)
{
	unsigned int i = opt - IP_VS_BASE_CTL;
	union get_arg arg;

	if (i >= ARRAY_SIZE(get_rows) || !get_rows[i].act)
		return -EINVAL;
	if (*len < 0 || *len < get_rows[i].min)
		return -EINVAL;
	if (copy_from_user(&arg, user, get_rows[i].min))
		return -EFAULT;
	return get_rows[i].act(ivn, &arg, user, len);
}
