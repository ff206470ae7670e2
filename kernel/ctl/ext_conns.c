// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET_CONN and KILL_CONN of the family IPVS_EXT: connections, filtered here.
 *
 * A dump holds one position in the walk over all connections (conn.h) and fills
 * message after message from it, so its memory does not grow with its length,
 * and a connection that exists during the whole dump is in it once.  No lock is
 * held between batches, and a message is sent at the latest after SCAN_MAX
 * connections have been examined, so that a dump with few matches can be
 * interrupted.
 *
 * A dump ends before its namespace is destroyed: its socket holds the
 * namespace.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "conn/conn.h"
#include "conn/view.h"
#include "conn/walk.h"
#include "content/engine.h"
#include "ctl/ext_conns.h"
#include "ctl/ext_filter.h"
#include "ctl/ext_reply.h"
#include "ctl/family.h"
#include "net.h"
#include "proto/proto.h"

#define BATCH		64
#define SCAN_MAX	16384
/* Room for the name of a state, with its terminating zero. */
#define STATE_SIZE	16

/**
 * struct reading - a dump in progress
 * @cur: its position
 * @filter: which connections to list
 * @end: all were examined
 */
struct reading {
	struct ip_vs_conn_cursor cur;
	struct ip_vs_filter filter;
	bool end;
};

static struct reading **reading_of(struct netlink_callback *cb)
{
	return (struct reading **)cb->ctx;
}

/* The largest size of a connection's nest. */
static size_t nest_size(void)
{
	return nla_total_size(0) +
	       2 * nla_total_size(sizeof(u16)) +	/* families */
	       nla_total_size(sizeof(u8)) +		/* protocol */
	       3 * nla_total_size(sizeof(union nf_inet_addr)) +
	       3 * nla_total_size(sizeof(__be16)) +	/* ports */
	       nla_total_size(STATE_SIZE) +
	       3 * nla_total_size(sizeof(u32)) +	/* flags, time, mark */
	       nla_total_size(IP_VS_PENAME_MAXLEN + 1) +
	       nla_total_size(IP_VS_PE_DATA_MAX);
}

static int put_conn_addr(struct sk_buff *skb, int type, u16 af,
			 const union nf_inet_addr *addr)
{
	return nla_put(skb, type,
		       af == AF_INET6 ? sizeof(addr->in6) : sizeof(addr->ip),
		       addr);
}

static int put_ends(struct sk_buff *skb, const struct ip_vs_conn_view *view)
{
	if (nla_put_u16(skb, IPVS_EXT_CONN_ATTR_AF, view->af) ||
	    nla_put_u16(skb, IPVS_EXT_CONN_ATTR_DEST_AF, view->daf) ||
	    put_conn_addr(skb, IPVS_EXT_CONN_ATTR_CADDR, view->af, &view->caddr) ||
	    put_conn_addr(skb, IPVS_EXT_CONN_ATTR_VADDR, view->af, &view->vaddr) ||
	    put_conn_addr(skb, IPVS_EXT_CONN_ATTR_DADDR, view->daf, &view->daddr) ||
	    nla_put_be16(skb, IPVS_EXT_CONN_ATTR_CPORT, view->cport) ||
	    nla_put_be16(skb, IPVS_EXT_CONN_ATTR_VPORT, view->vport) ||
	    nla_put_be16(skb, IPVS_EXT_CONN_ATTR_DPORT, view->dport))
		return -EMSGSIZE;
	return 0;
}

static int put_engine(struct sk_buff *skb, const struct ip_vs_pe_data *data)
{
	if (nla_put_string(skb, IPVS_EXT_CONN_ATTR_PE_NAME, data->pe->name))
		return -EMSGSIZE;
	return nla_put(skb, IPVS_EXT_CONN_ATTR_PE_DATA, data->len, data->bytes);
}

/**
 * ip_vs_put_conn() - add the nest of a connection to a message
 * @skb: message under construction
 * @report: connection
 *
 * Context: any.
 *
 * Return: 0; -EMSGSIZE: no room, the caller trims what was begun.
 */
