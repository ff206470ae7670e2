// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backup daemon: adding the connections of sync peers.
 *
 * A record creates an entry or updates one; only a record of the same
 * connection with another server ends an entry.  An entry is bound to its
 * server if that is configured here, else it forwards by the addresses and
 * method in the record.  What is received is not sent on.
 *
 * Any host on the link can send, and messages are not authenticated.  So a
 * record is used only if it is valid, and costs one entry at most.
 */
#include <linux/ip_vs.h>
#include <linux/kthread.h>
#include <linux/net.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "addr.h"
#include "conn/conn.h"
#include "conn/expiry.h"
#include "conn/extra.h"
#include "conn/seq.h"
#include "conn/table.h"
#include "conn/view.h"
#include "content/engine.h"
#include "net.h"
#include "packet.h"
#include "proto/proto.h"
#include "proto/rows.h"
#include "proto/states.h"
#include "server/dest.h"
#include "server/service.h"
#include "sync/backup.h"
#include "sync/daemon.h"
#include "sync/wire.h"

/* Timeout of a template, or of a connection of a protocol without timeouts,
 * when the record has none.
 */
#define TIMEOUT_UNKNOWN	(3 * 60 * HZ)

#define FLAGS_TAKEN	IP_VS_CONN_F_BACKUP_MASK
/* Flags that are taken from the server instead, if it is configured here. */
#define FLAGS_SERVER	(IP_VS_CONN_F_FWD_MASK | IP_VS_CONN_F_NOOUTPUT)

static bool record_is_template(const struct ip_vs_sync_record *rec)
{
	return rec->flags & IP_VS_CONN_F_TEMPLATE;
}

static bool flags_valid(u32 flags)
{
	if (flags & IP_VS_CONN_F_ONE_PACKET)
		return false;
	return !(flags & IP_VS_CONN_F_NO_CPORT) ||
	       !(flags & IP_VS_CONN_F_TEMPLATE);
}

static bool record_state_valid(const struct ip_vs_sync_record *rec)
{
	if (record_is_template(rec))
		return rec->state <= IP_VS_TEMPLATE_ASSURED;
	return ip_vs_proto_state(rec->proto, rec->state);
}

/* Data that its engine could not have found itself is not taken: listings print
 * it as it is.
 */
static bool record_engine_valid(const struct ip_vs_sync_record *rec)
{
	const struct ip_vs_pe *pe;

	if (!rec->pe_data_len)
		return true;
	if (!rec->pe_name_len) {
		net_err_ratelimited("BACKUP, Invalid PE parameters\n");
		return false;
	}
	pe = ip_vs_pe_find((const char *)rec->pe_name, rec->pe_name_len);
	return pe && pe->valid(rec->pe_data, rec->pe_data_len);
}

static bool record_acceptable(const struct ip_vs_sync_record *rec)
{
	return ip_vs_family_supported(rec->af) && flags_valid(rec->flags) &&
	       record_state_valid(rec) && record_engine_valid(rec);
}

/* What an engine found for the template of a record; NULL: no such template. */
static const struct ip_vs_pe_data *record_data(const struct ip_vs_sync_record *rec,
					       struct ip_vs_pe_data *data)
{
	if (!rec->pe_data_len || !record_is_template(rec))
		return NULL;
	data->pe = ip_vs_pe_find((const char *)rec->pe_name, rec->pe_name_len);
	data->len = rec->pe_data_len;
	data->bytes = rec->pe_data;
	return data;
}

static u8 record_key_kind(const struct ip_vs_sync_record *rec)
{
	if (!record_is_template(rec))
		return IP_VS_KEY_FLOW;
	return rec->pe_data_len ? IP_VS_KEY_NAMED : IP_VS_KEY_TEMPLATE;
}

static void record_key(const struct ip_vs_sync_record *rec, union ip_vs_key *key)
{
	u8 kind = record_key_kind(rec);

	if (rec->af == AF_INET6)
		key->v6 = (struct ip_vs_key6) {
			.saddr = rec->caddr.in6,
			.daddr = rec->vaddr.in6,
			.sport = rec->cport,
			.dport = rec->vport,
			.proto = rec->proto,
			.kind = kind,
		};
	else
		key->v4 = (struct ip_vs_key4) {
			.saddr = rec->caddr.ip,
			.daddr = rec->vaddr.ip,
			.sport = rec->cport,
			.dport = rec->vport,
			.proto = rec->proto,
			.kind = kind,
		};
}

/* A server of a mark service may have port 0, whatever port this connection
 * has: except with NAT, look it up with port 0 first.
 */
