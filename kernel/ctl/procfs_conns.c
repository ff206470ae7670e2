// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/ip_vs_conn and ip_vs_conn_sync: connections.
 *
 * One record is the text of several connections, printed while they are
 * protected and stored until it has been read.  Locks are held only for the few
 * entries of one record, and a connection that exists during the whole read is
 * listed once (conn.h).
 *
 * An open file is released before its namespace is destroyed: removing a proc
 * file waits for its readers and closes it.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "conn/conn.h"
#include "conn/view.h"
#include "conn/walk.h"
#include "content/engine.h"
#include "ctl/procfs.h"
#include "net.h"
#include "proto/proto.h"
#include "proto/rows.h"

#define RECORD_CONNS	12
/* Enough for a line with three full IPv6 addresses, an engine and its data. */
#define LINE_MAX_LEN	(256 + IP_VS_PENAME_MAXLEN + IP_VS_PE_DATA_MAX)

/**
 * struct reading - state of an open file
 * @cur: position in the walk
 * @sync: with the column of origin
 * @len: length of @text
 * @text: record to be read next
 */
struct reading {
	struct ip_vs_conn_cursor cur;
	bool sync;
	size_t len;
	char text[RECORD_CONNS * LINE_MAX_LEN];
};

static size_t show_conn_addr(char *buf, size_t size, u16 af,
			     const union nf_inet_addr *addr, __be16 port)
{
	if (af == AF_INET6)
		return scnprintf(buf, size, "%pI6 %04X ", &addr->in6,
				 ntohs(port));
	return scnprintf(buf, size, "%08X %04X ", ntohl(addr->ip), ntohs(port));
}

static size_t put_tail(char *buf, size_t size, bool sync,
		       const struct ip_vs_conn *c, u32 remaining)
{
	const char *state = ip_vs_conn_state_name(c);
	bool synced = READ_ONCE(c->flags) & IP_VS_CONN_F_SYNC;
	struct ip_vs_pe_data data;
	size_t n;

	if (sync)
		return scnprintf(buf, size, "%-11s %-6s %7u\n", state,
				 synced ? "SYNC" : "LOCAL", remaining / HZ);
	n = scnprintf(buf, size, "%-11s %7u", state, remaining / HZ);
	ip_vs_conn_data(c, &data);
	if (data.pe)
		n += scnprintf(buf + n, size - n, " %s %.*s", data.pe->name,
			       data.len, data.bytes);
	return n + scnprintf(buf + n, size - n, "\n");
}

static size_t put_conn(char *buf, size_t size, bool sync,
		       const struct ip_vs_conn *c, u32 remaining)
{
	struct ip_vs_conn_view view;
	char proto[16];
	size_t n;

	ip_vs_conn_view(c, &view);
	n = scnprintf(buf, size, "%-3s ",
		      ip_vs_proto_name(c->proto, proto, sizeof(proto)));
	n += show_conn_addr(buf + n, size - n, view.af, &view.caddr, view.cport);
	n += show_conn_addr(buf + n, size - n, view.af, &view.vaddr, view.vport);
	n += show_conn_addr(buf + n, size - n, view.daf, &view.daddr, view.dport);
	return n + put_tail(buf + n, size - n, sync, c, remaining);
}

/* Fills the next record that is not empty; @r->len is 0 at the end. */
static void batch_refill(struct reading *r)
{
	struct ip_vs_conn *batch[RECORD_CONNS];
	unsigned int i, n;
	u32 remaining;

	r->len = 0;
	do {
		rcu_read_lock();
		n = ip_vs_conn_walk(&r->cur, batch, ARRAY_SIZE(batch));
		for (i = 0; i < n; i++)
			if (ip_vs_conn_listed(batch[i], &remaining))
				r->len += put_conn(r->text + r->len,
						   sizeof(r->text) - r->len,
						   r->sync, batch[i],
						   remaining);
		rcu_read_unlock();
		cond_resched();
	} while (n && !r->len);
}

static void show_conns_header(struct seq_file *seq, bool sync)
{
	seq_puts(seq, "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       ");
	seq_puts(seq, sync ? "Origin Expires\n" : "Expires PEName PEData\n");
}

static void *conns_start(struct seq_file *seq, loff_t *pos)
{
	struct reading *r = seq->private;

	if (*pos)
		return r->len ? r : NULL;
	ip_vs_conn_walk_stop(&r->cur);
	ip_vs_conn_walk_start(r->cur.ivn, &r->cur);
	return SEQ_START_TOKEN;
}

static void *conns_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct reading *r = seq->private;

	++*pos;
	batch_refill(r);
	return r->len ? r : NULL;
}

static void conns_stop(struct seq_file *seq, void *v)
{
}

static int conns_show(struct seq_file *seq, void *v)
{
	const struct reading *r = seq->private;

	if (v == SEQ_START_TOKEN)
		show_conns_header(seq, r->sync);
	else
		seq_write(seq, r->text, r->len);
	return 0;
}

static const struct seq_operations conns_ops = {
	.start = conns_start,
	.next = conns_next,
	.stop = conns_stop,
	.show = conns_show,
};

static int open_reading(struct inode *inode, struct file *file, bool sync)
{
	struct reading *r = __seq_open_private(file, &conns_ops, sizeof(*r));

	if (!r)
		return -ENOMEM;
	ip_vs_conn_walk_start(pde_data(inode), &r->cur);
	r->sync = sync;
	return 0;
}

static int conns_open(struct inode *inode, struct file *file)
{
	return open_reading(inode, file, false);
}

static int conns_sync_open(struct inode *inode, struct file *file)
{
	return open_reading(inode, file, true);
}

static int conns_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct reading *r = seq->private;

	ip_vs_conn_walk_stop(&r->cur);
	return seq_release_private(inode, file);
}

static const struct proc_ops conns_proc_ops = {
	.proc_open = conns_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = conns_release,
};

static const struct proc_ops conns_sync_proc_ops = {
	.proc_open = conns_sync_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = conns_release,
};

/**
 * ip_vs_procfs_conns() - create the file of connections
 * @name: its name
 * @mode: its mode
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: the file, or NULL.
 */
struct proc_dir_entry *ip_vs_procfs_conns(const char *name, umode_t mode,
					  struct ip_vs_net *ivn)
{
	return proc_create_data(name, mode, ivn->net->proc_net,
				&conns_proc_ops, ivn);
}

/**
 * ip_vs_procfs_conns_sync() - create the file of connections and their origin
 * @name: its name
 * @mode: its mode
 * @ivn: namespace
 *
 * Context: process.
 *
 * Return: the file, or NULL.
 */
struct proc_dir_entry *ip_vs_procfs_conns_sync(const char *name, umode_t mode,
					       struct ip_vs_net *ivn)
{
	return proc_create_data(name, mode, ivn->net->proc_net,
				&conns_sync_proc_ops, ivn);
}