int ip_vs_put_conn(struct sk_buff *skb, const struct ip_vs_conn_report *report)
{
	struct nlattr *nest = nla_nest_start(skb, IPVS_EXT_ATTR_CONN);

	if (!nest || put_ends(skb, &report->view) ||
	    nla_put_u8(skb, IPVS_EXT_CONN_ATTR_PROTOCOL, report->proto) ||
	    nla_put_string(skb, IPVS_EXT_CONN_ATTR_STATE,
			   ip_vs_proto_state_name(report->proto,
						  report->flags,
						  report->state)) ||
	    nla_put_u32(skb, IPVS_EXT_CONN_ATTR_FLAGS, report->flags) ||
	    nla_put_u32(skb, IPVS_EXT_CONN_ATTR_EXPIRES,
			jiffies_to_msecs(report->remaining)) ||
	    nla_put_u32(skb, IPVS_EXT_CONN_ATTR_FWMARK, report->fwmark) ||
	    (report->data.pe && put_engine(skb, &report->data)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Adds as many connections as certainly fit into the room; returns how many
 * were examined.
 */
static unsigned int put_batch(struct sk_buff *skb, struct reading *r,
			      unsigned int room)
{
	struct ip_vs_conn *batch[BATCH];
	struct ip_vs_conn_report report;
	unsigned int i, n;
	u32 remaining;

	rcu_read_lock();
	n = ip_vs_conn_walk(&r->cur, batch, min_t(unsigned int, room, BATCH));
	for (i = 0; i < n; i++) {
		if (!ip_vs_conn_listed(batch[i], &remaining) ||
		    !ip_vs_filter_matches(&r->filter, batch[i]))
			continue;
		ip_vs_conn_report(batch[i], &report);
		WARN_ON_ONCE(ip_vs_put_conn(skb, &report));
	}
	rcu_read_unlock();
	cond_resched();
	return n;
}

/**
 * ip_vs_ext_conns_start() - begin a dump of connections
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0; -ENOMEM; as ip_vs_filter_parse().
 */
int ip_vs_ext_conns_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = ip_vs_compat_dump_attrs(cb);
	struct reading *r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	int err;

	if (!r)
		return -ENOMEM;
	err = ip_vs_filter_parse(attrs[IPVS_EXT_ATTR_FILTER], &r->filter,
				 cb->extack);
	if (err) {
		kfree(r);
		return err;
	}
	ip_vs_conn_walk_start(ip_vs_net(sock_net(cb->skb->sk)), &r->cur);
	*reading_of(cb) = r;
	return 0;
}

/**
 * ip_vs_ext_conns_dump() - fill one message of a dump of connections
 * @skb: buffer
 * @cb: the dump
 *
 * The message may be empty, when none of many connections matched.
 *
 * Context: process.
 *
 * Return: length of @skb, 0: all done; -EMSGSIZE.
 */
int ip_vs_ext_conns_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct reading *r = *reading_of(cb);
	unsigned int room, n, seen = 0;
	void *hdr;

	if (r->end)
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  ip_vs_ext_family, NLM_F_MULTI,
			  IPVS_EXT_CMD_GET_CONN);
	if (!hdr)
		return -EMSGSIZE;
	room = skb_tailroom(skb) / nest_size();
	while (room && seen < SCAN_MAX) {
		n = put_batch(skb, r, room);
		seen += n;
		r->end = !n;
		if (r->end)
			break;
		room = skb_tailroom(skb) / nest_size();
	}
	genlmsg_end(skb, hdr);
	return skb->len;
}

/**
 * ip_vs_ext_conns_done() - free the state of a dump that ended or was aborted
 * @cb: the dump
 *
 * Context: process.
 *
 * Return: 0.
 */
int ip_vs_ext_conns_done(struct netlink_callback *cb)
{
	struct reading *r = *reading_of(cb);

	ip_vs_conn_walk_stop(&r->cur);
	kfree(r);
	return 0;
}

/* A controlling entry stays until those it controls have expired.  If it is a
 * template, it is invalidated, so that no new connection uses it.
 */
static bool end_conn(struct ip_vs_conn *c)
{
	if (ip_vs_conn_kill(c))
		return true;
	if (ip_vs_conn_is_template(c))
		ip_vs_conn_invalidate(c);
	return false;
}

/* Ends @c if it matches, and then the entry that controls it if that matches as
 * well and controls no other connection, and so on.  Returns how many.
 */
static unsigned int end_if_meant(const struct ip_vs_filter *filter,
				 struct ip_vs_conn *c)
{
	unsigned int n = 0;

	/* It may have been in the same batch, and already ended. */
	for (; c; c = c->control) {
		if (READ_ONCE(c->dead) || !ip_vs_filter_matches(filter, c) ||
		    !end_conn(c))
			break;
		n++;
	}
	return n;
}

static int end_conns(struct ip_vs_net *ivn, const struct ip_vs_filter *filter,
		     u64 *count)
{
	struct ip_vs_conn *batch[BATCH];
	struct ip_vs_conn_cursor *cur;
	unsigned int i, n;

	cur = kzalloc(sizeof(*cur), GFP_KERNEL);
	if (!cur)
		return -ENOMEM;
	*count = 0;
	ip_vs_conn_walk_start(ivn, cur);
	do {
		rcu_read_lock();
		n = ip_vs_conn_walk(cur, batch, BATCH);
		for (i = 0; i < n; i++)
			*count += end_if_meant(filter, batch[i]);
		rcu_read_unlock();
		cond_resched();
	} while (n && !fatal_signal_pending(current));
	ip_vs_conn_walk_stop(cur);
	kfree(cur);
	return 0;
}

static int put_count(struct sk_buff *msg, u64 count)
{
	return nla_put_u64_64bit(msg, IPVS_EXT_ATTR_COUNT, count,
				 IPVS_EXT_ATTR_PAD);
}

/**
 * ip_vs_ext_conns_kill() - KILL_CONN
 * @skb: request
 * @info: its attributes
 *
 * Context: process.
 *
 * Return: 0; -EINVAL: no filter; -ENOMEM; as ip_vs_filter_parse().
 */
int ip_vs_ext_conns_kill(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *nest = info->attrs[IPVS_EXT_ATTR_FILTER];
	struct ip_vs_filter filter;
	struct sk_buff *msg;
	void *hdr;
	u64 count;
	int err;

	if (!nest) {
		NL_SET_ERR_MSG(info->extack,
			       "which connections?  An empty filter means all");
		return -EINVAL;
	}
	err = ip_vs_filter_parse(nest, &filter, info->extack);
	if (err)
		return err;
	/* Allocate first, since killing cannot be undone. */
	msg = ip_vs_ext_reply_new(info, &hdr);
	if (!msg)
		return -ENOMEM;
	err = end_conns(ip_vs_net(genl_info_net(info)), &filter, &count);
	if (!err)
		put_count(msg, count);
	/* Not an error if the socket has no room for the answer: the
	 * connections have ended.
	 */
	ip_vs_ext_reply_send(msg, hdr, info, err);
	return err;
}