static struct ip_vs_dest *find_dest(struct ip_vs_net *ivn,
				    const struct ip_vs_sync_record *rec,
				    const union ip_vs_key *key)
{
	const struct ip_vs_packet pkt = {
		.af = rec->af, .proto = rec->proto, .key = *key,
	};
	bool portless = rec->fwmark && (rec->flags & IP_VS_CONN_F_FWD_MASK) !=
			IP_VS_CONN_F_MASQ;
	struct ip_vs_dest_key server = { .addr = rec->daddr, .af = rec->af };
	struct ip_vs_service *svc;
	struct ip_vs_dest *dest;

	svc = ip_vs_service_match(ivn, &pkt, rec->fwmark);
	if (!svc)
		return NULL;
	server.port = portless ? 0 : rec->dport;
	dest = ip_vs_dest_match(svc, &server);
	if (dest || !rec->dport)
		return dest;
	server.port = portless ? rec->dport : 0;
	return ip_vs_dest_match(svc, &server);
}

static bool same_server(const struct ip_vs_conn *c,
			const struct ip_vs_sync_record *rec)
{
	struct ip_vs_conn_view view;

	ip_vs_conn_view(c, &view);
	return view.dport == rec->dport && view.daf == rec->af &&
	       ip_vs_addr_equal(rec->af, &view.daddr, &rec->daddr);
}

static u32 timeout_of(struct ip_vs_net *ivn,
		      const struct ip_vs_sync_record *rec)
{
	u32 timeout = 0;

	if (rec->timeout)
		return ip_vs_seconds(rec->timeout);
	if (!record_is_template(rec))
		timeout = ip_vs_proto_timeout(&ivn->timeouts, rec->proto, rec->state);
	return timeout ?: TIMEOUT_UNKNOWN;
}

/* How sequence numbers change, by a record; NULL: they do not.  A template has
 * no packets.
 */
static const struct ip_vs_seq *record_seq(const struct ip_vs_sync_record *rec)
{
	if (!rec->has_seq || !(rec->flags & IP_VS_CONN_F_SEQ_MASK) ||
	    record_is_template(rec))
		return NULL;
	return rec->seq;
}

static void conn_create(struct ip_vs_net *ivn, const struct ip_vs_sync_record *rec,
			const union ip_vs_key *key)
{
	struct ip_vs_pe_data data;
	struct ip_vs_conn_params params = {
		.ivn = ivn,
		.key = key,
		.data = record_data(rec, &data),
		.dest = find_dest(ivn, rec, key),
		.daddr = rec->daddr,
		.af = rec->af,
		.dport = rec->dport,
		.fwmark = rec->fwmark,
		.flags = (rec->flags & FLAGS_TAKEN) | IP_VS_CONN_F_SYNC,
		.timeout = timeout_of(ivn, rec),
		.in_pkts = READ_ONCE(ivn->settings.sync_threshold[0]),
		.state = rec->state,
		.seq = record_seq(rec),
	};

	if (params.dest)
		params.flags &= ~FLAGS_SERVER;
	if (!params.seq)
		params.flags &= ~IP_VS_CONN_F_SEQ_MASK;
	ip_vs_conn_new(&params);
}

/* Returns whether the server's active count changes: 1, 0 or -1. */
static int conn_overwrite(struct ip_vs_conn *c, const struct ip_vs_sync_record *rec,
			  u32 timeout)
{
	bool was_active = !(c->flags & IP_VS_CONN_F_INACTIVE);
	bool active = !(rec->flags & IP_VS_CONN_F_INACTIVE);
	u32 flags = c->flags & ~(IP_VS_CONN_F_INACTIVE | IP_VS_CONN_F_SEQ_MASK);
	bool sooner = timeout < c->timeout;

	lockdep_assert_held(&c->lock);
	if (c->flags & IP_VS_CONN_F_EXTRA && record_seq(rec))
		flags |= rec->flags & IP_VS_CONN_F_SEQ_MASK;
	WRITE_ONCE(c->flags, active ? flags : flags | IP_VS_CONN_F_INACTIVE);
	WRITE_ONCE(c->state, rec->state);
	WRITE_ONCE(c->synced, rec->state);
	WRITE_ONCE(c->in_pkts, READ_ONCE(c->ivn->settings.sync_threshold[0]));
	ip_vs_conn_set_timeout(c, timeout);
	if (sooner)
		ip_vs_expiry_sooner(c);
	return record_is_template(rec) ? 0 : active - was_active;
}

static void seq_overwrite(struct ip_vs_extra *extra,
			  const struct ip_vs_sync_record *rec)
{
	const struct ip_vs_seq *seq = record_seq(rec);

	spin_lock_bh(&extra->lock);
	if (seq)
		memcpy(extra->seq, seq, sizeof(extra->seq));
	else
		memset(extra->seq, 0, sizeof(extra->seq));
	spin_unlock_bh(&extra->lock);
}

