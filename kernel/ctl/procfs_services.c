// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs: services, each followed by its servers.
 *
 * Each service and each server is one record, so that a portion is one page
 * whatever the size of a service.  The configuration mutex is held for a
 * portion; between two, the position is kept by key (cursor.h).  Any user may
 * read the file: readers are serialised by a lock of their own first, so that
 * configuration waits for one portion at most.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "ctl/cursor.h"
#include "ctl/procfs.h"
#include "net.h"
#include "proto/rows.h"
#include "server/dest.h"
#include "server/sched.h"
#include "server/service.h"

/**
 * struct listing - state of an open file
 * @p: the reader's namespace; first, as seq_file_net() needs it
 * @cur: position between two portions
 * @svc: service of the current record; configuration mutex
 * @dest: its server in the current record, NULL: the service itself
 */
struct listing {
	struct seq_net_private p;
	struct ip_vs_cursor cur;
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;
};

static const char *method_name(const struct ip_vs_dest *dest)
{
	switch (ip_vs_dest_method(dest)) {
	case IP_VS_CONN_F_LOCALNODE:
		return "Local";
	case IP_VS_CONN_F_TUNNEL:
		return "Tunnel";
	case IP_VS_CONN_F_DROUTE:
		return "Route";
	default:
		return "Masq";
	}
}

static void show_addr(struct seq_file *seq, u16 af,
		      const union nf_inet_addr *addr, __be16 port)
{
	if (af == AF_INET6)
		seq_printf(seq, "[%pI6]:%04X", &addr->in6, ntohs(port));
	else
		seq_printf(seq, "%08X:%04X", ntohl(addr->ip), ntohs(port));
}

static void show_services_header(struct seq_file *seq)
{
	seq_printf(seq, "IP Virtual Server version %d.%d.%d (size=%d)\n",
		   NVERSION(IP_VS_VERSION_CODE), 1 << ip_vs_conn_tab_bits);
	seq_puts(seq, "Prot LocalAddress:Port Scheduler Flags\n");
	seq_puts(seq, "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
}

/* A service's protocol may be any 16-bit number. */
static void show_proto(struct seq_file *seq, u16 proto)
{
	char name[16];

	if (proto > U8_MAX)
		seq_printf(seq, "IP_%u", proto);
	else
		seq_puts(seq, ip_vs_proto_name(proto, name, sizeof(name)));
}

static void show_id(struct seq_file *seq, const struct ip_vs_service_key *id)
{
	if (id->fwmark) {
		seq_printf(seq, "FWM  %08X", id->fwmark);
		return;
	}
	show_proto(seq, id->proto);
	seq_puts(seq, "  ");
	show_addr(seq, id->af, &id->addr, id->port);
}

/* IPv4 lines have a column for "ops" before the persistence, mark lines one
 * without padding, IPv6 lines none.
 */
static void show_ops(struct seq_file *seq, const struct ip_vs_service *svc)
{
	if (!svc->id.fwmark && svc->id.af == AF_INET6)
		return;
	if (svc->flags & IP_VS_SVC_F_ONEPACKET)
		seq_puts(seq, "ops ");
	if (!svc->id.fwmark)
		seq_putc(seq, ' ');
}

static void show_service_line(struct seq_file *seq, const struct ip_vs_service *svc)
{
	show_id(seq, &svc->id);
	seq_printf(seq, " %s ", ip_vs_sched_name(svc));
	show_ops(seq, svc);
	if (svc->flags & IP_VS_SVC_F_PERSISTENT)
		/* Signed and truncated to 32 bits, as in the in-tree module. */
		seq_printf(seq, "persistent %d %08X", (s32)(svc->timeout * HZ),
			   ntohl(svc->netmask));
	seq_putc(seq, '\n');
}

static void show_dest(struct seq_file *seq, const struct ip_vs_dest *dest)
{
	seq_puts(seq, "  -> ");
	show_addr(seq, dest->key.af, &dest->key.addr, dest->key.port);
	seq_printf(seq, "      %-7s %-6d %-10d %-10d\n", method_name(dest),
		   dest->weight, atomic_read(&dest->active),
		   ip_vs_dest_inactive(dest));
}

static int listing_show(struct seq_file *seq, void *v)
{
	const struct listing *l = seq->private;

	if (v == SEQ_START_TOKEN)
		show_services_header(seq);
	else if (l->dest)
		show_dest(seq, l->dest);
	else
		show_service_line(seq, l->svc);
	return 0;
}

/* Advances to the next record. */
static void reading_advance(struct listing *l)
{
	l->dest = l->dest ? ip_vs_dest_next(l->svc, l->dest) :
			    list_first_entry_or_null(&l->svc->dest_list,
						     struct ip_vs_dest, list);
	if (!l->dest)
		l->svc = ip_vs_service_next(l->svc);
}

/* Continues where the last portion ended, or after it if that was deleted. */
static void reading_resume(struct ip_vs_net *ivn, struct listing *l)
{
	bool same;

	l->dest = NULL;
	l->svc = ip_vs_cursor_service(ivn, &l->cur, &same);
	if (!same || !l->cur.in_dests)
		return;
	l->dest = ip_vs_cursor_dest(l->svc, &l->cur);
	if (!l->dest)
		l->svc = ip_vs_service_next(l->svc);
}

static void *listing_start(struct seq_file *seq, loff_t *pos)
{
	struct ip_vs_net *ivn = ip_vs_net(seq_file_net(seq));
	struct listing *l = seq->private;

	if (mutex_lock_killable(&ivn->readers))
		return ERR_PTR(-EINTR);
	mutex_lock(&ivn->config);
	if (!*pos) {
		memset(&l->cur, 0, sizeof(l->cur));
		return SEQ_START_TOKEN;
	}
	reading_resume(ivn, l);
	return l->svc ? l : NULL;
}

static void *listing_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct listing *l = seq->private;

	++*pos;
	if (v == SEQ_START_TOKEN)
		reading_resume(ip_vs_net(seq_file_net(seq)), l);
	else
		reading_advance(l);
	return l->svc ? l : NULL;
}

static void listing_stop(struct seq_file *seq, void *v)
{
	struct ip_vs_net *ivn = ip_vs_net(seq_file_net(seq));
	struct listing *l = seq->private;

	if (IS_ERR(v))
		return;
	if (!v || v == SEQ_START_TOKEN)
		l->cur.end = !v;
	else if (l->dest)
		ip_vs_cursor_at_dest(&l->cur, l->svc, l->dest);
	else
		ip_vs_cursor_at_service(&l->cur, l->svc);
	mutex_unlock(&ivn->config);
	mutex_unlock(&ivn->readers);
}

static const struct seq_operations listing_ops = {
	.start = listing_start,
	.next = listing_next,
	.stop = listing_stop,
	.show = listing_show,
};

/**
 * ip_vs_procfs_services() - create the file of services
 * @name: its name
 * @mode: its mode
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: the file, or NULL.
 */
struct proc_dir_entry *ip_vs_procfs_services(const char *name, umode_t mode,
					     struct ip_vs_net *ivn)
{
	return proc_create_net(name, mode, ivn->net->proc_net, &listing_ops,
			       sizeof(struct listing));
}