static void conn_update(struct ip_vs_conn *c, const struct ip_vs_sync_record *rec)
{
	struct ip_vs_extra *extra = ip_vs_conn_extra(c);
	u32 timeout = timeout_of(c->ivn, rec);
	int change = 0;

	if (unlikely(extra))
		seq_overwrite(extra, rec);

	spin_lock_bh(&c->lock);
	if (!c->dead)
		change = conn_overwrite(c, rec, timeout);
	spin_unlock_bh(&c->lock);
	if (change && c->dest)
		ip_vs_dest_set_active(c->dest, change > 0);
}

/* A controlling entry stays for the connections it controls, but look-ups and
 * new connections find its replacement.
 */
static void conn_replace(struct ip_vs_conn *c, const struct ip_vs_sync_record *rec,
			 const union ip_vs_key *key)
{
	struct ip_vs_net *ivn = c->ivn;

	if (!ip_vs_conn_kill(c) && record_is_template(rec))
		ip_vs_conn_invalidate(c);
	conn_create(ivn, rec, key);
}

/* An entry created before its numbers changed has no place for them.  Only NAT
 * changes any, and the method may differ here.
 */
static bool seq_homeless(const struct ip_vs_conn *c,
			 const struct ip_vs_sync_record *rec)
{
	return record_seq(rec) && !ip_vs_conn_extra(c) &&
	       (READ_ONCE(c->flags) & IP_VS_CONN_F_FWD_MASK) ==
	       IP_VS_CONN_F_MASQ;
}

/* An entry created before its server was configured is replaced afterwards. */
static bool dest_bindable(const struct ip_vs_conn *c,
			  const struct ip_vs_sync_record *rec,
			  const union ip_vs_key *key)
{
	return !c->dest && find_dest(c->ivn, rec, key);
}

static struct ip_vs_conn *record_find(struct ip_vs_net *ivn,
				      const struct ip_vs_sync_record *rec,
				      const union ip_vs_key *key)
{
	struct ip_vs_pe_data data;

	if (record_data(rec, &data))
		return ip_vs_conn_find_named(ivn, rec->af, key, &data);
	return ip_vs_conn_find_request(ivn, rec->af, key);
}

static void record_apply(struct ip_vs_net *ivn, const struct ip_vs_sync_record *rec)
{
	union ip_vs_key key;
	struct ip_vs_conn *c;

	record_key(rec, &key);
	c = record_find(ivn, rec, &key);
	if (!c) {
		conn_create(ivn, rec, &key);
	} else if (!same_server(c, rec)) {
		/* Ignores the late end of a connection already replaced. */
		if (record_is_template(rec) || !(rec->flags & IP_VS_CONN_F_INACTIVE))
			conn_replace(c, rec, &key);
	} else if (dest_bindable(c, rec, &key) || seq_homeless(c, rec)) {
		conn_replace(c, rec, &key);
	} else {
		conn_update(c, rec);
	}
}

static void read_message(struct ip_vs_sync_daemon *daemon, const u8 *msg,
			 size_t len)
{
	struct ip_vs_wire_reader r;
	struct ip_vs_sync_record rec;
	enum ip_vs_wire found;

	if (!ip_vs_wire_open(&r, msg, len, daemon->config.syncid))
		return;
	while ((found = ip_vs_wire_next(&r, &rec)) != IP_VS_WIRE_END) {
		if (found == IP_VS_WIRE_FAULT)
			net_err_ratelimited("%s\n", r.fault);
		if (found != IP_VS_WIRE_RECORD || !record_acceptable(&rec))
			continue;
		rcu_read_lock();
		record_apply(daemon->ivn, &rec);
		rcu_read_unlock();
	}
}

static bool has_datagram(struct sock *sk)
{
	return !skb_queue_empty_lockless(&sk->sk_receive_queue) ||
	       !skb_queue_empty_lockless(&udp_sk(sk)->reader_queue) ||
	       READ_ONCE(sk->sk_err);
}

static void thread_receive(struct ip_vs_sync_thread *thread)
{
	struct ip_vs_sync_daemon *daemon = thread->daemon;
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	struct kvec vec = {
		.iov_base = thread->buffer,
		.iov_len = daemon->config.maxlen,
	};
	int len;

	len = kernel_recvmsg(thread->sock, &msg, &vec, 1, vec.iov_len,
			     MSG_DONTWAIT);
	if (len > 0)
		read_message(daemon, thread->buffer, len);
	else if (len != -EAGAIN)
		net_err_ratelimited("receiving message error\n");
}

/**
 * ip_vs_sync_backup() - thread function of a backup daemon
 * @data: struct ip_vs_sync_thread
 *
 * Return: 0, when it is told to stop.
 */
int ip_vs_sync_backup(void *data)
{
	struct ip_vs_sync_thread *thread = data;
	struct sock *sk = thread->sock->sk;

	while (!kthread_should_stop()) {
		wait_event_interruptible(*sk_sleep(sk), has_datagram(sk) ||
					 kthread_should_stop());
		while (has_datagram(sk) && !kthread_should_stop()) {
			thread_receive(thread);
			cond_resched();
		}
	}
	return 0;
}
